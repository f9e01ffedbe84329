#pragma once

// Whether some formulas can hold together: a tableau (Smullyan, First-Order Logic, 1968) with unit propagation. "Refuted" is proof for every
// context; everything else, a spent budget or a depth reached included, counts as possible.
//
// Costs: each pass looks at every open disjunction once, branching is at most `max_depth` deep, and the budget bounds all. One thread.

#include <vector>

#include "common/eval/check/facts.hpp"

namespace fanion::eval::checks {

struct Goal {
    Id formula;
    bool holds;  // or that it does not
};

class Solver {
public:
    Solver(const Formulas& formulas, Lists lists, Budget& budget)
        : formulas_(formulas), budget_(budget), facts_(formulas, lists, budget) {}

    bool is_refuted(const std::vector<Goal>& goals);

private:
    enum class Verdict : std::uint8_t { open, refuted, entailed };
    static constexpr int max_depth = 6;
    static constexpr std::size_t max_untouched = 24;

    struct Disjunction {
        Goal goal;
        std::size_t live = 0;
        bool is_touched = false;
    };

    bool assume(Goal goal, std::vector<Disjunction>& open);
    bool is_closed(std::vector<Disjunction>& open, int depth);
    bool propagate(std::vector<Disjunction>& open);
    bool branch(const std::vector<Disjunction>& open, std::size_t chosen, int depth);
    std::size_t choose(const std::vector<Disjunction>& open) const;
    // Looks at the branches; the last live one, if any, is in `unit`.
    Verdict survey(Disjunction& disjunction, Goal& unit);
    Verdict judge(Goal goal, bool& is_touched);
    bool is_disjunction(Goal goal) const;

    const Formulas& formulas_;
    Budget& budget_;
    Facts facts_;
};

}  // namespace fanion::eval::checks
