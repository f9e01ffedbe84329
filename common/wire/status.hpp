#pragma once

// What a relay reports about itself: the body of POST /relay/v1/status (distribution.md, Endpoints). Plain values and their
// JSON; pure. Unknown members are ignored when reading.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

struct RelayStatus {
    std::string relay;        // configured name, unique among the relays of a key
    std::string boot;         // made at each start of the process
    std::string build;        // "0.1.0"
    std::uint64_t trust = 0;  // version of the trust document in force
    std::vector<EnvironmentStatus> environments;
    friend bool operator==(const RelayStatus&, const RelayStatus&) = default;
};

std::string to_json(const RelayStatus& status);

// Errors: too_large, invalid_input with findings. At most 1,000 environments, names at most 100 bytes, detail at most 1 KiB
// (cut to that by to_json), no NUL anywhere.
Result<RelayStatus> parse_relay_status(std::string_view text);

}  // namespace fanion::wire
