#include "relay/serve/rate_limiter.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/unit/relay/serve/served_relay.hpp"

using namespace fanion;
using namespace fanion::test;

namespace {

using relay::serve::Limit;

bool is_general(const Answer& answer) {
    json::Document document;
    return document.parse(answer.body) && document.root().find("errorCode").as_string() == "GENERAL" &&
           document.root().find("metadata").size() == 0;
}

}  // namespace

TEST_CASE("a key is read from Authorization or X-API-Key") {
    ServedRelay relay;
    CHECK(relay.evaluate("basic").status == 200);
    const auto answer = relay.ask(
        {.target = "/ofrep/v1/evaluate/flags/basic", .headers = {{"X-API-Key", std::string(server_key)}}, .key = ""});
    CHECK(answer.status == 200);
}

TEST_CASE("no key, an unknown one, or one that is not valid now: 401") {
    ServedRelay relay;
    for (const auto key : {std::string_view(""), std::string_view("fan_srv_wrong"), expired_key, future_key}) {
        const auto single = relay.evaluate("basic", "{}", key);
        CHECK(single.status == 401);
        CHECK(is_general(single));
        CHECK(single.header("WWW-Authenticate") == "Bearer");
        CHECK(relay.bulk("{}", key).status == 401);
    }
    relay.clock.advance(1);
    CHECK(relay.evaluate("basic", "{}", future_key).status == 200);
}

TEST_CASE("a relay key is known but of the wrong kind: 403") {
    ServedRelay relay;
    CHECK(relay.evaluate("basic", "{}", relay_key).status == 403);
    CHECK(relay.bulk("{}", relay_key).status == 403);
    CHECK(is_general(relay.bulk("{}", relay_key)));
}

TEST_CASE("a relay key that no ruleset names is known by its form: 403 on every route, at any time") {
    ServedRelay relay;
    for (const bool synchronised : {true, false}) {
        relay.set_synchronised(synchronised);
        for (const auto* target : {"/ofrep/v1/evaluate/flags/basic", "/ofrep/v1/evaluate/flags", "/api/v1/evaluate"})
            CHECK(relay.ask({.target = target, .key = "fan_rly_of-another-relay"}).status == 403);
    }
}

TEST_CASE("a mesh's own bearer token does not hide a key") {
    ServedRelay relay;
    const auto ask = [&](std::string_view token, std::string_view key) {
        return relay
            .ask({.target = "/ofrep/v1/evaluate/flags/basic",
                  .headers = {{"X-API-Key", std::string(key)}},
                  .key = token})
            .status;
    };
    const std::string mesh = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZXNoIn0.c2ln";
    CHECK(ask(mesh, server_key) == 200);
    CHECK(ask(server_key, mesh) == 200);
    CHECK(ask(server_key, "fan_srv_wrong") == 200);
    CHECK(ask("fan_srv_wrong", server_key) == 401);  // both are ours by their form: Authorization counts
    CHECK(ask(mesh, "fan_srv_wrong") == 401);
}

TEST_CASE("a body with a Content-Encoding is refused with 415, one that is identity is not") {
    ServedRelay relay;
    const auto ask = [&](const std::string& target, const std::string& encoding, const std::string& body) {
        return relay.ask({.target = target, .body = body, .headers = {{"Content-Encoding", encoding}}});
    };
    for (const auto* target : {"/ofrep/v1/evaluate/flags/basic", "/ofrep/v1/evaluate/flags", "/api/v1/evaluate/basic",
                               "/api/v1/evaluate", "/api/v1/explain/basic"}) {
        CAPTURE(target);
        for (const auto* encoding : {"gzip", "zstd", "br", "identity, gzip"})
            CHECK(ask(target, encoding, "\x1f\x8b\x08").status == 415);
        CHECK(ask(target, "gzip", "{}").status == 415);
        CHECK(ask(target, "Identity", "{}").status == 200);
        CHECK(ask(target, "gzip", "").status == 200);  // nothing is encoded
    }
    const auto refused = ask("/ofrep/v1/evaluate/flags/basic", "gzip", "{}");
    CHECK(is_general(refused));
    CHECK(refused.body.find("Content-Encoding") != std::string::npos);
}

