#pragma once

// Static checks (ruleset.md, Static checks; docs/checks.md lists every code): mistakes in rulesets that compile. They work on
// the model, not on the compiled form.
//
// Pure: no I/O, no clock, no exceptions but for memory. Bounded: each item has a budget of steps, and where it is spent the
// checks fall silent, so they may miss a mistake but never invent one. A rule called unreachable or contradictory serves for no
// context whatever; what holds only as long as an attribute is no list has codes of its own, ending in `_unless_list`.

#include <span>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/eval/compile/ruleset.hpp"

namespace fanion::eval {

using Warning = Finding;  // item, pointer inside the item, code, one sentence

// All flags and segments of items that compile together, in the order of the items. What cannot be read is passed over.
std::vector<Warning> check(std::span<const Item> items);

// Only what concerns one flag or segment ("flag/<key>", "segment/<key>"), judged in its environment. An unknown key: nothing.
std::vector<Warning> check_item(std::span<const Item> items, std::string_view item_key);

// The plain form; pointers start at the root of the text, as those of compile_plain(). Error: compile_plain()'s.
Result<std::vector<Warning>> check_plain(std::string_view text);

}  // namespace fanion::eval
