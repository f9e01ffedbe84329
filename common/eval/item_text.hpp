#pragma once

// A flag's or segment's own JSON, to show conditions as they were written. One thread. Private to common/eval.

#include <string>
#include <vector>

#include "common/eval/condition.hpp"
#include "common/json/document.hpp"

namespace fanion::eval {

class ItemText {
public:
    explicit ItemText(const std::string& body);

    json::Value root() const noexcept { return document_.root(); }

    // The conditions of `/rules/<rule>/when` in pre-order: element i was compiled into node `first` + i.
    void enter_rule(std::size_t rule, std::uint32_t first);
    json::Value condition(std::uint32_t node) const noexcept { return conditions_[node - first_]; }
    json::Value serve(std::size_t rule) const noexcept;

private:
    void collect(json::Value condition);

    json::Document document_;
    std::vector<json::Value> conditions_;
    std::uint32_t first_ = 0;
};

// The i-th element of an array; empty when there is none.
json::Value element_of(json::Value array, std::size_t index) noexcept;

}  // namespace fanion::eval
