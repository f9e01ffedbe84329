#include "control-plane/webhooks/message.hpp"

#include <catch2/catch.hpp>

#include "common/json/document.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::webhooks;

namespace {

Event configured() {
    Event event;
    event.type = "flag.configured";
    event.at = 1'763'720'000'000;
    event.entry_id = "a_7";
    event.seq = 7;
    event.org = "acme";
    event.resource = "projects/web/flags/new_checkout/environments/production";
    event.actor_kind = "user";
    event.actor_id = "u_1";
    event.actor_email = "ada@example.com";
    event.comment = "10 % & <all>";
    event.before = R"({"enabled":false})";
    event.after = R"({"enabled":true})";
    event.published = {{"production", "1763719200.4711"}};
    return event;
}

bool is_json(const std::string& text) {
    json::Document document;
    return document.parse(text).has_value();
}

}  // namespace

TEST_CASE("the generic message has the whole event") {
    CHECK(message_body(Template::generic, configured()) ==
          R"({"type":"flag.configured","timestamp":"2025-11-21T10:13:20.000Z","data":{"id":"a_7","seq":7,"org":"acme",)"
          R"("project":"web","environment":"production",)"
          R"("resource":"projects/web/flags/new_checkout/environments/production",)"
          R"("actor":{"kind":"user","id":"u_1","email":"ada@example.com"},"comment":"10 % & <all>",)"
          R"("before":{"enabled":false},"after":{"enabled":true},"published":{"production":"1763719200.4711"}}})");
}

TEST_CASE("states that are not there are null, and those that are too large are left out") {
    auto event = configured();
    event.before.clear();
    CHECK(message_body(Template::generic, event).find(R"("before":null,"after":{"enabled":true})") !=
          std::string::npos);
    event.after = '"' + std::string(message_state_bytes, 'x') + '"';
    const auto body = message_body(Template::generic, event);
    CHECK(body.find(R"("states_omitted":true)") != std::string::npos);
    CHECK(body.find("\"after\"") == std::string::npos);
    CHECK(body.size() < 1000);
}

TEST_CASE("Slack gets a line, with its markup's characters escaped, and the comment as a quotation") {
    CHECK(
        message_body(Template::slack, configured()) ==
        R"({"text":"*flag new_checkout* configured in production of project web by ada@example.com\n&gt; 10 % &amp; &lt;all&gt;"})");
}

TEST_CASE("Microsoft Teams gets an Adaptive Card") {
    CHECK(
        message_body(Template::teams, configured()) ==
        R"({"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","contentUrl":null,)"
        R"("content":{"$schema":"http://adaptivecards.io/schemas/adaptive-card.json","type":"AdaptiveCard",)"
        R"("version":"1.4","body":[{"type":"TextBlock",)"
        R"("text":"flag new\\_checkout configured in production of project web","weight":"Bolder","size":"Medium",)"
        R"("wrap":true},{"type":"FactSet","facts":[{"title":"By","value":"ada@example.com"},)"
        R"({"title":"Organisation","value":"acme"},{"title":"Project","value":"web"},)"
        R"({"title":"Environment","value":"production"},{"title":"At","value":"2025-11-21T10:13:20.000Z"},)"
        R"({"title":"Comment","value":"10 % & <all\\>"}]}]}}]})");
}

TEST_CASE("every form is JSON whatever the event says") {
    auto event = configured();
    event.comment = "\"\\\n\t\x01 <!channel> *x* \xF0\x9F\x8E\x89";
    event.actor_email.clear();
    event.resource = "projects/web/flags/a%22b";
    for (const auto form : {Template::generic, Template::slack, Template::teams}) {
        const auto body = message_body(form, event);
        CAPTURE(body);
        CHECK(is_json(body));
    }
    CHECK(message_body(Template::slack, event).find("<!channel>") == std::string::npos);
}

TEST_CASE("a test message and an event of the organisation itself have something to say") {
    const auto test = test_event("acme", "wh_1", "ada@example.com", 0);
    CHECK(message_body(Template::slack, test) == R"({"text":"*webhook wh_1* test by ada@example.com"})");
    Event event;
    event.type = "environment.created";
    event.resource = "projects/web/environments/staging";
    event.actor_kind = "system";
    CHECK(message_body(Template::slack, event) ==
          R"({"text":"*environment staging* created of project web by system"})");
}
