// Counts from a worker to the control plane, which is scripted by each test.

#include "relay/accounting/relay_events.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <mutex>
#include <set>

#include "common/base/compression.hpp"
#include "common/base/ids.hpp"
#include "common/json/limits.hpp"
#include "common/net/server.hpp"
#include "common/net/task_group.hpp"
#include "common/wire/event_batch.hpp"
#include "relay/accounting/events_metrics.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/support/slow_disk.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::relay::accounting;
using namespace fanion::relay::events;

namespace {

const Log no_log(-1);

// Answers with the scripted statuses first; then accepts batches of at most `max_rows` rows and applies each id once.
class ControlPlane {
public:
    ControlPlane() : workers_(1) {
        const auto make_router = [this](unsigned) {
            net::Router router;
            router.sync(net::Method::post, "/relay/v1/events",
                        [this](net::Request& request, net::Response& response) { handle_events(request, response); });
            return router;
        };
        server_ = *net::Server::listen(workers_, {"test", "127.0.0.1", 0, {}}, make_router, {}, no_log);
        workers_.start();
    }
    ~ControlPlane() {
        server_->cut();
        workers_.stop();
        workers_.join();
    }

    std::string origin() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }
    void answer_first(std::deque<unsigned> statuses) { scripted_ = std::move(statuses); }
    void accept_at_most(std::size_t rows) { max_rows_ = rows; }
    // The next batch is stored, but its answer is lost.
    void lose_next_answer() { loses_answer_ = true; }

    std::map<std::string, std::uint64_t> sums() const {
        const std::lock_guard lock(mutex_);
        return sums_;
    }
    std::set<std::string> ids() const {
        const std::lock_guard lock(mutex_);
        return ids_;
    }
    // Evaluations that the relay reported as dropped.
    std::uint64_t dropped() const {
        const std::lock_guard lock(mutex_);
        return dropped_;
    }
    std::uint64_t metrics() const {
        const std::lock_guard lock(mutex_);
        return metrics_;
    }
    std::string credential() const {
        const std::lock_guard lock(mutex_);
        return credential_;
    }

private:
    static constexpr std::size_t most_bytes = 1024 * 1024;

    void handle_events(net::Request& request, net::Response& response) {
        const std::lock_guard lock(mutex_);
        credential_ = request.credential(fanion::has_api_key_form);
        if (!scripted_.empty()) {
            response.status = scripted_.front();
            if (response.status == 503) response.set("Retry-After", "0");
            return scripted_.pop_front();
        }
        const auto encoding = parse_encoding(request.header("Content-Encoding"));
        const auto text = decompress(*encoding, request.body, most_bytes);
        const auto batch = text ? wire::parse_event_batch(*text) : text.error();
        if (!batch || batch->counts.size() > max_rows_) {
            response.status = 413;
            return;
        }
        const bool is_new = ids_.insert(batch->batch).second;
        for (const auto& count : batch->counts) sums_[count.flag] += is_new ? count.n : 0;
        if (is_new) {
            dropped_ += batch->dropped.counts;
            for (const auto& metric : batch->metrics) metrics_ += metric.key == "k" && batch->has_digests ? 1 : 0;
        }
        response.body = R"({"batch":")" + batch->batch + R"(","duplicate":)" + (is_new ? "false}" : "true}");
        if (loses_answer_) response.body = "<html>a proxy</html>";
        loses_answer_ = false;
    }

    net::Workers workers_;
    std::unique_ptr<net::Server> server_;
    mutable std::mutex mutex_;
    std::deque<unsigned> scripted_;
    std::size_t max_rows_ = 1'000'000;
    bool loses_answer_ = false;
    std::map<std::string, std::uint64_t> sums_;
    std::set<std::string> ids_;
    std::uint64_t dropped_ = 0;
    std::uint64_t metrics_ = 0;
    std::string credential_;
};

