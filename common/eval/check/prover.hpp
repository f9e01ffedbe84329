#pragma once

// Proofs about the formulas of one item, within the item's budget of steps. One thread.

#include <vector>

#include "common/eval/check/solver.hpp"

namespace fanion::eval::checks {

// In increasing order of strength.
enum class Proof : std::uint8_t {
    none,
    unless_list,  // as long as attributes that are meant to have one value are not lists
    always,       // for every context
};

class Prover {
public:
    // Steps for an item, and for one question about it. A step takes some 50 ns, so an item takes
    // at most 0.3 s and a question 20 ms.
    static constexpr std::size_t item_steps = 6'000'000;
    static constexpr std::size_t question_steps = 400'000;

    // `formulas` must be complete.
    explicit Prover(const Formulas& formulas, std::size_t steps = item_steps);

    std::size_t steps_left() const noexcept { return left_; }

    // How strong a proof there is that the goals cannot all be met.
    Proof refute(const std::vector<Goal>& goals);
    // Whether there is a proof for every context: refute() == Proof::always, at half the cost.
    bool refutes_always(const std::vector<Goal>& goals) { return ask(lists_possible_, goals); }

private:
    bool ask(Solver& solver, const std::vector<Goal>& goals);

    std::size_t left_;
    Budget budget_{0};
    Solver lists_none_;
    Solver lists_possible_;
};

}  // namespace fanion::eval::checks
