#pragma once

// Edits of targets: a list of {"attribute","values"} and, in flags, "variation". Pure.

#include <string>
#include <string_view>
#include <vector>

#include "common/json/reader.hpp"
#include "control-plane/body/edited_tree.hpp"

namespace fanion::cp::body {

// Which values: those of the elements with this attribute and variation.
struct ValueList {
    std::string_view member;  // "targets", "included", "excluded"
    std::string attribute;
    std::string variation;  // empty in segments
};
// From the members `attribute` (default: targetingKey) and, if `has_variation`, `variation`.
ValueList read_value_list(json::Reader& r, std::string_view member, bool has_variation);

// From the member `values`. Values that are there, or not there, already are left alone; an element
// without values is removed. Values of another variation of the same attribute are refused
// (`already_there`): the first element that has a value decides.
void add_values(json::Reader& r, EditedTree& tree, const ValueList& which);
void remove_values(json::Reader& r, EditedTree& tree, const ValueList& which);
void replace_values(json::Reader& r, EditedTree& tree, const ValueList& which);  // [] is allowed

}  // namespace fanion::cp::body
