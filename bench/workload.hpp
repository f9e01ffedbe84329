#pragma once

// The ruleset and the context that every benchmark measures with: flags of three rules that a
// request must all look at, one segment and a split.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fanion::bench {

using Items = std::vector<std::pair<std::string, std::string>>;  // key, body

// "bench-0000", "bench-0001", ..
std::string flag_key(std::size_t number);

// Segment `beta-testers`, `flags` flags and one server key with that SHA-256 in hex; sorted by key.
Items make_items(std::size_t flags, std::string_view key_sha256);

// Misses the first two rules of each flag, is in the third's segment, and is split there.
inline constexpr std::string_view context_json =
    R"({"targetingKey":"user-8f14e45f","country":"SE","plan":"enterprise","email":"kim@example.com","app":{"version":"2.4.1"}})";

}  // namespace fanion::bench
