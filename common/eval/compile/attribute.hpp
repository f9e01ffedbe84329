#pragma once

// Attribute references (docs/ruleset.md, Attribute references): parsed when a ruleset is compiled,
// resolved when it is evaluated. Immutable; thread-safe.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/json/document.hpp"

namespace fanion::eval {

struct AttributeRef {
    enum class Kind : std::uint8_t { name, pointer, now };

    Kind kind = Kind::name;
    std::uint64_t head = 0;           // json::head_of(text)
    std::string text;                 // as written; kind name: the name itself
    std::vector<std::string> tokens;  // kind pointer: RFC 6901's reference tokens, unescaped
};

// A name, a JSON pointer (RFC 6901), or `$now`. nullopt when the pointer is malformed or the text
// is empty.
std::optional<AttributeRef> parse_attribute(std::string_view text);

// The attribute's value, or an empty Value when it is missing or null. `$now` is not part of a
// context and has no value.
json::Value resolve_pointer(const AttributeRef& reference, json::Value context) noexcept;
inline json::Value resolve(const AttributeRef& reference, json::Value context) noexcept {
    if (reference.kind != AttributeRef::Kind::name) return resolve_pointer(reference, context);
    const auto value = context.find(reference.text, reference.head);
    return value && !value.is(json::Kind::null) ? value : json::Value();
}

// A unit to be bucketed (docs/ruleset.md, Bucketing): a string as it is, or an integer in decimal.
// Everything else, null included, counts as missing. The view points into the value or into
// `digits`.
using UnitDigits = std::array<char, 24>;  // a sign and the 20 digits of 2^64 - 1, rounded up
std::optional<std::string_view> integer_unit(json::Value value, UnitDigits& digits) noexcept;
inline std::optional<std::string_view> unit_of(json::Value value, UnitDigits& digits) noexcept {
    return value.is(json::Kind::string) ? value.as_string() : integer_unit(value, digits);
}

}  // namespace fanion::eval
