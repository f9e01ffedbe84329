#pragma once

// compile(), and one of the segments as it was read for that, so that the checks need not read its
// lists again. Pure.

#include <memory>
#include <span>
#include <string_view>

#include "common/eval/compile/ruleset.hpp"

namespace fanion::eval {

struct Compilation {
    RulesetPtr ruleset;
    // Null if it was not read: `item` is not a segment, or `previous` has it unchanged.
    std::shared_ptr<const model::Segment> segment;
};

// `item`: the segment's key among the items, "segment/<key>". Errors: those of compile().
Result<Compilation> compile_reading(std::span<const Item> items, const Ruleset* previous, std::string_view item);

}  // namespace fanion::eval
