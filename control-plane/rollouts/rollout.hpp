#pragma once

// A rollout and its decisions, and their JSON in the admin API. Plain values; pure.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/strong_id.hpp"
#include "common/json/writer.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/rollouts/plan.hpp"
#include "control-plane/rollouts/progress.hpp"

namespace fanion::cp::rollouts {

using RolloutId = StrongId<struct RolloutIdTag>;

inline constexpr std::size_t most_open = 200;             // rollouts of an organisation
inline constexpr std::size_t most_decisions_shown = 100;  // the newest, in the resource

struct Rollout {
    RolloutId rollout_id;
    access::EnvironmentId env_id;
    std::string environment;  // key
    Plan plan;
    Progress progress;
    std::uint64_t attempt = 1;  // of the same rule and variations
    std::optional<UnixMillis> due_at;
    std::optional<UnixMillis> looked_at;
    std::string last_evidence;    // JSON of the last look; empty: none yet
    std::uint64_t decisions = 0;  // how many there are
    std::string created_by;
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
    std::optional<UnixMillis> ended_at;
    std::uint64_t version = 1;  // grows with decisions and with what people do, not with looks
    std::int64_t position = 0;  // in lists
};

// One that did something.
struct TakenDecision {
    std::uint64_t seq = 0;  // 1, 2, .. without a gap
    UnixMillis at = 0;
    std::string action;
    std::string reason;
    std::string detail;
    std::uint64_t step = 0;  // steps taken after it
    std::string evidence;    // JSON
};

// As lists show it.
void write_rollout(json::Writer& w, const Rollout& rollout);
std::string rollout_text(const Rollout& rollout);
// With the last look and the newest decisions, newest first.
std::string rollout_text(const Rollout& rollout, const std::vector<TakenDecision>& decisions);
// What the audit log holds of a decision: the rollout, the decision and its evidence.
std::string audited_text(const Rollout& rollout, const TakenDecision& decision);

}  // namespace fanion::cp::rollouts
