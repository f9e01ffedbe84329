#pragma once

// The differences between two configurations, as JSON pointers with both values. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/json/tree.hpp"
#include "common/json/writer.hpp"

namespace fanion::cp::promotion {

// Of a list of scalars that is too long to be shown twice.
struct ListChange {
    std::size_t added = 0;
    std::size_t removed = 0;
    std::vector<std::string> first_added;  // JSON, at most `most_values`
    std::vector<std::string> first_removed;
};
inline constexpr std::size_t most_values = 100;  // in both lists together, or named of a longer one

struct Difference {
    std::string pointer;              // into `to`; into `from` for what only that has
    std::optional<std::string> from;  // JSON; none: not there
    std::optional<std::string> to;
    std::optional<ListChange> list;  // in the place of both
};

// Objects are compared member by member, lists of objects with ids (rules) by id, lists of scalars
// as a whole, other lists by position. Of rules that both have in another order, one difference
// with the list's pointer has their ids in both orders. A rule under another id but otherwise the
// same is a difference of the id only.
std::vector<Difference> differences(const json::Tree& from, const json::Tree& to);

// {"flag":"f","differences":[{"pointer","from","to"}]}; `item` is the key of an item of a ruleset.
// In the place of from and to, a ListChange is "added" and "removed": {"count","values"}.
void write_item_differences(json::Writer& w, std::string_view item, const std::vector<Difference>& found);

}  // namespace fanion::cp::promotion
