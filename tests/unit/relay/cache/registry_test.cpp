#include <catch2/catch.hpp>

#include "relay/cache/prepare.hpp"
#include "relay/cache/relay_keys_file.hpp"
#include "tests/support/signed_environment.hpp"

using namespace fanion;
using namespace fanion::relay::cache;
using test::SignedEnvironment;

namespace {

EnvironmentStatePtr state_of(const SignedEnvironment& environment, const std::string& bytes) {
    PrepareInput input;
    input.bytes = bytes;
    input.trust = std::make_shared<wire::TrustDocument>(wire::parse_first_trust(environment.trust()).value());
    input.env_id = environment.env_id();
    input.signals = std::make_shared<EnvironmentSignals>(2);
    input.now = SignedEnvironment::start;
    return std::get<Candidate>(prepare(input)).state;
}

}  // namespace

TEST_CASE("nothing is published before the first environment") {
    EnvironmentRegistry registry(1);
    Published<ServingState>::Reader reader(registry.serving());
    CHECK(reader.get() == nullptr);
}

TEST_CASE("a key is found with its environments; a relay key may have several") {
    SignedEnvironment production("e_1");
    SignedEnvironment staging("e_0", production);
    production.put_server_key("k1", "secret one");
    production.put_server_key("k2", "shared");
    staging.put_server_key("k3", "shared");
    EnvironmentRegistry registry(1);
    registry.put(state_of(production, production.commit()));
    registry.put(state_of(staging, staging.commit()));

    const auto state = registry.current();
    REQUIRE(state->environments.size() == 2);
    CHECK(state->environments[0]->env_id == "e_0");
    CHECK(state->find_environment("e_1")->org == "acme");
    CHECK(state->find_environment("e_2") == nullptr);

    const auto one = state->find_key(sha256("secret one"));
    REQUIRE(one.size() == 1);
    CHECK(state->environments[one[0].environment]->env_id == "e_1");
    CHECK(one[0].entry->id == "k1");
    CHECK(state->find_key(sha256("shared")).size() == 2);
    CHECK(state->find_key(sha256("unknown")).empty());
}

TEST_CASE("a new version replaces the old one and its keys") {
    SignedEnvironment environment("e_1");
    environment.put_server_key("k1", "secret");
    EnvironmentRegistry registry(1);
    registry.put(state_of(environment, environment.commit()));
    const auto before = registry.current();
    environment.erase("access/k1");
    registry.put(state_of(environment, environment.commit()));
    const auto after = registry.current();
    CHECK(after->environments.size() == 1);
    CHECK(after->find_key(sha256("secret")).empty());
    CHECK(before->find_key(sha256("secret")).size() == 1);
    CHECK(before->environments[0]->serial != after->environments[0]->serial);
}

TEST_CASE("a replaced state is kept until no reader holds it") {
    SignedEnvironment environment("e_1");
    EnvironmentRegistry registry(1);
    Published<ServingState>::Reader reader(registry.serving());
    registry.put(state_of(environment, environment.commit()));
    reader.get();
    registry.put(state_of(environment, environment.commit()));
    CHECK(registry.take_unreferenced().empty());
    reader.get();
    CHECK(registry.take_unreferenced().size() == 1);
    CHECK(registry.take_unreferenced().empty());
}

TEST_CASE("of a revoked environment so many relay keys are known as are written to disk") {
    SignedEnvironment environment("e_1");
    for (std::size_t i = 0; i <= most_former_keys; ++i) environment.put_relay_key(std::to_string(i), std::to_string(i));
    EnvironmentRegistry registry(1);
    registry.put(state_of(environment, environment.commit()));
    CHECK(registry.former_keys("e_1").empty());
    registry.erase("e_1");
    CHECK(registry.former_keys("e_1").size() == most_former_keys);
    CHECK(registry.former_keys("e_2").empty());
    CHECK(registry.current()->granted_formerly("e_1", registry.former_keys("e_1").back()));
}

TEST_CASE("listeners are called after every published change") {
    SignedEnvironment environment("e_1");
    EnvironmentRegistry registry(1);
    std::vector<std::string> heard;
    registry.subscribe([&](const ServingState& state, std::string_view env_id) {
        heard.push_back(std::string(env_id) + "/" + std::to_string(state.environments.size()));
    });
    registry.put(state_of(environment, environment.commit()));
    registry.erase("e_1");
    registry.erase("e_1");
    CHECK(heard == std::vector<std::string>{"e_1/1", "e_1/0"});
}

TEST_CASE("every state tells whether everything has arrived now, those handed out before included") {
    SignedEnvironment environment("e_1");
    EnvironmentRegistry registry(1);
    registry.put(state_of(environment, environment.commit()));
    const auto before = registry.current();
    CHECK_FALSE(before->is_synchronised());
    registry.set_synchronised(true);
    CHECK(before->is_synchronised());
    registry.put(state_of(environment, environment.commit()));
    CHECK(registry.current()->is_synchronised());
    registry.set_synchronised(false);
    CHECK_FALSE(registry.current()->is_synchronised());
}

TEST_CASE("signals: an environment is stale once its newest head has expired") {
    EnvironmentSignals signals(2);
    signals.set_head_expires_at(1'000);
    CHECK(signals.stale_for(999) == 0);
    CHECK(signals.stale_for(1'000) == 0);
    CHECK(signals.stale_for(1'500) == 500);
    signals.record_evaluations(0, 3);
    signals.record_evaluations(1);
    CHECK(signals.evaluations() == 4);
}
