#include "common/net/turns.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <string>

#include "tests/support/run_coroutine.hpp"

using namespace fanion;

namespace {

// Notes its name when it has the turn, and again before it gives it back.
boost::asio::awaitable<void> work(net::Turns& turns, std::string& said, char name) {
    auto taking = turns.take();
    const auto turn = co_await std::move(taking);
    said += name;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::milliseconds(1));
    co_await timer.async_wait(boost::asio::use_awaitable);
    said += name;
}

}  // namespace

TEST_CASE("one after another, in order of arrival") {
    boost::asio::io_context context;
    net::Turns turns;
    std::string said;
    for (const char name : {'a', 'b', 'c'})
        boost::asio::co_spawn(context, work(turns, said, name), boost::asio::detached);
    test::run_until(context, [&] { return said.size() == 6; });
    CHECK(said == "aabbcc");
}

TEST_CASE("who waits may outlive the turns") {
    boost::asio::io_context context;
    std::string said;
    {
        net::Turns turns;
        for (const char name : {'a', 'b'})
            boost::asio::co_spawn(context, work(turns, said, name), boost::asio::detached);
        context.poll();
    }
    CHECK(said == "a");
}
