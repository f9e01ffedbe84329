#pragma once

// What lies between two contents of one environment, and its item lines. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/wire/item_set.hpp"

namespace fanion::wire {

// The changes that turn `from` into `to`, in key order. Items whose hashes agree are left out. Redacted items of `to` count
// as unchanged when `from` knows the same hash; otherwise they cannot be expressed and must not occur.
std::vector<ItemChange> changes_between(const ItemSet& from, const ItemSet& to);

void apply_changes(ItemSet& items, const std::vector<ItemChange>& changes);

// Item lines of a delta, in the order given: a body or a tombstone each.
void append_changes(std::string& out, const std::vector<ItemChange>& changes);

// Redacted lines stand for items by their hash alone: enough for who evaluates, not for who hands a ruleset on.
enum class Redacted { refused, accepted };

// Reads item lines, in any order. Error (invalid_input): a line that is none, a key that occurs twice, no LF at the end, a
// redacted line unless accepted. With `whole` (a full ruleset) a tombstone is an error too. The detail names the line.
Result<> apply_item_lines(ItemSet& items, std::string_view lines, bool whole, Redacted redacted = Redacted::refused);

}  // namespace fanion::wire
