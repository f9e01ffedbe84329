#include "common/backup/restore_backup.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "common/backup/child_program.hpp"
#include "common/backup/client_programs.hpp"
#include "common/backup/database.hpp"
#include "common/backup/piece_writer.hpp"
#include "common/backup/restore_script.hpp"
#include "common/base/text.hpp"

namespace fanion::backup {
namespace {

constexpr const char* any_tables_sql =
    "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') "
    "AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')";
constexpr const char* our_schemas_sql = "SELECT count(*) FROM pg_namespace WHERE nspname IN ('fanion', 'fanion_days')";
constexpr const char* sessions_sql =
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name = 'fanion-control-plane'";
constexpr const char* role_sql =
    "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AND (SELECT rolsuper FROM pg_roles WHERE rolname = "
    "current_user) OR coalesce((SELECT pg_has_role(oid, 'MEMBER') FROM pg_roles WHERE rolname = $1), false)";
constexpr const char* current_user_sql = "SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user";
constexpr const char* has_epoch_sql = "SELECT to_regprocedure('fanion.highest_epoch()') IS NOT NULL";

// The two programs of a restore, and the thread that feeds the first one.
struct Programs {
    ChildProgram pg_restore, psql;
};

Result<Programs> start_programs(const Database& database, const Manifest& manifest, const std::string& folder) {
    const int least = major_of(manifest.pg_dump);
    const auto pg_restore = find_client_program("pg_restore", least, folder);
    if (!pg_restore) return pg_restore.error();
    const auto psql = find_client_program("psql", least, folder);
    if (!psql) return psql.error();
    auto reader = ChildProgram::start({{pg_restore->path, "--file=-"}, {}, true, true});
    if (!reader) return reader.error();
    auto environment = database.environment();
    environment["PGOPTIONS"] += " -c client_min_messages=warning";
    auto writer = ChildProgram::start(
        {{psql->path, "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--file=-"},
         environment,
         true,
         false});
    if (!writer) return writer.error();
    return Programs{std::move(*reader), std::move(*writer)};
}

// From pg_restore, rewritten, to psql. An error ends both; the transaction then does.
Result<> pump(Programs& programs, const ScriptSettings& settings, const Note& note) {
    const Error refused{Errc::internal, ""};  // psql has the words
    if (!programs.psql.write(prologue(settings))) return refused;
    ScriptRewriter rewriter(settings);
    std::uint64_t bytes = 0;
    constexpr auto pause = std::chrono::seconds(2);
    auto said_at = std::chrono::steady_clock::now();
    for (std::string part;;) {
        if (auto read = programs.pg_restore.read(part); !read) return read;
        if (part.empty()) break;
        bytes += part.size();
        if (!programs.psql.write(rewriter.feed(part))) return refused;
        if (!note || std::chrono::steady_clock::now() - said_at < pause) continue;
        said_at = std::chrono::steady_clock::now();
        note("restored " + size_text(bytes) + " so far");
    }
    return programs.psql.write(rewriter.finish()) ? Result<>() : Result<>(refused);
}

class Restoring {
public:
    Restoring(BackupPlace& place, const Manifest& manifest, const OpeningKey& key, const RestoreRequest& request)
        : place_(place), manifest_(manifest), key_(key), request_(request) {}

    Result<Restored> run();

private:
    Result<> check_target(Database& database);
    Result<> choose_owner(Database& database);
    Result<> read_epoch(Database& database);
    Result<> apply(Database& database);

