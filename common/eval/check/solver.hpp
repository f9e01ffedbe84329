#pragma once

// Decides whether some formulas can hold together: a tableau (R. Smullyan, First-Order Logic, 1968)
// with unit propagation. "Refuted" is a proof; everything else, a spent budget or the depth limit
// included, counts as possible.
//
// Cost: each pass of propagation visits every open disjunction once, branching is at most
// `max_depth` deep, and the budget bounds everything. One thread.

#include <vector>

#include "common/eval/check/facts.hpp"

namespace fanion::eval::checks {

struct Goal {
    Id formula;
    bool holds;  // the result it is to have
};

class Solver {
public:
    Solver(const Formulas& formulas, Lists lists, Budget& budget)
        : formulas_(formulas), budget_(budget), facts_(formulas, lists, budget) {}

    // Proven: the goals cannot all be met.
    bool is_refuted(const std::vector<Goal>& goals);

private:
    enum class Verdict : std::uint8_t { open, refuted, entailed };
    static constexpr int max_depth = 6;  // nested case distinctions
    // With more open disjunctions than this, only those that share a variable with a fact are
    // branched on.
    static constexpr std::size_t max_untouched = 24;

    struct Disjunction {
        Goal goal;
        std::size_t live = 0;     // branches that are not refuted
        bool is_touched = false;  // shares a variable with a fact
    };

    bool assume(Goal goal, std::vector<Disjunction>& open);
    bool is_closed(std::vector<Disjunction>& open, int depth);
    bool propagate(std::vector<Disjunction>& open);
    bool branch(const std::vector<Disjunction>& open, std::size_t chosen, int depth);
    std::size_t choose(const std::vector<Disjunction>& open) const;
    // Examines the branches; the last live one, if any, is in `unit`.
    Verdict examine(Disjunction& disjunction, Goal& unit);
    Verdict decide(Goal goal, bool& is_touched);
    bool is_disjunction(Goal goal) const;

    const Formulas& formulas_;
    Budget& budget_;
    Facts facts_;
};

}  // namespace fanion::eval::checks
