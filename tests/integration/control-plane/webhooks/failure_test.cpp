// What becomes of messages that do not arrive: retries, dead letters, disabled webhooks, replay.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/webhooks/receiver.hpp"

using namespace fanion;
using test::Webhooks;

namespace {

class Failing : public Webhooks {
public:
    Failing() {
        const auto made = make_webhook("a", R"(,"events":["flag.updated","webhook.disabled"])");
        id = made.at("/id");
        place = home + "/webhooks/" + id;
        make_flag("f");
        deliver();
    }
    std::string newest(const std::string& column) {
        return sql("SELECT " + column + " FROM fanion.webhook_deliveries ORDER BY position DESC LIMIT 1");
    }
    // Attempts whatever becomes due within `span`, in steps of ten minutes.
    void pass(UnixMillis span) {
        for (UnixMillis passed = 0; passed < span; passed += hour / 6) {
            clock.advance(hour / 6);
            deliver();
        }
    }
    std::string id;
    std::string place;
};

}  // namespace

TEST_CASE_METHOD(Failing, "what fails is attempted again with the same id, until it arrives") {
    receiver.answer("a", {{500, {}, "out of order"}, {404}, {200}});
    describe_flag("f", "1");
    CHECK(deliver() == 1);
    CHECK(newest("state") == "failed");
    CHECK(deliver() == 0);
    clock.advance(4'000);
    CHECK(deliver() == 0);  // not before 4.5 s
    clock.advance(2'000);
    CHECK(deliver() == 1);
    clock.advance(70'000);
    CHECK(deliver() == 1);
    CHECK(newest("state") == "delivered");
    const auto received = receiver.at("a");
    REQUIRE(received.size() == 3);
    CHECK(received[0].id == received[2].id);
    CHECK(received[0].body == received[2].body);
    const auto logged = get(place + "/deliveries/" + received[0].id, owner);
    INFO(logged.body);
    CHECK(logged.at("/state") == "delivered");
    CHECK(logged.at("/attempts") == "3");
    CHECK(logged.at("/attempt_log/0/status") == "200");
    CHECK(logged.at("/attempt_log/1/status") == "404");
    CHECK(logged.at("/attempt_log/2/status") == "500");
    CHECK(logged.at("/attempt_log/2/response") == "out of order");
    CHECK(logged.at("/body/data/after/description") == "1");
    CHECK(get(place, owner).at("/failing_since") == "null");
}

TEST_CASE_METHOD(Failing, "a test message waits for no other one, also about the webhook itself") {
    receiver.answer_always("a", 500);
    REQUIRE(patch(place, owner, R"({"events":[]})").status == 200);
    REQUIRE(patch(place, owner, R"({"name":"other"})").status == 200);
    deliver();
    receiver.forget();
    CHECK(post(place + "/test", owner, "{}").status == 202);
    deliver();
    REQUIRE(receiver.at("a").size() == 1);
    CHECK(receiver.at("a")[0].at("/type") == "webhook.test");
}

TEST_CASE_METHOD(Failing, "Retry-After is waited for") {
    receiver.answer("a", {{503, {{"Retry-After", "600"}}, ""}});
    describe_flag("f", "1");
    deliver();
    clock.advance(599'000);
    CHECK(deliver() == 0);
    clock.advance(1'000);
    CHECK(deliver() == 1);
}

TEST_CASE_METHOD(Failing,
                 "three days of failures make a dead letter and disable the webhook, which a person enables again") {
    receiver.answer_always("a", 500);
    describe_flag("f", "1");
    describe_flag("f", "2");
    deliver();
    pass(71 * hour);
    CHECK(sql("SELECT enabled FROM fanion.webhooks") == "t");
    pass(2 * hour);
    CHECK(receiver.at("a").size() == 11);
    CHECK(sql("SELECT string_agg(state, ' ' ORDER BY position) FROM fanion.webhook_deliveries") == "dead dead");
    sign_in();
    const auto shown = get(place, owner);
    CHECK(shown.at("/enabled") == "false");
    CHECK(shown.at("/disabled_reason") == "failing");
    const auto audit = get(home + "/audit?limit=2&resource=webhooks/" + id, owner);
    CHECK(audit.at("/items/0/entry/action") == "webhook.disabled");
    CHECK(audit.at("/items/0/entry/actor_kind") == "system");
    CHECK(audit.at("/items/0/entry/after/disabled_reason") == "failing");
    describe_flag("f", "3");
    deliver();
    CHECK(receiver.at("a").size() == 11);  // nothing is queued for it
    const auto dead = get(place + "/deliveries?state=dead", owner);
    REQUIRE(dead.at("/items/1/event") == "flag.updated");
    const auto replay = place + "/deliveries/" + dead.at("/items/1/id") + "/replay";
    CHECK(post(replay, owner, "{}").status == 409);
    receiver.answer_always("a", 204);
    const auto enabled = patch(place, owner, R"({"enabled":true})");
    CHECK(enabled.status == 200);
    CHECK(enabled.at("/disabled_reason") == "null");
    CHECK(enabled.at("/failing_since") == "null");
    CHECK(deliver() == 0);  // dead letters stay dead until someone replays them
    const auto replayed = post(replay, owner, "{}");
    CHECK(replayed.status == 202);
    CHECK(replayed.at("/state") == "pending");
    CHECK(deliver() == 1);
    CHECK(receiver.at("a").back().id == dead.at("/items/1/id"));
    CHECK(receiver.at("a").back().at("/data/after/description") == "1");
    CHECK(get(place + "/deliveries/" + dead.at("/items/1/id"), owner).at("/state") == "delivered");
}

TEST_CASE_METHOD(Failing, "410 disables at once, and what waits is dead") {
    const auto other = make_webhook("b", R"(,"events":["webhook.disabled"])");
    receiver.answer("a", {{410}});
    describe_flag("f", "1");
    describe_flag("f", "2");
    deliver();
    CHECK(receiver.at("a").size() == 1);
    CHECK(get(place, owner).at("/disabled_reason") == "gone");
    CHECK(sql("SELECT string_agg(state, ' ') FROM fanion.webhook_deliveries WHERE webhook_id = '" + id + "'") ==
          "dead dead");
    REQUIRE(receiver.at("b").size() == 1);  // others learn of it
    CHECK(receiver.at("b")[0].at("/data/after/disabled_reason") == "gone");
    CHECK(replica.metrics.disabled.value() == 1);
    CHECK(replica.metrics.dead.value() == 1);
}

TEST_CASE_METHOD(Failing, "a success in between starts the three days anew") {
    for (int day = 0; day < 5; ++day) {
        receiver.answer("a", {{500}, {500}});
        describe_flag("f", std::to_string(day));
        deliver();
        pass(24 * hour);
        sign_in();
    }
    CHECK(get(place, owner).at("/enabled") == "true");
}

TEST_CASE_METHOD(Failing, "a paused webhook keeps what waits and gets nothing new") {
    receiver.answer("a", {{500}});
    describe_flag("f", "1");
    deliver();
    REQUIRE(patch(place, owner, R"({"enabled":false})").status == 200);
    describe_flag("f", "2");
    clock.advance(60'000);
    CHECK(deliver() == 0);
    REQUIRE(patch(place, owner, R"({"enabled":true})").status == 200);
    CHECK(deliver() == 1);
    CHECK(receiver.at("a").back().at("/data/after/description") == "1");
}

TEST_CASE_METHOD(Failing, "the log is deleted after its days, what still waits is not") {
    describe_flag("f", "1");
    deliver();
    receiver.answer("a", {{500}});
    describe_flag("f", "2");
    deliver();
    sql("UPDATE fanion.webhook_deliveries SET created_at = created_at - interval '31 days', "
        "ended_at = ended_at - interval '31 days'");
    run(cp::webhooks::purge_deliveries(pool, 0));
    CHECK(sql("SELECT count(*) FROM fanion.webhook_deliveries") == "2");
    run(cp::webhooks::purge_deliveries(pool, 32));
    CHECK(sql("SELECT count(*) FROM fanion.webhook_deliveries") == "2");
    run(cp::webhooks::purge_deliveries(pool, 30));
    CHECK(sql("SELECT string_agg(state, ' ') FROM fanion.webhook_deliveries") == "failed");
    CHECK(sql("SELECT count(*) FROM fanion.webhook_attempts") == "1");
}

TEST_CASE_METHOD(Failing, "a key that is not there any more fails the attempt and says so") {
    sql("UPDATE fanion.webhooks SET secret = '\\x01'");
    describe_flag("f", "1");
    deliver();
    CHECK(receiver.at("a").empty());
    CHECK(sql("SELECT error FROM fanion.webhook_attempts") == "the stored secret is damaged");
}

TEST_CASE_METHOD(Failing, "a damaged audit entry is skipped and counted, and those after it are delivered") {
    describe_flag("f", "1");
    sql("UPDATE fanion.audit SET canonical = 'tampered' WHERE seq = (SELECT max(seq) FROM fanion.audit)");
    describe_flag("f", "2");
    CHECK(deliver() == 1);
    CHECK(replica.metrics.unreadable.value() == 1);
    CHECK(sql("SELECT count(*) FROM fanion.webhook_events") == "0");
    CHECK(receiver.at("a").size() == 1);
}