// RelayEvents with the test's thread as control thread and as worker 0.
struct Relay {
    Relay(const std::string& directory, std::vector<std::string> origins) {
        RelayEventsConfig config;
        config.directory = directory;
        config.relay_id = "relay-1";
        config.relay_name = "eu-1a";
        config.relay_key = "fan_rly_secret";
        config.flush_interval = std::chrono::milliseconds(5);
        for (auto& origin : origins) config.upstreams.push_back({std::move(origin), "", {}, {}, {}});
        for (auto& upstream : config.upstreams) {
            upstream.connect_timeout = upstream.request_timeout = std::chrono::milliseconds(5'000);
            upstream.body_limit = 1 << 20;
        }
        events = RelayEvents::open(config, context.get_executor(), pool, clock, no_log).value();
    }
    ~Relay() {
        if (group.size() > 0) stop();
        pool.join();
    }
    void run() {
        group.spawn("flush", events->run_flush());
        group.spawn("ship", events->run_ship());
    }
    void stop() {
        group.request_stop();
        test::run_until(context, [this] { return group.size() == 0; });
    }
    template <class Done>
    void until(Done done) {
        test::run_until(context, done);
    }
    void count(const std::string& flag, std::uint64_t n) {
        Counted counted;
        counted.state = 1;
        counted.env_id = "e_1";
        counted.flag = flag;
        counted.flag_index = std::hash<std::string>{}(flag)&0xffffff;
        counted.variation = "on";
        counted.variation_index = 0;
        counted.reason = "STATIC";
        events->counters(0).count(counted, n);
    }
    std::uint64_t delivered() const { return events->status().delivered.counts; }
    bool is_balanced() const {
        const auto status = events->status();
        return status.accepted.counts == status.delivered.counts + status.dropped.sum().counts + status.queued.counts;
    }

    boost::asio::io_context context;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
    net::BlockingPool pool{2};
    SystemClock clock;
    net::TaskGroup group{context.get_executor(), no_log};
    std::unique_ptr<RelayEvents> events;
};

using Sums = std::map<std::string, std::uint64_t>;

}  // namespace

TEST_CASE("counts are delivered once, with the relay's key") {
    test::TemporaryDirectory folder;
    ControlPlane control_plane;
    Relay relay(folder.path(), {control_plane.origin()});
    relay.count("a", 3);
    relay.count("b", 4);
    CHECK(relay.events->status().queued.counts == 7);
    relay.run();
    relay.until([&] { return relay.delivered() == 7; });
    relay.count("a", 5);
    relay.until([&] { return relay.delivered() == 12; });
    CHECK(control_plane.sums() == Sums{{"a", 8}, {"b", 4}});
    CHECK(control_plane.credential() == "fan_rly_secret");
    CHECK(control_plane.ids().begin()->substr(0, 8) == "relay-1.");
    CHECK(relay.is_balanced());
    CHECK(relay.events->status().last_delivery_at > 0);
}

TEST_CASE("a batch is sent again after a retryable answer") {
    test::TemporaryDirectory folder;
    ControlPlane control_plane;
    control_plane.answer_first({503, 500, 200});  // the last: a 200 that does not name the batch
    Relay relay(folder.path(), {control_plane.origin()});
    relay.count("a", 3);
    relay.run();
    relay.until([&] {
        CHECK(relay.is_balanced());
        return relay.delivered() == 3;
    });
    CHECK(control_plane.sums() == Sums{{"a", 3}});
    CHECK(relay.events->status().last_error.empty());
}

TEST_CASE("a batch whose answer was lost is a duplicate the second time and counts as delivered") {
    test::TemporaryDirectory folder;
    ControlPlane control_plane;
    control_plane.lose_next_answer();
    Relay relay(folder.path(), {control_plane.origin()});
    relay.count("a", 3);
    relay.run();
    relay.until([&] { return relay.delivered() == 3; });
    CHECK(control_plane.sums() == Sums{{"a", 3}});
    CHECK(control_plane.ids().size() == 1);
}

