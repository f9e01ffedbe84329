#pragma once

// The attributes of SCIM resources as JSON trees: found in any case of their names, changed as
// paths say. Pure.

#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/json/tree.hpp"
#include "control-plane/scim/filter.hpp"

namespace fanion::cp::scim {

inline constexpr std::string_view user_schema = "urn:ietf:params:scim:schemas:core:2.0:User";
inline constexpr std::string_view group_schema = "urn:ietf:params:scim:schemas:core:2.0:Group";

// Error: invalid_input with one finding; `code` is a scimType of RFC 7644.
Error bad_value(std::string pointer, std::string code, const std::string& detail);

// The member of that name in any case of ASCII letters; null: none, or no object.
const json::Tree* find_attribute(const json::Tree& object, std::string_view name);
json::Tree* find_attribute(json::Tree& object, std::string_view name);
// The same, made if there is none; `name` as it is to be written.
json::Tree& attribute(json::Tree& object, std::string_view name);
void remove_attribute(json::Tree& object, std::string_view name);

// Text, or what stands for it: "true" of true, 7 of 7. none: an array, an object or null.
std::optional<std::string> text_of(const json::Tree& value);
// true, false, or those words as a string in any case.
std::optional<bool> truth_of(const json::Tree& value);

// Whether one value of an attribute meets the filter in brackets behind the attribute's name.
bool is_selected(const json::Tree& value, const Filter& selection);

// Only the attributes that the client asks for: those listed in `wanted`, or all but those in
// `excluded`; lists as in the query, separated by commas. `id` and `schemas` always stay. A part
// ("name.givenName") stands for its attribute.
void project(json::Tree& resource, std::string_view wanted, std::string_view excluded);
// Whether project() would leave the attribute.
bool is_shown(std::string_view name, std::string_view wanted, std::string_view excluded);

}  // namespace fanion::cp::scim
