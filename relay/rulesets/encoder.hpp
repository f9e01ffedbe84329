#pragma once

// Rulesets and deltas as a kind of key may have them: the control plane's signed lines, and the
// items, of which those that are withheld are given as their hashes (docs/distribution.md). Pure;
// of a large ruleset CPU work for the blocking pool.

#include <string>

#include "relay/cache/environment_registry.hpp"

namespace fanion::relay::rulesets {

// Who is served. Each may have what the table in docs/relay-api.md (Rulesets) says.
enum class View : std::uint8_t {
    relay,   // everything
    server,  // all but access/*
    client,  // flags and segments that eval::rules_for_clients() names
};

// The full form. `state` has a full head; for View::client also client rules.
std::string full_document(const cache::EnvironmentState& state, View view);

// The delta. For View::client the step has_clients.
std::string step_document(const cache::RulesetStep& step, View view);

}  // namespace fanion::relay::rulesets
