#pragma once

// The plain form of a ruleset (docs/ruleset.md): what evaluating some flags needs, without keys.
// Pure.

#include <optional>
#include <string>
#include <vector>

#include "common/wire/item_set.hpp"

namespace fanion::cp::publish {

struct PlainRuleset {
    std::string text;                  // {"flags":[..],"segments":[..]}, each in the order of the keys
    std::vector<std::string> missing;  // of the flags asked for: those that the ruleset does not have
};

// With `flags`, these and, directly and indirectly, their prerequisites and segments; without, all
// flags and segments. Throws when an item is not the JSON that a publisher writes.
PlainRuleset plain_ruleset(const wire::ItemSet& items, const std::optional<std::vector<std::string>>& flags);

}  // namespace fanion::cp::publish
