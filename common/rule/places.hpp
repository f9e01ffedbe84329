#pragma once

// From byte offsets to lines and columns; private to common/rule.

#include <cstddef>
#include <string_view>

#include "common/rule/text.hpp"

namespace fanion::rule {

// Walks forward only, so that many offsets in rising order cost one pass. An offset before the last one reads as the last.
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
    Place place_;  // of at_
};

}  // namespace fanion::rule