TEST_CASE("a rejected batch is kept aside, counted, and does not delay the next one") {
    test::TemporaryDirectory folder;
    ControlPlane control_plane;
    control_plane.answer_first({422});
    Relay relay(folder.path(), {control_plane.origin()});
    relay.count("a", 3);
    relay.run();
    relay.until([&] { return relay.events->status().dropped[relay::spool::DropReason::rejected].counts == 3; });
    relay.count("a", 4);
    relay.until([&] { return relay.delivered() == 4; });
    CHECK(control_plane.sums() == Sums{{"a", 4}});
    CHECK(std::filesystem::exists(folder / "spool/rejected/00000000000000000001.json"));
    CHECK(relay.is_balanced());
}

TEST_CASE("a batch that is too large is sent in parts") {
    test::TemporaryDirectory folder;
    ControlPlane control_plane;
    control_plane.accept_at_most(3);
    Relay relay(folder.path(), {control_plane.origin()});
    Sums expected;
    for (std::uint64_t i = 1; i <= 20; ++i) {
        expected["flag-" + std::to_string(i)] = i;
        relay.count("flag-" + std::to_string(i), i);
    }
    relay.run();
    relay.until([&] {
        CHECK(relay.is_balanced());
        return relay.delivered() == 210;
    });
    CHECK(control_plane.sums() == expected);
    CHECK(control_plane.ids().size() > 6);
    CHECK(relay.events->status().batches == 0);
}

TEST_CASE("the events of one request that are too large for the control plane are sent in parts") {
    test::TemporaryDirectory folder;
    ControlPlane control_plane;
    Relay relay(folder.path(), {control_plane.origin()});
    const std::string metric = R"({"env":"e_1","key":"k","unit":"u","at":1,"value":1,"by":")" +
                               std::string(wire::event_name_bytes, 'b') + R"("})";
    wire::SdkEvents events;
    while (events.metrics.size() <= 2 * limits::request_body_bytes) {
        if (events.metric_count++ > 0) events.metrics += ',';
        events.metrics += metric;
    }
    bool is_kept = false;
    CHECK(relay.events->intake().put("e_1", events, 1, [&] { is_kept = true; }) == relay::intake::Intake::Put::taken);
    relay.group.spawn("intake", relay.events->run_intake());
    relay.run();
    relay.until([&] { return relay.events->status().delivered.metrics == events.metric_count; });
    CHECK(is_kept);
    CHECK(control_plane.metrics() == events.metric_count);
    CHECK(relay.events->status().dropped.sum() == relay::spool::Content{});
}

TEST_CASE("a single row that is too large is rejected") {
    test::TemporaryDirectory folder;
    ControlPlane control_plane;
    control_plane.accept_at_most(0);
    Relay relay(folder.path(), {control_plane.origin()});
    relay.count("a", 1);
    relay.count("b", 2);
    relay.run();
    relay.until([&] { return relay.events->status().dropped[relay::spool::DropReason::rejected].counts == 3; });
    // The next flush seals a batch without rows that reports the drop; how soon depends on the machine.
    relay.until([&] { return control_plane.dropped() == 3 && relay.events->status().batches == 0; });
    CHECK(control_plane.sums().empty());
    CHECK(relay.events->status().queued == relay::spool::Content{});
    CHECK(relay.is_balanced());
}

TEST_CASE("after a failure the next upstream is used") {
    test::TemporaryDirectory folder;
    ControlPlane control_plane;
    Relay relay(folder.path(), {"http://127.0.0.1:1", control_plane.origin()});
    relay.count("a", 3);
    relay.run();
    relay.until([&] { return relay.delivered() == 3; });
    CHECK(control_plane.sums() == Sums{{"a", 3}});
}

