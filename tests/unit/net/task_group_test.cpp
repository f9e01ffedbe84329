#include "common/net/task_group.hpp"

#include <unistd.h>

#include <boost/asio/this_coro.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "common/net/blocking_pool.hpp"
#include "tests/support/run_coroutine.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;
using boost::asio::awaitable;
using boost::asio::io_context;
using std::chrono::hours;
using std::chrono::milliseconds;
using test::run_coroutine;

awaitable<void> sleep_long(bool& cancelled) {
    const bool slept = co_await sleep_for(hours(1));
    cancelled = !slept;
}

awaitable<void> sleep_again_and_again(int& rounds) {
    while (true) {
        ++rounds;
        co_await sleep_for(hours(1));
    }
}

awaitable<void> fail() {
    co_await sleep_for(milliseconds(1));
    throw std::runtime_error("broken");
}

awaitable<void> clean_up_before_it_ends(bool& cleaned) {
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    co_await sleep_for(hours(1));
    co_await boost::asio::this_coro::reset_cancellation_state();
    cleaned = co_await sleep_for(milliseconds(1));
}

TEST_CASE("a stop ends every task's wait") {
    io_context context;
    TaskGroup group(context.get_executor(), Log());
    bool cancelled = false;
    bool cleaned = false;
    int rounds = 0;
    group.spawn("one", sleep_long(cancelled));
    group.spawn("two", sleep_again_and_again(rounds));
    group.spawn("three", clean_up_before_it_ends(cleaned));
    context.poll();
    CHECK(group.size() == 3);
    group.request_stop();
    CHECK(run_coroutine(context, group.join(std::chrono::seconds(5))));
    CHECK(cancelled);
    CHECK(cleaned);
    CHECK(rounds == 2);  // the wait that was ended, and the one that then did not begin
    CHECK(group.size() == 0);
    CHECK(group.failures() == 0);
}

TEST_CASE("a task after the stop does not start") {
    io_context context;
    TaskGroup group(context.get_executor(), Log());
    group.request_stop();
    bool cancelled = false;
    group.spawn("late", sleep_long(cancelled));
    CHECK(group.size() == 0);
    CHECK(group.stop_requested());
}

TEST_CASE("a task that throws is logged by name and counted, the others go on") {
    int log_pipe[2];
    REQUIRE(::pipe(log_pipe) == 0);
    io_context context;
    TaskGroup group(context.get_executor(), Log(log_pipe[1]));
    bool cancelled = false;
    group.spawn("bad", fail());
    group.spawn("good", sleep_long(cancelled));
    test::run_until(context, [&] { return group.failures() == 1; });
    CHECK(group.size() == 1);
    group.request_stop();
    CHECK(run_coroutine(context, group.join(std::chrono::seconds(5))));
    ::close(log_pipe[1]);
    char line[512];
    const std::string_view logged(line, static_cast<std::size_t>(::read(log_pipe[0], line, sizeof line)));
    ::close(log_pipe[0]);
    CHECK(logged.find(R"("event":"task_failed","task":"bad","error":"broken")") != std::string_view::npos);
}

TEST_CASE("join gives up at its limit") {
    io_context context;
    TaskGroup group(context.get_executor(), Log());
    bool cancelled = false;
    group.spawn("stays", sleep_long(cancelled));
    CHECK_FALSE(run_coroutine(context, group.join(milliseconds(20))));
    CHECK(group.size() == 1);
}

awaitable<std::thread::id> where_work_runs(BlockingPool& pool, std::thread::id& caller) {
    const auto id = co_await pool.compute([] { return std::this_thread::get_id(); });
    caller = std::this_thread::get_id();
    co_return id;
}

awaitable<void> throw_in(BlockingPool& pool) {
    std::function<void()> work = [] { throw std::runtime_error("no"); };
    co_await pool.run(std::move(work));
}

TEST_CASE("blocking work runs on the pool and its caller goes on where it was") {
    io_context context;  // outlives the pool: a thread that has posted the end of its work is still inside the context
    BlockingPool pool(2);
    std::thread::id caller;
    const auto worker = run_coroutine(context, where_work_runs(pool, caller));
    CHECK(worker != std::this_thread::get_id());
    CHECK(caller == std::this_thread::get_id());
    CHECK_THROWS_WITH(run_coroutine(context, throw_in(pool)), "no");
    pool.join();
}

}  // namespace
