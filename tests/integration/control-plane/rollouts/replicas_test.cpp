// Several control planes over one database: each step is taken once.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/rollouts/rollouts.hpp"

using namespace fanion;
using test::minutes;
using test::RolloutReplica;
using test::Rollouts;
using test::seconds;

namespace {

class TwoReplicas : public Rollouts {
public:
    TwoReplicas() : other_pool(context.get_executor(), pool_config(), metrics, log), other(*this, other_pool) {}

    cp::db::PoolConfig pool_config() const {
        cp::db::PoolConfig config;
        config.connection = app_config();
        config.size = 4;
        return config;
    }
    // Looks of both, at the same time.
    void look_at_once() {
        std::size_t ended = 0;
        const auto note = [&ended](std::exception_ptr failed, std::size_t) {
            if (failed) std::rethrow_exception(failed);
            ++ended;
        };
        for (auto* each : {&replica, &other}) boost::asio::co_spawn(context, each->runner.run_until_idle(), note);
        test::run_until(context, [&] { return ended == 2; });
    }
    std::string decisions() {
        return sql("SELECT string_agg(seq || action, ' ' ORDER BY seq) FROM fanion.rollout_decisions");
    }

    cp::db::Pool other_pool;
    RolloutReplica other;
};

const std::string guarded = R"(,"guards":[{"prometheus":"main","query":"latency","above":0.3,"on_breach":"rollback"}])";

}  // namespace

TEST_CASE_METHOD(TwoReplicas, "of two replicas that look at the same time, one takes each step") {
    constexpr int rollouts = 4;
    for (int i = 0; i < rollouts; ++i) {
        const auto key = "g" + std::to_string(i);
        REQUIRE(post(web + "/flags", owner,
                     R"({"key":")" + key + R"(","type":"boolean","environments":{"staging":{"enabled":true,)" +
                         R"("fallthrough":{"variation":"off"}}}})")
                    .status == 201);
        started(R"({"flag":")" + key +
                R"(","from":"off","to":"on","steps":[{"share":1000},{"share":2000},{"share":3000},{"share":100000}]})");
    }
    for (int i = 0; i < 12; ++i) {
        look_at_once();
        clock.advance(2 * seconds);
    }
    CHECK(sql("SELECT count(*) FROM fanion.rollouts WHERE state = 'completed'") == "4");
    CHECK(sql("SELECT count(*) FROM fanion.rollout_decisions") == "16");
    CHECK(sql("SELECT count(*) FROM fanion.audit WHERE action = 'flag.configured' AND actor_kind = 'system'") == "16");
    CHECK(sql("SELECT string_agg(DISTINCT ok::text, ' ') FROM (SELECT array_agg(seq ORDER BY seq) = "
              "ARRAY[1,2,3,4]::bigint[] AS ok FROM fanion.rollout_decisions GROUP BY rollout_id) AS each") == "true");
    const auto taken = [](RolloutReplica& one) {
        return one.metrics.decisions.at({cp::rollouts::Action::advance, cp::rollouts::Reason::step}).value();
    };
    CHECK(taken(replica) + taken(other) == 12);
}

TEST_CASE_METHOD(TwoReplicas, "a replica that slept past its lease changes nothing") {
    make_source();
    prometheus.set("latency", "0.1");
    started(R"({"share":1000,"hold":"1h"},{"share":100000})", guarded);
    gate.close();
    bool has_ended = false;
    const auto note = [&](std::exception_ptr, std::size_t) { has_ended = true; };
    boost::asio::co_spawn(context, replica.runner.run_until_idle(), note);
    test::run_until(context, [&] { return gate.has_held(); });
    CHECK(run(other.runner.run_until_idle()) == 0);  // the lease is the first one's
    clock.advance(30'001);
    CHECK(run(other.runner.run_until_idle()) == 1);
    CHECK(decisions() == "1advance");
    const auto after = served();
    const auto version = get(staging + "/versions?limit=1", owner).at("/items/0/version");
    gate.open();
    test::run_until(context, [&] { return has_ended; });
    CHECK(replica.metrics.leases_lost.value() == 1);
    CHECK(decisions() == "1advance");
    CHECK(served() == after);
    CHECK(get(staging + "/versions?limit=1", owner).at("/items/0/version") == version);
}

TEST_CASE_METHOD(TwoReplicas, "an edit during a look wins: the look changes nothing, and the next one finds it") {
    make_source();
    prometheus.set("latency", "0.1");
    const auto place = started(R"({"share":1000,"hold":"1h"},{"share":100000})", guarded);
    gate.close();
    bool has_ended = false;
    const auto note = [&](std::exception_ptr, std::size_t) { has_ended = true; };
    boost::asio::co_spawn(context, replica.runner.run_until_idle(), note);
    test::run_until(context, [&] { return gate.has_held(); });
    REQUIRE(patch_flag(R"({"rules":[{"id":"r1","when":{"attribute":"country","op":"one_of","values":["PT"]},)"
                       R"("serve":{"variation":"off"}}]})")
                .status == 200);
    gate.open();
    test::run_until(context, [&] { return has_ended; });
    CHECK(decisions() == "1hold");
    CHECK(state(place) == "held");
    CHECK(served() == R"({"variation":"off"})");
}

TEST_CASE_METHOD(TwoReplicas, "a pause during a look wins") {
    make_source();
    prometheus.set("latency", "0.1");
    const auto place = started(R"({"share":1000,"hold":"1h"},{"share":100000})", guarded);
    gate.close();
    bool has_ended = false;
    const auto note = [&](std::exception_ptr, std::size_t) { has_ended = true; };
    boost::asio::co_spawn(context, replica.runner.run_until_idle(), note);
    test::run_until(context, [&] { return gate.has_held(); });
    REQUIRE(post(place + "/pause", owner, "{}").status == 200);
    gate.open();
    test::run_until(context, [&] { return has_ended; });
    pass(1 * minutes);
    CHECK(decisions().empty());
    CHECK(state(place) == "paused");
}

TEST_CASE_METHOD(TwoReplicas, "a replica that ends in the middle of a look loses nothing: another one takes the step") {
    make_source();
    prometheus.set("latency", "0.1");
    started(R"({"share":1000,"hold":"1h"},{"share":100000})", guarded);
    gate.close();
    replica.tasks.spawn("rollouts", replica.runner.run());
    test::run_until(context, [&] { return gate.has_held(); });
    replica.tasks.request_stop();
    test::run_until(context, [&] { return replica.tasks.size() == 0; });
    gate.open();
    CHECK(decisions().empty());
    CHECK(run(other.runner.run_until_idle()) == 0);
    clock.advance(30'001);
    CHECK(run(other.runner.run_until_idle()) == 1);
    CHECK(decisions() == "1advance");
}

TEST_CASE_METHOD(TwoReplicas, "open rollouts are counted by their state") {
    const auto place = started(R"({"share":1000,"hold":"1h"},{"share":100000})", "");
    CHECK(run(cp::rollouts::count_by_state(pool)) ==
          std::vector<std::pair<std::string, std::uint64_t>>{{"running", 1}});
    REQUIRE(post(place + "/cancel", owner, "{}").status == 200);
    CHECK(run(cp::rollouts::count_by_state(pool)).empty());
}
