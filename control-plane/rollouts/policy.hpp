#pragma once

// A policy of a project: what the plans of rollouts must have, of which flags in which
// environments. Plain values and their JSON; pure.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "common/json/writer.hpp"
#include "control-plane/rollouts/plan.hpp"
#include "control-plane/rollouts/required_guard.hpp"

namespace fanion::cp::rollouts {

inline constexpr std::size_t most_policies = 50;  // of a project
inline constexpr std::size_t most_policy_environments = 50;

// What a policy says.
struct PolicyRules {
    std::vector<std::string> environments;  // keys; empty: all
    std::vector<std::string> tags;          // the flag has one of them; empty: every flag
    std::optional<std::uint32_t> max_first_share;
    std::optional<std::uint32_t> approval_above;  // steps of a larger share wait for an approval
    std::size_t min_steps = 0;                    // 0: any number
    UnixMillis min_hold = 0;                      // of each step but the last
    std::vector<RequiredGuard> guards;            // the plan has a guard for each
    std::optional<Response> on_regression;        // those respond at least so; without any, one guard of the plan does
    friend bool operator==(const PolicyRules&, const PolicyRules&) = default;
};

struct Policy {
    std::string key;
    PolicyRules rules;
    std::string created_by;
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
    std::uint64_t version = 1;
};

// The body of PUT. Errors: invalid_input with findings; `unsupported` for what is about metrics of
// users.
Result<PolicyRules> read_policy(json::Value body);
void write_policy(json::Writer& w, const Policy& policy);
std::string policy_text(const Policy& policy);
// As stored.
std::string rules_text(const PolicyRules& rules);
PolicyRules read_stored_rules(std::string_view text);

// Whether plans for a flag with these tags, in this environment, are held to it.
bool applies_to(const PolicyRules& rules, const std::string& environment, const std::vector<std::string>& tags);

// What the plan fails: findings `policy`, which name it and point into the plan. Of a rollout of
// which `taken` steps were taken, only what can still be different.
void check_policy(const Policy& policy, const Plan& plan, std::size_t taken, std::vector<Finding>& findings);

}  // namespace fanion::cp::rollouts
