#pragma once

// Conditional requests by entity tag (RFC 9110 sections 8.8.3 and 13.1). Tags are written with
// their quotes: "\"7\"", weak ones with the prefix W/. Pure; nothing here allocates.

#include <string_view>

#include "common/net/request.hpp"

namespace fanion::net {

// Section 8.8.3.2. Strong: two equal tags, neither of them weak. Weak: equal but for the prefix W/.
enum class TagComparison { strong, weak };

// Whether `field`, the value of If-Match or If-None-Match, is "*" or a list that holds `tag`. A
// value that is not well-formed matches nothing; so "*" counts only alone, and a comma inside
// quotes belongs to the tag.
bool matches_tag(std::string_view field, std::string_view tag, TagComparison comparison) noexcept;

// If-None-Match (13.1.2, weak comparison): whether the client already has the representation that
// `tag` names. False without the header. Several header lines count as one list; "*" and malformed
// lines are judged separately for each line.
bool has_current(const Request& request, std::string_view tag) noexcept;

// If-Match (13.1.1, strong comparison): whether the representation that `tag` names is one that the
// client expects. An empty or malformed header never holds.
enum class IfMatch { absent, holds, fails };
IfMatch evaluate_if_match(const Request& request, std::string_view tag) noexcept;

}  // namespace fanion::net
