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

// The spool's lock is held across fdatasync. The control thread applies rulesets and answers health checks: it must not
// wait for that lock.
TEST_CASE("the control thread does not wait for whoever holds the spool's lock") {
    test::TemporaryDirectory folder;
    const Log log(-1);
    SystemClock clock;
    asio::io_context control;
    net::BlockingPool pool(1);
    relay::spool::SpoolConfig config;
    config.directory = folder.path();
    forward::SharedSpool spool{{}, relay::spool::Spool(config, log), {}};
    net::ClientConfig upstream;
    upstream.origin = "http://127.0.0.1:1";
    auto shipper = forward::Shipper::make({control.get_executor(), pool, clock, log}, {upstream}, "key", spool);
    REQUIRE(shipper.has_value());

    // The pool's only thread runs, in this order: a job that waits until all are queued, the shipper's read of the empty
    // spool, and the holder of the lock. So the lock is held before the control thread learns that there is nothing to
    // send.
    std::promise<void> queued;
    std::promise<void> locked;
    std::promise<void> release;
    std::function<void()> wait = [&] { queued.get_future().wait(); };
    std::function<void()> hold = [&] {
        const std::lock_guard lock(spool.mutex);
        locked.set_value();
        release.get_future().wait();
    };
    asio::co_spawn(control, pool.run(std::move(wait)), asio::detached);
    control.poll();
    asio::co_spawn(control, (*shipper)->run(), asio::detached);
    control.poll();
    asio::co_spawn(control, pool.run(std::move(hold)), asio::detached);
    control.poll();
    queued.set_value();
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