TEST_CASE("a client key sees only what is marked client, and no difference to what does not exist") {
    ServedRelay relay;
    CHECK(relay.evaluate("basic", "{}", client_key).status == 200);
    const auto hidden = relay.evaluate("secret", "{}", client_key);
    auto missing = relay.evaluate("absent", "{}", client_key).body;
    CHECK(hidden.status == 404);
    CHECK(hidden.body == missing.replace(missing.find("absent"), 6, "secret"));
    CHECK(relay.bulk("{}", client_key).body.find("secret") == std::string::npos);
    CHECK(relay.bulk("{}", server_key).body.find("secret") != std::string::npos);
}

TEST_CASE("until all rulesets have arrived an unknown key gets 503, never 401") {
    ServedRelay relay;
    relay.set_synchronised(false);
    for (const auto key : {std::string_view(""), std::string_view("fan_srv_wrong")}) {
        const auto answer = relay.evaluate("basic", "{}", key);
        CHECK(answer.status == 503);
        CHECK(answer.header("Retry-After") == "1");
        CHECK(is_general(answer));
    }
    CHECK(relay.evaluate("basic").status == 200);
}

TEST_CASE("while an environment is stale an unknown key gets 503: it may have been made meanwhile") {
    ServedRelay relay;
    CHECK(relay.evaluate("basic", "{}", "fan_srv_new").status == 401);
    relay.clock.advance(60'001);
    CHECK(relay.evaluate("basic", "{}", "fan_srv_new").status == 503);
    CHECK(relay.evaluate("basic", "{}", "fan_srv_new").header("Retry-After") == "1");
    CHECK(relay.evaluate("basic", "{}", expired_key).status == 401);
    CHECK(relay.evaluate("basic").status == 200);
}

TEST_CASE("a relay that never had data answers 503") {
    boost::asio::io_context context;
    ServedRelay relay;
    const relay::cache::EnvironmentRegistry nothing(1);
    const relay::serve::WorkerIdentity identity{.worker = 0, .workers = 1, .executor = context.get_executor()};
    const relay::serve::SharedDeps common{nothing,       relay.documents, relay.sdks, relay.intake,
                                          relay.reports, *relay.batches,  relay.pool};
    relay::serve::WorkerDeps services(identity, common, *relay.counters, relay.clock, relay.config);
    relay.router = net::Router();
    relay::serve::add_routes(relay.router, services);
    CHECK(relay.evaluate("basic").status == 503);
    CHECK(relay.bulk().status == 503);
    CHECK(relay.bulk().header("Retry-After") == "1");
}

TEST_CASE("a key that is removed from the ruleset is refused from that version on") {
    ServedRelay relay;
    auto items = standard_items();
    std::erase_if(items, [](const auto& item) { return item.first == "access/srv"; });
    relay.publish(items);
    CHECK(relay.evaluate("basic").status == 401);
    CHECK(relay.evaluate("basic", "{}", minimal_key).status == 200);
}

TEST_CASE("the use of a key that is admitted is recorded for its minute, that of a refused key is not") {
    ServedRelay relay;
    const auto minute = relay.clock.now() - relay.clock.now() % 60'000;
    const auto used = [&relay] {
        std::string text;
        for (const auto& use : relay.registry.key_uses().due()) text += use.id + ' ' + std::to_string(use.at) + ' ';
        return text;
    };
    for (const auto key : {relay_key, expired_key, future_key}) relay.evaluate("basic", "{}", key);
    CHECK(used().empty());
    relay.evaluate("basic");
    relay.bulk("{}", client_key);
    const auto both = "cli " + std::to_string(minute) + " srv " + std::to_string(minute) + ' ';
    CHECK(used() == both);
    relay.publish(standard_items());  // a new version keeps the recorded uses
    CHECK(used() == both);
    relay.registry.key_uses().reported(relay.registry.key_uses().due());
    relay.evaluate("basic");
    CHECK(used().empty());
    relay.clock.advance(60'000);
    relay.evaluate("basic");
    CHECK(used() == "srv " + std::to_string(minute + 60'000) + ' ');
}

TEST_CASE("a token bucket gives its burst, then its rate, and nothing for a clock set back") {
    relay::serve::TokenBucket bucket;
    const relay::serve::Rate rate{.per_second = 2, .burst = 3};
    for (int i = 0; i < 3; ++i) CHECK(bucket.take(rate, 1'000) == 0);
    CHECK(bucket.take(rate, 1'000) == 500);
    CHECK(bucket.take(rate, 1'400) == 100);
    CHECK(bucket.take(rate, 1'500) == 0);
    CHECK(bucket.take(rate, 900) > 0);
    CHECK(bucket.take(rate, 100'000) == 0);
    CHECK(bucket.take({.per_second = 0, .burst = 0}, 100'000) == 0);
}

TEST_CASE("requests above a key's rate get 429 with whole seconds, other keys are served") {
    relay::serve::ServeConfig config;
    config.key_rate = {.per_second = 0.5, .burst = 2};
    ServedRelay relay(config);
    CHECK(relay.evaluate("basic").status == 200);
    CHECK(relay.evaluate("basic").status == 200);
    const auto refused = relay.evaluate("basic");
    CHECK(refused.status == 429);
    CHECK(refused.header("Retry-After") == "2");
    CHECK(is_general(refused));
    CHECK(relay.evaluate("basic", "{}", minimal_key).status == 200);
    relay.clock.advance(2'000);
    CHECK(relay.evaluate("basic").status == 200);
}

TEST_CASE("new rates and limits apply from the next request on") {
    ServedRelay relay;
    CHECK(relay.evaluate("basic").status == 200);
    relay::serve::ServeConfig config;
    config.total_rate = {1, 1};
    config.streams = 0;
    relay.services->reconfigure(config);
    CHECK(relay.services->notifier.has_room("k") == false);
    relay.evaluate("basic");
    CHECK(relay.evaluate("basic").status == 429);
    relay.services->reconfigure(relay::serve::ServeConfig{});
    relay.clock.advance(1);
    CHECK(relay.evaluate("basic").status == 200);
}

TEST_CASE("requests above the rate of all keys get 429, whatever their key") {
    relay::serve::ServeConfig config;
    config.total_rate = {.per_second = 1, .burst = 1};
    ServedRelay relay(config);
    CHECK(relay.evaluate("basic").status == 200);
    const auto refused = relay.evaluate("basic", "{}", minimal_key);
    CHECK(refused.status == 429);
    CHECK(refused.header("Retry-After") == "1");
    CHECK(relay.evaluate("basic", "{}", "nobody").status == 401);
    CHECK(relay.services->metrics.limited_by(Limit::total_rate) == 1);
}

TEST_CASE("what one key has too many of is not taken from the others") {
    relay::serve::ServeConfig config;
    config.key_rate = {.per_second = 1, .burst = 1};
    config.total_rate = {.per_second = 1, .burst = 2};
    ServedRelay relay(config);
    CHECK(relay.evaluate("basic").status == 200);
    for (int i = 0; i < 10; ++i) CHECK(relay.evaluate("basic").status == 429);
    CHECK(relay.evaluate("basic", "{}", minimal_key).status == 200);
    CHECK(relay.services->metrics.limited_by(Limit::key_rate) == 10);
    CHECK(relay.services->metrics.limited_by(Limit::total_rate) == 0);
}

TEST_CASE("strangers above their rate get 429 and take nothing from those with a key") {
    relay::serve::ServeConfig config;
    config.stranger_rate = {.per_second = 1, .burst = 2};
    config.total_rate = {.per_second = 1, .burst = 1};
    ServedRelay relay(config);
    CHECK(relay.evaluate("basic", "{}", "nobody").status == 401);
    CHECK(relay.evaluate("basic", "{}", expired_key).status == 401);
    for (const auto key : {std::string_view("nobody"), expired_key, relay_key}) {
        const auto refused = relay.evaluate("basic", "{}", key);
        CHECK(refused.status == 429);
        CHECK(refused.header("Retry-After") == "1");
        CHECK(is_general(refused));
    }
    CHECK(relay.services->metrics.limited_by(Limit::stranger_rate) == 3);
    CHECK(relay.evaluate("basic").status == 200);
    relay.clock.advance(1'000);
    CHECK(relay.evaluate("basic", "{}", "nobody").status == 401);
}

TEST_CASE("a refusal of one too many says what there is too much of") {
    relay::serve::ServeConfig config;
    config.key_rate = {.per_second = 1, .burst = 1};
    config.stranger_rate = config.key_rate;
    ServedRelay relay(config);
    relay.evaluate("basic");
    CHECK(relay.evaluate("basic").body.find("too many requests with this key") != std::string::npos);
    relay.evaluate("basic", "{}", "nobody");
    const auto stranger = relay.evaluate("basic", "{}", "nobody");
    CHECK(stranger.body.find("too many requests without a valid key") != std::string::npos);
}
