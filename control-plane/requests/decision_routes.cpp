#include <algorithm>
#include <utility>

#include "control-plane/http/edit.hpp"
#include "control-plane/requests/present_result.hpp"
#include "control-plane/requests/request_routes.hpp"
#include "control-plane/requests/request_store.hpp"

namespace fanion::cp::requests {
namespace {

using boost::asio::awaitable;

// What a person said of the same result stays where they approve it again and say nothing.
void put_in(std::vector<Approval>& approvals, Approval& approval) {
    const auto same = std::ranges::find_if(approvals, [&](const Approval& one) {
        return one.user_id == approval.user_id && one.digest == approval.digest;
    });
    if (same != approvals.end() && approval.comment.empty()) approval.comment = same->comment;
    std::erase_if(approvals, [&](const Approval& one) { return one.user_id == approval.user_id; });
    approvals.push_back(approval);
}

Error result_changed() {
    return http::conflict("/digest", "result_changed",
                          "what the request comes to has another digest now: look at it again");
}

// An approval is of what was seen: the body has its digest.
http::EditResult approve(http::Edit& edit, ApprovalBody given) {
    auto& call = edit.call();
    auto locked = co_await lock_for(edit, Step::approve);
    if (!locked) co_return locked.error();
    auto& request = locked->request;
    auto present = co_await present_result(call.services, edit.tx(), locked->env, request);
    if (!present) co_return present.error();
    for (const auto& [environment, approvals] : present->guarded) {
        if (auto ok = http::require_permission_in(call, environment, access::Permission::approve); !ok)
            co_return ok.error();
    }
    if (given.digest != present->result.digest) {
        if (present->result.digest == request.result.digest) co_return result_changed();
        co_return co_await ask_again(edit, std::move(*locked), std::move(present->result), result_changed());
    }
    request.result = std::move(present->result);
    Approval approval{call.principal.actor_id(), given.digest, std::move(given.comment), call.now()};
    put_in(request.approvals, approval);
    co_await put_approval(edit.tx(), call.org.org_id, request.request_id, std::move(approval));
    co_return co_await finish_step(edit, std::move(*locked), audit::Action::change_request_approved);
}

http::Answer handle_approve(http::Call& call) { return http::edit_resource(call, read_approval, approve); }

http::EditResult decline(http::Edit& edit, std::string reason) {
    auto locked = co_await lock_for(edit, Step::decline);
    if (!locked) co_return locked.error();
    co_return co_await finish_end(edit, std::move(*locked), audit::Action::change_request_declined, std::move(reason));
}

http::Answer handle_decline(http::Call& call) { return http::edit_resource(call, read_reason, decline); }

http::EditResult withdraw(http::Edit& edit, std::string reason) {
    auto locked = co_await lock_for(edit, Step::withdraw);
    if (!locked) co_return locked.error();
    co_return co_await finish_end(edit, std::move(*locked), audit::Action::change_request_withdrawn, std::move(reason));
}

http::Answer handle_withdraw(http::Call& call) { return http::edit_resource(call, read_reason, withdraw); }

using access::Permission;
using net::Method;

constexpr http::Route decision_table[] = {
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/requests/{request}/approve",
     Permission::approve, handle_approve, "", http::PatchForms::merge, http::Caller::person},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/requests/{request}/decline",
     Permission::approve, handle_decline, "", http::PatchForms::merge, http::Caller::person},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/requests/{request}/withdraw",
     Permission::edit, handle_withdraw},
};

}  // namespace

std::span<const http::Route> decision_routes() noexcept { return decision_table; }

}  // namespace fanion::cp::requests
