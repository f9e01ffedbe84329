// backup verify

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "common/backup/database.hpp"
#include "common/backup/piece_writer.hpp"
#include "common/backup/restore_backup.hpp"
#include "common/backup/source.hpp"
#include "common/base/text.hpp"
#include "common/cli/backup_options.hpp"
#include "common/cli/backup_rulesets.hpp"
#include "common/cli/files.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

namespace fs = std::filesystem;

// A directory with a short path, removed with all that is in it.
class ThrowawayDirectory {
public:
    explicit ThrowawayDirectory(const std::string& parent) {
        std::error_code ignored;
        const auto folder = parent.empty() ? fs::temp_directory_path(ignored) : fs::path(parent);
        auto pattern = (folder / "fanion-verify-XXXXXX").string();
        if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
    }
    ThrowawayDirectory(const ThrowawayDirectory&) = delete;
    ThrowawayDirectory& operator=(const ThrowawayDirectory&) = delete;
    ~ThrowawayDirectory() {
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    const fs::path& path() const noexcept { return path_; }

private:
    fs::path path_;
};

Result<> check_age(const backup::Manifest& manifest, double hours) {
    constexpr double hour = 3'600'000;
    const auto age = static_cast<double>(SystemClock().now() - manifest.begun_at) / hour;
    if (hours <= 0 || age <= hours) return {};
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", age);
    return Error{Errc::unprocessable, "the newest backup, " + manifest.id + ", was begun " + text + " hours ago"};
}

Result<> check_rulesets(backup::BackupPlace& place, const backup::Manifest& manifest, const backup::OpeningKey& key,
                        const std::string& trust_file) {
    std::string trust;
    if (!trust_file.empty()) {
        auto text = read_file(trust_file);
        if (!text) return text.error();
        trust = std::move(*text);
    }
    auto check = RulesetCheck::begin(trust, {});
    if (!check) return Error{Errc::invalid_input, trust_file + ": " + check.error().detail};
    auto read = backup::read_stream(place, manifest, backup::Stream::rulesets, key,
                                    [&check](std::string_view bytes) { return check->feed(bytes); });
    return read ? check->finish(manifest) : read;
}

// The first table whose number of rows is another one.
Result<> compare_rows(const backup::Manifest& manifest, const std::map<std::string, std::uint64_t>& restored) {
    for (const auto& [table, rows] : manifest.rows) {
        const auto found = restored.find(table);
        const auto now = found == restored.end() ? 0 : found->second;
        if (now == rows && found != restored.end()) continue;
        return Error{Errc::unprocessable, "backup " + manifest.id + ": restored, " + table + " has " +
                                              std::to_string(now) + " rows instead of " + std::to_string(rows)};
    }
    return {};
}

Result<> try_restore(backup::BackupPlace& place, const backup::Manifest& manifest, const backup::OpeningKey& key,
                     const BackupOptions& options, const backup::Note& note) {
    const ThrowawayDirectory directory(options.work_dir);
    if (directory.path().empty())
        return errno_error(Errc::invalid_input, "no directory can be made for the cluster to restore into");
    const Log log(-1, LogLevel::error);
    embedded_postgres::EmbeddedPostgresConfig config;
    config.directory = directory.path();
    config.binaries = options.postgres_programs;
    config.settings = {{"fsync", "off"}, {"synchronous_commit", "off"}, {"full_page_writes", "off"}};
    note("starting a cluster in " + directory.path().string());
    auto cluster = embedded_postgres::EmbeddedPostgres::start(std::move(config), log);
    if (!cluster) return Error{Errc::invalid_input, cluster.error().detail};
    const auto url = cluster->superuser_conninfo_for("fanion");
    const auto restored =
        backup::restore_backup(place, manifest, key, {url, options.postgres_programs, "fanion_owner", false, note});
    Result<> outcome;
    if (!restored) {
        outcome = restored.error();
    } else if (auto database = backup::Database::connect(url); !database) {
        outcome = database.error();
    } else {
        const auto rows = backup::count_rows(*database);
        outcome = rows ? compare_rows(manifest, *rows) : Result<>(rows.error());
    }
    cluster->stop();
    return outcome;
}

// What was checked, one line each.
using Report = std::vector<std::pair<std::string, std::string>>;

Result<> verify_with_key(backup::BackupPlace& place, const backup::Manifest& manifest, const BackupOptions& options,
                         const backup::Note& note, Report& report) {
    const auto key = read_key(options);
    if (!key) return key.error();
    if (auto checked = backup::check_manifest(place, manifest, *key); !checked) return checked;
    report.emplace_back("manifest", "is the one that was sealed with the backup");
    note("reading the rulesets");
    if (auto checked = check_rulesets(place, manifest, *key, options.trust); !checked) return checked;
    report.emplace_back("rulesets",
                        std::to_string(manifest.environments.size()) + " verify, by " +
                            (options.trust.empty() ? std::string("the trust documents in the backup") : options.trust));
    if (options.restore) {
        if (auto tried = try_restore(place, manifest, *key, options, note); !tried) return tried;
        report.emplace_back("restore", std::to_string(manifest.rows.size()) + " tables have the rows that they had");
        return {};
    }
    note("reading the database");
    auto read = backup::read_stream(place, manifest, backup::Stream::database, *key,
                                    [](std::string_view) { return Result<>(); });
    if (!read) return read;
    report.emplace_back("database", backup::size_text(manifest.database.bytes) + " can be opened");
    return {};
}

Result<> verify(backup::BackupPlace& place, const backup::Manifest& manifest, const BackupOptions& options,
                const backup::Note& note, Report& report) {
    if (auto checked = check_age(manifest, options.max_age); !checked) return checked;
    if (options.restore && options.key.empty()) return nothing_given("private key", "--key", "FANION_BACKUP_KEY");
    if (!options.key.empty()) return verify_with_key(place, manifest, options, note, report);
    for (const auto stream : {backup::Stream::rulesets, backup::Stream::database}) {
        note("reading " + std::string(name_of(stream)));
        if (auto checked = backup::check_pieces(place, manifest, stream); !checked) return checked;
        report.emplace_back(name_of(stream), std::to_string(manifest.of(stream).pieces.size()) +
                                                 " pieces are as they were written; --key checks more");
    }
    return {};
}

void print_report(const backup::Manifest& manifest, const Report& report, const Terminal& terminal) {
    if (terminal.json) {
        std::string out;
        json::Writer w(out);
        w.begin_object().member("backup", manifest.id).key("verified").begin_object();
        for (const auto& [what, found] : report) w.member(what, found);
        w.end_object().end_object();
        terminal.print(out);
        return;
    }
    std::vector<std::vector<std::string>> rows{
        {"backup", manifest.id + " of " + manifest.iss + ", begun " + format_rfc3339(manifest.begun_at)}};
    for (const auto& [what, found] : report) rows.push_back({what, found});
    terminal.print(table(rows));
}

}  // namespace

Exit run_backup_verify(const BackupOptions& options, const Terminal& terminal) {
    auto place = open_place(options);
    if (!place) return terminal.fail(place.error());
    const auto manifest = choose_backup(*place, options);
    if (!manifest) return terminal.fail(manifest.error());
    Report report;
    const auto note = [&terminal](const std::string& text) { terminal.note(text); };
    if (auto verified = verify(*place, *manifest, options, note, report); !verified)
        return terminal.fail(verified.error());
    print_report(*manifest, report, terminal);
    return Exit::ok;
}

}  // namespace fanion::cli
