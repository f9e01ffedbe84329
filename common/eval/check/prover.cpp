#include "common/eval/check/prover.hpp"

#include <algorithm>

namespace fanion::eval::checks {

Prover::Prover(const Formulas& formulas, std::size_t steps)
    : left_(steps), lists_none_(formulas, Lists::none, budget_), lists_possible_(formulas, Lists::possible, budget_) {}

bool Prover::ask(Solver& solver, const std::vector<Goal>& goals) {
    const auto given = std::min(left_, question_steps);
    budget_ = Budget(given);
    const bool refuted = solver.is_refuted(goals);
    left_ -= given - budget_.left();
    return refuted;
}

Proof Prover::refute(const std::vector<Goal>& goals) {
    if (!ask(lists_none_, goals)) return Proof::none;
    return ask(lists_possible_, goals) ? Proof::always : Proof::unless_list;
}

}  // namespace fanion::eval::checks