    BackupPlace& place_;
    const Manifest& manifest_;
    const OpeningKey& key_;
    const RestoreRequest& request_;
    Restored restored_;
};

Result<> Restoring::check_target(Database& database) {
    const auto server = database.server_version();
    if (major_of(server) < major_of(manifest_.server))
        return Error{Errc::conflict, database.shown() + " is PostgreSQL " + server + "; the backup is of " +
                                         manifest_.server + " and needs that or a later one"};
    const auto tables = database.value(any_tables_sql), schemas = database.value(our_schemas_sql);
    if (!tables) return tables.error();
    if (!schemas) return schemas.error();
    if ((*tables != "0" || *schemas != "0") && !request_.replace)
        return Error{Errc::conflict, database.shown() + " is not empty: it has " + *tables +
                                         " tables. Name a new database, or replace what it has of Fanion by --replace"};
    restored_.has_replaced = *schemas != "0";
    const auto sessions = database.value(sessions_sql);
    if (!sessions) return sessions.error();
    if (*sessions != "0")
        return Error{Errc::conflict, "a control plane is connected to " + database.shown() + ": stop it first"};
    return {};
}

Result<> Restoring::choose_owner(Database& database) {
    const auto wanted = request_.owner.empty() ? manifest_.owner : request_.owner;
    const auto usable = database.value(role_sql, {wanted});
    if (!usable) return usable.error();
    restored_.owner = wanted;
    if (*usable == "t") return {};
    const auto user = database.query(current_user_sql);
    if (!user) return user.error();
    const bool is_superuser = !user->empty() && user->front()[1] == "t";
    if (!request_.owner.empty() || is_superuser || user->empty())
        return Error{Errc::invalid_input, database.shown() + ": there is no role \"" + wanted +
                                              "\" to which tables could be given: make it with CREATE ROLE, or name "
                                              "the role that the control plane signs in as with --owner"};
    restored_.owner = user->front()[0].value_or("");
    return {};
}

// Of what is replaced: relays may have seen epochs that the backup does not know.
Result<> Restoring::read_epoch(Database& database) {
    restored_.epoch = manifest_.epoch;
    const auto has_epoch = database.value(has_epoch_sql);
    if (!has_epoch) return has_epoch.error();
    if (*has_epoch != "t") return {};
    const auto highest = database.value("SELECT fanion.highest_epoch()");
    if (!highest) return highest.error();
    restored_.epoch = std::max(restored_.epoch, parse_u64(*highest).value_or(0));
    return {};
}

Result<> Restoring::apply(Database& database) {
    auto programs = start_programs(database, manifest_, request_.postgres_programs);
    if (!programs) return programs.error();
    Result<> fed;
    std::thread feeder([&] {
        fed = read_stream(place_, manifest_, Stream::database, key_, [&](std::string_view bytes) -> Result<> {
            if (programs->pg_restore.write(bytes)) return {};
            return Error{Errc::internal, ""};  // pg_restore or psql has the words
        });
        programs->pg_restore.close_input();
    });
    const ScriptSettings settings{manifest_.owner, restored_.owner, restored_.has_replaced,
                                  major_of(database.server_version()), manifest_.extensions};
    const auto pumped = pump(*programs, settings, request_.note);
    if (!pumped) programs->pg_restore.stop();
    feeder.join();
    const bool is_whole = pumped && fed && programs->pg_restore.wait() == 0;
    const bool committed = is_whole && programs->psql.write(epilogue(manifest_.id, restored_.epoch));
    programs->psql.close_input();
    const bool done = programs->psql.wait() == 0 && committed;
    if (done) return {};
    if (!fed && !fed.error().detail.empty()) return fed.error();
    const auto refused = programs->psql.last_words();
    if (!refused.empty()) return Error{Errc::internal, database.shown() + ": nothing was restored: " + refused};
    return Error{Errc::unprocessable,
                 "backup " + manifest_.id + " cannot be read by pg_restore: " + programs->pg_restore.last_words()};
}

Result<Restored> Restoring::run() {
    auto database = Database::connect(request_.database_url);
    if (!database) return database.error();
    restored_.database = database->shown();
    if (auto checked = check_target(*database); !checked) return checked.error();
    if (auto chosen = choose_owner(*database); !chosen) return chosen.error();
    if (auto read = read_epoch(*database); !read) return read.error();
    if (auto applied = apply(*database); !applied) return applied.error();
    return restored_;
}

}  // namespace

Result<Restored> restore_backup(BackupPlace& place, const Manifest& manifest, const OpeningKey& key,
                                const RestoreRequest& request) {
    return Restoring(place, manifest, key, request).run();
}

}  // namespace fanion::backup
