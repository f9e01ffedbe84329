#include "common/eval/check/solver.hpp"

namespace fanion::eval::checks {

using FormulaKind = Formula::Kind;

bool Solver::is_refuted(const std::vector<Goal>& goals) {
    std::vector<Disjunction> open;
    bool closed = false;
    for (std::size_t i = 0; i < goals.size() && !closed; ++i) closed = !assume(goals[i], open);
    closed = closed || is_closed(open, 0);
    facts_.undo(0);
    return closed;
}

bool Solver::is_disjunction(Goal goal) const {
    return (formulas_.formula(goal.formula).kind == FormulaKind::any) == goal.holds;
}

// False when the goal conflicts with what is already assumed.
bool Solver::assume(Goal goal, std::vector<Disjunction>& open) {
    budget_.spend();
    const auto& formula = formulas_.formula(goal.formula);
    if (formula.kind == FormulaKind::atom) return facts_.assume({formula.atom, goal.holds});
    if (formula.kind == FormulaKind::negation) return assume({formula.children.front(), !goal.holds}, open);
    if (is_disjunction(goal)) {
        open.push_back({goal});
        return !formula.children.empty();
    }
    for (const auto child : formula.children)
        if (!assume({child, goal.holds}, open)) return false;
    return true;
}

Solver::Verdict Solver::decide(Goal goal, bool& is_touched) {
    const auto& formula = formulas_.formula(goal.formula);
    if (formula.kind == FormulaKind::negation) return decide({formula.children.front(), !goal.holds}, is_touched);
    if (formula.kind == FormulaKind::atom) {
        if (facts_.conflicts({formula.atom, goal.holds})) return Verdict::refuted;
        if (!facts_.is_touched(formulas_.atom(formula.atom).variable)) return Verdict::open;
        is_touched = true;
        return facts_.conflicts({formula.atom, !goal.holds}) ? Verdict::entailed : Verdict::open;
    }
    const auto decisive = is_disjunction(goal) ? Verdict::entailed : Verdict::refuted;
    auto result = is_disjunction(goal) ? Verdict::refuted : Verdict::entailed;
    for (const auto child : formula.children) {
        const auto verdict = decide({child, goal.holds}, is_touched);
        if (verdict == decisive) return decisive;
        if (verdict == Verdict::open) result = Verdict::open;
    }
    return result;
}

Solver::Verdict Solver::examine(Disjunction& disjunction, Goal& unit) {
    disjunction.live = 0;
    disjunction.is_touched = false;
    for (const auto child : formulas_.formula(disjunction.goal.formula).children) {
        const Goal goal{child, disjunction.goal.holds};
        const auto verdict = decide(goal, disjunction.is_touched);
        if (verdict == Verdict::entailed) return Verdict::entailed;
        if (verdict == Verdict::refuted) {
            disjunction.is_touched = true;
            continue;
        }
        ++disjunction.live;
        unit = goal;
    }
    return disjunction.live == 0 ? Verdict::refuted : Verdict::open;
}

// Drops disjunctions that hold anyway and assumes the last branch of others, until nothing changes. False when a
// disjunction has no branch left.
bool Solver::propagate(std::vector<Disjunction>& open) {
    for (bool moved = true; moved && !budget_.spent();) {
        moved = false;
        std::vector<Disjunction> next;
        for (auto& disjunction : open) {
            Goal unit{};
            const auto verdict = examine(disjunction, unit);
            if (verdict == Verdict::refuted) return false;
            if (verdict == Verdict::entailed) continue;
            if (disjunction.live > 1) {
                next.push_back(disjunction);
                continue;
            }
            if (!assume(unit, next)) return false;
            moved = true;
        }
        open = std::move(next);
    }
    return true;
}

// The disjunction with the fewest branches, those that share a variable with a fact first; open.size() where there is
// none.
std::size_t Solver::choose(const std::vector<Disjunction>& open) const {
    std::size_t chosen = open.size();
    for (std::size_t i = 0; i < open.size(); ++i) {
        if (!open[i].is_touched && open.size() > max_untouched) continue;
        const bool is_better = chosen == open.size() || open[i].is_touched > open[chosen].is_touched ||
                               (open[i].is_touched == open[chosen].is_touched && open[i].live < open[chosen].live);
        if (is_better) chosen = i;
    }
    return chosen;
}

bool Solver::is_closed(std::vector<Disjunction>& open, int depth) {
    if (!propagate(open)) return true;
    if (depth == max_depth || budget_.spent()) return false;
    const auto chosen = choose(open);
    return chosen < open.size() && branch(open, chosen, depth);
}

bool Solver::branch(const std::vector<Disjunction>& open, std::size_t chosen, int depth) {
    const auto goal = open[chosen].goal;
    for (const auto child : formulas_.formula(goal.formula).children) {
        if (budget_.spent()) return false;
        const auto before = facts_.mark();
        auto rest = open;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(chosen));
        const bool closed = !assume({child, goal.holds}, rest) || is_closed(rest, depth + 1);
        facts_.undo(before);
        if (!closed) return false;
    }
    return true;
}

}  // namespace fanion::eval::checks
