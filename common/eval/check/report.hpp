#pragma once

// Collects the findings of one item. One thread.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::eval::checks {

class Report {
public:
    explicit Report(std::string item) : item_(std::move(item)) {}

    void add(std::string pointer, std::string_view code, std::string detail) {
        list_.push_back({item_, std::move(pointer), std::string(code), std::move(detail)});
    }
    std::vector<Finding> take() { return std::move(list_); }

private:
    std::string item_;
    std::vector<Finding> list_;
};

// "/rules/3"
inline std::string place(std::string_view list, std::size_t index) {
    return std::string(list) + "/" + std::to_string(index);
}

// Untrusted text for use in a sentence: in back quotes, at most 60 bytes, without control
// characters.
std::string quoted(std::string_view text);

}  // namespace fanion::eval::checks
