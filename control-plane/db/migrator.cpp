#include "control-plane/db/migrator.hpp"

#include <algorithm>

#include "common/base/crypto.hpp"

namespace fanion::cp::db {

using boost::asio::awaitable;

namespace {

// Every name is qualified: the schema may not exist yet.
constexpr Statement find_version_table{"find_version_table",
                                       "SELECT to_regclass('fanion.schema_migrations') IS NOT NULL"};
constexpr Statement list_migrations{"list_migrations",
                                    "SELECT version, sha256 FROM fanion.schema_migrations ORDER BY version"};
constexpr Statement record_migration{
    "record_migration", "INSERT INTO fanion.schema_migrations (version, name, sha256) VALUES ($1, $2, $3)"};

// "fanion" in ASCII, as a number: the same in all programs that migrate.
constexpr const char* lock_script = "SELECT pg_advisory_lock(112603896574830)";
constexpr const char* unlock_script = "SELECT pg_advisory_unlock(112603896574830)";
constexpr const char* version_table_script =
    "CREATE SCHEMA IF NOT EXISTS fanion; "
    "CREATE TABLE IF NOT EXISTS fanion.schema_migrations (version integer PRIMARY KEY, name text NOT NULL, "
    "sha256 bytea NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())";

SchemaStatus compare_with_applied(const Rows& applied, std::span<const Migration> migrations) {
    SchemaStatus status;
    status.wanted = static_cast<int>(migrations.size());
    for (const auto row : applied) {
        const auto version = static_cast<int>(row.i64(0));
        status.present = std::max(status.present, version);
        if (version > status.wanted || status.state != SchemaState::current) continue;
        if (version >= 1 && sha256(migrations[static_cast<std::size_t>(version - 1)].sql) == row.sha256(1)) continue;
        status.state = SchemaState::altered;
        status.detail = "migration " + std::to_string(version) +
                        " of the database differs from the one in this program: use the build that applied it";
    }
    if (status.present > status.wanted) {
        status.state = SchemaState::ahead;
        status.detail = "the database is at schema version " + std::to_string(status.present) +
                        ", this program knows " + std::to_string(status.wanted) + ": start a newer program";
    } else if (status.state == SchemaState::current && applied.size() < migrations.size()) {
        status.state = SchemaState::behind;
        status.detail = "the database is at schema version " + std::to_string(status.present) + " of " +
                        std::to_string(status.wanted) + ": run `fanion-control-plane migrate`, or serve with --migrate";
    }
    return status;
}

awaitable<void> apply(Connection& connection, const Migration& migration) {
    co_await connection.run_script("BEGIN");
    std::string sql(migration.sql);
    co_await connection.run_script(std::move(sql));
    auto params = make_params(migration.version, migration.name, sha256(migration.sql));
    co_await connection.run(record_migration, std::move(params));
    co_await connection.run_script("COMMIT");
}

}  // namespace

awaitable<SchemaStatus> check_schema(Connection& connection, std::span<const Migration> migrations) {
    const auto found = co_await connection.run(find_version_table, {});
    if (!found[0].boolean(0)) {
        const Rows none;
        co_return compare_with_applied(none, migrations);
    }
    const auto applied = co_await connection.run(list_migrations, {});
    co_return compare_with_applied(applied, migrations);
}

awaitable<Result<int>> migrate(Connection& connection, const Log& log, std::span<const Migration> migrations) {
    co_await connection.run_script(lock_script);
    co_await connection.run_script(version_table_script);
    const auto status = co_await check_schema(connection, migrations);
    if (status.state == SchemaState::ahead || status.state == SchemaState::altered) {
        co_await connection.run_script(unlock_script);
        Error error{Errc::unavailable, status.detail};
        co_return error;
    }
    for (const auto& migration : migrations.subspan(static_cast<std::size_t>(status.present))) {
        co_await apply(connection, migration);
        log.info("db_migrated", {{"version", migration.version}, {"name", migration.name}});
    }
    co_await connection.run_script(unlock_script);
    co_return status.wanted - status.present;
}

}  // namespace fanion::cp::db
