#include "common/net/begun_work.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <future>
#include <stdexcept>
#include <thread>

#include "tests/support/run_coroutine.hpp"

namespace {

using namespace fanion;
using boost::asio::awaitable;

// The work ends only when its caller, which has gone on, lets it.
awaitable<void> go_on_meanwhile(net::BlockingPool& pool, std::thread::id& worked) {
    std::promise<int> given;
    const auto wanted = given.get_future().share();
    auto work = [wanted, &worked] {
        worked = std::this_thread::get_id();
        return wanted.get() + 1;
    };
    auto begun = co_await net::begin_work(pool, std::move(work));
    given.set_value(41);
    const auto result = co_await begun.end();
    CHECK(result == 42);
}

awaitable<void> end_what_throws(net::BlockingPool& pool) {
    auto work = []() -> int { throw std::runtime_error("broken"); };
    auto begun = co_await net::begin_work(pool, std::move(work));
    co_await begun.end();
}

awaitable<void> abandon(net::BlockingPool& pool, std::shared_ptr<std::promise<void>> ended) {
    auto work = [ended] {
        ended->set_value();
        return 0;
    };
    co_await net::begin_work(pool, std::move(work));
}

}  // namespace

TEST_CASE("what began work goes on beside it, and gets its result at the end") {
    net::BlockingPool pool(1);
    boost::asio::io_context context;
    std::thread::id worked;
    test::run_coroutine(context, go_on_meanwhile(pool, worked));
    CHECK(worked != std::this_thread::get_id());
    CHECK_THROWS_AS(test::run_coroutine(context, end_what_throws(pool)), std::runtime_error);
    pool.join();
}

TEST_CASE("work whose result nobody awaits is done all the same") {
    net::BlockingPool pool(1);
    boost::asio::io_context context;
    const auto ended = std::make_shared<std::promise<void>>();
    test::run_coroutine(context, abandon(pool, ended));
    context.restart();
    context.run();
    pool.join();
    CHECK(ended->get_future().wait_for(std::chrono::seconds(0)) == std::future_status::ready);
}
