#include "control-plane/app/database_start.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <catch2/catch.hpp>

#include "tests/support/run_coroutine.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using boost::asio::awaitable;

namespace {

awaitable<void> open_with_patience(std::string conninfo, std::string& problem) {
    const cp::app::Config config;
    const SystemClock clock;
    const Log quiet(-1);
    auto opening = cp::app::open_database(co_await boost::asio::this_coro::executor, std::move(conninfo), config, clock,
                                          quiet, std::chrono::milliseconds(300));
    const auto opened = co_await std::move(opening);
    REQUIRE(opened.has_error());
    CHECK(opened.error().code == Errc::unavailable);
    problem = opened.error().detail;
}

}  // namespace

TEST_CASE("a command does not wait for ever for a database that does not answer") {
    const test::TemporaryDirectory no_server;
    boost::asio::io_context context;
    std::string problem;
    test::run_coroutine(context, open_with_patience("host=" + no_server.path() + " dbname=fanion", problem));
    CHECK(problem.starts_with("the database does not answer: "));
}
