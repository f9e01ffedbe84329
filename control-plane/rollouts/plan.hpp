#pragma once

// The plan of a rollout: which rule's users get which variation, in which steps, and what guards
// it. The body of the request that starts one. Plain values and their JSON; pure, but for what a
// plan refers to: shares.hpp compares it with the flag.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/json/document.hpp"
#include "common/json/writer.hpp"
#include "control-plane/rollouts/guard.hpp"

namespace fanion::cp::rollouts {

inline constexpr std::size_t most_steps = 50;
inline constexpr std::size_t most_guards = 10;

struct Step {
    std::uint32_t share = 0;           // slots of 0.001 %
    UnixMillis hold = 0;               // from the moment when the relays have applied it
    std::int64_t min_evaluations = 0;  // of `to`, before the next step
    bool needs_approval = false;       // it is not taken before a person has approved it
    friend bool operator==(const Step&, const Step&) = default;
};

struct Plan {
    std::string flag;
    std::string rule;  // id; empty: the fallthrough
    std::string from;  // variations
    std::string to;
    std::vector<Step> steps;  // of growing shares; the last one's is everything
    std::vector<Guard> guards;
    Response on_no_data = Response::hold;   // Prometheus did not answer with one number
    Response on_max_wait = Response::hold;  // a step waited longer than this, beyond its `hold`
    UnixMillis max_wait = 0;
    std::string policy;        // key of one that it is held to, besides those that match; empty: none
    std::uint32_t offset = 0;  // slot from which `to` is laid out
    friend bool operator==(const Plan&, const Plan&) = default;
};

// Errors: invalid_input with findings. Derived members of a rollout (`attempt`, ..) may be given,
// so that the plan of an earlier one can be sent again.
Result<Plan> read_plan(json::Value body);
// A merge patch of the plan of a rollout of which `taken` steps were taken. Errors: invalid_input
// with findings, `fixed` for what stays as it was: the rule, its variations, the offset, and the
// shares of steps that were taken.
Result<Plan> patch_plan(const Plan& present, std::size_t taken, json::Value patch);
// What is wrong with such a patch whichever plan it changes. Errors: invalid_input with findings.
Result<> check_plan_patch(json::Value patch);
// As stored and shown: the members of the body.
void write_plan_members(json::Writer& w, const Plan& plan);
std::string plan_text(const Plan& plan);
Plan read_stored_plan(std::string_view text);

// "0.5 %"
std::string percent_of(std::uint32_t share);

}  // namespace fanion::cp::rollouts
