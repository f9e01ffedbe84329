#pragma once

// The attributes that evaluated contexts had, as relays report them: names and types, never a
// value. Plain values. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"

namespace fanion::wire {

enum class AttributeType : std::uint8_t { string, number, boolean, string_list, number_list, boolean_list };
inline constexpr AttributeType all_attribute_types[] = {AttributeType::string,      AttributeType::number,
                                                        AttributeType::boolean,     AttributeType::string_list,
                                                        AttributeType::number_list, AttributeType::boolean_list};
std::string_view name_of(AttributeType type) noexcept;  // "string", "string_list", ..
std::optional<AttributeType> parse_attribute_type(std::string_view name) noexcept;

// An attribute with one of its types; with another type it is another one.
struct SeenAttribute {
    std::string env_id;
    std::string name;  // as a rule refers to it (docs/ruleset.md, "Attribute references")
    AttributeType type = AttributeType::string;
    bool from_client = false;  // only contexts that came with client keys had it
    UnixMillis at = 0;         // the start of the hour in which a context had it
    friend bool operator==(const SeenAttribute&, const SeenAttribute&) = default;
};

// The most in one report; any more are sent in the next.
inline constexpr std::size_t most_attributes = 500;
inline constexpr std::size_t attribute_name_bytes = 200;

// Names come from clients: one to attribute_name_bytes of UTF-8 without control characters
// (C0, DEL, C1) and without those that order or hide text (Unicode's bidirectional controls).
bool is_reportable_attribute(std::string_view name) noexcept;

}  // namespace fanion::wire
