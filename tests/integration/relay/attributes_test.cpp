// The names of contexts' attributes in status reports, and no value.

#include <catch2/catch.hpp>

#include "tests/integration/relay/relay_rig.hpp"

using namespace fanion;
using test::RelayRig;
using test::wait_for;

TEST_CASE("a report names the attributes that contexts had, once in an hour, and none of their values") {
    RelayRig rig;
    rig.start_with_ruleset();
    for (int i = 0; i < 20; ++i) REQUIRE(rig.relay->evaluate("f", rig.server_key) == "true");
    const std::string seen = R"("attributes":[{"env_id":"e_1","name":"targetingKey","type":"string","seen_at":)";
    CHECK(wait_for([&] { return rig.control->statuses_with(seen) > 0; }));
    CHECK(rig.relay->metric("fanion_relay_attribute_names") == 1);
    CHECK(rig.control->statuses_with("u1") == 0);  // the value
}
