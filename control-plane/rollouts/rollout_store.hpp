#pragma once

// Rollouts and their decisions. Functions run in the caller's transaction, whose scope is the
// organisation, unless they take a pool. Order of locks: the environment, then the rollout.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/rollouts/rollout.hpp"

namespace fanion::cp::rollouts {

struct RolloutPage {
    std::uint64_t before = 0;  // position; 0: from the newest
    std::string flag;          // only of this one; empty: all
    std::string state;
    std::size_t limit = 50;
};
// Newest first.
boost::asio::awaitable<std::vector<Rollout>> list_rollouts(db::Transaction& tx, access::EnvironmentId env_id,
                                                           RolloutPage page);
boost::asio::awaitable<std::optional<Rollout>> find_rollout(db::Transaction& tx, access::EnvironmentId env_id,
                                                            RolloutId rollout_id);
boost::asio::awaitable<std::optional<Rollout>> lock_rollout(db::Transaction& tx, access::EnvironmentId env_id,
                                                            RolloutId rollout_id);
// Of an organisation, open ones.
boost::asio::awaitable<std::size_t> count_open_rollouts(db::Transaction& tx, access::OrgId org_id);
// The open one of a rule.
boost::asio::awaitable<std::optional<RolloutId>> find_open_rollout(db::Transaction& tx, access::EnvironmentId env_id,
                                                                   std::string flag, std::string rule);
// Earlier ones of the same rule and variations.
boost::asio::awaitable<std::uint64_t> count_attempts(db::Transaction& tx, access::EnvironmentId env_id, Plan plan);

// Sets the position. Throws PgError (unique violation) when the rule has an open one.
boost::asio::awaitable<void> insert_rollout(db::Transaction& tx, access::OrgId org_id, Rollout& rollout);
// What decisions, people and looks change. Ends the lease: its holder finds another lease_seq.
boost::asio::awaitable<void> update_rollout(db::Transaction& tx, const Rollout& rollout);

// Beside update_rollout(): the plan, which only people change.
boost::asio::awaitable<void> update_plan(db::Transaction& tx, RolloutId rollout_id, Plan plan);

boost::asio::awaitable<void> insert_decision(db::Transaction& tx, access::OrgId org_id, RolloutId rollout_id,
                                             TakenDecision decision);
// Newest first.
boost::asio::awaitable<std::vector<TakenDecision>> list_decisions(db::Transaction& tx, RolloutId rollout_id,
                                                                  std::size_t limit);

// A look at one rollout that nobody else takes until the lease expires.
struct LeasedRollout {
    access::OrgId org_id;
    RolloutId rollout_id;
    std::uint64_t lease_seq = 0;
    bool is_environment_deleted = false;  // or was, since the rollout started: it ends
};
// Of all organisations: those that are due at `now` and not leased then. Those of deleted
// environments are found by transactions that show what is deleted.
boost::asio::awaitable<std::vector<LeasedRollout>> lease_rollouts(db::Pool& pool, UnixMillis now, UnixMillis until,
                                                                  std::size_t at_most);
struct PlacedRollout {
    Rollout rollout;
    access::ProjectId project_id;
    std::string project;  // key
};
// Nothing if the lease is over: another was taken, or the rollout was changed.
boost::asio::awaitable<std::optional<PlacedRollout>> find_leased(db::Transaction& tx, LeasedRollout leased);
// The same, and locks the row.
boost::asio::awaitable<bool> lock_leased(db::Transaction& tx, LeasedRollout leased);
// Of all organisations, by the name of the state.
boost::asio::awaitable<std::vector<std::pair<std::string, std::uint64_t>>> count_by_state(db::Pool& pool);

}  // namespace fanion::cp::rollouts
