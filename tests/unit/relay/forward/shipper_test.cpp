#include "relay/forward/shipper.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <future>
#include <thread>

#include "tests/support/catch_result.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::relay;
namespace asio = boost::asio;

// The disk can be slow while somebody holds the spool's lock (fdatasync). The control thread applies rulesets and answers
// health checks; it must go on.
TEST_CASE("the control thread does not wait for whoever holds the spool's lock") {
    test::TemporaryDirectory folder;
    const Log log(2, LogLevel::error);
    SystemClock clock;
    asio::io_context control;
    net::BlockingPool pool(1);
    spool::SpoolConfig config;
    config.directory = folder.path();
    forward::SharedSpool spool{{}, spool::Spool(config, log), {}};
    net::ClientConfig upstream;
    upstream.origin = "http://127.0.0.1:1";
    auto shipper = forward::Shipper::make({control.get_executor(), pool, clock, log}, {upstream}, "key", spool);
    REQUIRE(shipper.has_value());

    // The shipper's look at the empty spool runs on the pool first; what comes second takes the lock and keeps it.
    std::promise<void> locked;
    std::promise<void> release;
    asio::co_spawn(control, (*shipper)->run(), asio::detached);
    control.poll();
    std::function<void()> hold = [&] {
        const std::lock_guard lock(spool.mutex);
        locked.set_value();
        release.get_future().wait();
    };
    auto held = pool.run(std::move(hold));
    asio::co_spawn(control, std::move(held), asio::detached);
    control.poll();
    locked.get_future().wait();

    std::promise<void> answered;
    asio::post(control, [&] { answered.set_value(); });
    std::thread thread([&] { control.run(); });
    CHECK(answered.get_future().wait_for(std::chrono::seconds(5)) == std::future_status::ready);
    release.set_value();
    control.stop();
    thread.join();
    pool.join();
}
