#pragma once

// The difference between two contents of one environment, and its item lines
// (docs/distribution.md). Pure.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "common/wire/item_set.hpp"

namespace fanion::wire {

// The changes that turn `from` into `to`, in key order; items with equal hashes are omitted. A
// redacted item of `to` must have the same hash in `from`, since a change of it cannot be
// expressed.
std::vector<ItemChange> changes_between(const ItemSet& from, const ItemSet& to);

void apply_changes(ItemSet& items, const std::vector<ItemChange>& changes);

// Appends a delta's item lines in the order given: one body or tombstone per change.
void append_changes(std::string& out, const std::vector<ItemChange>& changes);

// Whether redacted lines, which give only an item's hash, are accepted. They suffice for
// evaluation, but not for a receiver that passes rulesets on.
enum class Redacted { refused, accepted };

// Applies item lines, which may be in any order. Errors (invalid_input; the detail names the line):
// a malformed line, a repeated key, a missing LF at the end, a redacted line unless accepted, and
// with `whole` (a full ruleset) a tombstone. After an error some lines may have been applied.
Result<> apply_item_lines(ItemSet& items, std::string_view lines, bool whole, Redacted redacted = Redacted::refused);

}  // namespace fanion::wire
