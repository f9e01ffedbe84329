#pragma once

// Membership as the directory says. One thread. Coroutines throw PgError.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "control-plane/http/edit.hpp"
#include "control-plane/scim/directory_store.hpp"

namespace fanion::cp::scim {

// Ends the membership of a person, if there is one; the account stays, and what it is elsewhere.
// Errors: forbidden, where a person gave the member a role with permissions that the caller's role
// lacks, whatever the scopes of the token; conflict (last_owner).
boost::asio::awaitable<Result<>> end_membership_of(http::Edit& edit, access::UserId user_id);

// Gives people the roles of their groups after groups that are, or were, called `names` have
// changed. Costs nothing if no rule is for one of them. Error: conflict, quota_exceeded.
boost::asio::awaitable<Result<>> apply_groups(http::Edit& edit, std::vector<std::string> names,
                                              std::vector<std::string> user_ids);

}  // namespace fanion::cp::scim
