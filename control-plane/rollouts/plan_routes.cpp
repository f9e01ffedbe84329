#include <optional>
#include <utility>
#include <vector>

#include "control-plane/flags/flag_store.hpp"
#include "control-plane/rollouts/decide.hpp"
#include "control-plane/rollouts/person_change.hpp"
#include "control-plane/rollouts/plan_check.hpp"
#include "control-plane/rollouts/rollout_routes.hpp"
#include "control-plane/rollouts/rollout_store.hpp"

namespace fanion::cp::rollouts {
namespace {

using boost::asio::awaitable;

// Error: unprocessable with findings.
awaitable<Result<>> check_plan(http::Edit& edit, const projects::LockedEnvironment& env, const Plan& plan,
                               std::size_t taken) {
    std::vector<Finding> findings;
    const auto flag = co_await flags::find_flag(edit.tx(), env.project_id, plan.flag);
    if (flag && !flag->is_deleted) check_variations(plan, flag->definition, findings);
    co_await check_sources(edit.tx(), env.org_id, plan, findings);
    co_await check_named_policy(edit.tx(), env.project_id, plan, findings);
    if (!findings.empty()) co_return misfit(std::move(findings));
    const auto definition = flag ? flag->definition : flags::FlagDefinition{};
    co_return co_await check_policies(edit.tx(), env, definition, plan, taken);
}

// What was approved with the start is the plan: another one takes approvals as the start does.
http::EditResult change_plan(http::Edit& edit) {
    if (auto ok = check_plan_patch(edit.body()); !ok) co_return ok.error();
    std::optional<http::Before> before;
    auto place = co_await lock_place(edit, before);
    if (!place) co_return place.error();
    auto& rollout = place->rollout;
    auto plan = patch_plan(rollout.plan, rollout.progress.step, edit.body());
    if (!plan) co_return plan.error();
    if (edit.is_dry_run()) edit.set_preview({.changes = sentences_of(*plan, rollout.progress.step)});
    if (*plan == rollout.plan) co_return edit.unchanged(before->text(), http::etag(rollout.version));
    auto approved = edit.require_approvals(place->env);
    if (!approved) co_return approved.error();
    auto checked = co_await check_plan(edit, place->env, *plan, rollout.progress.step);
    if (!checked) co_return checked.error();
    const auto now = edit.call().now();
    replan(rollout.plan, *plan, rollout.progress, now);
    rollout.plan = *plan;
    co_await update_plan(edit.tx(), rollout.rollout_id, std::move(*plan));
    if (rollout.due_at) rollout.due_at = now;
    co_return co_await finish_change(edit, audit::Action::rollout_updated, std::move(*before), std::move(rollout));
}

http::Answer handle_change_plan(http::Call& call) { return http::edit_resource(call, change_plan); }

constexpr http::Route plan_table[] = {
    {net::Method::patch, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/rollouts/{rollout}",
     access::Permission::edit, handle_change_plan, "dry_run"},
};

}  // namespace

std::span<const http::Route> plan_routes() noexcept { return plan_table; }

}  // namespace fanion::cp::rollouts
