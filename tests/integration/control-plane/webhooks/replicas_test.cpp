// Several control planes over one database, and one that ends in the middle of a delivery.

#include <catch2/catch.hpp>
#include <condition_variable>
#include <cstdint>
#include <set>

#include "tests/integration/control-plane/webhooks/receiver.hpp"
#include "tests/support/run_coroutine.hpp"

using namespace fanion;
using boost::asio::awaitable;
using test::Webhooks;

namespace {

class TwoReplicas : public Webhooks {
public:
    TwoReplicas() : other_pool(context.get_executor(), pool_config(), metrics, log), other(*this, other_pool) {}

    cp::db::PoolConfig pool_config() const {
        cp::db::PoolConfig config;
        config.connection = app_config();
        config.size = 4;
        return config;
    }
    void stop(test::Replica& one) {
        one.tasks.request_stop();
        test::run_until(context, [&] { return one.tasks.size() == 0; });
    }

    cp::db::Pool other_pool;
    test::Replica other;
};

// Holds its answers back until it is told to give them.
class HeldReceiver {
public:
    HeldReceiver() : server_([this](net::Router& router) { add_routes(router); }) {}
    ~HeldReceiver() { release(); }

    std::string url() const { return server_.origin() + "/in"; }
    void release() {
        const std::lock_guard lock(mutex_);
        is_held_ = false;
        changed_.notify_all();
    }
    std::vector<std::string> ids() const {
        const std::lock_guard lock(mutex_);
        return ids_;
    }

private:
    void add_routes(net::Router& router) {
        router.sync(net::Method::post, "/in", [this](net::Request& request, net::Response&) {
            std::unique_lock lock(mutex_);
            ids_.emplace_back(request.header("webhook-id"));
            changed_.wait_for(lock, std::chrono::seconds(20), [this] { return !is_held_; });
        });
    }

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool is_held_ = true;
    std::vector<std::string> ids_;
    test::HttpServer server_;
};

}  // namespace

TEST_CASE_METHOD(TwoReplicas, "two replicas deliver each message once, and those of a resource in order") {
    make_webhook("a", R"(,"events":["flag.updated"])");
    make_webhook("b", R"(,"events":["flag.updated"])");
    constexpr int flags = 6;
    constexpr int changes = 8;
    constexpr std::uint64_t messages = 2 * flags * changes;
    for (int flag = 0; flag < flags; ++flag) make_flag("f" + std::to_string(flag));
    for (int change = 0; change < changes; ++change) {
        for (int flag = 0; flag < flags; ++flag) describe_flag("f" + std::to_string(flag), std::to_string(change));
    }
    cp::webhooks::CourierConfig eager;
    eager.poll = std::chrono::milliseconds(2);
    test::Replica one(*this, pool, test::loopback_sender(), eager);
    test::Replica two(*this, other_pool, test::loopback_sender(), eager);
    for (auto* each : {&one, &two}) each->tasks.spawn("courier", each->courier.run());
    const auto delivered = [&] { return one.metrics.delivered.value() + two.metrics.delivered.value(); };
    test::run_until(context, [&] { return delivered() >= messages; });
    for (auto* each : {&one, &two}) stop(*each);
    CHECK(delivered() == messages);
    CHECK(one.metrics.delivered.value() > 0);
    CHECK(two.metrics.delivered.value() > 0);
    for (const auto* name : {"a", "b"}) {
        const auto received = receiver.at(name);
        CHECK(received.size() == flags * changes);
        std::set<std::string> ids;
        std::map<std::string, std::vector<std::string>> order;
        for (const auto& message : received) {
            ids.insert(message.id);
            order[message.at("/data/resource")].push_back(message.at("/data/after/description"));
        }
        CHECK(ids.size() == flags * changes);
        for (const auto& [resource, texts] : order) {
            CAPTURE(name, resource);
            CHECK(texts == std::vector<std::string>{"0", "1", "2", "3", "4", "5", "6", "7"});
        }
    }
    CHECK(one.metrics.leases_lost.value() + two.metrics.leases_lost.value() == 0);
}

TEST_CASE_METHOD(TwoReplicas, "a replica that ends in the middle of a delivery loses nothing: another one repeats it") {
    HeldReceiver held;
    REQUIRE(post(home + "/webhooks", owner, R"({"url":")" + held.url() + R"(","events":["flag.updated"]})").status ==
            201);
    make_flag("f");
    for (const auto* text : {"1", "2"}) describe_flag("f", text);
    replica.tasks.spawn("courier", replica.courier.run());
    test::run_until(context, [&] { return held.ids().size() == 1; });
    stop(replica);  // it has sent the message, and never learns of the answer
    held.release();
    CHECK(run(other.courier.run_until_idle()) == 0);  // the lease of the one that ended
    clock.advance(60'001);
    CHECK(run(other.courier.run_until_idle()) == 2);
    const auto ids = held.ids();
    REQUIRE(ids.size() == 3);
    CHECK(ids[0] == ids[1]);  // by which the receiver knows that it has it
    CHECK(ids[2] != ids[0]);
    CHECK(sql("SELECT string_agg(state, ' ') FROM fanion.webhook_deliveries") == "delivered delivered");
}

TEST_CASE_METHOD(TwoReplicas, "an attempt that outlasts its lease does not undo what the next holder did") {
    HeldReceiver held;
    REQUIRE(post(home + "/webhooks", owner, R"({"url":")" + held.url() + R"(","events":["flag.updated"]})").status ==
            201);
    make_flag("f");
    describe_flag("f", "1");
    replica.tasks.spawn("courier", replica.courier.run());
    test::run_until(context, [&] { return held.ids().size() == 1; });
    sql("UPDATE fanion.webhook_deliveries SET state = 'dead', leased_by = 'another', leased_until = NULL");
    held.release();
    test::run_until(context, [&] { return replica.metrics.leases_lost.value() == 1; });
    CHECK(sql("SELECT state FROM fanion.webhook_deliveries") == "dead");
    stop(replica);
}

TEST_CASE_METHOD(TwoReplicas, "no change waits for a webhook, or for its messages") {
    HeldReceiver held;
    REQUIRE(post(home + "/webhooks", owner, R"({"url":")" + held.url() + R"(","events":["flag.updated"]})").status ==
            201);
    make_flag("f");
    describe_flag("f", "1");
    replica.tasks.spawn("courier", replica.courier.run());
    test::run_until(context, [&] { return held.ids().size() == 1; });
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 5; ++i) describe_flag("f", "while it is under way " + std::to_string(i));
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
    held.release();
    test::run_until(context, [&] { return held.ids().size() == 6; });
    stop(replica);
}

TEST_CASE_METHOD(Webhooks, "the backlog is shown") {
    make_webhook("a", R"(,"events":["flag.updated"])");
    make_flag("f");
    receiver.answer("a", {{500}});
    for (const auto* text : {"1", "2"}) describe_flag("f", text);
    deliver();
    const auto backlog = run(cp::webhooks::read_backlog(pool));
    CHECK(backlog.waiting == 2);
    CHECK(backlog.oldest_due == clock.now());
}
