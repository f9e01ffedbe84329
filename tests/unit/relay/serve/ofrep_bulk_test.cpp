#include "relay/serve/wanted_version.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/unit/relay/serve/served_relay.hpp"

using namespace fanion;
using namespace fanion::test;

namespace {

std::vector<std::string> keys_of(const Answer& answer) {
    json::Document document;
    REQUIRE(document.parse(answer.body));
    std::vector<std::string> keys;
    for (const auto flag : document.root().find("flags").elements()) keys.emplace_back(flag.find("key").as_string());
    return keys;
}

Items items_reading_now() {
    auto items = standard_items();
    items.emplace_back(
        "flag/timed",
        R"({"key":"timed","type":"boolean","version":1,"enabled":true,"client":true,"variations":[{"key":"on","value":true},)"
        R"({"key":"off","value":false}],"off":null,"prerequisites":[],"targets":[],"rules":[{"id":"r","when":{"attribute":"$now",)"
        R"("op":"after","values":["2025-11-21T10:13:25Z"],"ignore_case":false},"serve":{"variation":"on"}}],)"
        R"("fallthrough":{"variation":"off"},"salt":"timed","track":false})");
    return items;
}

}  // namespace

TEST_CASE("bulk holds every flag in key order, failures among them") {
    ServedRelay relay;
    const auto answer = relay.bulk();
    CHECK(answer.status == 200);
    CHECK(keys_of(answer) == std::vector<std::string>{"basic", "behind", "number", "object", "ruled", "secret", "split",
                                                      "stopped", "text"});
    CHECK(answer.body.find(R"({"key":"split","errorCode":"TARGETING_KEY_MISSING")") != std::string::npos);
    CHECK(answer.body.find(
              R"({"key":"basic","value":true,"reason":"STATIC","variant":"on","metadata":{"version":12}})") !=
          std::string::npos);
    CHECK(relay.counted("split", "", "ERROR") == 1);
    CHECK(relay.counted("basic", "on", "STATIC") == 1);
}

TEST_CASE("the top level names the flag set, its version and where changes are announced") {
    ServedRelay relay;
    const auto answer = relay.ask({.target = "/ofrep/v1/evaluate/flags/", .headers = {{"Host", "relay:8080"}}});
    json::Document document;
    REQUIRE(document.parse(answer.body));
    const auto root = document.root();
    CHECK(root.find("metadata").find("flagSetId").as_string() == "e_test");
    CHECK(root.find("metadata").find("version").as_string() == "1763719200.1");
    REQUIRE(root.find("eventStreams").size() == 1);
    const auto stream = *root.find("eventStreams").elements().begin();
    CHECK(stream.find("type").as_string() == "sse");
    CHECK(stream.find("url").as_string().starts_with("http://relay:8080/ofrep/v1/stream?token=e_test.srv."));
    CHECK(stream.find("inactivityDelaySec").number_text() == "120");
}

TEST_CASE("a key with ofrep_minimal gets only the flags") {
    ServedRelay relay;
    const auto answer = relay.bulk("{}", minimal_key);
    CHECK(answer.body.ends_with("}]}"));
    CHECK(answer.body.find("eventStreams") == std::string::npos);
    CHECK_FALSE(answer.header("ETag").empty());
}

TEST_CASE("the same request again is not modified, and is not evaluated") {
    ServedRelay relay;
    const auto first = relay.bulk(R"({"targetingKey":"u1"})");
    const auto etag = first.header("ETag");
    REQUIRE(etag.size() > 2);
    CHECK(etag.front() == '"');
    const auto evaluations = relay.counted_in_all();
    for (const auto& tag : {etag, "W/" + etag, R"("other", )" + etag, std::string("*")}) {
        const auto again = relay.bulk_if_none_match(tag, R"({"targetingKey":"u1"})");
        CHECK(again.status == 304);
        CHECK(again.body.empty());
        CHECK(again.header("ETag") == etag);
    }
    CHECK(relay.counted_in_all() == evaluations);
    CHECK(relay.bulk_if_none_match(R"("other")", R"({"targetingKey":"u1"})").status == 200);
}

