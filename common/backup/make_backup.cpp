#include "common/backup/make_backup.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "common/backup/child_program.hpp"
#include "common/backup/client_programs.hpp"
#include "common/backup/piece_writer.hpp"
#include "common/backup/source.hpp"

namespace fanion::backup {
namespace {

void say(const Note& note, const std::string& text) {
    if (note) note(text);
}

// One backup while it is made.
class Making {
public:
    Making(BackupPlace& place, const BackupRequest& request, Database& database)
        : place_(place), request_(request), database_(database) {}

    Result<Manifest> run(const Clock& clock);
    // Whatever was stored.
    void undo();

private:
    Result<> begin(UnixMillis now);
    Result<> write_rulesets();
    Result<> write_dump(const std::string& snapshot);
    Result<> write_manifest();
    PieceWriter::Target target() const { return {place_, manifest_.id, request_.recipients}; }

    BackupPlace& place_;
    const BackupRequest& request_;
    Database& database_;
    ClientProgram pg_dump_;
    Manifest manifest_;
};

Result<> Making::begin(UnixMillis now) {
    if (auto checked = check_source(database_); !checked) return checked;
    const auto program =
        find_client_program("pg_dump", major_of(database_.server_version()), request_.postgres_programs);
    if (!program) return program.error();
    pg_dump_ = *program;
    manifest_.pg_dump = program->version;
    manifest_.fanion = request_.program_version;
    manifest_.trust = request_.trust_version;
    for (const auto& recipient : request_.recipients) manifest_.recipients.push_back(recipient.key_id());
    if (auto read = read_facts(database_, manifest_); !read) return read;
    const auto id = make_backup_id(manifest_.iss, now);
    if (auto prepared = place_.prepare(); !prepared) return prepared;
    const auto present = place_.list();
    if (!present) return present.error();
    if (std::ranges::find(*present, id, &BackupPlace::Found::id) != present->end())
        return Error{Errc::conflict, "backup " + id.text + " is there already: two began in the same second"};
    manifest_.id = id.text;
    manifest_.begun_at = id.begun_at;
    return {};
}

Result<> Making::write_rulesets() {
    PieceWriter writer(target(), Stream::rulesets);
    if (auto written = writer.write(request_.trust); !written) return written;
    auto read = read_rulesets(database_, [&](const StoredRuleset& ruleset) {
        manifest_.environments.push_back(
            {ruleset.env_id, ruleset.place, ruleset.version, request_.problem_of(ruleset.bytes)});
        return writer.write(ruleset.bytes);
    });
    if (!read) return read;
    auto finished = writer.finish();
    if (!finished) return finished.error();
    manifest_.rulesets = std::move(*finished);
    say(request_.note,
        std::to_string(manifest_.environments.size()) + " rulesets: " + size_text(manifest_.rulesets.bytes));
    return {};
}

Result<> Making::write_dump(const std::string& snapshot) {
    auto dump = ChildProgram::start(
        {{pg_dump_.path, "--format=custom", "--schema=fanion", "--schema=fanion_days", "--snapshot=" + snapshot,
          "--lock-wait-timeout=60s", "--no-password", "--no-tablespaces", "--no-publications", "--no-subscriptions"},
         database_.environment(),
         false,
         true});
    if (!dump) return dump.error();
    PieceWriter writer(target(), Stream::database);
    constexpr auto pause = std::chrono::seconds(2);
    auto said_at = std::chrono::steady_clock::now();
    for (std::string bytes;;) {
        if (auto read = dump->read(bytes); !read) return read;
        if (bytes.empty()) break;
        if (auto written = writer.write(bytes); !written) return written;
        if (std::chrono::steady_clock::now() - said_at < pause) continue;
        said_at = std::chrono::steady_clock::now();
        say(request_.note, "database: " + size_text(writer.bytes()) + " so far");
    }
    if (dump->wait() != 0) return Error{Errc::internal, database_.shown() + ": pg_dump failed: " + dump->last_words()};
    auto finished = writer.finish();
    if (!finished) return finished.error();
    manifest_.database = std::move(*finished);
    say(request_.note, "database: " + size_text(manifest_.database.bytes));
    return {};
}

Result<> Making::write_manifest() {
    const auto text = to_json(manifest_);
    if (auto put = place_.put(manifest_.id, std::string(sealed_manifest_name), seal(text, request_.recipients)); !put)
        return put;
    return place_.put(manifest_.id, std::string(manifest_name), text);
}

Result<Manifest> Making::run(const Clock& clock) {
    if (auto begun = begin(clock.now()); !begun) return begun.error();
    const auto snapshot = begin_snapshot(database_);
    if (!snapshot) return snapshot.error();
    if (auto written = write_rulesets(); !written) return written.error();
    if (auto written = write_dump(*snapshot); !written) return written.error();
    say(request_.note, "counting rows");
    auto rows = count_rows(database_);
    if (!rows) return rows.error();
    manifest_.rows = std::move(*rows);
    manifest_.ended_at = clock.now();
    if (auto written = write_manifest(); !written) return written.error();
    return manifest_;
}

void Making::undo() {
    if (manifest_.id.empty()) return;
    const auto present = place_.list();
    if (!present) return;
    const auto found = std::ranges::find(*present, manifest_.id, [](const auto& each) { return each.id.text; });
    const auto objects = found == present->end() ? std::set<std::string>() : found->objects;
    static_cast<void>(place_.remove(manifest_.id, objects));  // an empty folder, too
}

}  // namespace

Result<Manifest> make_backup(BackupPlace& place, const BackupRequest& request, const Clock& clock) {
    auto database = Database::connect(request.database_url);
    if (!database) return database.error();
    Making making(place, request, *database);
    auto made = making.run(clock);
    if (!made) making.undo();
    return made;
}

std::string size_text(std::uint64_t bytes) {
    constexpr const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    auto size = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; size >= 1024 && unit + 1 < std::size(units); ++unit) size /= 1024;
    char text[32];
    std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
    return text;
}

}  // namespace fanion::backup
