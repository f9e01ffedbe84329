#include <map>

#include "tests/support/catch_result.hpp"
#include "tests/unit/relay/serve/served_relay.hpp"

using namespace fanion;
using namespace fanion::test;

TEST_CASE("a success has key, value, reason, variant and metadata in this order") {
    ServedRelay relay;
    struct Row {
        std::string flag, context, body;
    };
    const std::vector<Row> rows = {
        {"basic", "{}", R"({"key":"basic","value":true,"reason":"STATIC","variant":"on","metadata":{"version":12}})"},
        {"number", "{}", R"({"key":"number","value":1.0,"reason":"STATIC","variant":"one","metadata":{"version":12}})"},
        {"object", "{}",
         R"({"key":"object","value":{"a":[1,null]},"reason":"STATIC","variant":"o","metadata":{"version":12}})"},
        {"text", "{}", R"({"key":"text","value":"a \"b\"","reason":"STATIC","variant":"t","metadata":{"version":12}})"},
        {"ruled", R"({"country":"DE"})",
         R"({"key":"ruled","value":true,"reason":"TARGETING_MATCH","variant":"on","metadata":{"version":12,"ruleId":"r-7f3a"}})"},
        {"ruled", "{}",
         R"({"key":"ruled","value":false,"reason":"DEFAULT","variant":"off","metadata":{"version":12}})"},
        {"split", R"({"targetingKey":"u1"})",
         R"({"key":"split","value":true,"reason":"SPLIT","variant":"on","metadata":{"version":12}})"},
        {"behind", "{}",
         R"({"key":"behind","value":false,"reason":"DISABLED","variant":"off","metadata":{"version":12,"prerequisite":"stopped"}})"},
        {"stopped", "{}", R"({"key":"stopped","reason":"DISABLED","variant":"","metadata":{"version":12}})"},
    };
    for (const auto& row : rows) {
        const auto answer = relay.evaluate(row.flag, row.context);
        CHECK(answer.status == 200);
        CHECK(answer.body == row.body);
        CHECK(answer.content_type == "application/json");
    }
}

TEST_CASE("a missing body, context or targeting key is accepted") {
    ServedRelay relay;
    for (const auto* body : {"", "{}", R"({"context":null})", R"({"context":{}})", R"({"other":1})"}) {
        const auto answer = relay.ask({.target = "/ofrep/v1/evaluate/flags/basic", .body = body});
        CHECK(answer.status == 200);
    }
}

TEST_CASE("a 400 has its error twice, in both spellings") {
    ServedRelay relay;
    struct Row {
        std::string flag, body, code;
    };
    const std::vector<Row> rows = {
        {"basic", "{", "PARSE_ERROR"},
        {"basic", "[]", "PARSE_ERROR"},
        {"basic", "\xff", "PARSE_ERROR"},
        {"basic", R"({"context":[]})", "INVALID_CONTEXT"},
        {"basic", R"({"context":"u1"})", "INVALID_CONTEXT"},
        {"split", "{}", "TARGETING_KEY_MISSING"},
        {"split", R"({"context":{"targetingKey":true}})", "TARGETING_KEY_MISSING"},
    };
    for (const auto& row : rows) {
        const auto answer = relay.ask({.target = "/ofrep/v1/evaluate/flags/" + row.flag, .body = row.body});
        CHECK(answer.status == 400);
        json::Document document;
        REQUIRE(document.parse(answer.body));
        const auto root = document.root();
        CHECK(root.find("key").as_string() == row.flag);
        CHECK(root.find("errorCode").as_string() == row.code);
        CHECK(root.find("error_code").as_string() == row.code);
        CHECK_FALSE(root.find("errorDetails").as_string().empty());
        CHECK(root.find("error_details").as_string() == root.find("errorDetails").as_string());
        CHECK(root.find("metadata").size() == 0);
    }
}

TEST_CASE("the answer for a missing unit names the attribute that the split wants") {
    ServedRelay relay;
    auto items = standard_items();
    items.emplace_back(
        "flag/by-company",
        R"({"key":"by-company","type":"boolean","version":1,"enabled":true,"client":true,"variations":[{"key":"on","value":true}],)"
        R"("off":null,"prerequisites":[],"targets":[],"rules":[{"id":"r","when":{"all":[]},"serve":{"split":{"by":"region",)"
        R"("ranges":[[0,100000,"on"]],"otherwise":"next"}}}],"fallthrough":{"split":{"by":"/company/\"id\"",)"
        R"("ranges":[[0,100000,"on"]]}},"salt":"by-company","track":false})");
    relay.publish(items);
    const std::string details =
        R"("errorDetails":"the flag is split by `/company/\"id\"`, which the context does not have as a string or an integer")";
    CHECK(relay.evaluate("by-company", R"({"targetingKey":"u"})").body.find(details) != std::string::npos);
    CHECK(relay.bulk().body.find(R"({"key":"by-company","errorCode":"TARGETING_KEY_MISSING",)" + details) !=
          std::string::npos);
    CHECK(relay.evaluate("split").body.find("the flag is split by `targetingKey`") != std::string::npos);
    CHECK(relay.evaluate("by-company", R"({"region":7})").status == 200);
}

TEST_CASE("an unknown flag is a 404 that has its error once") {
    ServedRelay relay;
    const auto answer = relay.evaluate("nowhere");
    CHECK(answer.status == 404);
    CHECK(answer.body == R"({"key":"nowhere","errorCode":"FLAG_NOT_FOUND","errorDetails":"no flag of this key in the )"
                         R"(environment of the API key","metadata":{}})");
}

