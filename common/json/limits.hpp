#pragma once

// The limits of docs/ruleset.md and docs/admin-api.md on every input, in one place for the admin
// API, the publisher and the relay.

#include <cstddef>

namespace fanion::limits {

inline constexpr std::size_t json_depth = 32;
inline constexpr std::size_t json_number_length = 64;    // characters of one number
inline constexpr std::size_t string_bytes = 64 * 1024;   // one string
inline constexpr std::size_t context_bytes = 64 * 1024;  // the context of one request
inline constexpr std::size_t flag_bytes = 256 * 1024;    // one flag as JSON
inline constexpr std::size_t environment_bytes = 32 * 1024 * 1024;
inline constexpr std::size_t flags = 10'000;
inline constexpr std::size_t rules = 500;
inline constexpr std::size_t conditions = 100;  // in one rule
inline constexpr std::size_t condition_depth = 8;
inline constexpr std::size_t reference_depth = 8;  // prerequisites, segments in segments
inline constexpr std::size_t list_values = 100'000;
inline constexpr std::size_t variations = 100;
inline constexpr std::size_t regex_bytes = 1024;
inline constexpr std::size_t manifest_bytes = 4 * 1024;
inline constexpr std::size_t request_body_bytes = 2 * 1024 * 1024;
inline constexpr std::size_t composed_bytes = 4 * request_body_bytes;  // a body merged into the stored document
inline constexpr unsigned slots = 100'000;

}  // namespace fanion::limits
