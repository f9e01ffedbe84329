#pragma once

// Look-up by key: which number a key was given. Immutable once built; thread-safe.

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/eval/compile/text_hash.hpp"
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
        const auto head = json::head_of(key);
        const auto* entry = entries_.data() + (text_hash<false>(key, head) >> shift_);
        for (; entry->number != npos; ++entry)
            if (entry->head == head && entry->length == key.size() &&
                (key.size() <= 8 || json::equal_tails(entry->key, key.data(), key.size())))
                break;
        return entry->number;
    }

private:
    struct Entry {
        std::uint64_t head = 0;  // json::head_of(key)
        const char* key = nullptr;
        std::uint32_t length = 0;
        std::uint32_t number = npos;
    };

    // A power of two of places, and behind them room for the longest run, so that none wraps; the last is vacant.
    std::vector<Entry> entries_ = std::vector<Entry>(3);
    unsigned shift_ = 63;
};

}  // namespace fanion::eval