TEST_CASE("a flag key that is not valid UTF-8 is percent-encoded in the answer") {
    ServedRelay relay;
    const auto answer = relay.evaluate("%FF%00");
    CHECK(answer.status == 404);
    CHECK(answer.body.find(R"("key":"%FF%00")") != std::string::npos);
    CHECK(relay.counted("(other)", "", "ERROR") == 1);
}

TEST_CASE("a context of 64 KiB is read and a larger one refused with 413") {
    ServedRelay relay;
    const std::string fits = R"({"targetingKey":"u","a":")" + std::string(60 * 1024, 'x') + "\"}";
    CHECK(relay.evaluate("basic", fits).status == 200);
    const std::string half(40 * 1024, 'x');
    const auto answer = relay.evaluate("basic", R"({"a":")" + half + R"(","b":")" + half + "\"}");
    CHECK(answer.status == 413);
    CHECK(answer.body.find(R"("errorCode":"GENERAL")") != std::string::npos);
    CHECK(answer.body.find("error_code") == std::string::npos);
}

TEST_CASE("a stale answer says for how many seconds") {
    ServedRelay relay;
    relay.clock.advance(60'000 + 7'500);
    CHECK(relay.evaluate("basic").body.find(R"("metadata":{"version":12,"stale":7})") != std::string::npos);
    relay.set_head_expiry(relay.clock.now() + 1);
    CHECK(relay.evaluate("basic").body.find("stale") == std::string::npos);
}

TEST_CASE("each evaluation is counted with its flag, variation and reason") {
    ServedRelay relay;
    relay.evaluate("basic");
    relay.evaluate("basic");
    relay.evaluate("stopped");
    relay.evaluate("split");
    relay.evaluate("nowhere");
    CHECK(relay.counted("basic", "on", "STATIC") == 2);
    CHECK(relay.counted("stopped", "", "DISABLED") == 1);
    CHECK(relay.counted("split", "", "ERROR") == 1);
    CHECK(relay.counted("nowhere", "", "ERROR") == 1);
    CHECK(relay.counted_in_all() == 5);
    CHECK(relay.services->metrics.evaluations() == 5);
    CHECK(relay.services->metrics.requests(relay::serve::ServeRoute::ofrep_single, relay::serve::Outcome::ok) == 3);
    CHECK(relay.services->metrics.requests(relay::serve::ServeRoute::ofrep_single,
                                           relay::serve::Outcome::flag_not_found) == 1);
}

TEST_CASE("a refused request is not counted as an evaluation") {
    ServedRelay relay;
    relay.evaluate("basic", "{}", "nobody");
    relay.ask({.target = "/ofrep/v1/evaluate/flags/basic", .body = "{"});
    CHECK(relay.counted_in_all() == 0);
}

TEST_CASE("the removed configuration endpoint answers 404 in OFREP's form") {
    ServedRelay relay;
    const auto answer = relay.ask({.method = net::Method::get, .target = "/ofrep/v1/configuration"});
    CHECK(answer.status == 404);
    CHECK(answer.body.find(R"("errorCode":"GENERAL")") != std::string::npos);
}

TEST_CASE("an evaluation is counted with what the request says it is made by") {
    struct Case {
        std::vector<std::pair<std::string, std::string>> headers;
        std::string sdk;
    };
    for (const auto& c :
         std::vector<Case>{{{}, ""},
                           {{{"User-Agent", "python-requests/2.31.0"}}, "python-requests/2.31.0"},
                           {{{"User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"}}, "Mozilla/5.0"},
                           {{{"Fanion-Sdk", "python/1.0; f3a9"}, {"X-Fanion-SDK", "web/1.4"}}, "python/1.0"},
                           {{{"X-Fanion-SDK", "web/1.4"}, {"User-Agent", "Mozilla/5.0 (X11)"}}, "web/1.4"},
                           {{{"X-Fanion-SDK", ""}, {"User-Agent", "curl/8"}}, "curl/8"},
                           {{{"X-Fanion-SDK", std::string(65, 'x')}}, "(other)"},
                           {{{"X-Fanion-SDK", "a\xff"}}, "(other)"}}) {
        ServedRelay relay;
        CHECK(relay.ask({.target = "/ofrep/v1/evaluate/flags/basic", .body = "{}", .headers = c.headers}).status ==
              200);
        CHECK(
            relay.ask({.target = "/api/v1/evaluate", .body = R"({"flags":["basic"]})", .headers = c.headers}).status ==
            200);
        REQUIRE(relay.counts().size() == 1);
        CHECK(relay.counts()[0].sdk == c.sdk);
        CHECK(relay.counts()[0].n == 2);
    }
}

TEST_CASE("an evaluation is counted with the rule that decided it") {
    ServedRelay relay;
    for (const char* country : {"DE", "FR", "DE"}) {
        const auto body = R"({"context":{"targetingKey":"u","country":")" + std::string(country) + "\"}}";
        CHECK(relay.ask({.target = "/ofrep/v1/evaluate/flags/ruled", .body = body}).status == 200);
    }
    CHECK(relay.ask({.target = "/ofrep/v1/evaluate/flags/nowhere", .body = "{}"}).status == 404);
    std::map<std::string, std::uint64_t> by_rule;
    for (const auto& count : relay.counts()) by_rule[count.variation + ' ' + count.rule] += count.n;
    CHECK(by_rule == std::map<std::string, std::uint64_t>{{"on r-7f3a", 2}, {"off ", 1}, {" ", 1}});
}
