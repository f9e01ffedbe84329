#include "control-plane/rollouts/rollout_routes.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "control-plane/flags/flag_store.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/http/numbered_page.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/rollouts/decide.hpp"
#include "control-plane/rollouts/person_change.hpp"
#include "control-plane/rollouts/plan_check.hpp"
#include "control-plane/rollouts/rollout_store.hpp"
#include "control-plane/rollouts/shares.hpp"
#include "control-plane/webhooks/webhook.hpp"

namespace fanion::cp::rollouts {
namespace {

using boost::asio::awaitable;

// -- Reading ----------------------------------------------------------------------------------------------------------

bool is_rollout_state(std::string_view name) noexcept { return parse_state(name).has_value(); }

http::Answer handle_list_rollouts(http::Call& call) {
    constexpr std::string_view states = "running, held, paused, completed, rolled_back, turned_off or cancelled";
    const auto page = http::read_numbered_page(call, is_rollout_state, states);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    RolloutPage wanted{page->before, call.request.query("flag").value_or(""), page->state, page->page.limit + 1};
    auto found = co_await list_rollouts(tx, env->env_id, std::move(wanted));
    const auto position_of = [](const Rollout& one) { return std::to_string(one.position); };
    const auto next = http::end_page(found, page->page, position_of);
    co_return net::json_response(http::list_text(write_rollout, found, next));
}

// Never 304: looks change what is shown under the same tag.
http::Answer handle_get_rollout(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    const auto rollout = co_await find_rollout(tx, env->env_id, RolloutId(call.param("rollout")));
    if (!rollout) co_return http::not_found("rollout", "{rollout}");
    const auto decisions = co_await list_decisions(tx, rollout->rollout_id, most_decisions_shown);
    auto response = net::json_response(rollout_text(*rollout, decisions));
    response.set("ETag", http::etag(rollout->version));
    co_return response;
}

// -- Starting ---------------------------------------------------------------------------------------------------------

// What a plan refers to, as the transaction finds it.
class Start {
public:
    Start(http::Edit& edit, const projects::LockedEnvironment& env, Plan plan)
        : edit_(edit), env_(env), plan_(std::move(plan)) {}

    // Errors: conflict; unprocessable with findings.
    awaitable<Result<Rollout>> make() {
        auto found = co_await check_flag();
        if (!found) co_return found.error();
        co_await check_sources(edit_.tx(), env_.org_id, plan_, findings_);
        co_await check_named_policy(edit_.tx(), env_.project_id, plan_, findings_);
        if (!findings_.empty()) co_return misfit(std::move(findings_));
        auto allowed = co_await check_policies(edit_.tx(), env_, definition_, plan_, 0);
        if (!allowed) co_return allowed.error();
        auto conflict = co_await check_conflicts();
        if (!conflict) co_return conflict.error();
        co_return co_await made();
    }

private:
    awaitable<Result<>> check_flag() {
        const auto flag = co_await flags::find_flag(edit_.tx(), env_.project_id, plan_.flag);
        if (!flag || flag->is_deleted) {
            add("/flag", "unknown_reference", "there is no flag `" + plan_.flag + "`");
            co_return boost::system::in_place_value;
        }
        if (!flags::is_in_ruleset(flag->definition)) co_return conflict_with("archived", "the flag is archived");
        auto config = co_await flags::find_flag_config(edit_.tx(), *flag, env_.env_id);
        if (!config) co_return http::not_found("flag", "/flag");
        check_variations(plan_, flag->definition, findings_);
        check_rule(config->config);
        if (findings_.empty() && !config->config.enabled)
            co_return conflict_with("flag_off", "the flag is off in this environment: turn it on first");
        config_ = std::move(config->config);
        definition_ = flag->definition;
        co_return boost::system::in_place_value;
    }

