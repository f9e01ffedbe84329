#pragma once

// Lists of values that conditions compare with, prepared when a ruleset is compiled. Immutable once
// built; thread-safe. Parameters named `head` are json::head_of(text), the text's first eight bytes
// as a number: the strings of a context have it from parsing, and it tells most texts apart, and
// all of those with at most eight bytes.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/eval/operators/fold.hpp"
#include "common/eval/operators/number.hpp"
#include "common/json/equal_bytes.hpp"
#include "common/model/flag.hpp"

namespace fanion::eval {

// One string of a list. The bytes of all strings of the list are concatenated in one row.
struct ListedText {
    static constexpr std::uint32_t vacant = ~std::uint32_t{0};

    std::uint64_t word = 0;  // json::head_of() of the text; in a hashed set the text's hash
    std::uint32_t offset = 0;
    std::uint32_t length = vacant;

    // Whether the text equals this one, given that its head equals `word`. `bytes` is the row.
    bool equals_after_head(const char* bytes, std::string_view text) const noexcept {
        return length == text.size() &&
               (text.size() <= 8 || json::equal_tails(bytes + offset, text.data(), text.size()));
    }
    // Whether the `length` bytes at `place` equal this text.
    bool equals_at(const char* bytes, const char* place) const noexcept {
        return json::head_of({place, length}) == word &&
               (length <= 8 || json::equal_tails(bytes + offset, place, length));
    }
    std::string_view in(const char* bytes) const noexcept { return {bytes + offset, length}; }
};

// Appends the text's bytes to the row, with ASCII letters folded or not.
ListedText append_text(std::string& bytes, std::string_view text, bool fold);

// A set of strings, compared by their bytes or with ASCII letters folded. At most `few` are
// compared one by one; more are in a hash table with linear probing, at most two thirds full.
class StringSet {
public:
    StringSet() = default;
    StringSet(const std::vector<std::string_view>& strings, bool fold);

    bool contains(std::string_view text, std::uint64_t head) const noexcept;
    bool contains(std::string_view text) const noexcept { return contains(text, json::head_of(text)); }

    static constexpr std::size_t few = 6;

private:
    void insert_all(const std::vector<std::string_view>& strings);
    void insert_hashed(std::string_view text, std::uint64_t hash);
    std::uint64_t hash_of(std::string_view text, std::uint64_t head) const noexcept;
    bool equals(const ListedText& entry, std::string_view text) const noexcept;
    // Where the text is in the hash table, or the vacant place where it would be.
    std::size_t place_of(std::string_view text, std::uint64_t hash) const noexcept;

    std::vector<ListedText> entries_;  // at most `few`, or the hash table
    std::string bytes_;                // all strings, folded where the set folds
    unsigned shift_ = 0;               // a hash shifted right by this is its position
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
    bool contains_number(std::string_view spelling) const noexcept;  // a JSON number as written
    bool contains_boolean(bool truth) const noexcept { return truth ? true_ : false_; }

private:
    StringSet strings_;
    std::vector<Number> numbers_;  // sorted
    bool true_ = false;
    bool false_ = false;
};

}  // namespace fanion::eval
