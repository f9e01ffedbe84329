#pragma once

// From the segment that a path names to its row. Error: not_found, also for one that was deleted.

#include <boost/asio/awaitable.hpp>

#include "control-plane/http/call.hpp"
#include "control-plane/segments/segment_store.hpp"

namespace fanion::cp::segments {

boost::asio::awaitable<Result<Segment>> load_segment(http::Call& call, db::Transaction& tx, std::string project_id);

}  // namespace fanion::cp::segments
