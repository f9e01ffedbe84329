#pragma once

// Collects the faults of a ruleset, up to a fixed number. One thread.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

namespace fanion::eval {

class Findings {
public:
    void add(std::string_view item, std::string_view pointer, std::string_view code, std::string detail);
    // Adds findings of the JSON reader and the model, translating their codes to those of
    // compile().
    void adopt(std::vector<Finding> findings, std::string_view item);

    bool empty() const noexcept { return list_.empty(); }
    std::size_t size() const noexcept { return list_.size(); }
    std::vector<Finding> take() { return std::move(list_); }

private:
    std::vector<Finding> list_;
};

// Findings of one item.
class ItemFindings {
public:
    ItemFindings(Findings& all, std::string item) : all_(all), item_(std::move(item)), before_(all.size()) {}

    void add(std::string_view pointer, std::string_view code, std::string detail) {
        all_.add(item_, pointer, code, std::move(detail));
    }
    void adopt(std::vector<Finding> findings) { all_.adopt(std::move(findings), item_); }
    bool clean() const noexcept { return all_.size() == before_; }

private:
    Findings& all_;
    std::string item_;
    std::size_t before_;
};

}  // namespace fanion::eval
