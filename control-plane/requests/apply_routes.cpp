#include <utility>

#include "control-plane/audit/audit_store.hpp"
#include "control-plane/db/savepoint.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/inner_call.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/requests/present_result.hpp"
#include "control-plane/requests/request_routes.hpp"
#include "control-plane/schedules/carry_out.hpp"
#include "control-plane/schedules/keep_schedule.hpp"

namespace fanion::cp::requests {
namespace {

using boost::asio::awaitable;

// Makes the changes, as the caller. What they came to is compared with the approvals after they were made, in the same
// transaction: nothing can come between. Error: those of the changes.
awaitable<Result<RequestResult>> make_changes(http::Edit& edit, const LockedRequest& locked,
                                              http::Enclosure& enclosure) {
    auto& call = edit.call();
    auto caller = http::caller_of(call);
    auto made =
        co_await schedules::carry_out(std::move(caller), locked.request.content.changes, enclosure, "/changes/");
    if (!made) co_return made.error();
    if (made->status >= 400) co_return schedules::refusal_of(*made);
    co_return co_await result_of(call.services, locked.env, locked.request, enclosure);
}

// The approvals are missing: what was made is undone. When the result is another one, the request says so from now on.
http::EditResult refuse(http::Edit& edit, LockedRequest locked, const RequestResult& made, Error error) {
    co_await db::undo_to_savepoint(edit.tx());
    if (made.digest == locked.request.result.digest) co_return error;
    auto present = co_await present_result(edit.call().services, edit.tx(), locked.env, locked.request);
    if (!present) co_return error;
    co_return co_await ask_again(edit, std::move(locked), std::move(present->result), std::move(error));
}

http::EditOutcome in_group(http::Edit& edit, http::EditOutcome outcome, http::Enclosure enclosure) {
    outcome.group = enclosure.group;
    edit.adopt(std::move(enclosure));
    return outcome;
}

http::EditResult apply_now(http::Edit& edit, LockedRequest locked) {
    http::Enclosure enclosure{edit.tx(), audit::new_entry_id(), true};
    db::set_savepoint(edit.tx());
    auto made = co_await make_changes(edit, locked, enclosure);
    if (!made) {
        co_await db::undo_to_savepoint(edit.tx());
        co_return made.error();
    }
    auto approved = check_approved(locked.request, *made);
    if (!approved) co_return co_await refuse(edit, std::move(locked), *made, approved.error());
    db::release_savepoint(edit.tx());
    auto outcome = co_await finish_end(edit, std::move(locked), audit::Action::change_request_applied, "");
    co_return in_group(edit, std::move(outcome), std::move(enclosure));
}

// A schedule that applies it then; it is looked at then whether it is approved.
http::EditResult apply_later(http::Edit& edit, LockedRequest locked, UnixMillis at) {
    auto& call = edit.call();
    if (auto ok = projects::require_edit_permission(call, locked.env.is_protected); !ok) co_return ok.error();
    const auto& request = locked.request;
    schedules::NewSchedule made;
    made.name = request.content.title;
    made.change = {"POST", resource_of_request(call, request.request_id) + "/apply", "application/json", "{}", ""};
    made.due_at = at;
    const auto schedule = co_await schedules::keep_schedule(edit, locked.env, std::move(made));
    if (!schedule) co_return schedule.error();
    co_return edit.created_in(schedules::schedules_path(call), audit::Action::schedule_created,
                              schedule->schedule_id.str(), schedules::schedule_text(*schedule),
                              http::etag(schedule->version));
}

http::EditResult apply(http::Edit& edit) {
    const auto at = read_apply_time(edit.body(), edit.call().now());
    if (!at) co_return at.error();
    auto locked = co_await lock_for(edit, Step::apply);
    if (!locked) co_return locked.error();
    if (*at) co_return co_await apply_later(edit, std::move(*locked), **at);
    co_return co_await apply_now(edit, std::move(*locked));
}

http::Answer handle_apply(http::Call& call) { return http::edit_resource(call, apply); }

http::EditResult bypass(http::Edit& edit, std::string reason) {
    auto& call = edit.call();
    auto locked = co_await lock_for(edit, Step::bypass);
    if (!locked) co_return locked.error();
    http::Enclosure enclosure{edit.tx(), audit::new_entry_id(), true};
    auto made = co_await make_changes(edit, *locked, enclosure);
    if (!made) co_return made.error();
    for (const auto& [environment, approvals] : enclosure.guarded) {
        if (auto ok = http::require_permission_in(call, environment, access::Permission::bypass_approval); !ok)
            co_return ok.error();
    }
    edit.set_comment(reason);
    auto outcome =
        co_await finish_end(edit, std::move(*locked), audit::Action::change_request_bypassed, std::move(reason));
    co_return in_group(edit, std::move(outcome), std::move(enclosure));
}

http::Answer handle_bypass(http::Call& call) { return http::edit_resource(call, read_required_reason, bypass); }

using access::Permission;
using net::Method;

constexpr http::Route apply_table[] = {
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/requests/{request}/apply",
     Permission::edit, handle_apply},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/requests/{request}/bypass",
     Permission::bypass_approval, handle_bypass},
};

}  // namespace

std::span<const http::Route> apply_routes() noexcept { return apply_table; }

}  // namespace fanion::cp::requests
