#pragma once

// The request header `Fanion-Have`: what a receiver holds, as "e_5k2j9x=1763719200.4711, e_7f=1763719200.12". Pure.

#include <map>
#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/wire/manifest.hpp"

namespace fanion::wire {

inline constexpr std::string_view have_header = "Fanion-Have";

using Have = std::map<std::string, Version, std::less<>>;  // by env_id

// Entries that do not fit into `max_bytes` are left out: their environments are then sent whole.
std::string format_have(const Have& have, std::size_t max_bytes = 12 * 1024);

// Empty text: nothing held. Spaces around entries are allowed. Error (invalid_input): an entry that is none, or an
// environment named twice.
Result<Have> parse_have(std::string_view text);

// Environment ids as they may stand in headers, event ids and URLs: 1 to 64 of [A-Za-z0-9_-].
bool is_valid_env_id(std::string_view text) noexcept;

}  // namespace fanion::wire
