#pragma once

// Checks one condition tree by itself: parts that never or always hold, and suspicious single
// comparisons. One thread.

#include "common/eval/check/catalog.hpp"
#include "common/eval/check/prover.hpp"
#include "common/eval/check/report.hpp"

namespace fanion::eval::checks {

class ConditionCheck {
public:
    ConditionCheck(const Formulas& formulas, Prover& prover, Catalog& catalog, Report& report)
        : formulas_(formulas), prover_(prover), catalog_(catalog), report_(report) {}

    // Reports what it finds under `pointer`. False when the whole condition is proven never to
    // hold, for any context.
    bool run(const model::Condition& condition, Id formula, const std::string& pointer);

private:
    struct Part {
        const model::Condition& condition;
        Id formula;
        std::string pointer;
    };
    std::vector<Part> parts_of(const Part& part) const;
    void inspect_leaves(const Part& part);
    void find_constants(const Part& part);
    Proof refute(const Part& part, bool holds) { return prover_.refute({{part.formula, holds}}); }
    bool find_constant(const Part& part, bool holds);
    void report_constant(const Part& part, bool holds, Proof proof);
    void inspect_comparison(const model::Condition& condition, const std::string& pointer);
    void inspect_operand(const model::Condition& condition, const std::string& pointer);
    void inspect_segments(const model::Condition& condition, const std::string& pointer);

    const Formulas& formulas_;
    Prover& prover_;
    Catalog& catalog_;
    Report& report_;
};

// Reports the buckets of a rule's condition that put units into the same slots as the rule's own
// split. `flag_salt` is the salt of those that name none.
void report_split_buckets(const model::Condition& condition, const model::Split& split, const std::string& flag_salt,
                          const std::string& pointer, Report& report);

// Reports the first value that occurs twice in the list, if any.
void report_duplicate(const std::vector<std::string>& values, const std::string& pointer, Report& report);

}  // namespace fanion::eval::checks
