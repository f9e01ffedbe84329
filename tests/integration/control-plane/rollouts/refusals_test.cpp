// What becomes of a step whose ruleset cannot be published.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/rollouts/rollouts.hpp"

using namespace fanion;
using cp::rollouts::Action;
using cp::rollouts::Reason;
using test::Rollouts;
using test::seconds;

namespace {

// Publishes as the other one does, unless it is told to refuse everything.
class RefusingPublisher : public cp::publish::RulesetPublisher {
public:
    explicit RefusingPublisher(cp::publish::RulesetPublisher& other) : other_(other) {}

    boost::asio::awaitable<Result<cp::publish::Publication>> publish(cp::db::Transaction& tx,
                                                                     const cp::projects::LockedEnvironment& env,
                                                                     std::vector<wire::ItemChange> changes,
                                                                     std::string checked) override {
        if (refuses) co_return Error{Errc::too_large, "the ruleset is too large"};
        co_return co_await other_.publish(tx, env, std::move(changes), std::move(checked));
    }
    boost::asio::awaitable<Result<cp::publish::Publication>> withdraw(
        cp::db::Transaction& tx, const cp::projects::LockedEnvironment& env) override {
        co_return co_await other_.withdraw(tx, env);
    }
    boost::asio::awaitable<Result<std::vector<Finding>>> check(cp::db::Transaction& tx,
                                                               const cp::projects::Environment& env,
                                                               std::vector<wire::ItemChange> changes,
                                                               std::string checked) override {
        co_return co_await other_.check(tx, env, std::move(changes), std::move(checked));
    }

    bool refuses = true;

private:
    cp::publish::RulesetPublisher& other_;
};

class RefusedRollouts : public Rollouts {
public:
    void look_again() { run(runner.run_until_idle()); }
    std::uint64_t counted(Action action) { return replica.metrics.decisions.at({action, Reason::refused}).value(); }
    std::string decisions() {
        return sql("SELECT string_agg(seq || action, ' ' ORDER BY seq) FROM fanion.rollout_decisions");
    }

    RefusingPublisher publisher{replica.publisher};
    cp::rollouts::Runner runner{{context.get_executor(),
                                 {pool, sealing, replica.prometheus, clock},
                                 {pool, publisher, replica.blocking, clock},
                                 replica.tasks,
                                 replica.metrics,
                                 log},
                                {}};
};

}  // namespace

TEST_CASE_METHOD(RefusedRollouts, "a step that cannot be published holds the rollout, and the record says why") {
    const auto place = started(R"({"share":1000,"hold":"1h"},{"share":100000})", "");
    look_again();
    const auto held = shown(place);
    INFO(held.body);
    CHECK(held.at("/state") == "held");
    CHECK(held.at("/reason") == "refused");
    CHECK(held.at("/detail") == "the ruleset is too large");
    CHECK(held.at("/share") == "0");
    CHECK(held.at("/step") == "0");
    CHECK(held.at("/decisions/0/action") == "hold");
    CHECK(held.at("/decisions/0/reason") == "refused");
    CHECK(served() == R"({"variation":"off"})");
    const auto entries = get(home + "/audit?action=rollout.stopped", owner);
    CHECK(entries.at("/items/0/entry/comment") == "the ruleset is too large");
    CHECK(counted(Action::hold) == 1);
    CHECK(replica.metrics.leases_lost.value() == 0);

    publisher.refuses = false;
    clock.advance(15 * seconds);
    look_again();
    CHECK(decisions() == "1hold");  // only a person resumes
    REQUIRE(post(place + "/resume", owner, "{}").status == 200);
    look_again();
    CHECK(shown(place).at("/share") == "1000");
}

TEST_CASE_METHOD(RefusedRollouts, "a rollback that cannot be published is tried at each look, and told once") {
    make_source();
    prometheus.set("latency", "0.1");
    const auto place =
        started(R"({"share":1000,"hold":"1h"},{"share":100000})",
                R"(,"guards":[{"prometheus":"main","query":"latency","above":0.3,"on_breach":"rollback"}])");
    look();
    REQUIRE(shown(place).at("/share") == "1000");
    prometheus.set("latency", "0.5");
    for (int i = 0; i < 3; ++i) {
        clock.advance(15 * seconds);
        look_again();
    }
    CHECK(shown(place).at("/reason") == "refused");
    CHECK(decisions() == "1advance 2hold");
    CHECK(counted(Action::hold) == 1);
    CHECK(counted(Action::wait) == 2);
    publisher.refuses = false;
    clock.advance(15 * seconds);
    look_again();
    CHECK(state(place) == "rolled_back");
    CHECK(served() == R"({"variation":"off"})");
}
