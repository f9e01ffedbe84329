#include "control-plane/segments/segment_search.hpp"

#include <array>

namespace fanion::cp::segments {
namespace {

constexpr std::array<std::string_view, 4> segment_orders{"key", "name", "created", "updated"};

}  // namespace

Result<SegmentSearch> read_segment_search(const items::QueryParameters& parameters) {
    items::SearchReader r(parameters);
    SegmentSearch search;
    r.list(search, segment_orders);
    r.filter(search.filter);
    if (auto ok = r.finish(); !ok) return ok.error();
    return search;
}

}  // namespace fanion::cp::segments
