#pragma once

// Changes the shares of a split so that as few users as possible get another variation
// (docs/ruleset.md, Serve; docs/adr/0014). Pure; throws nothing but std::bad_alloc.
//
// Shares are counted in slots of 0.001 %. lay_out() promises:
// 1. Each variation has exactly the share that was asked for.
// 2. The number of slots that change their variation is the smallest possible: the sum over all
//    variations of max(0, share before - share after). So a variation that grows takes slots only
//    from those that shrink, and no other slot changes. Where no share changes, no slot does.
// 3. There are at most L + G - 1 runs more than before, where L variations lose slots and G gain
//    some. A run is a maximal sequence of slots with one variation; the slots outside all ranges
//    form runs too, but only the others are stored as ranges. The number of ranges is usually, but
//    not always, the smallest that 1 and 2 allow: ADR 14 has figures.
// 4. Ranges are sorted and disjoint; neighbours of the same variation are one range.
//
// The result depends on `present`: two splits with equal shares may have different ranges.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/json/limits.hpp"
#include "common/model/flag.hpp"

namespace fanion::eval {

// Which slot has which variation. `otherwise` is the variation of the slots outside all ranges;
// nullopt: they have none, and evaluation continues with the next rule.
struct SlotPlan {
    std::vector<model::Range> ranges;  // sorted, disjoint
    std::optional<std::string> otherwise;
};

struct Share {
    std::string variation;
    std::uint32_t slots = 0;
};

// `wanted` names each variation once; its slots add up to at most `slots`, and the remainder goes
// to `otherwise`. Without `present` the shares are laid out one after the other. Deterministic:
// ties are broken by slot, then by the order of `wanted`. O(ranges log ranges) for a bounded number
// of variations.
std::vector<model::Range> lay_out(const std::optional<SlotPlan>& present, const std::vector<Share>& wanted,
                                  const std::optional<std::string>& otherwise, std::uint32_t slots = limits::slots);

}  // namespace fanion::eval
