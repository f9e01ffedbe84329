#include "common/eval/check/segment_check.hpp"

#include "common/eval/check/conditions.hpp"
#include "common/eval/check/lists.hpp"

namespace fanion::eval::checks {
namespace {

// Values that a list contains twice.
void check_lists(const std::vector<model::Target>& lists, const std::string& pointer, Report& report) {
    for (std::size_t i = 0; i < lists.size(); ++i)
        report_duplicate(lists[i].values, place(pointer, i) + "/values", report);
}

void check_exclusions(const model::Segment& segment, Report& report) {
    if (segment.excluded.empty()) return;
    ListedBefore included;
    for (std::size_t i = 0; i < segment.included.size(); ++i) included.add(segment.included[i], i);
    for (std::size_t i = 0; i < segment.excluded.size(); ++i) {
        const auto shadow = included.find(segment.excluded[i]);
        if (shadow.count == 0) continue;
        const auto more = shadow.count == 1 ? "" : " and " + std::to_string(shadow.count - 1) + " more";
        report.add(place(place("/excluded", i) + "/values", shadow.first), "shadowed_exclusion",
                   quoted(segment.excluded[i].values[shadow.first]) + more +
                       " is included too, and included wins over excluded.");
    }
}

void check_rules(const model::Segment& segment, Catalog& catalog, Report& report) {
    Formulas formulas("");
    std::vector<Id> rules;
    for (const auto& rule : segment.rules) rules.push_back(formulas.add(rule.when));
    formulas.mark_single_names();
    Prover prover(formulas);
    ConditionCheck conditions(formulas, prover, catalog, report);
    std::vector<Goal> earlier;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const auto pointer = place("/rules", i);
        if (!conditions.run(segment.rules[i].when, rules[i], pointer + "/when")) continue;
        auto goals = earlier;
        goals.push_back({rules[i], true});
        if (prover.refutes_always(goals))
            report.add(pointer, "redundant_rule", "This rule adds nobody: the rules before it hold wherever it does.");
        earlier.push_back({rules[i], false});
    }
}

}  // namespace

void check_segment(const model::Segment& segment, Catalog& catalog, Report& report) {
    check_lists(segment.included, "/included", report);
    check_lists(segment.excluded, "/excluded", report);
    check_exclusions(segment, report);
    check_rules(segment, catalog, report);
}

}  // namespace fanion::eval::checks
