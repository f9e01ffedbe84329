#pragma once

// What a relay reports about itself: the body of POST /relay/v1/status (docs/distribution.md,
// "Endpoints"). Plain values and their JSON. Pure. Unknown members are ignored when reading.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/wire/event_ledger.hpp"
#include "common/wire/manifest.hpp"
#include "common/wire/seen_attribute.hpp"

namespace fanion::wire {

enum class EnvironmentState { applied, rejected, quarantined, stale };
std::string_view name_of(EnvironmentState state) noexcept;

struct EnvironmentStatus {
    std::string env_id;
    Version version;             // the version being served; {0, 0} if none is
    std::optional<Sha256> root;  // the root being served
    EnvironmentState state = EnvironmentState::applied;
    std::string code;    // rejected, quarantined: a code of the acceptance table; otherwise empty
    std::string detail;  // explanation for people; may be empty
    friend bool operator==(const EnvironmentStatus&, const EnvironmentStatus&) = default;
};

// The last use of a key at the relay, or at one below it.
struct KeyUse {
    std::string id;     // the key's id, which is not secret
    UnixMillis at = 0;  // the start of the minute in which the key was last used
    friend bool operator==(const KeyUse&, const KeyUse&) = default;
};

// What a relay behind the reporting one has reported to it, passed up.
struct RelayBelow {
    std::vector<std::string> path;  // ids of the relays it came through, the reporting one first
    std::string relay;
    std::string boot;
    std::string build;
    std::uint64_t trust = 0;
    std::uint64_t age = 0;  // milliseconds since it reported, in all relays on the way
    std::vector<EnvironmentStatus> environments;
    std::vector<std::string> labels = {};
    std::optional<EventLedger> events = {};
    friend bool operator==(const RelayBelow&, const RelayBelow&) = default;
};

// Bounds of what one report says of relays below.
inline constexpr std::size_t most_levels_below = 8;
inline constexpr std::size_t most_relays_below = 1'000;

// The most key uses in one report; any more are sent in the next.
inline constexpr std::size_t most_key_uses = 1'000;

struct RelayStatus {
    std::string relay;        // the relay's id, unique among the relays of a key
    std::string boot;         // generated at each start of the process
    std::string build;        // "0.1.0"
    std::uint64_t trust = 0;  // version of the trust document in force
    std::vector<EnvironmentStatus> environments;
    std::vector<KeyUse> keys = {};               // uses not reported yet; each key at most once
    std::vector<SeenAttribute> attributes = {};  // not reported yet; each with each of its types at most once
    std::vector<RelayBelow> below = {};          // not passed up yet; each relay at most once
    std::vector<std::string> labels = {};        // what the relay calls itself (labels.hpp)
    std::optional<EventLedger> events = {};      // none: the relay is older
    friend bool operator==(const RelayStatus&, const RelayStatus&) = default;
};

// Truncates details to 1 KiB.
std::string to_json(const RelayStatus& status);

// Errors: too_large, invalid_input with findings. Limits: 1,000 environments, 1,000 keys, 500
// attributes, 16 labels, 1,000 relays below on at most 8 levels, names of 100 bytes, details of 1
// KiB, no NUL in any string. Every path begins with the reporting relay. Attributes of a type that
// is not known are left out: newer relays may report them.
Result<RelayStatus> parse_relay_status(std::string_view text);

}  // namespace fanion::wire
