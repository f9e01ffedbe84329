#pragma once

// The request header `Fanion-Have`, which lists the versions a receiver holds:
// "e_5k2j9x=1763719200.4711, e_7f=1763719200.12". The format is in docs/distribution.md. Pure.

#include <map>
#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/wire/manifest.hpp"

namespace fanion::wire {

inline constexpr std::string_view have_header = "Fanion-Have";

using Have = std::map<std::string, Version, std::less<>>;  // by env_id

// Formats the header's value. Entries that do not fit into `max_bytes` are omitted; the receiver
// then gets full rulesets for their environments.
std::string format_have(const Have& have, std::size_t max_bytes = 12 * 1024);

// Parses the header's value. Empty text means that nothing is held; spaces around entries are
// allowed. Errors (invalid_input): a malformed entry, or an environment listed twice.
Result<Have> parse_have(std::string_view text);

// Whether `text` is an environment id that is safe in headers, event ids and URLs: 1 to 64
// characters of [A-Za-z0-9_-].
bool is_valid_env_id(std::string_view text) noexcept;

}  // namespace fanion::wire
