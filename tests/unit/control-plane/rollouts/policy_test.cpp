// Policies: what is accepted, what they apply to, and what a plan fails.

#include "control-plane/rollouts/policy.hpp"

#include <catch2/catch.hpp>

#include "control-plane/body/merge_patch.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::rollouts;
using Texts = std::vector<std::string>;

namespace {

Result<PolicyRules> parsed_policy(const std::string& text) {
    json::Document document;
    REQUIRE(document.parse(text, cp::body::composed_limits()));
    return read_policy(document.root());
}

Texts policy_faults(const std::string& text) {
    const auto rules = parsed_policy(text);
    Texts found;
    if (rules) return found;
    for (const auto& finding : rules.error().findings) found.push_back(finding.pointer + ' ' + finding.code);
    return found;
}
Texts require_faults(const std::string& members) { return policy_faults(R"({"require":{)" + members + "}}"); }

Plan plan_of_steps(const std::string& steps, const std::string& guards = "") {
    json::Document document;
    REQUIRE(
        document.parse(R"({"flag":"f","from":"off","to":"on","steps":[)" + steps + R"(],"guards":[)" + guards + "]}",
                       cp::body::composed_limits()));
    return *read_plan(document.root());
}

// What the plan fails of a policy that requires `members`, as "pointer: sentence".
Texts failed(const std::string& members, const Plan& plan, std::size_t taken = 0) {
    Policy policy;
    policy.key = "tier-1";
    policy.rules = *parsed_policy(R"({"require":{)" + members + "}}");
    std::vector<Finding> findings;
    check_policy(policy, plan, taken, findings);
    Texts texts;
    for (const auto& finding : findings) {
        CHECK(finding.code == "policy");
        texts.push_back(finding.pointer + ": " + finding.detail);
    }
    return texts;
}

const std::string two_steps = R"({"share":10000,"hold":"15m"},{"share":100000})";
const std::string errors =
    R"({"evaluations":"share","reason":"ERROR","above":0.01,"window":"10m","on_breach":"rollback"})";
const std::string latency = R"({"prometheus":"main","query":"latency","above":0.3,"for":"5m","on_breach":"hold"})";

}  // namespace

