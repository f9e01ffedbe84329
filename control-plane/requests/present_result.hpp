#pragma once

// What a change request comes to at this moment, and the steps that its routes share. Throws
// PgError.

#include <boost/asio/awaitable.hpp>
#include <map>
#include <optional>
#include <string>

#include "control-plane/audit/action.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/enclosure.hpp"
#include "control-plane/projects/environment_store.hpp"
#include "control-plane/requests/change_request.hpp"

namespace fanion::cp::requests {

struct PresentResult {
    RequestResult result;
    std::map<std::string, unsigned> guarded;  // the environments that want approvals
};

// The changes are made as if the author sent them now, and undone. Errors: those of the changes.
boost::asio::awaitable<Result<PresentResult>> present_result(http::Services& services, db::Transaction& tx,
                                                             const projects::Environment& env,
                                                             const ChangeRequest& request);
// Of changes that were made. Without sentences.
boost::asio::awaitable<RequestResult> result_of(http::Services& services, const projects::Environment& env,
                                                const ChangeRequest& request, const http::Enclosure& enclosure);

// A request that is about to change.
struct LockedRequest {
    projects::Environment env;
    ChangeRequest request;
    RequestState state_after = RequestState::open;
    std::optional<http::Before> before;
};
// That of the path, with If-Match compared. Errors: not_found, those of decide() and match().
boost::asio::awaitable<Result<LockedRequest>> lock_for(http::Edit& edit, Step step);

// "projects/web/environments/production/requests/cr_1", and the path of the API to it.
std::string resource_of_request(const http::Call& call, const RequestId& request_id);

// Writes the request, which has changed. 200 with it.
boost::asio::awaitable<http::EditOutcome> finish_step(http::Edit& edit, LockedRequest locked, audit::Action action);
// The same, with the state after the step; schedules that would apply the request are cancelled.
boost::asio::awaitable<http::EditOutcome> finish_end(http::Edit& edit, LockedRequest locked, audit::Action action,
                                                     std::string reason);
// The request is rebased to `present`, which is another result, and asks again: the response is
// `error`.
boost::asio::awaitable<http::EditOutcome> ask_again(http::Edit& edit, LockedRequest locked, RequestResult present,
                                                    Error error);

}  // namespace fanion::cp::requests
