#pragma once

// Checks of one flag in its environment. One thread; used once.

#include <set>
#include <string>
#include <vector>

#include "common/eval/check/catalog.hpp"
#include "common/eval/check/conditions.hpp"
#include "common/eval/check/prover.hpp"
#include "common/eval/check/report.hpp"

namespace fanion::eval::checks {

class FlagCheck {
public:
    FlagCheck(const model::Flag& flag, Catalog& catalog, Report& report);

    void run();

private:
    // What must hold for a rule to serve.
    struct RuleGoals {
        Id when;    // its condition
        Id serves;  // its condition and, for a split, that the unit is in one of its slots
        bool is_dead = false;
    };
    void prepare();
    void check_prerequisites();
    void check_targets();
    void check_rules();
    void check_split(const model::Serve& serve, Place place, const std::string& pointer);
    void check_reach(std::size_t rule);
    void report_unreachable(std::size_t rule, Proof proof);
    std::vector<Goal> goals_before(std::size_t rule) const;
    std::string cause(std::size_t rule, Proof proof);
    std::string name_of_rule(std::size_t rule) const;
    void check_variations();

    const model::Flag& flag_;
    const model::FlagConfig& config_;
    Catalog& catalog_;
    Report& report_;
    Formulas formulas_;
    std::vector<RuleGoals> rules_;
    std::vector<Id> targets_;
    std::optional<Prover> prover_;
    std::size_t catch_all_;  // the first rule that always serves; the number of rules where there is none
};

}  // namespace fanion::eval::checks
