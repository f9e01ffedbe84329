// Programs and schemas of different versions, and migrations beside programs that use the tables.

#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "control-plane/db/migrator.hpp"
#include "tests/support/postgres_fixture.hpp"

using namespace fanion;
using boost::asio::awaitable;
using cp::db::Migration;
using cp::db::SchemaState;
using test::PostgresFixture;

namespace {

using Migrations = std::span<const Migration>;

struct UpgradedDatabase : PostgresFixture {
    UpgradedDatabase() : PostgresFixture(1, false) {}
};

// The second adds what the first program need not know; the third takes away what only the first reads.
constexpr std::array<Migration, 4> of_four_programs{
    Migration{1, "one", "CREATE TABLE fanion.things (x int, old int)"},
    Migration{2, "expand", "-- compatible-from: V001\nALTER TABLE fanion.things ADD COLUMN new int"},
    Migration{3, "contract", "-- compatible-from: V002\nALTER TABLE fanion.things DROP COLUMN old"},
    Migration{4, "index",
              "-- compatible-from: V002\n-- transaction: none\nDROP INDEX CONCURRENTLY IF EXISTS fanion.by_new;\n"
              "CREATE INDEX CONCURRENTLY by_new ON fanion.things (new);\n"}};

Migrations of_program(std::size_t version) { return Migrations(of_four_programs).first(version); }

awaitable<std::unique_ptr<cp::db::Connection>> owner_of(PostgresFixture& fixture) {
    auto executor = fixture.context.get_executor();
    auto config = fixture.owner_config();
    co_return co_await cp::db::Connection::open(executor, std::move(config));
}

constexpr cp::db::LockPatience short_patience{std::chrono::milliseconds(20), std::chrono::milliseconds(5), 3};

awaitable<Result<int>> migrate_to(PostgresFixture& fixture, std::size_t version, cp::db::LockPatience patience = {}) {
    const auto connection = co_await owner_of(fixture);
    co_return co_await cp::db::migrate(*connection, fixture.log, of_program(version), patience);
}

awaitable<cp::db::SchemaStatus> check_as(PostgresFixture& fixture, std::size_t version) {
    const auto connection = co_await owner_of(fixture);
    co_return co_await cp::db::check_schema(*connection, of_program(version));
}

// Migrates while another connection holds `lock`, and afterwards.
awaitable<Result<int>> migrate_beside(PostgresFixture& fixture, std::string lock, Result<int>& beside) {
    const auto other = co_await owner_of(fixture);
    co_await other->run_script(std::move(lock));
    beside = co_await migrate_to(fixture, 2, short_patience);
    co_await other->run_script("COMMIT");
    co_return co_await migrate_to(fixture, 2, short_patience);
}

}  // namespace

TEST_CASE_METHOD(UpgradedDatabase, "a program goes on working with a newer schema whose migrations say so") {
    REQUIRE(*run(migrate_to(*this, 2)) == 2);
    const auto status = run(check_as(*this, 1));
    CHECK(status.state == SchemaState::newer);
    CHECK(cp::db::is_usable(status.state));
    CHECK(status.present == 2);
    CHECK(status.needed == 1);
    CHECK(status.detail == "the database is at schema version 2, this program knows 1 and goes on working with it");
    // Nothing is left for it to apply, which is no error: it may be what an upgrade was taken back to.
    CHECK(*run(migrate_to(*this, 1)) == 0);
    CHECK(sql("SELECT max(version) FROM schema_migrations") == "2");
}

TEST_CASE_METHOD(UpgradedDatabase, "a program ends with the migration that it does not work beside") {
    REQUIRE(*run(migrate_to(*this, 3)) == 3);
    const auto first = run(check_as(*this, 1));
    CHECK(first.state == SchemaState::ahead);
    CHECK(first.detail ==
          "the database is at schema version 3, this program knows 1 and would have to know 2: start a newer program");
    const auto refused = run(migrate_to(*this, 1));
    REQUIRE(refused.has_error());
    CHECK(refused.error().detail == first.detail);
    CHECK(run(check_as(*this, 2)).state == SchemaState::newer);
    CHECK(run(check_as(*this, 3)).state == SchemaState::current);
    CHECK(run(check_as(*this, 4)).state == SchemaState::behind);
}

