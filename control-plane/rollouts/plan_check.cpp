#include "control-plane/rollouts/plan_check.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "common/eval/run/evaluator.hpp"
#include "control-plane/rollouts/policy_store.hpp"
#include "control-plane/rollouts/source_store.hpp"

namespace fanion::cp::rollouts {

using boost::asio::awaitable;

namespace {

constexpr std::array counted_reasons{eval::Reason::static_value,    eval::Reason::default_value,
                                     eval::Reason::targeting_match, eval::Reason::split,
                                     eval::Reason::disabled,        eval::Reason::error};

bool is_counted(std::string_view reason) noexcept {
    const auto has_name = [&](eval::Reason one) { return eval::name_of(one) == reason; };
    return std::any_of(counted_reasons.begin(), counted_reasons.end(), has_name);
}

// A guard that nothing can ever bring over its threshold protects from nothing: `"above": 5` was
// meant to be 5 %. Plans that are stored already are not read with this.
void check_counts(const Evaluations& counted, const std::string& pointer, std::vector<Finding>& findings) {
    if (counted.reason && !is_counted(*counted.reason))
        findings.push_back({"", pointer + "/reason", "unknown_value",
                            "a reason is STATIC, DEFAULT, TARGETING_MATCH, SPLIT, DISABLED or ERROR"});
    const auto& [is_above, limit] = counted.threshold;
    if (is_above ? limit < 0 : limit <= 0)
        findings.push_back({"", pointer + (is_above ? "/above" : "/below"), "out_of_range",
                            is_above ? "this is always over the threshold" : "this is never over the threshold"});
    else if (counted.is_share && (is_above ? limit >= 1 : limit > 1))
        findings.push_back(
            {"", pointer + (is_above ? "/above" : "/below"), "out_of_range", "a share is from 0 to 1: 0.05 is 5 %"});
}

}  // namespace

void check_variations(const Plan& plan, const flags::FlagDefinition& flag, std::vector<Finding>& findings) {
    const auto check = [&](const std::string& variation, std::string pointer) {
        if (flags::has_variation(flag, variation)) return;
        findings.push_back({"", std::move(pointer), "unknown_reference", "there is no variation `" + variation + "`"});
    };
    check(plan.from, "/from");
    check(plan.to, "/to");
    for (std::size_t i = 0; i < plan.guards.size(); ++i) {
        const auto* counted = std::get_if<Evaluations>(&plan.guards[i].measure);
        if (counted == nullptr) continue;
        const auto pointer = "/guards/" + std::to_string(i);
        if (counted->variation) check(*counted->variation, pointer + "/variation");
        check_counts(*counted, pointer, findings);
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

awaitable<void> check_named_policy(db::Transaction& tx, access::ProjectId project_id, const Plan& plan,
                                   std::vector<Finding>& findings) {
    if (plan.policy.empty()) co_return;
    const auto policy = co_await find_policy(tx, project_id, plan.policy);
    if (policy) co_return;
    findings.push_back(
        {"", "/policy", "unknown_reference", "the project has no policy `" + plan.policy + "` for rollouts"});
}

Error misfit(std::vector<Finding> findings) {
    return {Errc::unprocessable, "the plan does not fit what is there", std::move(findings)};
}

awaitable<Result<>> check_policies(db::Transaction& tx, const projects::Environment& env,
                                   const flags::FlagDefinition& flag, const Plan& plan, std::size_t taken) {
    std::vector<Finding> findings;
    const auto policies = co_await list_policies(tx, env.project_id, "", most_policies);
    for (const auto& policy : policies) {
        if (policy.key == plan.policy || applies_to(policy.rules, env.key, flag.tags))
            check_policy(policy, plan, taken, findings);
    }
    if (findings.empty()) co_return boost::system::in_place_value;
    co_return Error{Errc::unprocessable, "the plan fails a policy of the project", std::move(findings)};
}

std::vector<std::string> sentences_of(const Plan& plan, std::size_t taken) {
    std::vector<std::string> sentences;
    for (std::size_t i = taken; i < plan.steps.size(); ++i) {
        const auto& step = plan.steps[i];
        auto sentence = "serves `" + plan.to + "` to " + percent_of(step.share);
        if (step.needs_approval) sentence += " after an approval";
        if (step.hold > 0) sentence += ", for at least " + format_span(step.hold);
        if (i == 0 && plan.offset > 0) sentence += "; the first have slot " + std::to_string(plan.offset);
        sentences.push_back(std::move(sentence));
    }
    return sentences;
}

}  // namespace fanion::cp::rollouts
