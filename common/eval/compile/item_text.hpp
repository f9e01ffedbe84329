#pragma once

// A flag's or segment's JSON, parsed again so that an explanation shows conditions as they were
// written. One thread. Private to common/eval.

#include <string>
#include <vector>

#include "common/json/document.hpp"

namespace fanion::eval {

class ItemText {
public:
    explicit ItemText(const std::string& body);

    json::Value root() const noexcept { return document_.root(); }

    // One condition of the rule that was entered last, in pre-order.
    struct Condition {
        json::Value json;
        std::size_t end = 0;  // index one past the last condition inside this one
    };

    // Goes to `/rules/<rule>/when`, whose first leaf was compiled into `first`.
    void enter_rule(std::size_t rule, std::uint32_t first);
    const std::vector<Condition>& conditions() const noexcept { return conditions_; }
    std::size_t place_of(std::uint32_t leaf) const noexcept { return leaves_[leaf - first_]; }  // in conditions()
    json::Value serve(std::size_t rule) const noexcept;

private:
    void collect(json::Value condition);

    json::Document document_;
    std::vector<Condition> conditions_;
    std::vector<std::size_t> leaves_;  // the place of each leaf
    std::uint32_t first_ = 0;
};

}  // namespace fanion::eval
