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

TEST_CASE("the connections of --pool-size are divided among the threads and what they are for") {
    struct Share {
        std::size_t pool_size;
        unsigned threads;
        std::size_t edits, others, relays;
    };
    for (const auto& [pool_size, threads, edits, others, relays] : {Share{12, 1, 6, 3, 3},
                                                                    {12, 2, 3, 2, 1},
                                                                    {24, 4, 3, 2, 1},
                                                                    {4, 1, 2, 1, 1},
                                                                    {1, 1, 1, 1, 1},
                                                                    {1, 4, 1, 1, 1}}) {
        INFO(pool_size << " connections, " << threads << " threads");
        cp::app::Config config;
        config.pool_size = pool_size;
        config.threads = threads;
        CHECK(cp::app::admin_pool("", config).size == edits);
        CHECK(cp::app::admin_pool("", config).apart == others);
        CHECK(cp::app::relay_pool("", config).size == relays);
        CHECK(cp::app::pool_connections(config) == threads * (edits + others + relays));
    }
}
