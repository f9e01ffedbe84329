#include "control-plane/segments/segment_lookup.hpp"

namespace fanion::cp::segments {

using boost::asio::awaitable;

awaitable<Result<Segment>> load_segment(http::Call& call, db::Transaction& tx, std::string project_id) {
    auto segment = co_await find_segment(tx, std::move(project_id), call.param("segment"));
    if (!segment || segment->is_deleted) co_return http::not_found("segment");
    co_return std::move(*segment);
}

}  // namespace fanion::cp::segments
