#include "control-plane/db/migrator.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <string>

#include "common/base/crypto.hpp"

namespace fanion::cp::db {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

constexpr Statement record_migration{
    "record_migration",
    "INSERT INTO fanion.schema_migrations (version, name, sha256, compatible_from) VALUES ($1, $2, $3, $4)"};

// "fanion" in ASCII, as a number: the same in all programs that migrate. It is tried again and again, because a program that waited
// for it in a statement would keep CREATE INDEX CONCURRENTLY of the one that has it waiting.
constexpr Statement try_turn{"try_migration_turn", "SELECT pg_try_advisory_lock(112603896574830)"};
constexpr const char* unlock_script = "SELECT pg_advisory_unlock(112603896574830)";
constexpr std::chrono::milliseconds turn_pause{200};
constexpr std::chrono::minutes longest_turn{30};

// Early programs made the table without its last column. It is added only where it is missing: that waits for whoever reads the
// table, as a dump does.
constexpr const char* version_table_script =
    "CREATE SCHEMA IF NOT EXISTS fanion; "
    "CREATE TABLE IF NOT EXISTS fanion.schema_migrations (version integer PRIMARY KEY, name text NOT NULL, "
    "sha256 bytea NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(), compatible_from integer); "
    "DO $$ BEGIN "
    "IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'fanion.schema_migrations'::regclass "
    "AND attname = 'compatible_from') THEN "
    "ALTER TABLE fanion.schema_migrations ADD COLUMN compatible_from integer; END IF; END $$";

awaitable<void> pause_for(std::chrono::milliseconds duration) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, duration);
    const auto [ec] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (ec) throw boost::system::system_error(ec);
}

awaitable<bool> take_turn(Connection& connection) {
    const auto end = std::chrono::steady_clock::now() + longest_turn;
    for (;;) {
        const auto rows = co_await connection.run(try_turn, {});
        if (rows[0].boolean(0)) co_return true;
        if (std::chrono::steady_clock::now() > end) co_return false;
        co_await pause_for(turn_pause);
    }
}

awaitable<void> record(Connection& connection, const Migration& migration) {
    const auto marks = marks_of(migration);
    auto params = make_params(migration.version, migration.name, sha256(migration.sql), marks.compatible_from);
    co_await connection.run(record_migration, std::move(params));
}

// Runs `script`, and records `migration` if there is one, in one transaction. False, and nothing is done: it had to wait for a
// lock for too long, or met others that waited for its locks.
awaitable<bool> try_in_transaction(Connection& connection, std::string script, const Migration* migration,
                                   std::chrono::milliseconds lock_timeout) {
    bool is_applied = true;
    try {
        std::string begin = "BEGIN; SET LOCAL lock_timeout = " + std::to_string(lock_timeout.count());
        co_await connection.run_script(std::move(begin));
        co_await connection.run_script(std::move(script));
        if (migration != nullptr) co_await record(connection, *migration);
        co_await connection.run_script("COMMIT");
    } catch (const PgError& error) {
        if (!error.is_lock_timeout() && !error.is_serialization_failure()) throw;
        is_applied = false;
    }
    if (!is_applied) co_await connection.run_script("ROLLBACK");
    co_return is_applied;
}

awaitable<bool> apply_in_transaction(Connection& connection, const Log& log, const Migration& migration,
                                     LockPatience patience) {
    for (int attempt = 1; attempt <= patience.attempts; ++attempt) {
        std::string sql(migration.sql);
        const bool is_applied = co_await try_in_transaction(connection, std::move(sql), &migration, patience.lock);
        if (is_applied) co_return true;
        if (attempt == 1 || attempt % 10 == 0) {
            log.warn("db_migration_waits",
                     {{"version", migration.version}, {"name", migration.name}, {"attempts", attempt}});
        }
        co_await pause_for(patience.pause);
    }
    co_return false;
}

// If it ends in the middle, the next program begins it again: check_migrations sees to it that it can.
awaitable<void> apply_one_by_one(Connection& connection, const Migration& migration) {
    for (auto& statement : statements_of(migration.sql)) co_await connection.run_script(std::move(statement));
    co_await record(connection, migration);
}

// "": it is applied.
awaitable<std::string> apply(Connection& connection, const Log& log, const Migration& migration,
                             LockPatience patience) {
    bool is_applied = true;
    if (marks_of(migration).in_transaction) {
        is_applied = co_await apply_in_transaction(connection, log, migration, patience);
    } else {
        co_await apply_one_by_one(connection, migration);
    }
    if (!is_applied) {
        co_return "migration " + std::to_string(migration.version) + " (" + std::string(migration.name) +
            ") was not applied, because a table that it changes was in use in all of " +
            std::to_string(patience.attempts) + " attempts: end what keeps it in use, and migrate again";
    }
    log.info("db_migrated", {{"version", migration.version}, {"name", migration.name}});
    co_return "";
}

// "": they are applied.
awaitable<std::string> apply_all(Connection& connection, const Log& log, std::span<const Migration> missing,
                                 LockPatience patience) {
    for (const auto& migration : missing) {
        auto problem = co_await apply(connection, log, migration, patience);
        if (!problem.empty()) co_return problem;
    }
    co_return "";
}

}  // namespace

awaitable<Result<int>> migrate(Connection& connection, const Log& log, std::span<const Migration> migrations,
                               LockPatience patience) {
    const bool is_our_turn = co_await take_turn(connection);
    if (!is_our_turn) {
        Error error{Errc::unavailable, "another program migrates the database and does not come to an end"};
        co_return error;
    }
    bool is_prepared = false;
    for (int attempt = 1; attempt <= patience.attempts && !is_prepared; ++attempt) {
        is_prepared = co_await try_in_transaction(connection, version_table_script, nullptr, patience.lock);
        if (!is_prepared) co_await pause_for(patience.pause);
    }
    SchemaStatus status;
    std::string problem;
    if (!is_prepared) {
        problem = "fanion.schema_migrations is in use all the time: end what keeps it in use, and migrate again";
    } else {
        status = co_await check_schema(connection, migrations);
        if (status.state == SchemaState::ahead || status.state == SchemaState::altered) problem = status.detail;
    }
    const auto present = std::min(static_cast<std::size_t>(status.present), migrations.size());
    const auto missing = migrations.subspan(present);
    if (problem.empty()) problem = co_await apply_all(connection, log, missing, patience);
    co_await connection.run_script(unlock_script);
    if (!problem.empty()) {
        Error error{Errc::unavailable, std::move(problem)};
        co_return error;
    }
    co_return static_cast<int>(missing.size());
}

}  // namespace fanion::cp::db
