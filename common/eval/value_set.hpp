#pragma once

// Lists of values hashed when a ruleset is compiled: one look-up, however long the list. Immutable once built; thread-safe.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/eval/fold.hpp"
#include "common/eval/number.hpp"
#include "common/json/equal_bytes.hpp"
#include "common/model/flag.hpp"

namespace fanion::eval {

// Strings by their bytes, or with ASCII letters folded. A handful is compared one by one, more are hashed.
class StringSet {
public:
    StringSet() = default;
    StringSet(const std::vector<std::string_view>& strings, bool fold);

    bool contains(std::string_view text) const noexcept {
        if (!entries_.empty()) return contains_hashed(text);
        const auto head = fold_ ? fold_word(json::head_of(text)) : json::head_of(text);
        for (const auto& entry : few_)
            if (entry.head == head && entry.length == text.size() && (text.size() <= 8 || equals(entry.offset, text)))
                return true;
        return false;
    }

private:
    struct Few {
        std::uint64_t head;
        std::uint32_t offset;
        std::uint32_t length;
    };
    struct Entry {
        std::uint32_t hash = 0;
        std::uint32_t offset = 0;
        std::uint32_t length = vacant;
    };
    static constexpr std::uint32_t vacant = ~std::uint32_t{0};
    static constexpr std::size_t few = 6;

    void insert(std::string_view text);
    bool equals(std::uint32_t offset, std::string_view text) const noexcept;  // bytes of equal length
    bool contains_hashed(std::string_view text) const noexcept;

    std::string bytes_;           // all strings, folded where the set folds
    std::vector<Few> few_;        // up to 6
    std::vector<Entry> entries_;  // more: an open-addressed table
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
