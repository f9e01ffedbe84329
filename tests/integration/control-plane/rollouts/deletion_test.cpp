// A rollout whose environment is deleted.

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

#include "tests/integration/control-plane/rollouts/rollouts.hpp"

using namespace fanion;
using test::minutes;
using test::Rollouts;

namespace {

const std::string two_steps = R"({"share":1000,"hold":"1m"},{"share":100000,"hold":"1m"})";

class Deleted : public Rollouts {
public:
    void remove(const std::string& path, const std::string& key) {
        sign_in_again();
        REQUIRE(del(path + "?confirm=" + key, owner, "*").status == 204);
    }
    void restore(const std::string& path) {
        sign_in_again();
        const auto reply = post(path + "/restore", owner, "{}");
        INFO(reply.body);
        REQUIRE(reply.status == 200);
    }
    std::string stored(const std::string& columns) { return sql("SELECT " + columns + " FROM fanion.rollouts"); }
    std::string cancellations() {
        return sql(
            "SELECT count(*) FROM fanion.audit WHERE action = 'rollout.cancelled' AND actor_kind = 'system' "
            "AND comment = 'the environment was deleted' AND environment = 'staging'");
    }
    // It has ended, and time changes nothing any more.
    void check_ended(const std::string& place) {
        const auto before = served();
        const auto after = shown(place);
        CHECK(after.at("/state") == "cancelled");
        CHECK(after.at("/detail") == "the environment was deleted");
        CHECK(after.at("/decisions/0/action") == "cancel");
        CHECK(after.at("/decisions/0/evidence/conflict") == "environment_gone");
        pass(5 * minutes);
        CHECK(shown(place).body == after.body);
        CHECK(served() == before);
        CHECK(cancellations() == "1");
    }
};

}  // namespace

TEST_CASE_METHOD(Deleted, "a rollout is cancelled by the deletion of its environment, and a restoration leaves it so") {
    const auto place = started(two_steps, "");
    look();
    const auto stands = served();
    remove(staging, "staging");
    CHECK(look() == 1);
    CHECK(stored("state || ' ' || (ended_at IS NOT NULL)") == "cancelled true");
    CHECK(cancellations() == "1");
    pass(5 * minutes);
    restore(staging);
    CHECK(served() == stands);
    check_ended(place);
}

TEST_CASE_METHOD(Deleted, "a rollout ends also when its environment is restored before anybody has looked at it") {
    const auto place = started(two_steps, "");
    look();
    if (GENERATE(false, true)) REQUIRE(post(place + "/pause", owner, "{}").status == 200);
    remove(staging, "staging");
    restore(staging);
    CHECK(look() == 1);
    check_ended(place);
}

TEST_CASE_METHOD(Deleted, "a look that began before the deletion changes nothing") {
    make_source();
    prometheus.set("latency", "0.1");
    const auto place =
        started(two_steps, R"(,"guards":[{"prometheus":"main","query":"latency","above":0.3,"on_breach":"rollback"}])");
    look();
    const auto stands = served();
    clock.advance(2 * minutes);
    gate.close();
    bool has_ended = false;
    const auto note = [&](std::exception_ptr, std::size_t) { has_ended = true; };
    boost::asio::co_spawn(context, replica.runner.run_until_idle(), note);
    test::run_until(context, [&] { return gate.has_held(); });
    remove(staging, "staging");
    restore(staging);
    gate.open();
    test::run_until(context, [&] { return has_ended; });
    CHECK(replica.metrics.leases_lost.value() == 1);
    CHECK(served() == stands);
    check_ended(place);
}

TEST_CASE_METHOD(Deleted, "rollouts end with their project and with their organisation") {
    started(two_steps, "");
    look();
    const bool is_org = GENERATE(false, true);
    remove(is_org ? home : web, is_org ? "acme" : "web");
    CHECK(look() == 1);
    CHECK(stored("state") == "cancelled");
    CHECK(cancellations() == "1");
    if (!is_org) {
        restore(web);
        CHECK(get(staging + "/rollouts", owner).at("/items/0/state") == "cancelled");
    }
}
