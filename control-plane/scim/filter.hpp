#pragma once

// Filters and attribute paths of SCIM (RFC 7644, sections 3.4.2.2 and 3.5.2). Pure. Of the filters:
// `eq`, `ne`, `co`, `sw`, `ew`, `pr`, `and`, `or`, `not` and parentheses; no comparisons of order,
// and no brackets but in paths.
//
// Names of attributes and operators are in any case. A name may follow the name of a core schema:
// "urn:ietf:params:scim:schemas:core:2.0:User:userName".

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::cp::scim {

inline constexpr std::size_t max_filter_bytes = 1'000;
inline constexpr std::size_t max_filter_terms = 50;
inline constexpr std::size_t max_filter_depth = 10;

enum class FilterOp { eq, ne, co, sw, ew, pr, all_of, any_of, none_of };

struct Filter {
    FilterOp op = FilterOp::pr;
    std::string path = {};           // in lower case, without a schema: "username", "emails.value"; of a comparison
    std::string value = {};          // the string, or "true", "false", a number as it was written, "null"
    std::vector<Filter> parts = {};  // of all_of, any_of; the one of none_of
    friend bool operator==(const Filter&, const Filter&) = default;
};

// Error: invalid_input with the finding invalidFilter at "?filter".
Result<Filter> parse_filter(std::string_view text);

// The values of one resource by the paths that filters use. "emails.value" is there once for each.
struct Value {
    std::string path;
    std::string text;
};
using Record = std::vector<Value>;

// `id` and `externalId` are compared byte by byte, other texts without regard to the case of ASCII
// letters. A filter on what the resource does not have is not met, but for `ne` and `not`.
bool matches(const Filter& filter, const Record& record);

// What a filter demands of one attribute by `eq`, alone or within `and`: all that meets it has this
// value. none: nothing of the kind.
std::optional<std::string> demanded(const Filter& filter, std::string_view path);

// "emails[type eq \"work\"].value": an attribute, perhaps those of its values that meet a filter,
// perhaps a part of it.
struct Path {
    std::string attribute;            // in lower case
    std::optional<Filter> selection;  // paths in it are those of the attribute's parts: "type"
    std::string part;                 // in lower case; empty: the whole
    friend bool operator==(const Path&, const Path&) = default;
};
// Error: invalid_input with the finding invalidPath.
Result<Path> parse_path(std::string_view text);

}  // namespace fanion::cp::scim
