#include "relay/rulesets/encoder.hpp"

#include "tests/unit/relay/rulesets/relayed_environment.hpp"

using namespace fanion;
using namespace fanion::test;
using relay::rulesets::full_document;
using relay::rulesets::step_document;
using relay::rulesets::View;

TEST_CASE("a server key gets everything but keys, and can verify the signature") {
    RelayedEnvironment environment;
    environment.take_full();
    VerifyingSdk sdk(environment);
    CHECK(sdk.take(full_document(*environment.state, View::server)).empty());
    CHECK(sdk.has("flag/open") == "body");
    CHECK(sdk.has("flag/hidden") == "body");
    CHECK(sdk.has("environment") == "body");
    CHECK(sdk.has("access/srv") == "withheld");
    CHECK(full_document(*environment.state, View::server).find("fan_srv") == std::string::npos);
}

TEST_CASE("a relay gets everything") {
    RelayedEnvironment environment;
    environment.take_full();
    CHECK(full_document(*environment.state, View::relay) == environment.signed_env.full());
    environment.put_flag("open", false);
    environment.take_delta();
    CHECK(step_document(*environment.state->steps.back(), View::relay) == environment.signed_env.delta());
}

TEST_CASE("a client key gets flags and segments marked so, and no flag that refers to anything else") {
    RelayedEnvironment environment;
    environment.put_client_key(true);
    environment.put_segment("public", true);
    environment.put_segment("unused", true);
    environment.put_segment("staff", false);
    environment.put_flag("by-public", true, RelayedEnvironment::rule_in("public"));
    environment.put_flag("by-staff", true, RelayedEnvironment::rule_in("staff"));
    environment.take_full();
    VerifyingSdk sdk(environment);
    CHECK(sdk.take(full_document(*environment.state, View::client)).empty());
    CHECK(sdk.has("flag/open") == "body");
    CHECK(sdk.has("flag/by-public") == "body");
    CHECK(sdk.has("segment/public") == "body");
    for (const auto* key : {"flag/hidden", "flag/by-staff", "segment/staff", "segment/unused", "environment",
                            "access/srv", "access/cli"}) {
        INFO(key);
        CHECK(sdk.has(key) == "withheld");
    }
}

TEST_CASE("a flag that requires one which is withheld is withheld too") {
    RelayedEnvironment environment;
    environment.put_client_key(true);
    auto body = SignedEnvironment::boolean_flag("behind", true);
    body.replace(body.find(R"("client":false)"), 14, R"("client":true)");
    body.replace(body.find(R"("prerequisites":[])"), 18, R"("prerequisites":[{"flag":"hidden","variations":["on"]}])");
    environment.signed_env.put("flag/behind", body);
    environment.take_full();
    VerifyingSdk sdk(environment);
    CHECK(sdk.take(full_document(*environment.state, View::client)).empty());
    CHECK(sdk.has("flag/behind") == "withheld");
    environment.put_flag("hidden", true);
    environment.take_delta();
    CHECK(sdk.take(step_document(*environment.state->steps.back(), View::client)).empty());
    CHECK(sdk.has("flag/hidden") == "body");
    CHECK(sdk.has("flag/behind") == "body");  // which has not changed
}

TEST_CASE("a change of one item discloses and withholds others that have not changed") {
    RelayedEnvironment environment;
    environment.put_client_key(true);
    environment.put_segment("group", false);
    environment.put_flag("by-group", true, RelayedEnvironment::rule_in("group"));
    environment.take_full();
    VerifyingSdk sdk(environment);
    VerifyingSdk server(environment);
    REQUIRE(sdk.take(full_document(*environment.state, View::client)).empty());
    REQUIRE(server.take(full_document(*environment.state, View::server)).empty());
    CHECK(sdk.has("flag/by-group") == "withheld");
    environment.put_segment("group", true);
    environment.take_delta();
    const auto disclosing = step_document(*environment.state->steps.back(), View::client);
    CHECK(sdk.take(disclosing).empty());
    CHECK(sdk.has("flag/by-group") == "body");
    CHECK(sdk.has("segment/group") == "body");
    const auto plain = step_document(*environment.state->steps.back(), View::server);
    CHECK(plain.find("flag/by-group") == std::string::npos);
    CHECK(server.take(plain).empty());
    environment.put_segment("group", false);
    environment.take_delta();
    CHECK(sdk.take(step_document(*environment.state->steps.back(), View::client)).empty());
    CHECK(sdk.has("flag/by-group") == "withheld");
    CHECK(sdk.has("segment/group") == "withheld");
}

TEST_CASE("a delta withholds the keys that it brings, and removes what is gone") {
    RelayedEnvironment environment;
    environment.put_client_key(true);
    environment.take_full();
    VerifyingSdk sdk(environment);
    REQUIRE(sdk.take(full_document(*environment.state, View::server)).empty());
    environment.signed_env.put_server_key("second", "fan_srv_2");
    environment.signed_env.erase("flag/hidden");
    environment.take_delta();
    const auto document = step_document(*environment.state->steps.back(), View::server);
    CHECK(document.find(to_hex(sha256("fan_srv_2"))) == std::string::npos);
    CHECK(sdk.take(document).empty());
    CHECK(sdk.has("access/second") == "withheld");
    CHECK(sdk.has("flag/hidden") == "none");
}
