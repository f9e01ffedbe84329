#pragma once

// All slots of a split as a line of runs, and what becomes of each run; private to lay_out() (common/eval/rollout/ranges.hpp). Pure.

#include <cstdint>
#include <vector>

namespace fanion::eval {

using Label = std::uint32_t;  // a variation, or nobody

struct Piece {
    Label label = 0;
    std::uint32_t length = 0;  // slots, at least one
};

// Runs are maximal: neighbours have different labels.
struct SlotLine {
    std::vector<Piece> runs;
    std::vector<std::int64_t> balance;  // per label: slots it is to have, less those it has; adds up to 0
    Label unstored = 0;                 // the label that needs no ranges
};

// For each run who gets how much of it, each label once; the lengths add up to the run's.
using Handover = std::vector<std::vector<Piece>>;

// Puts the pieces of each run in the order that gives the fewest ranges.
struct Arranged {
    std::vector<Piece> pieces;  // neighbours may have the same label
    std::size_t ranges = 0;     // how many have to be stored
};
Arranged arrange(const Handover& handover, Label unstored);

// Quick, whatever the size.
Handover hand_over(const SlotLine& line);
// Tries all handovers that can be best, at most `max_steps` of them; the best found.
Handover search_handover(const SlotLine& line, Handover first, std::size_t max_steps);

}  // namespace fanion::eval
