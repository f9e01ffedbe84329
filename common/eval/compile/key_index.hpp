#pragma once

// A map from keys to numbers: a hash table with linear probing, at most half full. Immutable and
// thread-safe once sealed.

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
    explicit KeyIndex(std::size_t keys);  // capacity: insert() is called at most so often
    // The key must not have been inserted yet, and its bytes must outlive the index.
    void insert(std::string_view key, std::uint32_t number);
    void seal();  // after the last insert(): frees what was not needed

    // The key's number, or npos. No allocation.
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

    // A power of two of positions, then room for the longest possible probe, so that none wraps.
    // The last entry is vacant.
    std::vector<Entry> entries_ = std::vector<Entry>(3);
    unsigned shift_ = 63;
};

}  // namespace fanion::eval
