// What is delivered, to whom, in which order, and how it is signed.

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "tests/integration/control-plane/webhooks/receiver.hpp"

using namespace fanion;
using test::Webhooks;

namespace {

std::vector<std::string> each(const std::vector<test::Received>& received, std::string_view pointer) {
    std::vector<std::string> found;
    for (const auto& one : received) found.push_back(one.at(pointer));
    return found;
}

// For messages about several resources, which may overtake each other.
std::vector<std::string> sorted(std::vector<std::string> texts) {
    std::sort(texts.begin(), texts.end());
    return texts;
}

}  // namespace

TEST_CASE_METHOD(Webhooks, "a change arrives as a signed message that says who changed what") {
    const auto made = make_webhook("a");
    const auto secret = made.at("/secret");
    make_flag("checkout");
    const auto changed =
        patch(home + "/projects/web/flags/checkout/environments/development?comment=go", owner, R"({"enabled":true})");
    REQUIRE(changed.status == 200);
    CHECK(deliver() == 3);
    const auto received = receiver.at("a");
    REQUIRE(received.size() == 3);
    // Its own creation is among them. Those of different resources may overtake each other.
    CHECK(sorted(each(received, "/type")) ==
          std::vector<std::string>{"flag.configured", "flag.created", "webhook.created"});
    const auto& message = *std::find_if(received.begin(), received.end(),
                                        [](const auto& one) { return one.at("/type") == "flag.configured"; });
    CHECK(message.content_type == "application/json");
    CHECK(message.id.starts_with("msg_"));
    CHECK(std::set<std::string>{received[0].id, received[1].id, received[2].id}.size() == 3);
    CHECK(message.timestamp == std::to_string(clock.now() / 1000));
    CHECK(message.is_signed_with(secret));
    CHECK_FALSE(message.is_signed_with("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    CHECK(message.at("/data/org") == "acme");
    CHECK(message.at("/data/project") == "web");
    CHECK(message.at("/data/environment") == "development");
    CHECK(message.at("/data/actor/email") == "owner@example.com");
    CHECK(message.at("/data/comment") == "go");
    CHECK(message.at("/data/before/enabled") == "false");
    CHECK(message.at("/data/after/enabled") == "true");
    CHECK_FALSE(message.at("/data/published/development").empty());
    CHECK(deliver() == 0);
}

TEST_CASE_METHOD(Webhooks, "an event is written with its change, or not at all") {
    make_webhook("a");
    deliver();
    receiver.forget();
    CHECK(post(home + "/projects/web/flags", owner, R"({"key":"no good","type":"boolean"})").status == 400);
    CHECK(post(home + "/projects", owner, R"({"key":"web"})").status == 409);
    CHECK(sql("SELECT count(*) FROM fanion.webhook_events") == "0");
    make_flag("f");
    CHECK(sql("SELECT count(*) FROM fanion.webhook_events") == "1");
    CHECK(deliver() == 1);
    CHECK(sql("SELECT count(*) FROM fanion.webhook_events") == "0");
    CHECK(each(receiver.at("a"), "/data/resource") == std::vector<std::string>{"projects/web/flags/f"});
}

TEST_CASE_METHOD(Webhooks, "without a webhook nothing is written, and one that comes later gets no older changes") {
    make_flag("early");
    CHECK(sql("SELECT count(*) FROM fanion.webhook_events") == "0");
    make_webhook("a");
    make_flag("late");
    deliver();
    CHECK(receiver.at("a").size() == 2);  // its own creation and the later flag
    CHECK(sql("SELECT count(*) FROM fanion.webhook_deliveries WHERE resource LIKE '%early'") == "0");
}

TEST_CASE_METHOD(Webhooks, "messages about a resource arrive in order, one after the other, also after failures") {
    make_webhook("a", R"(,"events":["flag.updated"])");
    for (const auto* key : {"x", "y"}) make_flag(key);
    receiver.answer("a", {{500}});
    for (const auto* text : {"1", "2", "3"}) describe_flag("x", text);
    CHECK(deliver() == 1);  // the rest waits for the first
    for (const auto* text : {"1", "2"}) describe_flag("y", text);
    CHECK(deliver() == 2);  // what concerns another resource does not
    clock.advance(10'000);
    CHECK(deliver() == 3);
    std::vector<std::string> texts;
    for (const auto& one : receiver.at("a"))
        texts.push_back(one.at("/data/resource").substr(19) + one.at("/data/after/description"));
    CHECK(texts == std::vector<std::string>{"x1", "y1", "y2", "x1", "x2", "x3"});
    const auto all = receiver.at("a");
    CHECK(all[0].id == all[3].id);
    CHECK(all[0].timestamp != all[3].timestamp);
}

TEST_CASE_METHOD(Webhooks, "a flag's configuration and its definition are one resource") {
    make_webhook("a");
    make_flag("x");
    deliver();
    receiver.answer("a", {{503}});
    patch(home + "/projects/web/flags/x/environments/development", owner, R"({"enabled":true})");
    REQUIRE(del(home + "/projects/web/flags/x", owner, "*").status == 204);
    deliver();
    clock.advance(60'000);
    deliver();
    std::vector<std::string> types;
    for (const auto& one : receiver.at("a"))
        if (one.at("/data/resource").starts_with("projects/web/flags/x")) types.push_back(one.at("/type"));
    CHECK(types.back() == "flag.deleted");
    CHECK(types[types.size() - 2] == "flag.configured");
}

TEST_CASE_METHOD(Webhooks, "filters select by type, project and environment") {
    REQUIRE(post(home + "/projects", owner, R"({"key":"shop"})").status == 201);
    make_webhook("types", R"(,"events":["segment.*","flag.deleted"])");
    make_webhook("shop", R"(,"projects":["shop"])");
    make_webhook("staging", R"(,"environments":["staging"],"events":["flag.*"])");
    make_webhook("members", R"(,"events":["member.*"])");
    make_flag("f");
    REQUIRE(post(home + "/projects/shop/flags", owner, R"({"key":"g","type":"boolean"})").status == 201);
    REQUIRE(post(home + "/projects/web/segments", owner, R"({"key":"s"})").status == 201);
    for (const auto* env : {"development", "staging"})
        patch(home + "/projects/web/flags/f/environments/" + env, owner, R"({"enabled":true})");
    REQUIRE(del(home + "/projects/shop/flags/g", owner, "*").status == 204);
    add_member(owner, "acme", "ada@example.com", "viewer");
    deliver();
    CHECK(sorted(each(receiver.at("types"), "/type")) == std::vector<std::string>{"flag.deleted", "segment.created"});
    CHECK(each(receiver.at("shop"), "/type") == std::vector<std::string>{"flag.created", "flag.deleted"});
    // A new flag, and a deleted one, are published in every environment.
    CHECK(sorted(each(receiver.at("staging"), "/data/resource")) ==
          std::vector<std::string>{"projects/shop/flags/g", "projects/shop/flags/g", "projects/web/flags/f",
                                   "projects/web/flags/f/environments/staging"});
    CHECK(sorted(each(receiver.at("members"), "/type")) == std::vector<std::string>{"member.invited", "member.joined"});
}

TEST_CASE_METHOD(Webhooks, "during a rotation both secrets sign, afterwards the new one alone") {
    const auto made = make_webhook("a", R"(,"events":["flag.updated"])");
    const auto place = home + "/webhooks/" + made.at("/id");
    const auto old_secret = made.at("/secret");
    make_flag("f");
    const auto rotated = post(place + "/rotate", owner, R"({"overlap_hours":2})");
    INFO(rotated.body);
    REQUIRE(rotated.status == 200);
    const auto new_secret = rotated.at("/secret");
    CHECK(new_secret != old_secret);
    describe_flag("f", "1");
    deliver();
    auto received = receiver.at("a");
    CHECK(received[0].is_signed_with(old_secret));
    CHECK(received[0].is_signed_with(new_secret));
    CHECK(split(received[0].signature, ' ').size() == 2);
    clock.advance(2 * hour);
    sign_in();
    describe_flag("f", "2");
    deliver();
    received = receiver.at("a");
    CHECK_FALSE(received[1].is_signed_with(old_secret));
    CHECK(received[1].is_signed_with(new_secret));
    REQUIRE(post(place + "/rotate", owner, R"({"overlap_hours":0})").status == 200);
    describe_flag("f", "3");
    deliver();
    CHECK_FALSE(receiver.at("a")[2].is_signed_with(new_secret));
}

TEST_CASE_METHOD(Webhooks, "templates for Slack and Microsoft Teams, and the query of a URL, arrive as they are") {
    const auto url = receiver.url("teams") + "?key=s%2Bcret";
    REQUIRE(post(home + "/webhooks", owner, R"({"url":")" + url + R"(","template":"teams","events":["flag.created"]})")
                .status == 201);
    make_webhook("slack", R"(,"template":"slack","events":["flag.created"])");
    make_flag("f");
    deliver();
    REQUIRE(receiver.at("slack").size() == 1);
    CHECK(receiver.at("slack")[0].at("/text") == "*flag f* created of project web by owner@example.com");
    REQUIRE(receiver.at("teams").size() == 1);
    CHECK(receiver.at("teams")[0].query == "s+cret");
    CHECK(receiver.at("teams")[0].at("/attachments/0/contentType") == "application/vnd.microsoft.card.adaptive");
}

TEST_CASE_METHOD(Webhooks, "a large change arrives without its states") {
    make_webhook("a", R"(,"events":["flag.created"])");
    std::string variations;
    for (const auto* key : {"a", "b", "c"}) {
        variations += (variations.empty() ? "" : ",") + (R"({"key":")" + std::string(key)) + R"(","value":")" +
                      std::string(60'000, 'x') + "\"}";
    }
    const auto body = R"({"key":"big","type":"string","variations":[)" + variations + "]}";
    const auto made = post(home + "/projects/web/flags", owner, body);
    INFO(made.body.substr(0, 500));
    REQUIRE(made.status == 201);
    deliver();
    REQUIRE(receiver.at("a").size() == 1);
    CHECK(receiver.at("a")[0].at("/data/states_omitted") == "true");
    CHECK(receiver.at("a")[0].body.size() < 2000);
}

TEST_CASE_METHOD(Webhooks, "metrics count events, deliveries and attempts") {
    make_webhook("a", R"(,"events":["flag.created"])");
    receiver.answer("a", {{500}});
    make_flag("f");
    deliver();
    clock.advance(10'000);
    deliver();
    CHECK(replica.metrics.queued.value() == 1);
    CHECK(replica.metrics.failed.value() == 1);
    CHECK(replica.metrics.delivered.value() == 1);
    CHECK(replica.metrics.events.value() >= 1);
    CHECK(replica.metrics.in_flight.value() == 0);
}
