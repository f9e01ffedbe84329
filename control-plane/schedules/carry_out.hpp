#pragma once

// Carries out changes that were kept, as a part of a transaction. One thread. Throws PgError.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"
#include "control-plane/http/inner_call.hpp"
#include "control-plane/schedules/change.hpp"
#include "control-plane/schedules/creator.hpp"

namespace fanion::cp::schedules {

// Who makes the request.
Creator creator_of(const http::Call& call);
// The one who asked for a change, with the permissions that they have now. `peer` and `request_id`
// are empty. Error: forbidden, when they have none any more.
boost::asio::awaitable<Result<http::InnerCaller>> act_as(db::Transaction& tx, http::Services& services, Creator creator,
                                                         access::OrgId org_id, std::string org_key);

// The changes in their order, until one is refused. Returns the response to the last; a status of
// 400 or more is a refusal that has something to commit. Errors: those of the handlers; what they
// find in a body is at `place`, which ends with '/' where the number of the change follows. What
// was done before the error is to be undone.
//
// `sentences`: gets what each change does, in words; null: not wanted. They take a second run,
// which is undone.
boost::asio::awaitable<Result<net::Response>> carry_out(http::InnerCaller caller, const std::vector<Change>& changes,
                                                        http::Enclosure& enclosure, std::string_view place,
                                                        std::vector<std::string>* sentences = nullptr);

// What a response with a status of 400 or more says.
Error refusal_of(const net::Response& response);

}  // namespace fanion::cp::schedules
