#pragma once

// Static checks: likely mistakes in rulesets that compile (docs/checks.md lists every code,
// docs/adr/0012 has the reasons). They work on the model, not on the compiled form.
//
// Pure: no I/O, no clock; throws nothing but std::bad_alloc. Bounded: each item has a budget of
// steps. What the checks do not know, a spent budget included, never counts as proof, so they may
// miss a mistake but never report a false one. A rule reported as unreachable or contradictory
// serves for no context at all; what holds only while no attribute is a list has codes of its own,
// ending in `_unless_list`.

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/eval/compile/ruleset.hpp"

namespace fanion::eval {

using Warning = Finding;  // item, pointer inside the item, code, one sentence

// The warnings of all flags and segments, in the order of `items`, which compile together. An item
// that cannot be parsed is skipped.
std::vector<Warning> check(std::span<const Item> items);

// The warnings of one flag or segment ("flag/<key>", "segment/<key>") among the other items of its
// environment. Empty for an unknown key.
// `segment`: the item if it is a segment, as it was read before, or null.
std::vector<Warning> check_item(std::span<const Item> items, std::string_view item_key,
                                std::shared_ptr<const model::Segment> segment = nullptr);

// What client keys with `rules` lose by the change of one flag or segment from what it was among
// `before` to what it is among `after`, beside the item itself.
std::vector<Warning> check_client_loss(std::span<const Item> before, std::span<const Item> after,
                                       std::string_view item_key,
                                       std::shared_ptr<const model::Segment> segment = nullptr);

// Checks the plain form. Pointers start at the root of the text. Errors: those of compile_plain().
Result<std::vector<Warning>> check_plain(std::string_view text);

}  // namespace fanion::eval
