// Statements that are sent together with the next one.

#include <sys/socket.h>
#include <sys/un.h>

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

#include "tests/integration/control-plane/db/no_scope.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "tests/support/run_coroutine.hpp"

using namespace fanion;
using boost::asio::awaitable;
using test::no_scope;
using test::PostgresFixture;

namespace {

constexpr cp::db::Statement insert_number{"insert_number", "INSERT INTO numbers (n) VALUES ($1::integer)"};
constexpr cp::db::Statement double_numbers{"double_numbers", "UPDATE numbers SET n = n * 2"};
constexpr cp::db::Statement list_numbers{"list_numbers",
                                         "SELECT coalesce(string_agg(n::text, ' ' ORDER BY n), '-') FROM numbers"};
constexpr cp::db::Statement end_own_backend{"end_own_backend", "SELECT end_backend()"};
constexpr cp::db::Statement sleep_here{"sleep_here", "SELECT pg_sleep(30)"};
constexpr cp::db::Statement broken_text{"broken_text", "SELECT FROM no_such_table"};

awaitable<std::string> numbers(cp::db::Pool& pool) {
    const auto rows = co_await pool.run_once(no_scope, list_numbers);
    co_return rows[0].string(0);
}

awaitable<std::string> refusal_of(awaitable<void> task) {
    std::string found;
    try {
        co_await std::move(task);
    } catch (const cp::db::PgError& error) {
        found = error.sqlstate().empty() ? std::string(name_of(error.kind())) : error.sqlstate();
    }
    co_return found;
}

struct PostedTest : PostgresFixture {
    PostedTest() {
        sql("CREATE TABLE fanion.numbers (n integer PRIMARY KEY CHECK (n > 0));"
            "GRANT ALL ON fanion.numbers TO fanion_app;"
            "CREATE FUNCTION fanion.end_backend() RETURNS boolean LANGUAGE sql SECURITY DEFINER AS "
            "'SELECT pg_terminate_backend(pg_backend_pid())'");
    }
    std::string refusal(awaitable<void> task) { return run(refusal_of(std::move(task))); }
};

}  // namespace

static awaitable<std::string> seen_by_next(cp::db::Pool& pool) {
    auto tx = co_await pool.begin(no_scope);
    tx.post(insert_number, 1);
    tx.post(double_numbers);
    tx.post(insert_number, 1);
    const auto rows = co_await tx.run(list_numbers);
    auto seen = rows[0].string(0);
    tx.post(insert_number, 3);
    co_await tx.commit();
    co_return seen;
}

TEST_CASE_METHOD(PostedTest,
                 "what is posted is carried out in order, before the next statement and before the commit") {
    CHECK(run(seen_by_next(pool)) == "1 2");
    CHECK(run(numbers(pool)) == "1 2 3");
    CHECK(metrics.of("insert_number").runs.value() == 3);
    CHECK(metrics.of("begin").runs.value() == 2);
}

static awaitable<void> post_and_drop(cp::db::Pool& pool) {
    auto tx = co_await pool.begin(no_scope);
    tx.post(insert_number, 1);
}

TEST_CASE_METHOD(PostedTest, "what is posted in a transaction that is dropped is never sent") {
    run(post_and_drop(pool));
    CHECK(run(numbers(pool)) == "-");
    CHECK(metrics.of("insert_number").runs.value() == 0);
    CHECK(metrics.rollbacks.value() == 0);
}

static awaitable<void> refused_in_the_middle(cp::db::Pool& pool, std::string& later, std::string& at_commit) {
    auto tx = co_await pool.begin(no_scope);
    co_await tx.run(insert_number, 1);
    tx.post(insert_number, 2);
    tx.post(insert_number, -1);
    tx.post(insert_number, 3);
    const auto listing = [&]() -> awaitable<void> { co_await tx.run(list_numbers); };
    const auto first = co_await refusal_of(listing());
    CHECK(first == "23514");
    later = co_await refusal_of(listing());
    at_commit = co_await refusal_of(tx.commit());
}

TEST_CASE_METHOD(PostedTest, "a posted statement that is refused ends the transaction where the next one is run") {
    std::string later;
    std::string at_commit;
    run(refused_in_the_middle(pool, later, at_commit));
    CHECK(later == "25P02");
    CHECK(at_commit == "25P02");
    CHECK(run(numbers(pool)) == "-");
    CHECK(metrics.of("insert_number").runs.value() == 3);  // the last was skipped
    CHECK(metrics.of("insert_number").errors.value() == 1);
    CHECK(metrics.of("list_numbers").errors.value() == 0);
}

static awaitable<void> commit_with(cp::db::Pool& pool, std::vector<int> posted) {
    auto tx = co_await pool.begin(no_scope);
    for (const int number : posted) tx.post(insert_number, number);
    co_await tx.commit();
}

TEST_CASE_METHOD(PostedTest, "a commit throws what a posted statement fails with, and nothing stays") {
    CHECK(refusal(commit_with(pool, {1, 2, 2, 3})) == "23505");
    CHECK(run(numbers(pool)) == "-");
    CHECK(refusal(commit_with(pool, {1, 2})).empty());
    CHECK(run(numbers(pool)) == "1 2");
}

