#pragma once

// Lists of values hashed when a ruleset is compiled: one look-up, however long the list. Immutable once built; thread-safe.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/eval/number.hpp"
#include "common/model/flag.hpp"

namespace fanion::eval {

// Strings by their bytes, or with ASCII letters folded.
class StringSet {
public:
    StringSet() = default;
    StringSet(const std::vector<std::string_view>& strings, bool fold);

    bool contains(std::string_view text) const noexcept;
    bool empty() const noexcept { return entries_.empty(); }

private:
    struct Entry {  // of an open-addressed table
        std::uint32_t hash = 0;
        std::uint32_t offset = 0;
        std::uint32_t length = vacant;
    };
    static constexpr std::uint32_t vacant = ~std::uint32_t{0};

    void insert(std::string_view text);
    bool holds(const Entry& entry, std::string_view text) const noexcept;

    std::string bytes_;  // all strings, folded where the set folds
    std::vector<Entry> entries_;
    bool fold_ = false;
};

// Strings, numbers and booleans; values of different types never equal each other.
class ValueSet {
public:
    ValueSet() = default;
    ValueSet(const std::vector<model::Literal>& literals, bool fold);

    bool contains_string(std::string_view text) const noexcept { return strings_.contains(text); }
    bool contains_number(std::string_view spelling) const noexcept;
    bool contains_boolean(bool truth) const noexcept { return truth ? true_ : false_; }

private:
    StringSet strings_;
    std::vector<Number> numbers_;  // sorted
    bool true_ = false;
    bool false_ = false;
};

}  // namespace fanion::eval
