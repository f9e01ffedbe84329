#include "tests/support/catch_result.hpp"
#include "tests/unit/relay/serve/served_relay.hpp"

using namespace fanion;
using namespace fanion::test;

namespace {

const std::string good = "https://app.example";
const std::string bad = "https://evil.example";

Answer from(ServedRelay& relay, const std::string& origin, std::string_view key,
            std::string target = "/ofrep/v1/evaluate/flags") {
    return relay.ask({.target = std::move(target), .headers = {{"Origin", origin}}, .key = key});
}

}  // namespace

TEST_CASE("a preflight is allowed for an origin that some client key lists") {
    ServedRelay relay;
    for (const auto* target :
         {"/ofrep/v1/evaluate/flags", "/ofrep/v1/evaluate/flags/", "/ofrep/v1/evaluate/flags/basic"}) {
        const auto allowed =
            relay.ask({.method = net::Method::options, .target = target, .headers = {{"Origin", good}}, .key = ""});
        CHECK(allowed.status == 204);
        CHECK(allowed.header("Access-Control-Allow-Origin") == good);
        CHECK(allowed.header("Access-Control-Allow-Methods") == "POST, OPTIONS");
        CHECK(allowed.header("Access-Control-Allow-Headers") ==
              "Content-Type, Authorization, X-API-Key, If-None-Match, traceparent, tracestate, baggage, sentry-trace, "
              "X-Request-Id, X-Fanion-SDK, Fanion-Sdk, Content-Encoding");
        CHECK(allowed.header("Access-Control-Max-Age") == "600");
        CHECK(allowed.header("Vary") == "Origin");
        const auto refused =
            relay.ask({.method = net::Method::options, .target = target, .headers = {{"Origin", bad}}, .key = ""});
        CHECK(refused.status == 204);
        CHECK(refused.header("Access-Control-Allow-Origin").empty());
        CHECK(refused.header("Vary") == "Origin");
    }
}

TEST_CASE("an answer to a client key's own origin can be read by the page") {
    ServedRelay relay;
    for (const auto* target :
         {"/ofrep/v1/evaluate/flags", "/ofrep/v1/evaluate/flags/basic", "/ofrep/v1/evaluate/flags/absent"}) {
        const auto answer = from(relay, good, client_key, target);
        CHECK(answer.header("Access-Control-Allow-Origin") == good);
        CHECK(answer.header("Access-Control-Expose-Headers") == "ETag, Retry-After");
        CHECK(answer.header("Vary") == "Origin");
    }
    const auto etag = from(relay, good, client_key).header("ETag");
    const auto again = relay.ask({.target = "/ofrep/v1/evaluate/flags",
                                  .headers = {{"Origin", good}, {"If-None-Match", etag}},
                                  .key = client_key});
    CHECK(again.status == 304);
    CHECK(again.header("Access-Control-Allow-Origin") == good);
}

TEST_CASE("an answer to another origin, or to a server key in a browser, carries no permission") {
    ServedRelay relay;
    CHECK(from(relay, bad, client_key).header("Access-Control-Allow-Origin").empty());
    CHECK(from(relay, bad, client_key).status == 200);
    CHECK(from(relay, good, server_key).header("Access-Control-Allow-Origin").empty());
    CHECK(relay.bulk("{}", client_key).header("Vary").empty());
}

TEST_CASE("a page whose key is refused can see the refusal when its origin is known") {
    ServedRelay relay;
    CHECK(from(relay, good, "fan_cli_wrong").header("Access-Control-Allow-Origin") == good);
    CHECK(from(relay, bad, "fan_cli_wrong").header("Access-Control-Allow-Origin").empty());
}

TEST_CASE("a star among a key's origins allows every page") {
    ServedRelay relay;
    auto items = standard_items();
    for (auto& [key, body] : items) {
        if (key == "access/cli") body.replace(body.find("https://app.example"), 19, "*");
    }
    relay.publish(items);
    CHECK(from(relay, bad, client_key).header("Access-Control-Allow-Origin") == bad);
}

TEST_CASE("an event stream has a preflight of its own") {
    ServedRelay relay;
    const auto answer = relay.ask({.method = net::Method::options,
                                   .target = "/ofrep/v1/stream?token=x",
                                   .headers = {{"Origin", good}},
                                   .key = ""});
    CHECK(answer.status == 204);
    CHECK(answer.header("Access-Control-Allow-Origin") == good);
    CHECK(answer.header("Access-Control-Allow-Methods") == "GET, OPTIONS");
    CHECK(
        answer.header("Access-Control-Allow-Headers") ==
        "Cache-Control, Last-Event-ID, Authorization, X-API-Key, If-None-Match, Fanion-Have, traceparent, tracestate, "
        "baggage, sentry-trace, X-Request-Id, Fanion-Sdk");
}

TEST_CASE("until all keys are known, any page may learn that it has to wait") {
    ServedRelay relay;
    relay.set_synchronised(false);
    const auto preflight = relay.ask({.method = net::Method::options,
                                      .target = "/ofrep/v1/evaluate/flags",
                                      .headers = {{"Origin", bad}},
                                      .key = ""});
    CHECK(preflight.status == 204);
    CHECK(preflight.header("Access-Control-Allow-Origin") == bad);
    CHECK(preflight.header("Access-Control-Max-Age").empty());
    const auto answer = from(relay, bad, "fan_cli_unknown");
    CHECK(answer.status == 503);
    CHECK(answer.header("Access-Control-Allow-Origin") == bad);
    CHECK(answer.header("Access-Control-Expose-Headers") == "ETag, Retry-After");
    CHECK(from(relay, bad, client_key).header("Access-Control-Allow-Origin").empty());
}

TEST_CASE("what needs no key takes from the rate of strangers") {
    relay::serve::ServeConfig config;
    config.stranger_rate = {.per_second = 1, .burst = 2};
    const Ask asks[] = {
        {.method = net::Method::options,
         .target = "/ofrep/v1/evaluate/flags",
         .headers = {{"Origin", good}},
         .key = ""},
        {.method = net::Method::options, .target = "/ofrep/v1/stream", .headers = {{"Origin", good}}, .key = ""},
        {.method = net::Method::get, .target = "/ofrep/v1/configuration", .headers = {{"Origin", good}}, .key = ""},
    };
    for (const auto& ask : asks) {
        INFO(ask.target);
        ServedRelay relay(config);
        const auto first = relay.ask(ask).status;
        CHECK(first != 429);
        CHECK(relay.ask(ask).status == first);
        const auto third = relay.ask(ask);
        CHECK(third.status == 429);
        CHECK(third.header("Retry-After") == "1");
        CHECK(third.header("Access-Control-Allow-Origin") == good);
    }
}
