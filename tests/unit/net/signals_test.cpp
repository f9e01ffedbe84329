#include "common/net/signals.hpp"

#include <catch2/catch.hpp>
#include <csignal>

#include "tests/support/run_coroutine.hpp"

namespace {

using namespace fanion::net;
using fanion::test::run_coroutine;

TEST_CASE("a signal that comes between two waits is told by the next, and ends nothing") {
    boost::asio::io_context context;
    SignalWatch watch(context.get_executor(), {SIGHUP});
    std::raise(SIGHUP);  // before anybody waits
    CHECK(run_coroutine(context, watch.next()) == SIGHUP);
    std::raise(SIGHUP);  // while what the first one asked for is done
    CHECK(run_coroutine(context, watch.next()) == SIGHUP);
}

}  // namespace
