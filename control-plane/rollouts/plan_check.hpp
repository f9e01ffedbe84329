#pragma once

// Whether what a plan refers to is there, and what the plan does, in words. Throws PgError.

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/flags/flag.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "control-plane/rollouts/plan.hpp"

namespace fanion::cp::rollouts {

// Findings: unknown_reference; and of guards that count evaluations unknown_value, out_of_range.
void check_variations(const Plan& plan, const flags::FlagDefinition& flag, std::vector<Finding>& findings);
boost::asio::awaitable<void> check_sources(db::Transaction& tx, access::OrgId org_id, const Plan& plan,
                                           std::vector<Finding>& findings);
// That the policy which the plan names is there. Finding: unknown_reference.
boost::asio::awaitable<void> check_named_policy(db::Transaction& tx, access::ProjectId project_id, const Plan& plan,
                                                std::vector<Finding>& findings);
// Error of a plan with such findings.
Error misfit(std::vector<Finding> findings);

// The policies of the project that match, and the one that the plan names, of a rollout of which
// `taken` steps were taken. Error: unprocessable, with findings `policy`.
boost::asio::awaitable<Result<>> check_policies(db::Transaction& tx, const projects::Environment& env,
                                                const flags::FlagDefinition& flag, const Plan& plan, std::size_t taken);

// Of the steps after those that were taken.
std::vector<std::string> sentences_of(const Plan& plan, std::size_t taken);

}  // namespace fanion::cp::rollouts
