#include "tests/support/catch_result.hpp"
#include "tests/unit/relay/serve/served_relay.hpp"

using namespace fanion;
using namespace fanion::test;

TEST_CASE("the one-line form reads its context from the query, with user_id as targeting key") {
    ServedRelay relay;
    const auto ask = [&](const std::string& target) {
        return relay.ask({.method = net::Method::get, .target = target});
    };
    CHECK(ask("/evaluate/split?user_id=alice&plan=pro").body ==
          R"({"flag":"split","value":true,"variation":"on","reason":"SPLIT","version":12})");
    CHECK(ask("/evaluate/ruled?country=DE").body ==
          R"({"flag":"ruled","value":true,"variation":"on","reason":"TARGETING_MATCH","rule":"r-7f3a","version":12})");
    CHECK(ask("/evaluate/split").status == 400);
    CHECK(ask("/evaluate/split?targetingKey=u").status == 200);
    CHECK(ask("/evaluate/absent").status == 404);
    CHECK(ask("/evaluate/basic?a=%ZZ").status == 400);
    CHECK(ask("/evaluate/basic?a=%FF").status == 400);
}

TEST_CASE("a query parameter that is given more than once is a list") {
    ServedRelay relay;
    const auto ask = [&](const std::string& target) {
        return relay.ask({.method = net::Method::get, .target = target});
    };
    const auto on =
        R"({"flag":"ruled","value":true,"variation":"on","reason":"TARGETING_MATCH","rule":"r-7f3a","version":12})";
    CHECK(ask("/evaluate/ruled?country=DE&country=SE").body == on);
    CHECK(ask("/evaluate/ruled?country=SE&plan=pro&country=DE&country=FR").body == on);
    CHECK(ask("/evaluate/ruled?country=SE&country=FR").body.find("DEFAULT") != std::string::npos);
    CHECK(ask("/evaluate/split?user_id=alice&user_id=bob").status == 400);  // a list is not a unit
    CHECK(ask("/evaluate/split?user_id=alice&user_id=bob&targetingKey=u").status == 200);
}

TEST_CASE("one flag in the native form") {
    ServedRelay relay;
    const auto answer = relay.ask({.target = "/api/v1/evaluate/ruled", .body = R"({"context":{"country":"DE"}})"});
    CHECK(answer.status == 200);
    CHECK(answer.body ==
          R"({"flag":"ruled","value":true,"variation":"on","reason":"TARGETING_MATCH","rule":"r-7f3a","version":12})");
    CHECK(relay.ask({.target = "/api/v1/evaluate/absent"}).status == 404);
    CHECK(relay.ask({.target = "/api/v1/evaluate/absent"}).body ==
          R"({"flag":"absent","error":"FLAG_NOT_FOUND","reason":"ERROR"})");
}

TEST_CASE("many flags and many contexts in one request") {
    ServedRelay relay;
    const auto some = relay.ask({.target = "/api/v1/evaluate", .body = R"({"flags":["text","absent"]})"});
    CHECK(some.body ==
          R"({"results":[{"flag":"text","value":"a \"b\"","variation":"t","reason":"STATIC","version":12},)"
          R"({"flag":"absent","error":"FLAG_NOT_FOUND","reason":"ERROR"}]})");
    const auto many =
        relay.ask({.target = "/api/v1/evaluate", .body = R"({"flags":["ruled"],"contexts":[{"country":"DE"},{},7]})"});
    CHECK(many.body.find(R"({"contexts":[{"results":[{"flag":"ruled","value":true)") == 0);
    CHECK(many.body.find(R"("error":"INVALID_CONTEXT")") != std::string::npos);
    const auto all = relay.ask({.target = "/api/v1/evaluate", .key = client_key});
    CHECK(all.body.find(R"("flag":"basic")") != std::string::npos);
    CHECK(all.body.find("secret") == std::string::npos);
}

