#include "control-plane/schedules/schedule_routes.hpp"

#include "control-plane/db/savepoint.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/numbered_page.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/schedules/carry_out.hpp"
#include "control-plane/schedules/keep_schedule.hpp"
#include "control-plane/schedules/schedule_store.hpp"

namespace fanion::cp::schedules {
namespace {

using boost::asio::awaitable;

ScheduleId id_of(const http::Call& call) { return ScheduleId(call.param("schedule")); }

bool is_state(std::string_view name) noexcept { return parse_schedule_state(name).has_value(); }

http::Answer handle_list_schedules(http::Call& call) {
    const auto page = http::read_numbered_page(call, is_state, "active, paused, done, failed or cancelled");
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    auto found = co_await list_schedules(tx, env->env_id, page->before, page->state, page->page.limit + 1);
    const auto number_of = [](const Schedule& one) { return std::to_string(one.number); };
    const auto next = http::end_page(found, page->page, number_of);
    co_return net::json_response(http::list_text(write_schedule, found, next));
}

http::Answer handle_get_schedule(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    const auto found = co_await find_schedule(tx, env->env_id, id_of(call));
    if (!found) co_return http::not_found("schedule", "{schedule}");
    co_return http::resource_response(call, schedule_text(*found), http::etag(found->version));
}

// What the environment wants of any change of it, and this one will not have at its time either.
bool lacks_approval_or_comment(const Error& error) {
    for (const auto& finding : error.findings)
        if (finding.code == "approval_required" || finding.code == "comment_required") return true;
    return false;
}

// The change as it would be made now, which is undone. What the present state refuses may be right at the time: it is a
// warning. Errors: whatever else is wrong with the change.
awaitable<Result<std::vector<Finding>>> try_out(http::Edit& edit, const Change& change) {
    const std::vector<Change> changes(1, change);
    http::Enclosure dropped{edit.tx()};
    auto caller = http::caller_of(edit.call());
    db::set_savepoint(edit.tx());
    auto tried = co_await carry_out(std::move(caller), changes, dropped, "/change");
    co_await db::undo_to_savepoint(edit.tx());
    std::vector<Finding> warnings;
    if (tried && tried->status < 400) co_return warnings;
    auto error = tried ? refusal_of(*tried) : tried.error();
    const bool may_pass = error.code == Errc::conflict || error.code == Errc::unprocessable;
    if (!may_pass || lacks_approval_or_comment(error)) co_return error;
    warnings = std::move(error.findings);
    if (warnings.empty()) warnings.push_back({"", "/change", "refused_now", error.detail});
    co_return warnings;
}

http::EditResult create_schedule(http::Edit& edit) {
    auto& call = edit.call();
    const auto env = co_await projects::load_environment(call, edit.tx());
    if (!env) co_return env.error();
    if (auto ok = projects::require_edit_permission(call, env->is_protected); !ok) co_return ok.error();
    auto made = read_schedule(edit.body(), {env->project_key, env->key}, call.now());
    if (!made) co_return made.error();
    auto warnings = co_await try_out(edit, made->change);
    if (!warnings) co_return warnings.error();
    const auto schedule = co_await keep_schedule(edit, *env, std::move(*made));
    if (!schedule) co_return schedule.error();
    auto outcome = edit.created(audit::Action::schedule_created, schedule->schedule_id.str(), schedule_text(*schedule),
                                http::etag(schedule->version));
    http::add_warnings(outcome.response, *warnings);
    co_return outcome;
}

http::Answer handle_create_schedule(http::Call& call) { return http::edit_resource(call, create_schedule); }

// The error of an edit of one that has ended; a failed one may be tried again.
Result<> check_not_ended(const Schedule& before, const Schedule& after) {
    if (before.state == ScheduleState::done || before.state == ScheduleState::cancelled)
        return http::conflict("", "ended", "the schedule is " + std::string(name_of(before.state)) + " already");
    if (before.state == ScheduleState::failed && after.state != ScheduleState::active)
        return http::conflict("", "ended", "the schedule has failed: set `state` to `active` to try it again");
    return boost::system::in_place_value;
}

// Whoever says when a change is made could make it: it is tried as theirs. It is made as its creator's.
http::EditResult change_schedule(http::Edit& edit) {
    auto& call = edit.call();
    // What is wrong with the body whichever schedule it changes.
    if (const auto form = patch_schedule({}, edit.body(), call.now()); !form) co_return form.error();
    const auto env = co_await projects::load_environment(call, edit.tx());
    if (!env) co_return env.error();
    if (auto ok = projects::require_edit_permission(call, env->is_protected); !ok) co_return ok.error();
    const auto schedule = co_await lock_schedule(edit.tx(), env->env_id, id_of(call));
    if (!schedule) co_return http::not_found("schedule", "{schedule}");
    const auto tag = http::etag(schedule->version);
    auto before = edit.match(tag, schedule_text(*schedule));
    if (!before) co_return before.error();
    auto after = patch_schedule(*schedule, edit.body(), call.now());
    if (!after) co_return after.error();
    if (auto ok = check_not_ended(*schedule, *after); !ok) co_return ok.error();
    if (*after == *schedule) co_return edit.unchanged(before->text(), tag);
    if (schedule->state == ScheduleState::failed) {
        const auto room = co_await require_schedule_room(edit);
        if (!room) co_return room.error();
    }
    std::vector<Finding> warnings;
    if (is_rescheduled(*schedule, *after)) {
        auto tried = co_await try_out(edit, after->change);
        if (!tried) co_return tried.error();
        warnings = std::move(*tried);
    }
    after->updated_at = call.now();
    after->version += 1;
    co_await update_schedule(edit.tx(), *after);
    auto outcome = edit.changed(audit::Action::schedule_updated, std::move(*before), schedule_text(*after),
                                http::etag(after->version));
    http::add_warnings(outcome.response, warnings);
    co_return outcome;
}

http::Answer handle_change_schedule(http::Call& call) { return http::edit_resource(call, change_schedule); }

// It stays, to be seen.
http::EditResult cancel_schedule(http::Edit& edit) {
    auto& call = edit.call();
    const auto env = co_await projects::load_environment(call, edit.tx());
    if (!env) co_return env.error();
    if (auto ok = projects::require_edit_permission(call, env->is_protected); !ok) co_return ok.error();
    auto schedule = co_await lock_schedule(edit.tx(), env->env_id, id_of(call));
    if (!schedule) co_return http::not_found("schedule", "{schedule}");
    auto before = edit.match(http::etag(schedule->version), schedule_text(*schedule));
    if (!before) co_return before.error();
    if (schedule->state == ScheduleState::cancelled)
        co_return http::EditOutcome{net::empty_response(204), std::nullopt};
    if (schedule->state == ScheduleState::done)
        co_return http::conflict("", "ended", "the schedule has been carried out already");
    schedule->state = ScheduleState::cancelled;
    schedule->updated_at = call.now();
    schedule->version += 1;
    co_await update_schedule(edit.tx(), *schedule);
    auto outcome = edit.deleted(audit::Action::schedule_cancelled, std::move(*before));
    outcome.audit->after = schedule_text(*schedule);
    co_return outcome;
}

http::Answer handle_cancel_schedule(http::Call& call) { return http::edit_resource(call, cancel_schedule); }

using access::Permission;
using net::Method;

constexpr http::Route schedule_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/schedules", Permission::read,
     handle_list_schedules, "limit cursor state"},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/schedules", Permission::edit,
     handle_create_schedule},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/schedules/{schedule}", Permission::read,
     handle_get_schedule},
    {Method::patch, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/schedules/{schedule}", Permission::edit,
     handle_change_schedule},
    {Method::del, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/schedules/{schedule}", Permission::edit,
     handle_cancel_schedule},
};

}  // namespace

std::span<const http::Route> schedule_routes() noexcept { return schedule_table; }

}  // namespace fanion::cp::schedules
