#pragma once

// A cache with one environment, whose flag `f` a test turns on and off.

#include <string>

#include "common/eval/run/evaluator.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/relay/cache/cache_rig.hpp"

namespace fanion::test {

inline const std::string env = "e_1";

struct OneEnvironment {
    TemporaryDirectory directory;
    SignedEnvironment environment{env};
    CacheRig relay{directory.path(), environment.trust()};

    OneEnvironment() { environment.put_boolean_flag("f", true); }

    // The next version with flag f as given, as a full ruleset.
    std::string change(bool on) {
        environment.put_boolean_flag("f", on);
        return environment.commit();
    }
    std::string version() const { return wire::to_string(environment.version()); }
    std::string value() {
        const auto* state = relay.served(env);
        return state ? std::string(eval::evaluate(*state->ruleset, "f", json::Value(), relay.clock.now()).value) : "";
    }
    std::string file(wire::Version version) const {
        return directory / ("env/e_1/" + wire::to_string(version) + ".ruleset");
    }
};

}  // namespace fanion::test
