#pragma once

// What a relay reports about itself: the body of POST /relay/v1/status (distribution.md, Endpoints). Plain values and their
// JSON; pure. Unknown members are ignored when reading.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/wire/manifest.hpp"

namespace fanion::wire {

enum class EnvironmentState { applied, rejected, quarantined, stale };
std::string_view name_of(EnvironmentState state) noexcept;

struct EnvironmentStatus {
    std::string env_id;
    Version version;             // what is served: {0, 0} when nothing is
    std::optional<Sha256> root;  // of what is served
    EnvironmentState state = EnvironmentState::applied;
    std::string code;    // rejected, quarantined: a code of the acceptance table; else empty
    std::string detail;  // for a person; may be empty
    friend bool operator==(const EnvironmentStatus&, const EnvironmentStatus&) = default;
};

// A server or client key that was presented to the relay.
struct KeyUse {
    std::string id;     // of the key; not secret
    UnixMillis at = 0;  // the beginning of the minute in which it was last used
    friend bool operator==(const KeyUse&, const KeyUse&) = default;
};

// More are left to the next report.
inline constexpr std::size_t most_key_uses = 1'000;

struct RelayStatus {
    std::string relay;        // configured name, unique among the relays of a key
    std::string boot;         // made at each start of the process
    std::string build;        // "0.1.0"
    std::uint64_t trust = 0;  // version of the trust document in force
    std::vector<EnvironmentStatus> environments;
    std::vector<KeyUse> keys = {};  // those whose last use was not reported yet; no key twice
    friend bool operator==(const RelayStatus&, const RelayStatus&) = default;
};

std::string to_json(const RelayStatus& status);

// Errors: too_large, invalid_input with findings. At most 1,000 environments and as many keys, names at most 100 bytes, detail at most 1 KiB
// (cut to that by to_json), no NUL anywhere.
Result<RelayStatus> parse_relay_status(std::string_view text);

}  // namespace fanion::wire