    void check_rule(const model::FlagConfig& config) {
        const auto* serve = served_by(plan_, config);
        if (serve == nullptr) {
            add("/rule", "unknown_reference", "there is no rule `" + plan_.rule + "` in this environment");
            return;
        }
        const auto share = present_share(plan_, *serve);
        if (!share) {
            add("/rule", "serves_other", "the rule must serve `from`, or a split of `from` and `to`");
        } else if (plan_.steps.front().share <= *share) {
            add("/steps/0/share", "not_growing", "`to` has " + percent_of(*share) + " already");
        }
        if (share && *share > 0 && plan_.offset > 0)
            add("/offset", "has_share", "`to` has " + percent_of(*share) + " already, which an offset does not move");
        share_ = share.value_or(0);
    }

    awaitable<Result<>> check_conflicts() {
        const auto other = co_await find_open_rollout(edit_.tx(), env_.env_id, plan_.flag, plan_.rule);
        if (other) {
            co_return http::conflict("/rule", "in_progress",
                                     "rollout " + other->str() + " of this rule has not ended: cancel it first");
        }
        const auto open = co_await count_open_rollouts(edit_.tx(), env_.org_id);
        if (open >= most_open) co_return conflict_with("limit", "an organisation has at most 200 rollouts under way");
        co_return boost::system::in_place_value;
    }

    awaitable<Rollout> made() {
        const auto now = edit_.call().now();
        Rollout rollout;
        rollout.attempt = 1 + co_await count_attempts(edit_.tx(), env_.env_id, plan_);
        rollout.rollout_id = RolloutId(random_id("ro_"));
        rollout.env_id = env_.env_id;
        rollout.environment = env_.key;
        rollout.progress.share = share_;
        rollout.progress.began_at = rollout.progress.waits_since = now;
        rollout.progress.basis = basis_of(plan_, config_);
        rollout.progress.guards.resize(plan_.guards.size());
        rollout.plan = std::move(plan_);
        rollout.due_at = rollout.created_at = rollout.updated_at = now;
        rollout.created_by = edit_.call().principal.actor_id();
        co_return rollout;
    }

    static Error conflict_with(std::string code, std::string detail) {
        return http::conflict("", std::move(code), std::move(detail));
    }
    void add(std::string pointer, std::string code, std::string detail) {
        findings_.push_back({"", std::move(pointer), std::move(code), std::move(detail)});
    }

