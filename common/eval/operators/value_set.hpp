#pragma once

// Lists of values as conditions ask for them, prepared when a ruleset is compiled. Immutable once built; thread-safe. What asks
// brings json::head_of() of its text along, which the context's strings have from their parsing.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/eval/operators/fold.hpp"
#include "common/eval/operators/number.hpp"
#include "common/json/equal_bytes.hpp"
#include "common/model/flag.hpp"

namespace fanion::eval {

// One string of a list, whose bytes stand in a row with the others'.
struct ListedText {
    static constexpr std::uint32_t vacant = ~std::uint32_t{0};

    std::uint64_t word = 0;  // json::head_of() of the text; in a hashed set the text's hash
    std::uint32_t offset = 0;
    std::uint32_t length = vacant;

    // `bytes` is the row. Given what `word` is compared with already.
    bool has_rest(const char* bytes, std::string_view text) const noexcept {
        return length == text.size() &&
               (text.size() <= 8 || json::equal_tails(bytes + offset, text.data(), text.size()));
    }
    // `place` has `length` bytes.
    bool stands_at(const char* bytes, const char* place) const noexcept {
        return json::head_of({place, length}) == word &&
               (length <= 8 || json::equal_tails(bytes + offset, place, length));
    }
    std::string_view in(const char* bytes) const noexcept { return {bytes + offset, length}; }
};

// Appends the text's bytes to the row, with ASCII letters folded or not.
ListedText append_text(std::string& bytes, std::string_view text, bool fold);

// Strings by their bytes, or with ASCII letters folded: one look-up, however long the list. A handful is compared one by one,
// more are hashed.
class StringSet {
public:
    StringSet() = default;
    StringSet(const std::vector<std::string_view>& strings, bool fold);

    bool contains(std::string_view text, std::uint64_t head) const noexcept;
    bool contains(std::string_view text) const noexcept { return contains(text, json::head_of(text)); }

    static constexpr std::size_t few = 6;  // compared one by one up to here

private:
    void insert(std::string_view text);
    bool equals(const ListedText& entry, std::string_view text) const noexcept;
    bool contains_hashed(std::string_view text, std::uint64_t hash) const noexcept;

    std::vector<ListedText> entries_;  // a handful, or an open-addressed table
    std::string bytes_;                // all strings, folded where the set folds
    unsigned shift_ = 0;               // what of a hash leads to its place in the table
    bool fold_ = false;
    bool is_hashed_ = false;
};

// Strings, numbers and booleans; values of different types never equal each other.
class ValueSet {
public:
    ValueSet() = default;
    ValueSet(const std::vector<model::Literal>& literals, bool fold);
    explicit ValueSet(const std::vector<std::string_view>& strings) : strings_(strings, false) {}

    bool contains_string(std::string_view text, std::uint64_t head) const noexcept {
        return strings_.contains(text, head);
    }
    bool contains_number(std::string_view spelling) const noexcept;
    bool contains_boolean(bool truth) const noexcept { return truth ? true_ : false_; }

private:
    StringSet strings_;
    std::vector<Number> numbers_;  // sorted
    bool true_ = false;
    bool false_ = false;
};

}  // namespace fanion::eval