TEST_CASE("a policy with everything is stored and read back") {
    const auto rules = parsed_policy(
        R"({"match":{"environments":["production"],"tags":["tier-1"]},"require":{"max_first_share":1000,)"
        R"("approval_above":50000,"min_steps":3,"min_hold":"15m","guards":[{"prometheus":"main","burn":14.4,)"
        R"("long":"1h"},{"evaluations":"share","above":0.01,"on_breach":"rollback"}],"on_regression":"hold"}})");
    REQUIRE(rules);
    CHECK(rules->guards.size() == 2);
    CHECK(rules->on_regression == Response::hold);
    CHECK(rules->min_hold == 900'000);
    CHECK(read_stored_rules(rules_text(*rules)) == *rules);
    const auto least = parsed_policy(R"({"require":{},"key":"sent back","version":3})");
    REQUIRE(least);
    CHECK(read_stored_rules(rules_text(*least)) == *least);
    CHECK(*least == PolicyRules{});
}

TEST_CASE("every fault of a policy has its pointer") {
    CHECK(policy_faults("{}") == Texts{"/require missing"});
    CHECK(policy_faults(R"({"require":{},"match":{"flags":["f"]},"scope":1})") ==
          Texts{"/match/flags unknown_field", "/scope unknown_field"});
    CHECK(require_faults(R"("max_first_share":0,"approval_above":100001,"min_steps":51,"min_hold":"1y")") ==
          Texts{"/require/max_first_share out_of_range", "/require/approval_above out_of_range",
                "/require/min_steps out_of_range", "/require/min_hold bad_duration"});
    CHECK(require_faults(R"("on_regression":"panic","steps":3)") ==
          Texts{"/require/on_regression unknown_value", "/require/steps unknown_field"});
    CHECK(require_faults(R"("guards":[{},{"prometheus":"main","quantile":1},{"above":"1","on_breach":"x"}])") ==
          Texts{"/require/guards/0 malformed", "/require/guards/1/quantile unknown_field",
                "/require/guards/2/on_breach unknown_value", "/require/guards/2/above wrong_type"});
}

TEST_CASE("what is about metrics of users is refused, and said to be") {
    CHECK(
        require_faults(R"("prove":true,"max_alpha":0.05,"guards":[{"metric":"had-error"}])") ==
        Texts{"/require/guards/0/metric unsupported", "/require/prove unsupported", "/require/max_alpha unsupported"});
}

TEST_CASE("lists of a policy are bounded") {
    std::string texts, guards;
    for (int i = 0; i <= 50; ++i) texts += (i ? "," : "") + std::string("\"e") + std::to_string(i) + '"';
    for (int i = 0; i <= 10; ++i) guards += (i ? "," : "") + std::string(R"({"prometheus":"main"})");
    CHECK(policy_faults(R"({"match":{"environments":[)" + texts + R"(],"tags":[)" + texts +
                        R"(]},"require":{"guards":[)" + guards + "]}}") ==
          Texts{"/match/environments too_many", "/match/tags too_many", "/require/guards too_many"});
}

TEST_CASE("a policy applies to its environments and to flags with one of its tags") {
    PolicyRules rules;
    CHECK(applies_to(rules, "staging", {}));
    rules.environments = {"production", "eu"};
    CHECK(applies_to(rules, "eu", {}));
    CHECK_FALSE(applies_to(rules, "staging", {}));
    rules.tags = {"tier-1", "payment"};
    CHECK(applies_to(rules, "eu", {"web", "payment"}));
    CHECK_FALSE(applies_to(rules, "eu", {"web"}));
    CHECK_FALSE(applies_to(rules, "staging", {"payment"}));
}

TEST_CASE("what a plan's steps fail") {
    const auto plan = plan_of_steps(two_steps);
    CHECK(failed("", plan).empty());
    CHECK(failed(R"("max_first_share":10000,"min_steps":2,"min_hold":"15m","approval_above":100000)", plan).empty());
    CHECK(failed(R"("max_first_share":9999)", plan) ==
          Texts{"/steps/0/share: policy `tier-1`: the first step has at most 9.999 %"});
    CHECK(failed(R"("min_steps":3)", plan) == Texts{"/steps: policy `tier-1`: a plan has at least 3 steps"});
    CHECK(failed(R"("min_hold":"1h")", plan) ==
          Texts{"/steps/0/hold: policy `tier-1`: a step lasts at least 1h"});  // the last one ends the rollout
    CHECK(failed(R"("approval_above":10000)", plan) ==
          Texts{"/steps/1/approval: policy `tier-1`: a step above 10 % takes an approval"});
    CHECK(failed(R"("approval_above":10000)", plan_of_steps(R"({"share":10000},{"share":100000,"approval":true})"))
              .empty());
}

TEST_CASE("of steps that were taken only what can still be different is asked") {
    const auto plan = plan_of_steps(R"({"share":50000},{"share":60000},{"share":100000,"approval":true})");
    const std::string all = R"("max_first_share":1000,"min_hold":"1h","approval_above":1000)";
    CHECK(failed(all, plan).size() == 5);
    CHECK(failed(all, plan, 1).size() == 3);  // the hold of the present step
    CHECK(failed(all, plan, 2).size() == 1);
    CHECK(failed(all, plan, 3).empty());
}

TEST_CASE("a plan has a guard for each that is required, as strict or stricter") {
    const auto plan = plan_of_steps(two_steps, errors + ',' + latency);
    const auto has = [&](const std::string& guard) { return failed(R"("guards":[)" + guard + "]", plan).empty(); };
    CHECK(has(R"({"prometheus":"main"},{"evaluations":"share"})"));
    CHECK(has(R"({"prometheus":"main","query":"latency","above":0.3,"for":"5m","on_breach":"hold"})"));
    CHECK(has(R"({"prometheus":"main","above":0.5,"for":"10m","on_breach":"alert"})"));
    CHECK(has(R"({"reason":"ERROR","window":"600s","min_evaluations":100})"));
    CHECK_FALSE(has(R"({"prometheus":"other"})"));
    CHECK_FALSE(has(R"({"prometheus":"main","above":0.2})"));
    CHECK_FALSE(has(R"({"prometheus":"main","for":"1m"})"));
    CHECK_FALSE(has(R"({"prometheus":"main","below":0.3})"));
    CHECK_FALSE(has(R"({"prometheus":"main","burn":14.4})"));
    CHECK_FALSE(has(R"({"prometheus":"main","on_breach":"rollback"})"));
    CHECK_FALSE(has(R"({"prometheus":"main","reason":"ERROR"})"));  // of one guard
    CHECK_FALSE(has(R"({"reason":"ERROR","window":"1h"})"));
    const auto burning =
        plan_of_steps(two_steps, R"({"prometheus":"main","error_ratio":"e[$window]","slo":0.999,"on_breach":"hold"})");
    CHECK(failed(R"("guards":[{"slo":0.99,"burn":14.4,"long":"1h","short":"5m"}])", burning).empty());
    CHECK(failed(R"("guards":[{"slo":0.9999}])", burning).size() == 1);
    CHECK(failed(R"("guards":[{"burn":6}])", burning) ==
          Texts{R"(/guards: policy `tier-1`: a guard is missing: {"burn":6})"});
}

TEST_CASE("what must follow a breach is done by the guards that are required, or by one of the plan") {
    const auto plan = plan_of_steps(two_steps, errors + ',' + latency);
    CHECK(failed(R"("on_regression":"rollback")", plan).empty());
    CHECK(failed(R"("on_regression":"turn_off")", plan) ==
          Texts{"/guards: policy `tier-1`: a guard is missing; on a breach it does at least this: turn_off"});
    CHECK(failed(R"("on_regression":"hold","guards":[{"prometheus":"main"}])", plan).empty());
    CHECK(failed(R"("on_regression":"rollback","guards":[{"prometheus":"main"}])", plan).size() == 1);
    CHECK(failed(R"("on_regression":"alert")", plan_of_steps(two_steps)).size() == 1);
}
