// The contexts whose attributes' names are noted: those of every form of evaluation, each once.

#include "tests/support/catch_result.hpp"
#include "tests/unit/relay/serve/served_relay.hpp"

using namespace fanion;
using namespace fanion::test;
using relay::attributes::Source;

namespace {

// "name*sightings", in order, of the only environment.
std::string noted(ServedRelay& relay, Source source = Source::server) {
    auto all = relay.services->sampler.take();
    if (all.empty()) return "";
    REQUIRE(all.size() == 1);
    std::map<std::string, std::uint64_t> counts;
    for (const auto& [name, entry] : all.begin()->second.of(source).entries()) counts[name] = entry.count;
    std::string text;
    for (const auto& [name, count] : counts) text += name + '*' + std::to_string(count) + ' ';
    return text;
}

}  // namespace

TEST_CASE("names are noted in each form of evaluation, once for each context") {
    ServedRelay relay;
    CHECK(relay.evaluate("ruled", R"({"targetingKey":"u","country":"DE"})").status == 200);
    CHECK(noted(relay) == "country*1 targetingKey*1 ");
    CHECK(relay.bulk(R"({"targetingKey":"u","plan":"pro"})").status == 200);
    CHECK(noted(relay) == "plan*1 targetingKey*1 ");
    CHECK(relay.ask({.target = "/api/v1/evaluate/ruled", .body = R"({"context":{"a":1}})"}).status == 200);
    CHECK(noted(relay) == "a*1 ");
    CHECK(relay.ask({.target = "/api/v1/evaluate", .body = R"({"contexts":[{"a":1},{"b":1},{"a":2}]})"}).status == 200);
    CHECK(noted(relay) == "a*2 b*1 ");
    CHECK(relay.ask({.method = net::Method::get, .target = "/evaluate/ruled?user_id=u&team=a&team=b"}).status == 200);
    CHECK(noted(relay) == "targetingKey*1 team*1 user_id*1 ");
}

TEST_CASE("contexts of client keys are noted apart") {
    ServedRelay relay;
    CHECK(relay.bulk(R"({"shown":1})", client_key).status == 200);
    CHECK(noted(relay, Source::client) == "shown*1 ");
    CHECK(relay.bulk(R"({"shown":1})", client_key).status == 200);
    CHECK(noted(relay, Source::server).empty());
}

TEST_CASE("what is refused or only explained is not noted, nor anything when it is switched off") {
    ServedRelay relay;
    CHECK(relay.evaluate("ruled", R"({"a":1})", "fan_srv_unknown").status == 401);
    CHECK(relay.bulk("[1]").status == 400);
    CHECK(relay.ask({.target = "/api/v1/explain/ruled", .body = R"({"context":{"a":1}})"}).status == 200);
    CHECK(noted(relay).empty());
    relay::serve::ServeConfig config;
    config.attribute_names = false;
    ServedRelay quiet(config);
    CHECK(quiet.evaluate("ruled", R"({"a":1})").status == 200);
    CHECK(noted(quiet).empty());
}
