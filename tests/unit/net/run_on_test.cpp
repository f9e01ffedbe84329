#include "common/net/run_on.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <thread>

#include "common/net/server.hpp"
#include "tests/support/run_coroutine.hpp"

namespace {

using namespace fanion;
using boost::asio::awaitable;

// The threads on which the work ran, and on which its caller went on.
struct Places {
    std::thread::id worked;
    std::thread::id resumed;
};

awaitable<void> ask(boost::asio::any_io_executor executor, Places& places) {
    std::function<void()> work = [&places] { places.worked = std::this_thread::get_id(); };
    co_await net::run_on(executor, std::move(work));
    places.resumed = std::this_thread::get_id();
}

awaitable<void> ask_what_throws(boost::asio::any_io_executor executor) {
    std::function<void()> work = [] { throw std::runtime_error("broken"); };
    co_await net::run_on(executor, std::move(work));
}

}  // namespace

TEST_CASE("work for another thread runs there, and its caller goes on where it was") {
    net::Workers other(1);
    other.start();
    boost::asio::io_context context;
    Places places;
    test::run_coroutine(context, ask(other.context(0).get_executor(), places));
    CHECK(places.worked != std::this_thread::get_id());
    CHECK(places.worked != std::thread::id());
    CHECK(places.resumed == std::this_thread::get_id());
    CHECK_THROWS_AS(test::run_coroutine(context, ask_what_throws(other.context(0).get_executor())), std::runtime_error);
    other.stop();
    other.join();
}

TEST_CASE("work may be for the caller's own thread") {
    boost::asio::io_context context;
    Places places;
    test::run_coroutine(context, ask(context.get_executor(), places));
    CHECK(places.worked == std::this_thread::get_id());
    CHECK(places.resumed == std::this_thread::get_id());
}