    http::Edit& edit_;
    const projects::LockedEnvironment& env_;
    Plan plan_;
    flags::FlagDefinition definition_;
    model::FlagConfig config_;
    std::uint32_t share_ = 0;
    std::vector<Finding> findings_;
};

http::EditResult start_rollout(http::Edit& edit, Plan plan) {
    auto& call = edit.call();
    const auto env = co_await projects::lock_environment(call, edit.tx());
    if (!env) co_return env.error();
    if (auto ok = projects::require_edit_permission(call, env->is_protected); !ok) co_return ok.error();
    if (auto ok = edit.require_approvals(*env); !ok) co_return ok.error();
    Start start(edit, *env, std::move(plan));
    auto rollout = co_await start.make();
    if (!rollout) co_return rollout.error();
    co_await insert_rollout(edit.tx(), call.org.org_id, *rollout);
    if (edit.is_dry_run()) edit.set_preview({.changes = sentences_of(rollout->plan, 0)});
    co_return edit.created(audit::Action::rollout_created, rollout->rollout_id.str(), rollout_text(*rollout),
                           http::etag(rollout->version));
}

http::Answer handle_start_rollout(http::Call& call) { return http::edit_resource(call, read_plan, start_rollout); }

// -- What people do with one ------------------------------------------------------------------------------------------

awaitable<Result<Place>> lock_without_body(http::Edit& edit, std::optional<http::Before>& before) {
    if (auto ok = webhooks::read_nothing(edit.body()); !ok) co_return ok.error();
    co_return co_await lock_place(edit, before);
}

http::EditResult pause_rollout(http::Edit& edit) {
    std::optional<http::Before> before;
    auto place = co_await lock_without_body(edit, before);
    if (!place) co_return place.error();
    auto& rollout = place->rollout;
    if (rollout.progress.state == State::paused)
        co_return http::conflict("", "paused", "the rollout is paused already");
    const auto now = edit.call().now();
    pause(rollout.progress, now);
    rollout.due_at = next_look(rollout.plan, rollout.progress, now);
    co_return co_await finish_change(edit, audit::Action::rollout_paused, std::move(*before), std::move(rollout));
}

// What the rule is now is what the next step grows from. Error: conflict.
awaitable<Result<>> take_over_present(http::Edit& edit, Place& place) {
    const auto& plan = place.rollout.plan;
    auto& progress = place.rollout.progress;
    const auto flag = co_await flags::find_flag(edit.tx(), place.env.project_id, plan.flag);
    std::optional<flags::FlagEnvironment> config;
    if (flag && !flag->is_deleted && flags::is_in_ruleset(flag->definition))
        config = co_await flags::find_flag_config(edit.tx(), *flag, place.env.env_id);
    const auto conflict = conflict_of(plan, progress, config ? &config->config : nullptr);
    if (conflict != Conflict::none && conflict != Conflict::changed) {
        Evidence evidence;
        evidence.conflict = conflict;
        auto detail = describe(plan, {Action::hold, Reason::conflict, std::nullopt}, evidence);
        co_return http::conflict("", std::string(name_of(conflict)), std::move(detail));
    }
    progress.basis = basis_of(plan, config->config);
    progress.share = *present_share(plan, *served_by(plan, config->config));
    co_return boost::system::in_place_value;
}

http::EditResult resume_rollout(http::Edit& edit) {
    std::optional<http::Before> before;
    auto place = co_await lock_without_body(edit, before);
    if (!place) co_return place.error();
    auto& rollout = place->rollout;
    if (rollout.progress.state == State::running) co_return http::conflict("", "running", "the rollout is under way");
    const auto taken_over = co_await take_over_present(edit, *place);
    if (!taken_over) co_return taken_over.error();
    const auto now = edit.call().now();
    resume(rollout.progress, now);
    rollout.due_at = now;
    co_return co_await finish_change(edit, audit::Action::rollout_resumed, std::move(*before), std::move(rollout));
}

http::EditResult cancel_rollout(http::Edit& edit) {
    std::optional<http::Before> before;
    auto place = co_await lock_without_body(edit, before);
    if (!place) co_return place.error();
    auto& rollout = place->rollout;
    rollout.progress.state = State::cancelled;
    rollout.progress.reason = Reason::person;
    rollout.progress.detail.clear();
    rollout.due_at.reset();
    co_return co_await finish_change(edit, audit::Action::rollout_cancelled, std::move(*before), std::move(rollout));
}

http::EditResult approve_step(http::Edit& edit) {
    std::optional<http::Before> before;
    auto place = co_await lock_without_body(edit, before);
    if (!place) co_return place.error();
    auto& rollout = place->rollout;
    if (!lacks_approval(rollout.plan, rollout.progress))
        co_return http::conflict("", "nothing_to_approve", "the next step needs no approval, or has it");
    rollout.progress.is_approved = true;
    if (rollout.due_at) rollout.due_at = edit.call().now();
    co_return co_await finish_change(edit, audit::Action::rollout_updated, std::move(*before), std::move(rollout));
}

http::Answer handle_pause(http::Call& call) { return http::edit_resource(call, pause_rollout); }
http::Answer handle_resume(http::Call& call) { return http::edit_resource(call, resume_rollout); }
http::Answer handle_cancel(http::Call& call) { return http::edit_resource(call, cancel_rollout); }
http::Answer handle_approve(http::Call& call) { return http::edit_resource(call, approve_step); }

using access::Permission;
using net::Method;

constexpr http::Route rollout_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/rollouts", Permission::read,
     handle_list_rollouts, "flag state limit cursor"},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/rollouts", Permission::edit,
     handle_start_rollout, "dry_run"},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/rollouts/{rollout}", Permission::read,
     handle_get_rollout},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/rollouts/{rollout}/pause",
     Permission::edit, handle_pause},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/rollouts/{rollout}/resume",
     Permission::edit, handle_resume},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/rollouts/{rollout}/cancel",
     Permission::edit, handle_cancel},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/rollouts/{rollout}/approve",
     Permission::edit, handle_approve},
};

}  // namespace

std::span<const http::Route> rollout_routes() noexcept { return rollout_table; }

}  // namespace fanion::cp::rollouts
