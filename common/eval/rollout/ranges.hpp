#pragma once

// Changing a split so that as few users as possible get another variation (ruleset.md, Flag). Pure.
//
// Shares are counted in slots (0.001 %). What the result promises, in this order:
// 1. Each variation has exactly the share that was asked for.
// 2. The number of slots that change their variation is the smallest there can be: the sum over all variations of
//    max(0, share before - share after). So who grows takes nothing but what others lose, and nobody else moves.
// 3. Few ranges. Boundaries are shifted where the one that loses lies beside the one that gains; else a whole range is handed
//    over; else one is cut. Neighbours of the same variation are one range, and slots of `otherwise` are in none. There are
//    at most L + G - 1 ranges more than before (L variations that lose, G that gain; slots of `otherwise` before and after
//    counted as ranges). Up to `searched_runs` runs of slots and `searched_variations` variations it is the smallest
//    number that 1 and 2 allow.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/json/limits.hpp"
#include "common/model/flag.hpp"

namespace fanion::eval {

inline constexpr std::size_t searched_runs = 6;
inline constexpr std::size_t searched_variations = 5;

// Who gets which slot. `otherwise` is the variation of the slots outside all ranges; nothing: they get none here (a rule
// that goes on with the next one).
struct SlotPlan {
    std::vector<model::Range> ranges;  // sorted, disjoint
    std::optional<std::string> otherwise;
};

struct Share {
    std::string variation;
    std::uint32_t slots = 0;
};

// `wanted` names each variation once; its slots add up to at most `slots`, and what is left goes to `otherwise`. Without
// `present` the shares are laid out one after the other. Ties are broken by slot, then by the order of `wanted`.
std::vector<model::Range> lay_out(const std::optional<SlotPlan>& present, const std::vector<Share>& wanted,
                                  const std::optional<std::string>& otherwise, std::uint32_t slots = limits::slots);

}  // namespace fanion::eval
