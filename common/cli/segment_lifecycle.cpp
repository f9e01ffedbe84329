// The commands about a segment as a whole, and about files of its values that were not applied.

#include <utility>

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/flag_lifecycle.hpp"
#include "common/cli/pages.hpp"
#include "common/cli/segment_options.hpp"
#include "common/json/reader.hpp"

namespace fanion::cli {
namespace {

template <bool Archives>
Exit run_archive_segment(const SegmentOptions& options, const Terminal& terminal) {
    return change_archived(options, terminal, &FlagPlace::segment, Archives);
}

Exit run_clone_segment(const SegmentOptions& options, const Terminal& terminal) {
    return clone_item(options, terminal, &FlagPlace::segment);
}

std::vector<std::string> row_of_upload(json::Reader& item) {
    std::uint64_t bytes = 0;
    for (auto& part : item.array("parts")) bytes += part.unsigned_integer("bytes");
    return {item.string("id"),     item.string("project"),    item.string("segment"),    item.string("environment"),
            std::to_string(bytes), item.string("created_by"), item.string("created_at"), item.string("expires_at")};
}

Result<std::vector<std::string>> read_uploads(FlagPlace& place) {
    return read_list(place.client(), place.organisation() + "/uploads");
}

Exit run_list_uploads(const SegmentOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options, false);
    if (!place) return terminal.fail(place.error());
    const auto uploads = read_uploads(*place);
    if (!uploads) return terminal.fail(uploads.error());
    return print_list(terminal, *uploads,
                      {"UPLOAD", "PROJECT", "SEGMENT", "ENVIRONMENT", "BYTES", "BY", "CREATED", "EXPIRES"},
                      row_of_upload);
}

// The path of one of the organisation's.
Result<std::string> path_of_upload(FlagPlace& place, const std::string& id) {
    const auto uploads = read_uploads(place);
    if (!uploads) return uploads.error();
    for (const auto& text : *uploads) {
        json::Document document;
        if (auto parsed = document.parse(text); !parsed) return parsed.error();
        std::vector<Finding> ignored;
        json::Reader r(document.root(), ignored);
        if (r.string("id") != id) continue;
        return place.organisation() + "/projects/" + percent_encode(r.string("project")) + "/segments/" +
               percent_encode(r.string("segment")) + "/environments/" + percent_encode(r.string("environment")) +
               "/members/uploads/" + percent_encode(id);
    }
    return Error{Errc::not_found, "there is no upload `" + id + "`"};
}

Exit run_delete_upload(const SegmentOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options, false);
    if (!place) return terminal.fail(place.error());
    auto path = path_of_upload(*place, options.upload);
    if (!path) return terminal.fail(path.error());
    const auto deleted = place->client().call({.method = net::Method::del, .path = std::move(*path)});
    if (!deleted) return terminal.fail(deleted.error());
    terminal.print(terminal.json ? "{}" : "deleted " + options.upload);
    return Exit::ok;
}

}  // namespace

void add_segment_lifecycle_commands(CLI::App& segment, Session& session, const SegmentOptionsPtr& options) {
    const auto add = [&](const char* name, const char* help, Exit (*run)(const SegmentOptions&, const Terminal&)) {
        auto* command = add_command(segment, session, options, name, help, run);
        command->add_option("segment", options->key, "the segment's key")->required();
        command->add_flag("--dry-run", options->dry_run, "change nothing; say what would change");
        add_comment_option(*command, options->comment);
        return command;
    };
    auto* archive = add("archive", "take a segment that nothing refers to out of every ruleset; can be undone",
                        run_archive_segment<true>);
    auto* restore = add("restore", "undo archive", run_archive_segment<false>);
    for (auto* command : {archive, restore})
        command->add_flag("--yes", options->yes, "do not ask, although it reaches every environment");
    add_clone_options(*add("clone", "create a segment like another", run_clone_segment), options, "segment");
}

void add_upload_commands(CLI::App& segment, Session& session, const SegmentOptionsPtr& options) {
    auto* group = segment.add_subcommand("uploads", "files of values of the organisation that are not applied yet");
    group->require_subcommand(1);
    group->fallthrough();
    add_command(*group, session, options, "list", "list them; an organisation has at most 10 at a time",
                run_list_uploads);
    add_command(*group, session, options, "delete", "delete one", run_delete_upload)
        ->add_option("upload", options->upload, "its id")
        ->required();
}

}  // namespace fanion::cli
