#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "common/base/state_file.hpp"
#include "common/cli/commands.hpp"
#include "common/json/writer.hpp"
#include "common/spool/cursor.hpp"
#include "common/spool/segment_reader.hpp"

namespace fanion::cli {
namespace {

namespace fs = std::filesystem;

struct SpoolOptions {
    std::string directory;
    bool all = false;
};

// What is in a spool that a relay may be using: segments that it removes meanwhile are not there, and the end of the newest
// one may be half written.
struct SpoolContent {
    struct Segment {
        std::string path;
        spool::SegmentContent content;
        bool is_newest = false;
        bool is_damaged() const { return content.damaged || (!is_newest && content.good_end < content.bytes); }
    };
    std::optional<spool::Cursor> cursor;
    bool cursor_is_damaged = false;
    std::vector<Segment> segments;
};

// The folder itself, or the one that a relay keeps its events in.
fs::path spool_folder(const std::string& directory) {
    const fs::path folder(directory);
    std::error_code ignored;
    return fs::is_directory(folder / "spool", ignored) ? folder / "spool" : folder;
}

Result<std::vector<std::string>> segment_files(const fs::path& folder) {
    std::vector<std::string> files;
    std::error_code failure;
    for (fs::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure))
        if (at->path().extension() == ".spool") files.push_back(at->path().string());
    if (failure) return Error{Errc::unavailable, folder.string() + ": " + failure.message()};
    std::sort(files.begin(), files.end());  // their names are numbers of one length
    return files;
}

Result<SpoolContent> read_spool(const std::string& directory) {
    const auto folder = spool_folder(directory);
    // Before the segments: what it says is settled may be gone by then, and nothing else.
    const auto cursor_path = (folder / "cursor").string();
    std::error_code ignored;
    SpoolContent found;
    const auto stored = StateFile::read(cursor_path);
    if (stored && *stored) found.cursor = spool::decode_cursor(**stored);
    found.cursor_is_damaged = !found.cursor && fs::exists(cursor_path, ignored);
    const auto files = segment_files(folder);
    if (!files) return files.error();
    for (const auto& path : *files) {
        auto content = spool::read_segment(path);
        if (!content && !fs::exists(path, ignored)) continue;
        if (!content) return content.error();
        found.segments.push_back({path, std::move(*content), path == files->back()});
    }
    return found;
}

bool is_settled_in(const SpoolContent& found, std::uint64_t number) {
    return found.cursor && found.cursor->is_settled(number);
}

Exit print_spool(const SpoolOptions& options, const Terminal& terminal) {
    const auto found = read_spool(options.directory);
    if (!found) return terminal.fail(Exit::usage, found.error().detail);
    bool is_whole = true;
    for (const auto& segment : found->segments) {
        is_whole = is_whole && !segment.is_damaged();
        for (const auto& entry : segment.content.entries) {
            if (!options.all && is_settled_in(*found, entry.number)) continue;
            const auto record = spool::read_record_at(segment.path, entry.offset, entry.length);
            if (!record && record.error().code == Errc::not_found) break;  // delivered meanwhile
            if (!record) return terminal.fail(Exit::usage, record.error().detail);
            terminal.print(record->body);
        }
    }
    return is_whole ? Exit::ok
                    : terminal.fail(Exit::refused, "some of the spool is damaged; see `fanion spool verify`");
}

void write_content(json::Writer& w, std::string_view name, const spool::Content& content) {
    w.key(name).begin_object().member("counts", content.counts).member("exposures", content.exposures);
    w.member("metrics", content.metrics).end_object();
}

std::string sentence_of(const spool::Content& content) {
    return std::to_string(content.counts) + " counts, " + std::to_string(content.exposures) + " exposures, " +
           std::to_string(content.metrics) + " metrics";
}

struct SpoolVerdict {
    spool::Content queued;
    std::uint64_t batches = 0;
    std::vector<std::string> damaged;  // files
};

SpoolVerdict verdict_of(const SpoolContent& found) {
    SpoolVerdict verdict;
    if (found.cursor_is_damaged) verdict.damaged.emplace_back("cursor");
    for (const auto& segment : found.segments) {
        if (segment.is_damaged()) verdict.damaged.push_back(fs::path(segment.path).filename().string());
        for (const auto& entry : segment.content.entries) {
            if (is_settled_in(found, entry.number)) continue;
            ++verdict.batches;
            verdict.queued += entry.content;
            if (found.cursor && found.cursor->part_of == entry.number) verdict.queued -= found.cursor->part_done;
        }
    }
    return verdict;
}

std::string spool_json(const SpoolContent& found, const SpoolVerdict& verdict) {
    std::string out;
    json::Writer w(out);
    const auto cursor = found.cursor.value_or(spool::Cursor{});
    w.begin_object().member("segments", std::uint64_t{found.segments.size()}).member("batches", verdict.batches);
    write_content(w, "queued", verdict.queued);
    write_content(w, "delivered", cursor.delivered);
    w.key("dropped").begin_object();
    for (std::size_t i = 0; i < spool::drop_reason_count; ++i) {
        const auto reason = static_cast<spool::DropReason>(i);
        write_content(w, spool::name_of(reason), cursor.dropped[reason]);
    }
    w.end_object().key("damaged").begin_array();
    for (const auto& file : verdict.damaged) w.string(file);
    w.end_array().end_object();
    return out;
}

Exit verify_spool(const SpoolOptions& options, const Terminal& terminal) {
    const auto found = read_spool(options.directory);
    if (!found) return terminal.fail(Exit::usage, found.error().detail);
    const auto verdict = verdict_of(*found);
    if (terminal.json) {
        terminal.print(spool_json(*found, verdict));
    } else {
        const auto cursor = found->cursor.value_or(spool::Cursor{});
        terminal.print(std::to_string(verdict.batches) + " batches in " + std::to_string(found->segments.size()) +
                       " segments");
        terminal.print("queued     " + sentence_of(verdict.queued));
        terminal.print("delivered  " + sentence_of(cursor.delivered));
        for (std::size_t i = 0; i < spool::drop_reason_count; ++i) {
            const auto reason = static_cast<spool::DropReason>(i);
            if (cursor.dropped[reason] == spool::Content{}) continue;
            terminal.print("dropped    " + sentence_of(cursor.dropped[reason]) + " (" +
                           std::string(spool::name_of(reason)) + ")");
        }
        for (const auto& file : verdict.damaged) terminal.print("damaged    " + file);
    }
    return verdict.damaged.empty() ? Exit::ok : Exit::refused;
}

}  // namespace

void add_spool_commands(CLI::App& app, Session& session) {
    auto* group = group_of(app, "spool", "read the events that a relay has not delivered yet, while it runs");
    const auto options = std::make_shared<SpoolOptions>();
    auto* print =
        add_command(*group, session, options, "cat", "print the batches, one JSON object in a line", &print_spool);
    print->add_option("directory", options->directory, "the relay's --spool-dir, or its events/ folder")->required();
    print->add_flag("--all", options->all, "also those that are delivered or dropped and still in a file");
    auto* check =
        add_command(*group, session, options, "verify", "read every byte, and add up what is there", &verify_spool);
    check->add_option("directory", options->directory, "as for `cat`")->required();
    check->footer("Exit codes: 0 all of it can be read; 1 some is damaged; 2 the folder cannot be read.");
}

}  // namespace fanion::cli