TEST_CASE("finish() seals and delivers what is left; what cannot be delivered waits for the next start") {
    test::TemporaryDirectory folder;
    {
        Relay relay(folder.path(), {"http://127.0.0.1:1"});
        relay.count("a", 3);
        relay.run();
        test::run_coroutine(relay.context, relay.events->finish(std::chrono::milliseconds(0)));
        relay.until([&] { return relay.events->status().batches == 1; });
        CHECK(relay.is_balanced());
        relay.stop();
    }
    ControlPlane control_plane;
    Relay relay(folder.path(), {control_plane.origin()});
    CHECK(relay.events->status().queued.counts == 3);
    relay.count("a", 4);
    relay.run();
    CHECK(test::run_coroutine(relay.context, relay.events->finish(test::coroutine_limit / 2)));
    CHECK(control_plane.sums() == Sums{{"a", 7}});
    CHECK(relay.events->status().queued == relay::spool::Content{});
}

TEST_CASE("finish() does not wait for a disk that does not answer") {
    test::TemporaryDirectory folder;
    Relay relay(folder.path(), {"http://127.0.0.1:1"});
    relay.count("a", 3);
    test::SlowDisk disk(test::DiskOperation::sync);
    CHECK_FALSE(test::run_coroutine(relay.context, relay.events->finish(std::chrono::milliseconds(50))));
}

TEST_CASE("finish() does not wait for a control plane that cannot be reached") {
    test::TemporaryDirectory folder;
    Relay relay(folder.path(), {"http://127.0.0.1:1"});
    relay.count("a", 3);
    relay.run();
    test::run_coroutine(relay.context, relay.events->finish(std::chrono::hours(1)), test::coroutine_limit / 2);
    CHECK(relay.events->status().batches == 1);
    CHECK(relay.is_balanced());
    relay.stop();
}

TEST_CASE("a directory can be used by one process only") {
    test::TemporaryDirectory folder;
    Relay relay(folder.path(), {"http://127.0.0.1:1"});
    RelayEventsConfig config;
    config.directory = folder.path();
    config.upstreams = {{"http://127.0.0.1:1", "", {}, {}, {}}};
    const auto second = RelayEvents::open(config, relay.context.get_executor(), relay.pool, relay.clock, no_log);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().code == Errc::conflict);
}

TEST_CASE("every total is a metric and a member of the status") {
    test::TemporaryDirectory folder;
    Relay relay(folder.path(), {"http://127.0.0.1:1"});
    relay.count("a", 3);
    telemetry::Registry registry;
    relay.events->register_metrics(registry);
    const auto text = registry.text();
    CHECK(text.find("fanion_relay_events_accepted_total{kind=\"counts\"} 3") != std::string::npos);
    CHECK(text.find("fanion_relay_events_queued{kind=\"counts\"} 3") != std::string::npos);
    CHECK(text.find("fanion_relay_events_dropped_total{kind=\"metrics\",reason=\"spool_full\"} 0") !=
          std::string::npos);
    CHECK(text.find("fanion_relay_spool_on_disk 1") != std::string::npos);
    std::string json;
    json::Writer w(json);
    write_status(w, relay.events->status());
    CHECK(json.find(R"("accepted":{"counts":3,"exposures":0,"metrics":0})") != std::string::npos);
    CHECK(json.find(R"("rejected":{"counts":0)") != std::string::npos);
}

TEST_CASE("a collection of metrics computes the status of events once") {
    telemetry::Registry registry;
    const relay::forward::ShipperMetrics shipper{};
    int computed = 0;
    register_events_metrics(registry, shipper, [&computed] {
        EventsStatus status;
        status.batches = static_cast<std::uint64_t>(++computed);
        return status;
    });
    CHECK(registry.text().find("fanion_relay_spool_batches 1\n") != std::string::npos);
    CHECK(registry.text().find("fanion_relay_spool_batches 2\n") != std::string::npos);
    CHECK(computed == 2);
}
