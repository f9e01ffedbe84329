#pragma once

// Converts byte offsets to lines and columns. Private to common/rule.

#include <cstddef>
#include <string_view>

#include "common/rule/text.hpp"

namespace fanion::rule {

// Only moves forward, so a series of ascending offsets takes one pass over the text. An offset
// before the previous one gives the place of the previous one. Not thread-safe; must not outlive
// the text.
class PlaceFinder {
public:
    explicit PlaceFinder(std::string_view text) : text_(text) {}

    Place at(std::size_t offset) noexcept {
        for (; at_ < offset && at_ < text_.size(); ++at_) {
            const auto byte = static_cast<unsigned char>(text_[at_]);
            if (byte == '\n')
                place_ = {place_.line + 1, 1};
            else if ((byte & 0xC0) != 0x80 || at_ == 0)
                ++place_.column;
        }
        return place_;
    }

private:
    std::string_view text_;
    std::size_t at_ = 0;
    Place place_;  // the place of at_
};

}  // namespace fanion::rule
