#pragma once

// The slots of a split as a line of runs, and what becomes of each run when the shares change. The
// steps of lay_out() (common/eval/rollout/ranges.hpp), private to it. Pure.
//
//   before      a a a a a b b b b     runs: 5 a, 4 b;  balance: a -2, b +2
//   handover    [3 a, 2 b] [4 b]      transfer_greedily(): who gets how much of each run
//   arranged    a a a b b b b b b     arrange(): the order within each run, b beside b

#include <cstdint>
#include <vector>

namespace fanion::eval {

// A variation's number in one call of lay_out(). One number stands for "no variation here".
using VariationIndex = std::uint32_t;

// Consecutive slots with one owner.
struct Run {
    VariationIndex variation = 0;
    std::uint32_t length = 0;  // slots, at least one
};

// Runs are maximal: neighbours have different variations.
struct SlotLine {
    std::vector<Run> runs;
    std::vector<std::int64_t> balance;  // per variation: slots wanted less slots held; adds up to 0
    VariationIndex implicit = 0;        // the variation of slots outside all ranges: its runs are not stored
};

// For each run of the line, who gets how many of its slots, each variation once; the lengths add up
// to the run's.
using Handover = std::vector<std::vector<Run>>;

// Slots go only from variations with a negative balance to those with a positive one, and as many
// as the balances say. Yields at most losers + gainers - 1 pieces more than there are runs, and
// exactly the runs where all balances are 0. O(runs log runs).
Handover transfer_greedily(const SlotLine& line);

// Orders the pieces within each run so that as many as possible stand beside a neighbour of the
// same variation, which makes the number of stored ranges the smallest that this handover allows.
// Neighbours in the result may have the same variation.
std::vector<Run> arrange(const Handover& handover, VariationIndex implicit);

}  // namespace fanion::eval
