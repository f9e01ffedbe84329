#pragma once

// The names of a context's attributes as a rule refers to them, with their types. Pure.

#include <functional>
#include <string>
#include <string_view>

#include "common/json/document.hpp"
#include "common/wire/seen_attribute.hpp"

namespace fanion::relay::attributes {

// Of one context; what is behind them is not looked at.
inline constexpr std::size_t most_names_of_context = 50;
inline constexpr std::size_t deepest_name = 5;  // objects around an attribute, the context among them

using NameSink = std::function<void(std::string_view name, wire::AttributeType type)>;

// Passes each attribute to `sink`: strings, numbers, booleans, and lists by the first of their
// elements that is one of these. A member of an object in the context has the name of its JSON
// pointer. Left out are null, empty lists, objects in lists, and names that are not to be reported
// (wire::is_reportable_attribute). `name` is a buffer that keeps its capacity; a view of it is what
// the sink gets.
void for_each_name(json::Value context, std::string& name, const NameSink& sink);

}  // namespace fanion::relay::attributes
