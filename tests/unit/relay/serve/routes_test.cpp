#include "relay/serve/routes.hpp"

#include <set>
#include <type_traits>

#include "tests/support/catch_result.hpp"
#include "tests/unit/relay/serve/served_relay.hpp"

using namespace fanion;
using namespace fanion::test;
using namespace fanion::relay::serve;

// A row without one of its columns does not compile.
using Metric = std::optional<ServeRoute>;
static_assert(std::is_constructible_v<Route, net::Method, const char*, Credential, Metric, Cors, ErrorForm, Immediate>);
static_assert(!std::is_constructible_v<Route, net::Method, const char*, Metric, Cors, ErrorForm, Immediate>);
static_assert(!std::is_constructible_v<Route, net::Method, const char*, Credential, Cors, ErrorForm, Immediate>);
static_assert(!std::is_constructible_v<Route, net::Method, const char*, Credential, Metric, ErrorForm, Immediate>);
static_assert(!std::is_constructible_v<Route, net::Method, const char*, Credential, Metric, Cors, Immediate>);
static_assert(!std::is_constructible_v<Route, net::Method, const char*, Credential, Metric, Cors, ErrorForm>);
static_assert(!std::is_default_constructible_v<Route>);

namespace {

std::string target_of(const Route& route) {
    std::string target(route.pattern);
    const auto at = target.find("{key}");
    return at == std::string::npos ? target : target.replace(at, 5, "basic");
}

Ask ask_for(const Route& route, std::string_view key) {
    return {
        .method = route.method, .target = target_of(route), .headers = {{"Origin", "https://app.example"}}, .key = key};
}

// Stays a client key: it may have rules.
Items items_with_rules_for_clients() {
    auto items = standard_items();
    for (auto& [key, body] : items) {
        if (key == "access/cli") body.insert(body.size() - 1, R"(,"rules":true)");
    }
    return items;
}

bool is_stream(const Route& route) { return std::holds_alternative<Streaming>(route.handler); }

// What ask_for() ends with where its key is admitted: events must say what their body is.
Outcome admitted(const Route& route) {
    return std::holds_alternative<Accepting>(route.handler) ? Outcome::encoded_body : Outcome::ok;
}

std::uint64_t count_of(const ServedRelay& relay, ServeRoute metric, Outcome outcome) {
    return relay.services->metrics.requests(metric, outcome);
}

}  // namespace

TEST_CASE("the router has the routes of the table and no others") {
    ServedRelay relay;
    std::set<std::string> listed;
    for (const auto& route : routes()) {
        listed.insert(std::string(net::name_of(route.method)) + ' ' + std::string(route.pattern));
    }
    CHECK(listed.size() == routes().size());
    CHECK(listed.size() == relay.router.routes().size());
    for (const auto& route : relay.router.routes()) {
        CHECK(listed.count(std::string(net::name_of(route.method)) + ' ' + route.pattern) == 1);
    }
}

TEST_CASE("every route that requires a key refuses without one, counts it and lets the page see it") {
    for (const auto& route : routes()) {
        if (!route.metric || is_stream(route)) continue;
        INFO(route.pattern);
        ServedRelay relay;
        const auto answer = relay.ask(ask_for(route, ""));
        CHECK(answer.status == 401);
        CHECK(answer.header("WWW-Authenticate") == "Bearer");
        CHECK(answer.header("Access-Control-Allow-Origin") == "https://app.example");
        CHECK(count_of(relay, *route.metric, Outcome::unauthorized) == 1);
        CHECK(relay.counted_in_all() == 0);
    }
}

TEST_CASE("every route admits the keys that its row names, and counts the answer once") {
    for (const auto& route : routes()) {
        if (!route.metric || is_stream(route) || route.credential == Credential::relay_key) continue;
        INFO(route.pattern);
        ServedRelay relay;
        const auto usual = row_of(admitted(route)).status;
        CHECK(relay.ask(ask_for(route, server_key)).status == usual);
        CHECK(count_of(relay, *route.metric, admitted(route)) == 1);
        CHECK(relay.ask(ask_for(route, relay_key)).status == 403);
        CHECK(count_of(relay, *route.metric, Outcome::forbidden) == 1);
        const auto client = relay.ask(ask_for(route, client_key));
        const bool is_for_all = route.credential != Credential::server_key && route.credential != Credential::rules_key;
        CHECK(client.status == (is_for_all ? usual : 403));
        CHECK(client.header("Access-Control-Allow-Origin") == "https://app.example");
        relay.publish(items_with_rules_for_clients());
        CHECK(relay.ask(ask_for(route, client_key)).status ==
              (route.credential == Credential::server_key ? 403 : usual));
    }
}

TEST_CASE("a route for relays admits a relay key and no other") {
    for (const auto& route : routes()) {
        if (route.credential != Credential::relay_key || is_stream(route)) continue;
        INFO(route.pattern);
        ServedRelay relay;
        for (const auto key : {server_key, client_key}) CHECK(relay.ask(ask_for(route, key)).status == 403);
        CHECK(count_of(relay, *route.metric, Outcome::forbidden) == 2);
        CHECK(relay.ask(ask_for(route, "fan_rly_other")).status == 401);
        CHECK(relay.ask(ask_for(route, relay_key)).status != 403);
    }
}

TEST_CASE("a route without a credential answers everybody and is not counted") {
    for (const auto& route : routes()) {
        if (route.credential != Credential::none) continue;
        INFO(route.pattern);
        ServedRelay relay;
        const auto answer = relay.ask(ask_for(route, ""));
        CHECK(answer.status == (route.method == net::Method::options ? 204 : 404));
        for (std::size_t i = 0; i < serve_route_count; ++i) {
            CHECK(count_of(relay, static_cast<ServeRoute>(i), Outcome::ok) == 0);
        }
    }
}

TEST_CASE("a route for server keys refuses a client key before it reads the body") {
    ServedRelay relay;
    const auto answer = relay.ask({.target = "/api/v1/explain/ruled", .body = "{", .key = client_key});
    CHECK(answer.status == 403);
    CHECK(answer.body.find("this is for server keys") != std::string::npos);
}
