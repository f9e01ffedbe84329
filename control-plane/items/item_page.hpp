#pragma once

// Which part of a list of flags or segments is wanted, and what was found. Plain values.

#include <cstddef>
#include <string>
#include <vector>

namespace fanion::cp::items {

struct ItemPage {
    std::string after;  // a key; empty: from the first
    std::size_t limit = 50;
};

// A page ends with the item with which it reaches this size, at the latest with the `limit`th.
inline constexpr std::size_t page_bytes = 1024 * 1024;

template <class Row>
struct FoundPage {
    std::vector<Row> rows;
    bool has_more = false;
};

}  // namespace fanion::cp::items
