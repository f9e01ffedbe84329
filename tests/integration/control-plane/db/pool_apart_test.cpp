// Connections apart, and locks that are waited for in vain.

#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <optional>

#include "tests/integration/control-plane/db/no_scope.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "tests/support/run_coroutine.hpp"

using namespace fanion;
using boost::asio::awaitable;
using cp::db::Mode;
using cp::db::PgError;
using test::no_scope;
using test::PostgresFixture;

namespace {

constexpr cp::db::Statement count_things{"count_things", "SELECT count(*) FROM things"};

const cp::db::Scope tenant = cp::db::Scope::tenant("o_a");

awaitable<std::optional<PgError>> failure_of(awaitable<void> task) {
    try {
        co_await std::move(task);
    } catch (const PgError& error) {
        co_return std::optional<PgError>(error);
    }
    co_return std::nullopt;
}

awaitable<void> count_in(cp::db::Pool& pool, cp::db::Scope scope, Mode mode) {
    auto tx = co_await pool.begin(std::move(scope), mode);
    co_await tx.run(count_things);
}

awaitable<void> hold_edit(cp::db::Pool& pool, bool& held, bool& release) {
    auto tx = co_await pool.begin(tenant);
    held = true;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    while (!release) {
        timer.expires_after(std::chrono::milliseconds(1));
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
    co_await tx.commit();
}

struct PartedPool : PostgresFixture {
    PartedPool() { sql("CREATE TABLE fanion.things (x int); GRANT ALL ON fanion.things TO fanion_app"); }
    std::optional<PgError> attempt(awaitable<void> task) { return run(failure_of(std::move(task))); }
};

// Takes the lock that a migration takes, and keeps it until the object is destroyed.
struct LockedTable {
    LockedTable(PostgresFixture& fixture) : fixture_(fixture), connection_(fixture.run(lock(fixture))) {}
    ~LockedTable() { fixture_.run(release(*connection_)); }

private:
    static awaitable<std::unique_ptr<cp::db::Connection>> lock(PostgresFixture& fixture) {
        auto executor = fixture.context.get_executor();
        auto config = fixture.owner_config();
        auto connection = co_await cp::db::Connection::open(executor, std::move(config));
        co_await connection->run_script("BEGIN; LOCK TABLE things IN ACCESS EXCLUSIVE MODE");
        co_return connection;
    }
    static awaitable<void> release(cp::db::Connection& connection) { co_await connection.run_script("ROLLBACK"); }

    PostgresFixture& fixture_;
    std::unique_ptr<cp::db::Connection> connection_;
};

}  // namespace

TEST_CASE_METHOD(PartedPool, "reads and what has no tenant have connections that edits cannot take") {
    cp::db::PoolConfig config;
    config.connection = app_config();
    config.size = 1;
    config.apart = 1;
    config.acquire_timeout = std::chrono::milliseconds(500);
    cp::db::Pool parted(context.get_executor(), config, metrics, log);
    bool held = false;
    bool release = false;
    boost::asio::co_spawn(context, hold_edit(parted, held, release), boost::asio::detached);
    test::run_until(context, [&] { return held; });
    CHECK_FALSE(attempt(count_in(parted, tenant, Mode::snapshot)));
    CHECK_FALSE(attempt(count_in(parted, no_scope, Mode::read_write)));
    CHECK(attempt(count_in(parted, tenant, Mode::read_write)).value().kind() == PgError::Kind::unavailable);
    CHECK(metrics.connections.value() == 2);
    release = true;
    test::eventually("the edit has ended", [&] {
        context.restart();
        context.run_for(std::chrono::milliseconds(1));
        return metrics.in_use.value() == 0;
    });
    CHECK_FALSE(attempt(count_in(parted, tenant, Mode::read_write)));
}

TEST_CASE_METHOD(PartedPool,
                 "one locked table does not take up the pool: after one has waited in vain, one waits at a time") {
    cp::db::PoolConfig config;
    config.connection = app_config();
    config.connection.lock_timeout = std::chrono::milliseconds(300);
    config.size = 4;
    cp::db::Pool small(context.get_executor(), config, metrics, log);
    {
        const LockedTable locked(*this);
        const auto error = attempt(count_in(small, tenant, Mode::read_write)).value();
        CHECK(error.is_lock_timeout());
        CHECK(error.is_unavailable());
        int refused = 0;
        int waited = 0;
        int ended = 0;
        for (int i = 0; i < 20; ++i) {
            boost::asio::co_spawn(context, failure_of(count_in(small, tenant, Mode::read_write)),
                                  [&](std::exception_ptr, std::optional<PgError> failed) {
                                      ++ended;
                                      if (!failed) return;
                                      ++(failed->is_lock_timeout() ? waited : refused);
                                      CHECK(failed->is_unavailable());
                                  });
        }
        test::run_until(context, [&] { return ended == 20; });
        CHECK(waited >= 1);  // one at a time, each for 300 ms
        CHECK(waited <= 4);
        CHECK(waited + refused == 20);
        // Others are served meanwhile.
        CHECK_FALSE(attempt(small.ping()));
    }
    CHECK_FALSE(attempt(count_in(small, tenant, Mode::read_write)));
    CHECK_FALSE(attempt(count_in(small, tenant, Mode::read_write)));
}
