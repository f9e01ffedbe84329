#pragma once

// Whether an edit may add something. One thread.

#include <boost/asio/awaitable.hpp>

#include "control-plane/http/edit.hpp"
#include "control-plane/quotas/quota.hpp"

namespace fanion::cp::quotas {

// Right before what is added is inserted, or with no `count` after it was restored: see
// check_room() in quota_store.hpp for the order of locks. Error: conflict, quota_exceeded.
boost::asio::awaitable<Result<>> require_room(http::Edit& edit, Quota quota, std::uint64_t count = 1);

}  // namespace fanion::cp::quotas
