// The swap as a part of the trace of the change.

#include "tests/support/catch_result.hpp"
#include "tests/unit/relay/cache/one_environment.hpp"

using namespace fanion;
using namespace fanion::test;

namespace {

const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

// The document with this member of line 0, which nobody signs.
std::string with_trace(std::string document, const std::string& value) {
    const auto end = document.find("}\n");
    return document.insert(end, ",\"trace\":" + value);
}

}  // namespace

TEST_CASE("a swap belongs to the trace that the delta names, and a relay below is told of it") {
    OneEnvironment rig;
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    rig.change(false);
    CHECK(rig.relay.apply(env, with_trace(rig.environment.delta(), '"' + trace + '"')) == "");
    CHECK(rig.value() == "false");
    const auto spans = rig.relay.spans();
    REQUIRE(spans.size() == 1);
    CHECK(spans[0].name == "ruleset swap");
    CHECK(spans[0].parent == 0x00f067aa0ba902b7u);
    CHECK(to_hex(spans[0].context.trace) == "4bf92f3577b34da6a3ce929d0e0e4736");
    REQUIRE(rig.relay.served(env)->steps.size() == 1);
    CHECK(rig.relay.served(env)->steps[0]->head.find(trace) != std::string::npos);
    rig.relay.restart();
    CHECK(rig.value() == "false");
    CHECK(rig.relay.spans().empty());
}

TEST_CASE("a ruleset that names no trace, or a wrong one, is applied like any other") {
    OneEnvironment rig;
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    bool on = false;
    for (const std::string value : {"7", "\"\"", "\"x\"", "null", "[{}]"}) {
        rig.change(on);
        CHECK(rig.relay.apply(env, with_trace(rig.environment.delta(), value)) == "");
        CHECK(rig.value() == (on ? "true" : "false"));
        on = !on;
    }
    const auto not_a_context = '"' + std::string(55, '0') + '"';
    rig.change(on);
    CHECK(rig.relay.apply(env, with_trace(rig.environment.delta(), not_a_context)) == "");
    CHECK(rig.value() == (on ? "true" : "false"));
    CHECK(rig.relay.spans().empty());
}