TEST_CASE_METHOD(PostedTest, "any number of statements can be posted, and the first that fails ends them") {
    std::vector<int> many;
    for (int number = 1; number <= 5000; ++number) many.push_back(number);
    CHECK(refusal(commit_with(pool, many)).empty());
    CHECK(sql("SELECT count(*) FROM fanion.numbers") == "5000");
    for (auto& number : many) number += 5000;
    many[100] = 1;
    CHECK(refusal(commit_with(pool, many)) == "23505");
    CHECK(sql("SELECT count(*) FROM fanion.numbers") == "5000");
}

static awaitable<void> post_large(cp::db::Pool& pool, std::size_t& length) {
    static constexpr cp::db::Statement measure_long{"measure_long", "SELECT length($1)"};
    static constexpr cp::db::Statement repeat_long{"repeat_long", "SELECT repeat('x', 5000000)"};
    auto tx = co_await pool.begin(no_scope);
    const std::string text(5'000'000, 'x');
    tx.post(measure_long, text);
    tx.post(measure_long, text);
    const auto rows = co_await tx.run(repeat_long);
    length = rows[0].text(0).size();
    co_await tx.commit();
}

TEST_CASE_METHOD(PostedTest, "large values pass in both directions at once") {
    std::size_t length = 0;
    run(post_large(pool, length));
    CHECK(length == 5'000'000);
}

static awaitable<void> lose_at_commit(cp::db::Pool& pool) {
    auto tx = co_await pool.begin(no_scope);
    tx.post(insert_number, 1);
    tx.post(end_own_backend);
    tx.post(insert_number, 2);
    co_await tx.commit();
}

static awaitable<void> lose_at_first(cp::db::Pool& pool) {
    auto tx = co_await pool.begin(no_scope);
    tx.post(insert_number, 1);
    co_await tx.run(end_own_backend);
    co_await tx.commit();
}

TEST_CASE_METHOD(PostedTest, "a connection that is lost in the middle loses all, once, and the pool goes on") {
    CHECK(refusal(lose_at_commit(pool)) == "57P01");
    CHECK(refusal(lose_at_first(pool)) == "57P01");
    CHECK(run(numbers(pool)) == "-");
    CHECK(metrics.connections_lost.value() == 2);
    CHECK(metrics.of("end_own_backend").runs.value() == 2);
}

// Ends all connections to the server without a word of it.
static void cut_connections() {
    for (int fd = 3; fd < 1024; ++fd) {
        sockaddr_un peer{};
        socklen_t length = sizeof peer;
        if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &length) != 0 || peer.sun_family != AF_UNIX) continue;
        if (std::string_view(peer.sun_path).find(".s.PGSQL") != std::string_view::npos) ::shutdown(fd, SHUT_RDWR);
    }
}

static awaitable<void> cut_before_first(cp::db::Pool& pool) {
    auto tx = co_await pool.begin(no_scope);
    cut_connections();
    tx.post(insert_number, 1);
    co_await tx.run(list_numbers);
    co_await tx.commit();
}

static awaitable<void> cut_after_first(cp::db::Pool& pool) {
    auto tx = co_await pool.begin(no_scope);
    co_await tx.run(insert_number, 2);
    cut_connections();
    co_await tx.run(list_numbers);
    co_await tx.commit();
}

static awaitable<void> cut_before_commit(cp::db::Pool& pool) {
    auto tx = co_await pool.begin(no_scope);
    cut_connections();
    tx.post(insert_number, 3);
    co_await tx.commit();
}

TEST_CASE_METHOD(PostedTest, "the first statements are sent again where their connection was lost, a commit is not") {
    CHECK(refusal(cut_before_first(pool)).empty());
    CHECK(run(numbers(pool)) == "1");
    CHECK(metrics.connections_lost.value() == 1);
    CHECK(metrics.of("insert_number").runs.value() == 1);
    CHECK(refusal(cut_after_first(pool)) == "connection_lost");
    CHECK(refusal(cut_before_commit(pool)) == "connection_lost");
    CHECK(run(numbers(pool)) == "1");
    CHECK(metrics.connections_lost.value() == 3);
}

static awaitable<void> fail_to_prepare(cp::db::Pool& pool, std::string& later) {
    auto tx = co_await pool.begin(no_scope);
    tx.post(insert_number, 1);
    const auto broken = [&]() -> awaitable<void> { co_await tx.run(broken_text); };
    const auto first = co_await refusal_of(broken());
    CHECK(first == "42P01");
    later = co_await refusal_of(tx.commit());
}

TEST_CASE_METHOD(PostedTest, "a statement that cannot be prepared takes with it what was posted before") {
    std::string later;
    run(fail_to_prepare(pool, later));
    CHECK(later == "25P02");
    CHECK(run(numbers(pool)) == "-");
}

static awaitable<void> post_and_sleep(cp::db::Pool& pool) {
    auto tx = co_await pool.begin(no_scope);
    tx.post(insert_number, 1);
    co_await tx.run(sleep_here);
    co_await tx.commit();
}

TEST_CASE_METHOD(PostedTest, "a statement past its time takes with it what was posted before") {
    cp::db::PoolConfig config;
    config.connection = app_config();
    config.connection.statement_timeout = std::chrono::milliseconds(200);
    cp::db::Pool hasty(context.get_executor(), config, metrics, log);
    CHECK(refusal(post_and_sleep(hasty)) == "57014");
    CHECK(run(numbers(pool)) == "-");
}
