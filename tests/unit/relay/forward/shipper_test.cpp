#include "relay/forward/shipper.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <future>
#include <iterator>
#include <thread>

#include "tests/support/catch_result.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/http_server.hpp"
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

namespace {

constexpr auto two_rows =
    R"({"batch":"r.b.1","relay":"eu","from":1,"to":2,"counts":[{"env":"e","flag":"f","n":1},{"env":"e","flag":"g","n":2}]})";

// A shipper whose upstream gives `answer` to each batch.
class ShipperRig {
public:
    explicit ShipperRig(net::Response answer)
        : server([answer](net::Router& router) {
              const auto handle = [answer](net::Request&, net::Response& response) { response = answer; };
              router.sync(net::Method::post, "/relay/v1/events", handle);
          }) {}
    ~ShipperRig() {
        control.stop();
        if (thread.joinable()) thread.join();
        pool.join();
        ::close(log_fd);
    }
    void add(std::string id, std::uint64_t evaluations, std::string body) {
        spool.spool.append(std::move(id), {evaluations, 0, 0}, std::move(body));
    }
    // Until nothing is queued any more.
    void run() {
        net::ClientConfig upstream;
        upstream.origin = server.origin();
        auto made = forward::Shipper::make({control.get_executor(), pool, clock, log}, {upstream}, "key", spool);
        REQUIRE(made.has_value());
        shipper = std::move(*made);
        asio::co_spawn(control, shipper->run(), asio::detached);
        thread = std::thread([this] { control.run(); });
        test::eventually("all batches are settled", [this] {
            const std::lock_guard lock(spool.mutex);
            return spool.spool.batches() == 0;
        });
        control.stop();
        thread.join();
    }
    std::size_t times_logged(const std::string& event) const {
        std::ifstream file(folder / "log");
        const std::string text(std::istreambuf_iterator<char>(file), {});
        std::size_t times = 0;
        for (auto at = text.find(event); at != std::string::npos; at = text.find(event, at + 1)) ++times;
        return times;
    }

    test::TemporaryDirectory folder;
    int log_fd = ::open((folder / "log").c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    const Log log{log_fd};
    SystemClock clock;
    asio::io_context control;
    net::BlockingPool pool{1};
    test::HttpServer server;
    forward::SharedSpool spool{{}, relay::spool::Spool(relay::spool::SpoolConfig{folder / "spool"}, log), {}};
    std::unique_ptr<forward::Shipper> shipper;
    std::thread thread;
};

}  // namespace

TEST_CASE("a batch in parts that can no longer be parsed is dropped, and those behind it are sent") {
    ShipperRig rig(net::json_response(R"({"batch":"r.b.2","duplicate":false})"));
    rig.add("r.b.1", 5, "{sealed by another version}");
    rig.add("r.b.2", 3, two_rows);
    REQUIRE(rig.spool.spool.front());
    rig.spool.spool.split("0");
    rig.spool.spool.settle_part(relay::spool::Spool::Outcome::delivered, {2, 0, 0}, "1");
    rig.run();
    CHECK(rig.spool.spool.delivered().counts == 2 + 3);
    CHECK(rig.spool.spool.dropped()[relay::spool::DropReason::rejected].counts == 3);
    CHECK(rig.shipper->metrics().rejected.value() == 1);
    CHECK(rig.times_logged("event_batch_unreadable") == 1);
}

TEST_CASE("a division is logged as one, and a row that is too large as rejected") {
    net::Response too_large;
    too_large.status = 413;
    ShipperRig rig(too_large);
    rig.add("r.b.1", 3, two_rows);
    rig.run();
    CHECK(rig.spool.spool.dropped()[relay::spool::DropReason::rejected].counts == 3);
    CHECK(rig.times_logged("event_batch_split") == 1);
    CHECK(rig.times_logged("event_batch_rejected") == 2);
}
