#pragma once

// Proofs about one item's formulas, within the item's budget. One thread.

#include <vector>

#include "common/eval/check/solver.hpp"

namespace fanion::eval::checks {

// In rising order of strength.
enum class Proof : std::uint8_t {
    none,
    unless_list,  // as long as attributes meant to hold one value hold no list
    always,       // for every context
};

class Prover {
public:
    // Steps for an item, and for one question about it: some 50 ns each.
    static constexpr std::size_t item_steps = 6'000'000;
    static constexpr std::size_t question_steps = 400'000;

    // `formulas` is complete by now.
    explicit Prover(const Formulas& formulas, std::size_t steps = item_steps);

    std::size_t steps_left() const noexcept { return left_; }

    // That the goals cannot all be met.
    Proof refute(const std::vector<Goal>& goals);
    // The same for every context, at once.
    bool refutes_always(const std::vector<Goal>& goals) { return ask(lists_possible_, goals); }

private:
    bool ask(Solver& solver, const std::vector<Goal>& goals);

    std::size_t left_;
    Budget budget_{0};
    Solver lists_none_;
    Solver lists_possible_;
};

}  // namespace fanion::eval::checks
