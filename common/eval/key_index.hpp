#pragma once

// Look-up by key: which number a key was given. Immutable once built; thread-safe.

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "common/json/equal_bytes.hpp"

namespace fanion::eval {

class KeyIndex {
public:
    static constexpr std::uint32_t npos = ~std::uint32_t{0};

    KeyIndex() = default;
    explicit KeyIndex(std::size_t keys);                      // room for so many
    void insert(std::string_view key, std::uint32_t number);  // the key's bytes outlive the index
    void seal();                                              // gives back the room that no key needed

    std::uint32_t find(std::string_view key) const noexcept {
        const auto ends = ends_of(key);
        const auto* entry = entries_.data() + place_of(key, ends);
        while (!is(*entry, key, ends)) {
            if (entry->number == npos) break;
            ++entry;
        }
        return entry->number;
    }

private:
    struct Ends {
        std::uint64_t head;  // json::head_of(key)
        std::uint64_t tail;  // its last eight bytes; of shorter ones the head
    };
    struct Entry {
        Ends ends = {0, 0};
        const char* key = nullptr;
        std::uint32_t length = ~std::uint32_t{0};
        std::uint32_t number = npos;
    };

    static Ends ends_of(std::string_view key) noexcept {
        const auto head = json::head_of(key);
        if (key.size() <= 8) return {head, head};
        std::uint64_t tail;
        std::memcpy(&tail, key.data() + key.size() - 8, 8);
        return {head, tail};
    }
    static bool is(const Entry& entry, std::string_view key, const Ends& ends) noexcept {
        return entry.ends.head == ends.head && entry.ends.tail == ends.tail && entry.length == key.size() &&
               (key.size() <= 16 || has_middle(entry, key));
    }
    // Fibonacci hashing; keys often differ in their last byte alone, which is the highest of its word.
    std::size_t place_of(std::string_view key, const Ends& ends) const noexcept {
        auto hash = ends.head ^ std::rotl(ends.tail, 32) ^ key.size();
        if (key.size() > 16) [[unlikely]]
            hash ^= hash_of_middle(key);
        return hash * 0x9E3779B97F4A7C15u >> shift_;
    }

    // Of keys longer than both ends.
    static bool has_middle(const Entry& entry, std::string_view key) noexcept;
    static std::uint64_t hash_of_middle(std::string_view key) noexcept;

    // A power of two of places, and behind them room for the longest run, so that none wraps; the last is vacant.
    std::vector<Entry> entries_ = std::vector<Entry>(3);
    unsigned shift_ = 63;
};

}  // namespace fanion::eval
