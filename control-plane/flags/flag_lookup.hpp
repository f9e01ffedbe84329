#pragma once

// From the flag that a path names to its row. Error: not_found, also for one that was deleted.

#include <boost/asio/awaitable.hpp>

#include "control-plane/flags/flag_store.hpp"
#include "control-plane/http/call.hpp"

namespace fanion::cp::flags {

boost::asio::awaitable<Result<Flag>> load_flag(http::Call& call, db::Transaction& tx, std::string project_id);

}  // namespace fanion::cp::flags
