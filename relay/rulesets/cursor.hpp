#pragma once

// What one subscriber holds of one environment, and what it is to be sent next: a chain of deltas
// where the steps that the relay keeps lead from what it holds to the newest version, else the
// whole; then the newest head, once. A subscriber has no queue: whoever reads slowly is asked for
// again when it has read, and then gets what leads to the newest version. Pure; values.

#include <optional>
#include <string_view>

#include "relay/rulesets/encoder.hpp"

namespace fanion::relay::rulesets {

struct Cursor {
    std::optional<wire::Version> held;
    UnixMillis head_at = 0;  // issued_at of the last head sent
};

struct Next {
    enum class Kind : std::uint8_t { nothing, put, patch, head };
    Kind kind = Kind::nothing;
    std::shared_ptr<const cache::RulesetStep> step;  // patch
    cache::SignedHeadPtr head;                       // head
};

// A subscriber that holds a newer version than this relay gets nothing until the relay has it too.
// A head is sent only for the version that the subscriber holds. Nothing also where the whole is
// needed and cannot be had: the relay has no signed full form of it, or `view` is View::client and
// no client key may have rules.
Next next_for(const cache::EnvironmentState& state, const Cursor& cursor, View view);

// Whether the whole can be had.
bool has_whole(const cache::EnvironmentState& state, View view);

// Whether next_for() is more than a head.
bool is_behind(const cache::EnvironmentState& state, const Cursor& cursor, View view);

// The cursor after `next` was sent.
void advance(Cursor& cursor, const cache::EnvironmentState& state, const Next& next);

// The step from `since` to the newest version, if there is one that leads there alone; else null.
std::shared_ptr<const cache::RulesetStep> last_step(const cache::EnvironmentState& state, wire::Version since,
                                                    View view);

// What the request's headers say that the caller holds of `env_id`: Fanion-Have
// ("e_5k2j9x=1763719200.4711"), or else Last-Event-ID ("e_5k2j9x:1763719200.4711"), which
// EventSource repeats even if the event was refused. They are hints: nullopt also where one does
// not parse or names another environment.
std::optional<wire::Version> held_version(std::string_view have, std::string_view last_event_id,
                                          std::string_view env_id);

}  // namespace fanion::relay::rulesets
