#include "control-plane/db/schema.hpp"

#include <algorithm>

#include "common/base/crypto.hpp"
#include "control-plane/db/pool.hpp"

namespace fanion::cp::db {

using boost::asio::awaitable;

namespace {

// Every name is qualified: the schema may not exist yet. The column compatible_from is read as a member of the row, because
// databases that were last migrated by an early program do not have it.
constexpr Statement find_version_table{"find_version_table",
                                       "SELECT to_regclass('fanion.schema_migrations') IS NOT NULL"};
constexpr Statement list_migrations{
    "list_migrations",
    "SELECT version, sha256, coalesce((to_jsonb(m) ->> 'compatible_from')::integer, version) "
    "FROM fanion.schema_migrations m ORDER BY version"};
constexpr Statement find_newer_migrations{
    "find_newer_migrations",
    "SELECT coalesce(max(version), 0), "
    "coalesce(max(coalesce((to_jsonb(m) ->> 'compatible_from')::integer, version)), 0) "
    "FROM fanion.schema_migrations m WHERE version > $1"};

std::string versions(const SchemaStatus& status) {
    return "the database is at schema version " + std::to_string(status.present) + ", this program knows " +
           std::to_string(status.wanted);
}

// Of a database with migrations that the program does not know, as status.needed says.
void judge_newer(SchemaStatus& status) {
    if (status.needed > status.wanted) {
        status.state = SchemaState::ahead;
        status.detail =
            versions(status) + " and would have to know " + std::to_string(status.needed) + ": start a newer program";
    } else if (status.state == SchemaState::current) {
        status.state = SchemaState::newer;
        status.detail = versions(status) + " and goes on working with it";
    }
}

SchemaStatus compare_with_applied(const Rows& applied, std::span<const Migration> migrations) {
    SchemaStatus status;
    status.wanted = static_cast<int>(migrations.size());
    for (const auto row : applied) {
        const auto version = static_cast<int>(row.i64(0));
        status.present = std::max(status.present, version);
        if (version > status.wanted) status.needed = std::max(status.needed, static_cast<int>(row.i64(2)));
        if (version > status.wanted || status.state != SchemaState::current) continue;
        if (version >= 1 && sha256(migrations[static_cast<std::size_t>(version - 1)].sql) == row.sha256(1)) continue;
        status.state = SchemaState::altered;
        status.detail = "migration " + std::to_string(version) +
                        " of the database differs from the one in this program: use the build that applied it";
    }
    if (status.present > status.wanted) {
        judge_newer(status);
    } else if (status.state == SchemaState::current && applied.size() < migrations.size()) {
        status.state = SchemaState::behind;
        status.detail = "the database is at schema version " + std::to_string(status.present) + " of " +
                        std::to_string(status.wanted) + ": run `fanion-control-plane migrate`, or serve with --migrate";
    }
    return status;
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

awaitable<SchemaStatus> check_newer_schema(Pool& pool, std::span<const Migration> migrations) {
    SchemaStatus status;
    status.wanted = static_cast<int>(migrations.size());
    const auto rows = co_await pool.read(find_newer_migrations, status.wanted);
    status.present = std::max(status.wanted, static_cast<int>(rows[0].i64(0)));
    status.needed = static_cast<int>(rows[0].i64(1));
    if (status.present > status.wanted) judge_newer(status);
    co_return status;
}

}  // namespace fanion::cp::db