TEST_CASE_METHOD(UpgradedDatabase, "what an early program has migrated says nothing of compatibility") {
    REQUIRE(*run(migrate_to(*this, 2)) == 2);
    sql("ALTER TABLE fanion.schema_migrations DROP COLUMN compatible_from");
    CHECK(run(check_as(*this, 1)).state == SchemaState::ahead);
    CHECK(run(check_as(*this, 2)).state == SchemaState::current);
    REQUIRE(*run(migrate_to(*this, 3)) == 1);
    CHECK(sql("SELECT string_agg(coalesce(compatible_from::text, '-'), ' ' ORDER BY version) FROM schema_migrations") ==
          "- - 2");
    CHECK(run(check_as(*this, 2)).state == SchemaState::newer);
    CHECK(run(check_as(*this, 1)).state == SchemaState::ahead);
}

TEST_CASE_METHOD(UpgradedDatabase, "a newer schema with an altered migration is not one to go on with") {
    REQUIRE(*run(migrate_to(*this, 2)) == 2);
    sql("UPDATE fanion.schema_migrations SET sha256 = sha256('other') WHERE version = 1");
    CHECK(run(check_as(*this, 1)).state == SchemaState::altered);
    CHECK(run(migrate_to(*this, 1)).has_error());
}

TEST_CASE_METHOD(UpgradedDatabase, "a running program sees the migrations that come after it") {
    REQUIRE(*run(migrate_to(*this, 1)) == 1);
    // As the schema does: everything else of it needs the role fanion_app.
    sql("DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fanion_app') THEN "
        "CREATE ROLE fanion_app NOLOGIN; END IF; END $$; "
        "GRANT USAGE ON SCHEMA fanion TO fanion_app; GRANT SELECT ON fanion.schema_migrations TO fanion_app");
    CHECK(run(cp::db::check_newer_schema(pool, of_program(1))).state == SchemaState::current);
    REQUIRE(*run(migrate_to(*this, 2)) == 1);
    CHECK(run(cp::db::check_newer_schema(pool, of_program(1))).state == SchemaState::newer);
    REQUIRE(*run(migrate_to(*this, 3)) == 1);
    const auto status = run(cp::db::check_newer_schema(pool, of_program(1)));
    CHECK(status.state == SchemaState::ahead);
    CHECK(status.needed == 2);
}

TEST_CASE_METHOD(UpgradedDatabase, "a migration gives up when a table is in use, and has done nothing") {
    REQUIRE(*run(migrate_to(*this, 1)) == 1);
    Result<int> beside = 0;
    const auto after = run(migrate_beside(*this, "BEGIN; SELECT count(*) FROM fanion.things", beside));
    REQUIRE(beside.has_error());
    CHECK(beside.error().code == Errc::unavailable);
    CHECK(beside.error().detail ==
          "migration 2 (expand) was not applied, because a table that it changes was in use in all of 3 attempts: end "
          "what keeps it in use, and migrate again");
    CHECK(*after == 1);
}

TEST_CASE_METHOD(UpgradedDatabase, "a dump that reads the list of migrations keeps none from being applied") {
    REQUIRE(*run(migrate_to(*this, 1)) == 1);
    Result<int> beside = 0;
    const auto after = run(migrate_beside(*this, "BEGIN; SELECT count(*) FROM fanion.schema_migrations", beside));
    CHECK(*beside == 1);
    CHECK(*after == 0);
}

TEST_CASE_METHOD(UpgradedDatabase, "an index is built outside a transaction while other programs wait for their turn") {
    REQUIRE(*run(migrate_to(*this, 3)) == 3);
    // What a build that ended in the middle leaves behind.
    sql("CREATE INDEX by_new ON fanion.things (new); "
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'fanion.by_new'::regclass");
    int applied = 0;
    int ended = 0;
    for (int i = 0; i < 3; ++i) {
        boost::asio::co_spawn(context, migrate_to(*this, 4), [&](std::exception_ptr error, Result<int> result) {
            if (!error && result) applied += *result;
            if (!error) ++ended;
        });
    }
    context.restart();
    context.run_for(std::chrono::seconds(60));
    CHECK(ended == 3);
    CHECK(applied == 1);
    CHECK(sql("SELECT indisvalid FROM pg_index WHERE indexrelid = 'fanion.by_new'::regclass") == "t");
}