TEST_CASE("the tag changes with context, ruleset, key and staleness") {
    ServedRelay relay;
    std::vector<std::string> tags = {relay.bulk().header("ETag"), relay.bulk(R"({"targetingKey":"u2"})").header("ETag"),
                                     relay.bulk("{}", client_key).header("ETag"),
                                     relay.bulk("{}", minimal_key).header("ETag")};
    relay.publish(items_with_changed("basic"));
    tags.push_back(relay.bulk().header("ETag"));
    relay.clock.advance(61'000);
    tags.push_back(relay.bulk().header("ETag"));
    relay.clock.advance(1'000);
    CHECK(relay.bulk().header("ETag") == tags.back());  // staleness itself counts, its seconds do not
    std::sort(tags.begin(), tags.end());
    CHECK(std::adjacent_find(tags.begin(), tags.end()) == tags.end());
}

TEST_CASE("the tag does not change with the event stream's URL, nor with the hour of its token") {
    ServedRelay relay;
    relay.set_head_expiry(relay.clock.now() + 10 * 3'600'000);
    const auto ask = [&](const std::string& host) {
        return relay.ask({.target = "/ofrep/v1/evaluate/flags", .headers = {{"Host", host}}, .key = client_key});
    };
    const auto first = ask("a.example");
    relay.clock.advance(3'600'000);
    const auto later = ask("b.example");
    CHECK(first.body != later.body);
    CHECK(first.header("ETag") == later.header("ETag"));
}

TEST_CASE("the tag of a key changes with what the key may see, and with nothing else") {
    ServedRelay relay;
    const auto tag = [&](std::string_view key) { return relay.bulk("{}", key).header("ETag"); };
    const auto client = tag(client_key);
    const auto server = tag(server_key);
    relay.publish(standard_items());
    CHECK(tag(client_key) == client);
    CHECK(tag(server_key) == server);
    relay.publish(items_with_changed("secret"));
    CHECK(tag(client_key) == client);
    CHECK(tag(server_key) != server);
    auto items = standard_items();
    std::erase_if(items, [](const auto& item) { return item.first == "access/min"; });
    relay.publish(items);
    CHECK(tag(client_key) == client);
    CHECK(tag(server_key) == server);
    relay.publish(items_with_changed("stopped"));  // a prerequisite
    CHECK(tag(client_key) != client);
}

TEST_CASE("the tag covers the context, not how it is written") {
    ServedRelay relay;
    const auto tag = [&](const std::string& body) {
        return relay.ask({.target = "/ofrep/v1/evaluate/flags", .body = body}).header("ETag");
    };
    const auto expected =
        tag(R"({"context":{"targetingKey":"u","plan":"pro","app":{"os":"x","version":"2"},"n":[1,2]}})");
    for (
        const auto* same :
        {R"({"context":{"plan":"pro","n":[1,2],"app":{"version":"2","os":"x"},"targetingKey":"u"}})",
         R"({ "other": 7, "context": {"targetingKey":"\u0075", "plan":"free", "plan":"pro", "app":{"os":"x","version":"2"},)"
         R"( "n":[1, 2]}})"})
        CHECK(tag(same) == expected);
    for (const auto* other :
         {R"({"context":{"targetingKey":"u","plan":"pro","app":{"os":"x","version":"2"},"n":[2,1]}})",
          R"({"context":{"targetingKey":"u","plan":"pro","app":{"os":"2","version":"x"},"n":[1,2]}})",
          R"({"context":{"targetingKey":"u","plan":"pro","app":{"os":"x"},"version":"2","n":[1,2]}})", "{}"})
        CHECK(tag(other) != expected);
    CHECK(tag("") == tag(R"({"context":{}})"));
    CHECK(tag("") == tag(R"({"context":null})"));
}

TEST_CASE("where a rule reads the time the tag follows the result") {
    ServedRelay relay;  // starts at 2025-11-21T10:13:20Z
    relay.publish(items_reading_now());
    const auto etag = relay.bulk().header("ETag");
    CHECK(relay.bulk_if_none_match(etag).status == 304);
    relay.clock.advance(10'000);
    const auto later = relay.bulk_if_none_match(etag);
    CHECK(later.status == 200);
    CHECK(later.header("ETag") != etag);
    CHECK(relay.bulk_if_none_match(later.header("ETag")).status == 304);
}

TEST_CASE("where a rule reads the time, the seconds of staleness do not change the tag either") {
    ServedRelay relay;
    relay.publish(items_reading_now());
    relay.clock.advance(61'000);  // past the time that the rule reads
    const auto first = relay.bulk();
    relay.clock.advance(1'000);
    const auto later = relay.bulk();
    CHECK(first.body != later.body);
    CHECK(first.header("ETag") == later.header("ETag"));
    CHECK(relay.bulk_if_none_match(first.header("ETag")).status == 304);
    CHECK(relay.bulk(R"({"country":"DE"})").header("ETag") != first.header("ETag"));
}

TEST_CASE("a malformed request fails as a whole, without a flag key") {
    ServedRelay relay;
    const auto broken = relay.ask({.target = "/ofrep/v1/evaluate/flags", .body = "{"});
    CHECK(broken.status == 400);
    CHECK(broken.body.starts_with(R"({"errorCode":"PARSE_ERROR","errorDetails":")"));
    CHECK(broken.body.find("error_code") == std::string::npos);
    const auto context = relay.bulk("7");
    CHECK(context.status == 400);
    CHECK(context.body.starts_with(R"({"errorCode":"INVALID_CONTEXT")"));
}

TEST_CASE("a version that has arrived is not waited for") {
    ServedRelay relay;
    const auto answer =
        relay.ask({.target = "/ofrep/v1/evaluate/flags?flagConfigEtag=%221763719200.1%22&flagConfigLastModified=1"});
    CHECK(answer.status == 200);
}

TEST_CASE("the wait for a version that does not arrive ends with the version at hand") {
    relay::serve::ServeConfig config;
    config.version_wait = std::chrono::milliseconds(1);
    ServedRelay relay(config);
    const auto answer = relay.ask({.target = "/ofrep/v1/evaluate/flags?flagConfigEtag=%221763719200.9%22"});
    CHECK(answer.status == 200);
    CHECK(answer.body.find("1763719200.1") != std::string::npos);
}

TEST_CASE("a version that arrives during the wait is the answer") {
    relay::serve::ServeConfig config;
    config.version_wait = std::chrono::milliseconds(60'000);
    ServedRelay relay(config);
    boost::asio::post(relay.context, [&] { relay.publish_and_wake(standard_items()); });
    const auto answer = relay.ask({.target = "/ofrep/v1/evaluate/flags?flagConfigEtag=%221763719200.2%22"});
    CHECK(answer.status == 200);
    CHECK(answer.body.find("1763719200.2") != std::string::npos);
}

TEST_CASE("a request that waits takes from the rates once") {
    relay::serve::ServeConfig config;
    config.version_wait = std::chrono::milliseconds(1);
    config.key_rate = config.total_rate = {.per_second = 1, .burst = 3};
    ServedRelay relay(config);
    const Ask waiting{.target = "/ofrep/v1/evaluate/flags?flagConfigEtag=%221763719200.9%22"};
    for (int i = 0; i < 3; ++i) CHECK(relay.ask(waiting).status == 200);
    CHECK(relay.ask(waiting).status == 429);
}

TEST_CASE("a wanted version is an entity tag, and a time in seconds, milliseconds or RFC 3339") {
    relay::cache::EnvironmentState state;
    state.version = {5, 7};
    state.issued_at = 1'763'720'000'123;
    struct Row {
        std::string query;
        bool met;
    };
    const Row rows[] = {{"", true},
                        {"flagConfigEtag=%225.7%22", true},
                        {"flagConfigEtag=5.7", true},
                        {"flagConfigEtag=%225.8%22", false},
                        {"flagConfigEtag=%226.1%22", false},
                        {"flagConfigEtag=nonsense", true},
                        {"flagConfigEtag=%ZZ", true},
                        {"flagConfigLastModified=1763720000", true},
                        {"flagConfigLastModified=1763720001", false},
                        {"flagConfigLastModified=1763720000999", true},
                        {"flagConfigLastModified=2025-11-21T10:13:20Z", true},
                        {"flagConfigLastModified=2025-11-21T10:13:21Z", false},
                        {"other=1", true}};
    for (const auto& row : rows) {
        net::Request request;
        request.raw_query = row.query;
        CHECK(relay::serve::wanted_version(request).is_satisfied_by(state) == row.met);
    }
}
