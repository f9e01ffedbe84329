#pragma once

// Which segments a list is to have, and in which order, from the parameters of a query. Pure.

#include "common/base/error.hpp"
#include "control-plane/items/list_search.hpp"

namespace fanion::cp::segments {

struct SegmentSearch : items::ListSearch {
    items::ItemFilter filter;
};

// Errors: invalid_input with a finding for each parameter.
Result<SegmentSearch> read_segment_search(const items::QueryParameters& parameters);

}  // namespace fanion::cp::segments