TEST_CASE("a native request that is refused gets a problem") {
    ServedRelay relay;
    for (const auto* body : {"{", "[]", R"({"flags":1})", R"({"flags":[1]})", R"({"contexts":{}})"}) {
        const auto answer = relay.ask({.target = "/api/v1/evaluate", .body = body});
        CHECK(answer.status == 400);
        CHECK(answer.content_type == "application/problem+json");
    }
    CHECK(relay.ask({.target = "/api/v1/evaluate/basic", .key = ""}).status == 401);
    CHECK(relay.ask({.target = "/api/v1/evaluate/basic", .key = relay_key}).status == 403);
    std::string contexts;
    for (int i = 0; i < 1001; ++i) contexts += i == 0 ? "{}" : ",{}";
    CHECK(relay.ask({.target = "/api/v1/evaluate", .body = R"({"contexts":[)" + contexts + "]}"}).status == 400);
}

TEST_CASE("each of many contexts may have 64 KiB, and the problem names the one that is larger") {
    ServedRelay relay;
    const auto context_of = [](std::size_t bytes) {
        std::string text = R"({"a":"","b":""})";
        text.insert(6, std::string(40'000, 'x'));
        text.insert(text.size() - 2, std::string(bytes - text.size(), 'y'));
        return text;
    };
    const auto largest = context_of(64 * 1024);
    REQUIRE(largest.size() == 64 * 1024);
    const auto over = context_of(64 * 1024 + 1);
    const auto ask = [&](const std::string& members) {
        return relay.ask({.target = "/api/v1/evaluate", .body = R"({"flags":["basic"],)" + members + "}"});
    };
    CHECK(ask(R"("contexts":[)" + largest + ", \n" + largest + "," + largest + "]").status == 200);
    CHECK(ask(R"("context":)" + largest).status == 200);
    const auto before = relay.counted_in_all();
    const auto many = ask(R"("contexts":[{},)" + largest + "," + over + ",{}]");
    CHECK(many.status == 413);
    CHECK(many.content_type == "application/problem+json");
    CHECK(many.body.find(R"("pointer":"/contexts/2")") != std::string::npos);
    CHECK(many.body.find("64 KiB") != std::string::npos);
    const auto one = ask(R"("context":)" + over);
    CHECK(one.status == 413);
    CHECK(one.body.find(R"("pointer":"/context")") != std::string::npos);
    CHECK(relay.counted_in_all() == before);
}

TEST_CASE("a bulk request with a member of the wrong type gets its place") {
    ServedRelay relay;
    const std::pair<const char*, const char*> cases[] = {
        {R"({"flags":1})", "/flags"}, {R"({"flags":["a",1]})", "/flags/1"}, {R"({"contexts":{}})", "/contexts"}};
    for (const auto& [body, pointer] : cases) {
        CAPTURE(body);
        const auto answer = relay.ask({.target = "/api/v1/evaluate", .body = body});
        CHECK(answer.body.find("\"pointer\":\"" + std::string(pointer) + "\"") != std::string::npos);
    }
}

TEST_CASE("an explanation is the evaluation and its steps, for server keys only, and is not counted") {
    ServedRelay relay;
    const auto before = relay.counted_in_all();
    const auto answer = relay.ask({.target = "/api/v1/explain/ruled", .body = R"({"context":{"country":"DE"}})"});
    CHECK(answer.status == 200);
    CHECK(answer.body.find(R"("steps":[{"step":"enabled","holds":true})") != std::string::npos);
    CHECK(answer.body.find(R"("value":"DE","holds":true)") != std::string::npos);
    CHECK(relay.ask({.target = "/api/v1/explain/absent"}).status == 404);
    CHECK(relay.ask({.target = "/api/v1/explain/%FF%FE"}).body ==
          R"({"flag":"%FF%FE","error":"FLAG_NOT_FOUND","reason":"ERROR","steps":[]})");
    CHECK(relay.ask({.target = "/api/v1/explain/ruled", .body = "{"}).status == 400);
    CHECK(relay.ask({.target = "/api/v1/explain/ruled", .key = client_key}).status == 403);
    CHECK(relay.ask({.target = "/api/v1/explain/ruled", .key = ""}).status == 401);
    CHECK(relay.counted_in_all() == before);
}
