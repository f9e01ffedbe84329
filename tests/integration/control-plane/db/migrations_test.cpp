#include <array>
#include <catch2/catch.hpp>

#include "control-plane/db/migrator.hpp"
#include "control-plane/publish/instance_store.hpp"
#include "tests/support/postgres_fixture.hpp"

using namespace fanion;
using boost::asio::awaitable;
using cp::db::Migration;
using cp::db::SchemaState;
using test::PostgresFixture;

namespace {

using Migrations = std::span<const Migration>;

struct EmptyDatabase : PostgresFixture {
    EmptyDatabase() : PostgresFixture(1, false) {}
};

awaitable<Result<int>> migrate_once(PostgresFixture& fixture, Migrations migrations) {
    auto executor = fixture.context.get_executor();
    auto config = fixture.owner_config();
    const auto connection = co_await cp::db::Connection::open(executor, std::move(config));
    co_return co_await cp::db::migrate(*connection, fixture.log, migrations);
}

awaitable<cp::db::SchemaStatus> check_once(PostgresFixture& fixture, Migrations migrations) {
    auto executor = fixture.context.get_executor();
    auto config = fixture.owner_config();
    const auto connection = co_await cp::db::Connection::open(executor, std::move(config));
    co_return co_await cp::db::check_schema(*connection, migrations);
}

constexpr std::array<Migration, 2> two{Migration{1, "one", "CREATE TABLE fanion.one (x int)"},
                                       Migration{2, "two", "CREATE TABLE fanion.two (x int)"}};
constexpr std::array<Migration, 1> altered{Migration{1, "one", "CREATE TABLE fanion.one (y int)"}};
constexpr std::array<Migration, 2> failing{two[0], Migration{2, "two", "CREATE TABLE fanion.two (x int); SELECT 1/0"}};
constexpr Migrations first_of_two{two.data(), 1};

}  // namespace

TEST_CASE_METHOD(EmptyDatabase, "migrations are applied once") {
    CHECK(run(check_once(*this, two)).state == SchemaState::behind);
    CHECK(*run(migrate_once(*this, two)) == 2);
    CHECK(*run(migrate_once(*this, two)) == 0);
    CHECK(run(check_once(*this, two)).state == SchemaState::current);
    CHECK(sql("SELECT string_agg(version || name, ' ' ORDER BY version) FROM schema_migrations") == "1one 2two");
}

TEST_CASE_METHOD(EmptyDatabase, "only what is missing is applied") {
    CHECK(*run(migrate_once(*this, first_of_two)) == 1);
    const auto status = run(check_once(*this, two));
    CHECK(status.state == SchemaState::behind);
    CHECK(status.present == 1);
    CHECK(status.wanted == 2);
    CHECK(*run(migrate_once(*this, two)) == 1);
}

TEST_CASE_METHOD(EmptyDatabase, "programs that migrate at the same time wait for each other") {
    int applied = 0;
    int ended = 0;
    for (int i = 0; i < 4; ++i) {
        boost::asio::co_spawn(context, migrate_once(*this, cp::db::embedded_migrations()),
                              [&](std::exception_ptr error, Result<int> result) {
                                  if (!error && result) applied += *result;
                                  if (!error) ++ended;
                              });
    }
    context.run_for(std::chrono::seconds(30));
    CHECK(ended == 4);
    CHECK(applied == static_cast<int>(cp::db::embedded_migrations().size()));
}

TEST_CASE_METHOD(EmptyDatabase, "a database of a newer program is refused") {
    run(migrate_once(*this, two));
    CHECK(run(check_once(*this, first_of_two)).state == SchemaState::ahead);
    CHECK(run(migrate_once(*this, first_of_two)).error().code == Errc::unavailable);
}

TEST_CASE_METHOD(EmptyDatabase, "a migration that was applied in another wording is refused") {
    run(migrate_once(*this, first_of_two));
    CHECK(run(check_once(*this, altered)).state == SchemaState::altered);
    CHECK(run(migrate_once(*this, altered)).has_error());
}

TEST_CASE_METHOD(EmptyDatabase, "a migration that fails leaves nothing of itself behind") {
    CHECK_THROWS_AS(run(migrate_once(*this, failing)), cp::db::PgError);
    CHECK(run(check_once(*this, two)).present == 1);
    CHECK(sql("SELECT to_regclass('fanion.two') IS NULL") == "t");
    CHECK(*run(migrate_once(*this, two)) == 1);
}

TEST_CASE_METHOD(PostgresFixture, "the first start names the installation, later ones keep name and epoch") {
    const auto first = run(cp::publish::open_instance(pool, 1'763'720'000'000));
    CHECK(first.iss.starts_with("fanion:"));
    CHECK(first.epoch == 1'763'720'000);
    CHECK_FALSE(first.is_new_epoch);
    const auto second = run(cp::publish::open_instance(pool, 1'763'720'999'000));
    CHECK(second.iss == first.iss);
    CHECK(second.epoch == first.epoch);
}

TEST_CASE_METHOD(PostgresFixture,
                 "another database under the same rows gets an epoch beyond all that relays reported") {
    run(cp::publish::open_instance(pool, 1'763'720'000'000));
    sql("UPDATE instance SET database_identity = 'the one before the restore';"
        "INSERT INTO orgs (org_id, key, name) VALUES ('o_a', 'a', '');"
        "INSERT INTO relay_status (org_id, relay_id, env_id, epoch, state) VALUES ('o_a', 'r', 'e_a', 1763730000, "
        "'applied')");
    const auto opened = run(cp::publish::open_instance(pool, 1'763'720'001'000));
    CHECK(opened.is_new_epoch);
    CHECK(opened.epoch == 1'763'730'001);
    CHECK_FALSE(run(cp::publish::open_instance(pool, 1'763'720'002'000)).is_new_epoch);
}
