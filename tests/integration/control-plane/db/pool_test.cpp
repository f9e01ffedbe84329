#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

#include "tests/integration/control-plane/db/no_scope.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "tests/support/run_coroutine.hpp"

using namespace fanion;
using boost::asio::awaitable;
using test::no_scope;
using test::PostgresFixture;
using Texts = std::vector<std::string>;

namespace {

constexpr cp::db::Statement echo{
    "echo", "SELECT $1::text, $2::bigint, $3::boolean, $4::bytea, $5::text, $6::text[], $7::timestamptz, $8::float8"};
constexpr cp::db::Statement insert_user{"insert_user", "INSERT INTO people (user_id, email) VALUES ($1, $2)"};
constexpr cp::db::Statement count_users{"count_users", "SELECT count(*) FROM people"};
constexpr cp::db::Statement count_users_misnamed{"count_users", "SELECT 0"};
constexpr cp::db::Statement sleep_long{"sleep_long", "SELECT pg_sleep(30)"};
constexpr cp::db::Statement backend_pid{"backend_pid", "SELECT pg_backend_pid()"};
constexpr cp::db::Statement big_text{"big_text", "SELECT repeat($1, 5000000)"};

struct Echoed {
    std::string text;
    std::int64_t number;
    bool truth;
    std::string bytes;
    bool is_null;
    Texts texts;
    UnixMillis time;
    double real;
};

awaitable<Echoed> echo_all(cp::db::Pool& pool) {
    auto tx = co_await pool.begin(no_scope);
    const std::string bytes("\x00\xff\\x", 4);
    const std::optional<std::string> nothing;
    const Texts texts{"a", "b \"c\"", ""};
    const auto rows = co_await tx.run(echo, "täxt", std::int64_t{-9'000'000'000}, true, cp::db::Bytes{bytes}, nothing,
                                      texts, cp::db::Time{1763720000123}, 0.1);
    const auto row = rows[0];
    Echoed out{row.string(0),  row.i64(1),   row.boolean(2), row.bytes(3),
               row.is_null(4), row.texts(5), row.time(6),    row.f64(7)};
    CHECK_FALSE(row.optional_text(4));
    CHECK_THROWS_AS(row.text(4), std::logic_error);
    CHECK_THROWS_AS(row.i64(0), std::logic_error);
    CHECK_THROWS_AS(row.text(8), std::logic_error);
    co_await tx.commit();
    co_return out;
}

awaitable<std::int64_t> user_count(cp::db::Pool& pool) {
    const auto rows = co_await pool.run_once(no_scope, count_users);
    co_return rows[0].i64(0);
}

awaitable<void> add_user(cp::db::Pool& pool, std::string id, bool commit) {
    auto tx = co_await pool.begin(no_scope);
    const auto email = id + "@example.com";
    const auto rows = co_await tx.run(insert_user, id, email);
    CHECK(rows.affected() == 1);
    if (commit) co_await tx.commit();
}

awaitable<std::int64_t> pid_of_next(cp::db::Pool& pool) {
    const auto rows = co_await pool.run_once(no_scope, backend_pid);
    co_return rows[0].i64(0);
}

awaitable<std::optional<cp::db::PgError>> find_error(awaitable<void> task) {
    try {
        co_await std::move(task);
    } catch (const cp::db::PgError& error) {
        co_return std::optional<cp::db::PgError>(error);
    }
    co_return std::nullopt;
}

awaitable<void> run_alone(cp::db::Pool& pool, const cp::db::Statement& statement) {
    co_await pool.run_once(no_scope, statement);
}

// All of two connections, however long it takes to open them.
awaitable<std::vector<cp::db::Transaction>> hold_two(cp::db::Pool& pool) {
    std::vector<cp::db::Transaction> held;
    while (held.size() < 2) {
        try {
            auto next = co_await pool.begin(no_scope);
            held.push_back(std::move(next));
        } catch (const cp::db::PgError& error) {
            CHECK(error.is_unavailable());
        }
    }
    co_return held;
}

awaitable<std::uint64_t> hold_all_and_ask(cp::db::Pool& pool, const cp::db::Metrics& metrics) {
    const auto held = co_await hold_two(pool);
    const auto before = metrics.acquire_timeouts.value();
    const auto error = co_await find_error(pool.ping());
    CHECK(error.value().kind() == cp::db::PgError::Kind::unavailable);
    CHECK(error.value().is_unavailable());
    co_return metrics.acquire_timeouts.value() - before;
}

awaitable<void> hold(cp::db::Pool& pool, bool& held, bool& release) {
    auto tx = co_await pool.begin(no_scope);
    held = true;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    while (!release) {
        timer.expires_after(std::chrono::milliseconds(1));
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
    co_await tx.commit();
}

struct PoolTest : PostgresFixture {
    PoolTest() {
        sql("CREATE TABLE fanion.people (user_id text PRIMARY KEY CHECK (user_id ~ '^u_'), email text NOT NULL);"
            "GRANT ALL ON fanion.people TO fanion_app");
    }
    cp::db::PgError error_of(awaitable<void> task) { return run(find_error(std::move(task))).value(); }
};

}  // namespace

TEST_CASE_METHOD(PoolTest, "parameters and columns of every type survive the way to the database and back") {
    const auto got = run(echo_all(pool));
    CHECK(got.text == "täxt");
    CHECK(got.number == -9'000'000'000);
    CHECK(got.truth);
    CHECK(got.bytes == std::string("\x00\xff\\x", 4));
    CHECK(got.is_null);
    CHECK(got.texts == Texts{"a", "b \"c\"", ""});
    CHECK(got.time == 1763720000123);
    CHECK(got.real == 0.1);
}

TEST_CASE_METHOD(PoolTest, "a committed transaction stays, a dropped one leaves nothing") {
    run(add_user(pool, "u_1", true));
    run(add_user(pool, "u_2", false));
    CHECK(run(user_count(pool)) == 1);
    CHECK(metrics.rollbacks.value() == 1);
}

TEST_CASE_METHOD(PoolTest, "a dropped transaction is rolled back before its connection is used again") {
    cp::db::PoolConfig config;
    config.connection = app_config();
    config.size = 1;
    cp::db::Pool single(context.get_executor(), config, metrics, log);
    const auto before = run(pid_of_next(single));
    run(add_user(single, "u_1", false));
    CHECK(run(user_count(single)) == 0);
    CHECK(run(pid_of_next(single)) == before);
}

TEST_CASE_METHOD(PoolTest, "what the database refuses comes with its SQLSTATE, and the pool goes on") {
    run(add_user(pool, "u_1", true));
    const auto error = error_of((add_user(pool, "u_1", true)));
    CHECK(error.is_unique_violation());
    CHECK(error.constraint() == "people_pkey");
    CHECK(error.kind() == cp::db::PgError::Kind::refused);
    CHECK(run(user_count(pool)) == 1);
    CHECK(metrics.of("insert_user").errors.value() == 1);
    CHECK(metrics.of("insert_user").runs.value() == 2);
}

static awaitable<void> commit_after_refusal(cp::db::Pool& pool) {
    auto tx = co_await pool.begin(no_scope);
    try {
        co_await tx.run(insert_user, "malformed", "x");
    } catch (const cp::db::PgError& error) {
        CHECK(error.is_check_violation());
    }
    co_await tx.commit();
}

TEST_CASE_METHOD(PoolTest, "a transaction that was refused something cannot be committed by mistake") {
    CHECK(error_of((commit_after_refusal(pool))).sqlstate() == "25P02");
    CHECK(run(user_count(pool)) == 0);
}

TEST_CASE_METHOD(PoolTest, "two statements of one name are a bug") {
    cp::db::PoolConfig config;
    config.connection = app_config();
    config.size = 1;
    cp::db::Pool single(context.get_executor(), config, metrics, log);
    run(run_alone(single, count_users));
    CHECK_THROWS_AS(run(run_alone(single, count_users_misnamed)), std::logic_error);
}

TEST_CASE_METHOD(PoolTest, "a connection whose backend was ended is replaced unseen") {
    run(add_user(pool, "u_1", true));
    sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
        "pg_backend_pid()");
    CHECK(run(user_count(pool)) == 1);
}

TEST_CASE_METHOD(PoolTest, "a backend that ends during a statement is a lost connection") {
    awaitable<void> task = run_alone(pool, sleep_long);
    bool lost = false;
    boost::asio::co_spawn(context, std::move(task), [&lost](std::exception_ptr error) {
        try {
            std::rethrow_exception(error);
        } catch (const cp::db::PgError& e) {
            lost = e.kind() == cp::db::PgError::Kind::connection_lost;
        }
    });
    test::eventually("the sleeping backend was there to be ended", [&] {
        return sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() "
                   "AND query LIKE '%pg_sleep(30)%' AND state = 'active' AND pid <> pg_backend_pid()") == "1";
    });
    test::run_until(context, [&] { return lost; });
    CHECK(lost);
    CHECK(run(user_count(pool)) == 0);
    CHECK(metrics.connections_lost.value() == 1);
}

TEST_CASE_METHOD(PoolTest, "a statement past its time is given up with timed_out") {
    cp::db::PoolConfig config;
    config.connection = app_config();
    config.connection.statement_timeout = std::chrono::milliseconds(50);
    cp::db::Pool hasty(context.get_executor(), config, metrics, log);
    CHECK(error_of((run_alone(hasty, sleep_long))).kind() == cp::db::PgError::Kind::timed_out);
    // On a busy machine a count may take longer than that too; not every time.
    std::optional<cp::db::PgError> late;
    test::eventually("a ping was in time", [&] {
        late = run(find_error(hasty.ping()));
        return !late || late->kind() != cp::db::PgError::Kind::timed_out;
    });
    CHECK_FALSE(late);
}

TEST_CASE_METHOD(PoolTest, "whoever waits longer for a connection than allowed is told so") {
    cp::db::PoolConfig config;
    config.connection = app_config();
    config.size = 2;
    config.acquire_timeout = std::chrono::milliseconds(200);
    cp::db::Pool small(context.get_executor(), config, metrics, log);
    CHECK(run(hold_all_and_ask(small, metrics)) == 1);
    std::optional<cp::db::PgError> late;  // the rollback may take a while
    test::eventually("a connection was free again", [&] {
        late = run(find_error(small.ping()));
        return !late || !late->is_unavailable();
    });
    CHECK_FALSE(late);
}

TEST_CASE_METHOD(PoolTest, "waiters get the connection that comes back") {
    cp::db::PoolConfig config;
    config.connection = app_config();
    config.size = 1;
    cp::db::Pool single(context.get_executor(), config, metrics, log);
    bool held = false;
    bool release = false;
    bool pinged = false;
    boost::asio::co_spawn(context, hold(single, held, release), boost::asio::detached);
    test::run_until(context, [&] { return held; });
    boost::asio::co_spawn(context, single.ping(), [&pinged](std::exception_ptr error) { pinged = !error; });
    context.poll();
    CHECK_FALSE(pinged);
    CHECK(metrics.waits.value() == 1);
    release = true;
    test::run_until(context, [&] { return pinged; });
    CHECK(metrics.connects.value() == 1);
}

TEST_CASE_METHOD(PoolTest, "an unreachable database is unavailable at once and does not use the pool up") {
    cp::db::PoolConfig config;
    config.connection.conninfo = "host=/nonexistent dbname=x";
    config.size = 1;
    cp::db::Pool pool_without(context.get_executor(), config, metrics, log);
    for (int i = 0; i < 3; ++i) {
        CHECK(error_of((pool_without.ping())).kind() == cp::db::PgError::Kind::unavailable);
    }
    CHECK(metrics.connect_errors.value() == 3);
}

static awaitable<std::size_t> fetch_big(cp::db::Pool& pool) {
    const auto rows = co_await pool.run_once(no_scope, big_text, "ab");
    co_return rows[0].text(0).size();
}

static awaitable<std::size_t> send_big(cp::db::Pool& pool) {
    const std::string text(20'000'000, 'x');
    static constexpr cp::db::Statement measure{"measure", "SELECT length($1::text)"};
    const auto rows = co_await pool.run_once(no_scope, measure, text);
    co_return rows[0].u64(0);
}

TEST_CASE_METHOD(PoolTest, "large values pass in both directions") {
    CHECK(run(fetch_big(pool)) == 10'000'000);
    CHECK(run(send_big(pool)) == 20'000'000);
}

static awaitable<void> write_in_snapshot(cp::db::Pool& pool) {
    auto tx = co_await pool.begin(no_scope, cp::db::Mode::snapshot);
    co_await tx.run(insert_user, "u_9", "x@y");
}

TEST_CASE_METHOD(PoolTest, "a snapshot transaction only reads") {
    CHECK(error_of((write_in_snapshot(pool))).sqlstate() == "25006");
}

TEST_CASE_METHOD(PoolTest, "a task that is told to stop leaves its statement at once, and the pool goes on") {
    boost::asio::cancellation_signal stop;
    std::exception_ptr ended;
    auto task = run_alone(pool, sleep_long);
    boost::asio::co_spawn(
        context, std::move(task),
        boost::asio::bind_cancellation_slot(stop.slot(), [&ended](std::exception_ptr e) { ended = e; }));
    test::eventually("the statement ran", [&] {
        return sql("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                   "AND query LIKE '%pg_sleep(30)%' AND state = 'active' AND pid <> pg_backend_pid()") == "1";
    });
    stop.emit(boost::asio::cancellation_type::terminal);
    test::run_until(context, [&] { return ended != nullptr; });
    CHECK_THROWS_AS(std::rethrow_exception(ended), boost::system::system_error);
    CHECK(run(user_count(pool)) == 0);
    CHECK(metrics.connections_lost.value() == 1);
}

TEST_CASE_METHOD(PoolTest, "a task that is told to stop while it queues gives its turn up") {
    cp::db::PoolConfig config;
    config.connection = app_config();
    config.size = 1;
    cp::db::Pool single(context.get_executor(), config, metrics, log);
    bool held = false;
    bool release = false;
    boost::asio::co_spawn(context, hold(single, held, release), boost::asio::detached);
    test::run_until(context, [&] { return held; });
    boost::asio::cancellation_signal stop;
    std::exception_ptr ended;
    boost::asio::co_spawn(
        context, single.ping(),
        boost::asio::bind_cancellation_slot(stop.slot(), [&ended](std::exception_ptr e) { ended = e; }));
    context.poll();
    stop.emit(boost::asio::cancellation_type::terminal);
    test::run_until(context, [&] { return ended != nullptr; });
    CHECK_THROWS_AS(std::rethrow_exception(ended), boost::system::system_error);
    CHECK(metrics.waiting.value() == 0);
    release = true;
    run(single.ping());
}

TEST_CASE_METHOD(PoolTest, "a task that is told to stop when its turn to connect has come passes it on") {
    cp::db::PoolConfig config;
    config.connection = app_config();
    config.size = 1;
    cp::db::Pool single(context.get_executor(), config, metrics, log);
    boost::asio::cancellation_signal stop_first;
    boost::asio::cancellation_signal stop_second;
    int ended = 0;
    const auto count = [&ended](const std::exception_ptr&) { ++ended; };
    boost::asio::co_spawn(context, run_alone(single, sleep_long),
                          boost::asio::bind_cancellation_slot(stop_first.slot(), count));
    test::run_until(context, [&] { return metrics.in_use.value() == 1; });
    boost::asio::co_spawn(context, single.ping(), boost::asio::bind_cancellation_slot(stop_second.slot(), count));
    test::run_until(context, [&] { return metrics.waiting.value() == 1; });
    stop_first.emit(boost::asio::cancellation_type::terminal);  // its connection is lost, the second may open one
    while (metrics.waiting.value() == 1 && context.run_one() > 0) {
    }
    REQUIRE(ended < 2);
    stop_second.emit(boost::asio::cancellation_type::terminal);
    test::run_until(context, [&] { return ended == 2; });
    run(single.ping());
}
