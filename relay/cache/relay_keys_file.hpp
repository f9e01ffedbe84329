#pragma once

// The relay keys that granted an environment until it was revoked, on disk beside the revocation
// (`relay-keys`): counts of relays below may come late, and after a restart. Blocking.
//
// Format: one line "fanion-relay-keys 1 <sha256 in hex of each key> .. <sha256 in hex of everything
// before it>" LF. A file in any other form is reported, and no key is known.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/crypto.hpp"
#include "common/base/error.hpp"

namespace fanion::relay::cache {

inline constexpr std::size_t most_former_keys = 1'000;  // of one environment; the others are forgotten

std::string format_relay_keys(const std::vector<Sha256>& hashes);
// Empty: damaged, or more than most_former_keys.
std::optional<std::vector<Sha256>> parse_relay_keys(std::string_view text);

struct LoadedRelayKeys {
    std::vector<Sha256> hashes;
    std::optional<std::string> problem;  // the file exists and cannot be used
};
LoadedRelayKeys load_relay_keys(const std::string& directory);
// Survives the end of the process, not a power cut. Error: internal.
Result<> save_relay_keys(const std::string& directory, const std::vector<Sha256>& hashes);

}  // namespace fanion::relay::cache
