#include "control-plane/webhooks/webhook.hpp"

#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "control-plane/webhooks/delivery.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::webhooks;

namespace {

json::Document parsed(const std::string& text) {
    json::Document document;
    REQUIRE(document.parse(text));
    return document;
}

std::vector<std::string> codes_of(const Error& error) {
    std::vector<std::string> codes;
    for (const auto& finding : error.findings) codes.push_back(finding.pointer + ' ' + finding.code);
    return codes;
}

std::vector<std::string> refusal(const std::string& body) {
    const auto document = parsed(body);
    const auto read = read_new_webhook(document.root());
    REQUIRE_FALSE(read);
    return codes_of(read.error());
}

Webhook present() {
    Webhook webhook;
    webhook.webhook_id = WebhookId("wh_1");
    webhook.settings.name = "ops";
    webhook.settings.url = "https://hooks.example/T0/secret?sig=1";
    webhook.settings.filter = {{"flag.*"}, {"web"}, {"production"}};
    webhook.created_by = "u_1";
    webhook.version = 3;
    return webhook;
}

}  // namespace

TEST_CASE("a webhook needs a URL; the rest has defaults") {
    const auto document = parsed(R"({"url":"https://hooks.example/in"})");
    const auto read = read_new_webhook(document.root());
    REQUIRE(read);
    CHECK(read->url == "https://hooks.example/in");
    CHECK(read->form == Template::generic);
    CHECK(read->is_enabled);
    CHECK(read->filter == EventFilter{});
    CHECK(refusal("{}") == std::vector<std::string>{"/url missing"});
}

TEST_CASE("everything wrong with a body is said at once") {
    CHECK(refusal(R"({"url":"ftp://x","template":"irc","events":["flag.exploded"],"projects":["a b"],)"
                  R"("environments":[""],"enabled":1,"wave":2})") ==
          std::vector<std::string>{"/url bad_url", "/template unknown_template", "/enabled wrong_type",
                                   "/events/0 unknown_event", "/projects/0 bad_key", "/environments/0 bad_key",
                                   "/wave unknown_field"});
    CHECK(refusal(R"({"url":")" + ("https://x/" + std::string(2048, 'y')) + "\"}") ==
          std::vector<std::string>{"/url too_long"});
}

TEST_CASE("a URL is taken apart with its path and query as they are") {
    const auto check = [](std::string_view url, std::string_view origin, std::string_view target, bool is_encrypted) {
        CAPTURE(url);
        const auto found = parse_target(url);
        REQUIRE(found);
        CHECK(found->origin == origin);
        CHECK(found->target == target);
        CHECK(found->is_encrypted == is_encrypted);
    };
    check("https://hooks.example", "https://hooks.example", "/", true);
    check("http://hooks.example:8080/a/b/?x=1&y=%20", "http://hooks.example:8080", "/a/b/?x=1&y=%20", false);
    check("https://hooks.example?x=/", "https://hooks.example", "/?x=/", true);
    check("https://[2001:db8::1]:8443/in", "https://[2001:db8::1]:8443", "/in", true);
    for (const auto* bad :
         {"", "hooks.example", "//hooks.example/", "ftp://hooks.example/", "https://", "https:///in",
          "https://a@hooks.example/", "https://a:b@hooks.example/", "https://hooks.example:0/",
          "https://hooks.example:99999/", "https://hooks.example/#x", "https://hooks.example/a b",
          "https://hooks.example/\r\nHost: x", "https://hooks.ex\xC3\xA4mple/", "file:///etc/passwd"}) {
        CAPTURE(bad);
        const auto found = parse_target(bad);
        REQUIRE_FALSE(found);
        CHECK((std::string_view(bad).size() < 10 || found.error().detail.find(bad) == std::string::npos));
    }
}

TEST_CASE("what GET returns can be sent back") {
    const auto webhook = present();
    const auto document = parsed(webhook_text(webhook));
    const auto read = read_webhook(document.root(), webhook);
    REQUIRE(read);
    CHECK(*read == webhook.settings);
    auto other = webhook;
    other.webhook_id = WebhookId("wh_2");
    const auto moved = read_webhook(document.root(), other);
    REQUIRE_FALSE(moved);
    CHECK(codes_of(moved.error()) == std::vector<std::string>{"/id immutable"});
}

TEST_CASE("members that a webhook does not have are refused before it is looked for") {
    const auto known = parsed(webhook_text(present()));
    CHECK(check_members(known.root()));
    const auto unknown = parsed(R"({"name":"n","wave":1,"secret":"x"})");
    CHECK(codes_of(check_members(unknown.root()).error()) ==
          std::vector<std::string>{"/secret unknown_field", "/wave unknown_field"});
}

TEST_CASE("a patch changes what it names") {
    const auto webhook = present();
    const auto document = parsed(R"({"enabled":false,"projects":[]})");
    const auto read = patch_webhook(document.root(), webhook);
    REQUIRE(read);
    auto expected = webhook.settings;
    expected.is_enabled = false;
    expected.filter.projects.clear();
    CHECK(*read == expected);
    for (const auto* body : {R"({"version":4})", R"({"id":"wh_2"})", R"({"failing_since":"2026-01-01T00:00:00Z"})"}) {
        CAPTURE(body);
        const auto refused = parsed(body);
        const auto result = patch_webhook(refused.root(), webhook);
        REQUIRE_FALSE(result);
        CHECK(result.error().findings[0].code == "immutable");
    }
    const auto without = parsed(R"({"url":null})");
    CHECK(codes_of(patch_webhook(without.root(), webhook).error()) == std::vector<std::string>{"/url missing"});
}

TEST_CASE("the audit log has neither path nor query of a URL, and tells URLs apart") {
    auto webhook = present();
    const auto text = audited_text(webhook);
    CHECK(text.find("secret") == text.find("previous_secret_until") + 9);  // the member's name, and nothing else
    CHECK(text.find("sig=1") == std::string::npos);
    CHECK(text.find(R"("url_origin":"https://hooks.example")") != std::string::npos);
    webhook.settings.url += "0";
    CHECK(audited_text(webhook) != text);
}

TEST_CASE("a rotation says how long both secrets sign") {
    const auto hours = [](const std::string& body) {
        const auto document = parsed(body);
        const auto read = read_rotation(document.root());
        return read ? *read / 3'600'000 : -1;
    };
    CHECK(hours("{}") == 24);
    CHECK(hours(R"({"overlap_hours":0})") == 0);
    CHECK(hours(R"({"overlap_hours":168})") == 168);
    for (const auto* bad :
         {R"({"overlap_hours":169})", R"({"overlap_hours":-1})", R"({"overlap_hours":"1"})", R"({"x":1})"})
        CHECK(hours(bad) == -1);
}

TEST_CASE("of a response its beginning is kept, as text") {
    CHECK(shown_response("ok") == "ok");
    CHECK(shown_response(std::string("a\0b", 3)) == "a?b");
    CHECK(shown_response("\xFF\xC3\xA4\xC3") == "?\xC3\xA4?");
    CHECK(shown_response(std::string(5000, 'x')).size() == response_bytes);
    const auto cut = shown_response(std::string(response_bytes - 1, 'x') + "\xC3\xA4");
    CHECK(cut.size() == response_bytes);
    CHECK(is_valid_utf8(cut));
}
