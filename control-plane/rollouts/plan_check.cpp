#include "control-plane/rollouts/plan_check.hpp"

#include <utility>

#include "control-plane/rollouts/source_store.hpp"

namespace fanion::cp::rollouts {

using boost::asio::awaitable;

void check_variations(const Plan& plan, const flags::FlagDefinition& flag, std::vector<Finding>& findings) {
    const auto check = [&](const std::string& variation, std::string pointer) {
        if (flags::has_variation(flag, variation)) return;
        findings.push_back({"", std::move(pointer), "unknown_reference", "there is no variation `" + variation + "`"});
    };
    check(plan.from, "/from");
    check(plan.to, "/to");
    for (std::size_t i = 0; i < plan.guards.size(); ++i) {
        const auto* counted = std::get_if<Evaluations>(&plan.guards[i].measure);
        if (counted != nullptr && counted->variation)
            check(*counted->variation, "/guards/" + std::to_string(i) + "/variation");
    }
}

awaitable<void> check_sources(db::Transaction& tx, access::OrgId org_id, const Plan& plan,
                              std::vector<Finding>& findings) {
    for (std::size_t i = 0; i < plan.guards.size(); ++i) {
        const auto& key = source_of(plan.guards[i]);
        if (key.empty()) continue;
        const auto source = co_await find_source(tx, org_id, key);
        if (source) continue;
        findings.push_back({"", "/guards/" + std::to_string(i) + "/prometheus", "unknown_reference",
                            "the organisation has no Prometheus `" + key + "`"});
    }
}

Error misfit(std::vector<Finding> findings) {
    return {Errc::unprocessable, "the plan does not fit what is there", std::move(findings)};
}

std::vector<std::string> sentences_of(const Plan& plan, std::size_t taken) {
    std::vector<std::string> sentences;
    for (std::size_t i = taken; i < plan.steps.size(); ++i) {
        const auto& step = plan.steps[i];
        auto sentence = "serves `" + plan.to + "` to " + percent_of(step.share);
        if (step.needs_approval) sentence += " after an approval";
        if (step.hold > 0) sentence += ", for at least " + format_span(step.hold);
        sentences.push_back(std::move(sentence));
    }
    return sentences;
}

}  // namespace fanion::cp::rollouts
