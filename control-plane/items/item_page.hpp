#pragma once

// Which part of a list of flags or segments is wanted. Plain value.

#include <cstddef>
#include <string>

namespace fanion::cp::items {

struct ItemPage {
    std::string after;  // a key; empty: from the first
    std::size_t limit = 50;
    std::string contains;  // in key or name, ASCII case folded; empty: all
};

}  // namespace fanion::cp::items
