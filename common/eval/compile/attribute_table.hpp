#pragma once

// Reads the members of a context once per evaluation, whatever number of conditions refer to them.
//
// AttributeTable numbers the attribute references of a ruleset. It is a perfect hash: names are
// hashed by multiplying their first eight bytes (json::head_of) by a multiplier chosen so that no
// two different heads share a position (Fredman, Komlos and Szemeredi, "Storing a sparse table with
// O(1) worst case access time", 1984). Immutable and thread-safe once sealed.
//
// AttributeCache holds the values of one context by these numbers. On the stack of one evaluation;
// one thread.

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/eval/compile/attribute.hpp"
#include "common/json/document.hpp"
#include "common/json/equal_bytes.hpp"

namespace fanion::eval {

class AttributeTable {
public:
    // The number of every reference after the first 63, whose values are not kept: 64 pointers in a
    // cache are 512 bytes of stack.
    static constexpr std::uint32_t shared = 63;

    // The reference's number. Equal texts have one number. The reference must outlive the table.
    std::uint32_t add(const AttributeRef& reference);
    // After the last add(), before the first record().
    void seal();

    std::uint32_t count() const noexcept { return count_; }  // numbers given, `shared` not counted

    // `member` is the name of a context's member; its value follows. Stores the value's address
    // under the number of that name, if the ruleset refers to it.
    void record(const json::Node* member, const json::Node** values) const noexcept {
        const auto& entry = entries_[position_of(member->head)];
        if (entry.head != member->head) return;
        if (entry.is(*member))
            values[entry.number] = member + 1;
        else
            record_collision(entry, member, values);
    }

private:
    struct alignas(32) Entry {
        std::uint64_t head = 0;
        const char* text = nullptr;
        std::uint32_t length = ~std::uint32_t{0};  // of a vacant entry: equals no member's
        std::uint16_t number = shared;
        std::uint16_t next = 0;  // the next name with the same head, kept behind the positions; 0: none

        bool is(const json::Node& member) const noexcept {
            return length == member.length && (length <= 8 || json::equal_tails(text, member.text, length));
        }
    };

    void record_collision(const Entry& entry, const json::Node* member, const json::Node** values) const noexcept;
    std::size_t position_of(std::uint64_t head) const noexcept { return head * multiplier_ >> shift_; }
    bool try_place(const std::vector<const AttributeRef*>& names);  // false: two heads share a position

    std::unordered_map<std::string_view, std::uint32_t> numbers_;  // by reference; until sealed
    std::vector<const AttributeRef*> references_;                  // by number; until sealed
    // A power of two of positions, then the further names with a head that is in one of them.
    std::vector<Entry> entries_ = std::vector<Entry>(2);
    std::uint64_t multiplier_ = 1;
    unsigned shift_ = 63;  // the high bits of the product depend on all of the head's
    std::uint32_t count_ = 0;
};

class AttributeCache {
public:
    // `context` is an object, or empty.
    AttributeCache(const AttributeTable& table, json::Value context) noexcept : context_(context) {
        constexpr std::uint32_t step = 4;  // pointers at a time, so that the compiler uses vector stores
        static_assert(size % step == 0);
        for (std::uint32_t i = 0; i < table.count(); i += step) std::fill_n(values_ + i, step, &unknown);
        values_[AttributeTable::shared] = &unknown;
        if (!context) return;
        const auto* end = context.node() + context.node()->skip;
        for (const auto* member = context.node() + 1; member != end; member += member->skip)
            table.record(member, values_);  // of members with the same name, the last one counts
    }

    // The value with that number; null where it is known to be missing. When it is not known (a
    // pointer not resolved yet, a name that the context does not have, or the shared number),
    // fetch() finds it, and remembers it unless the number is shared.
    json::Value find(std::uint32_t number) const noexcept { return json::Value(values_[number]); }
    static bool is_known(json::Value value) noexcept { return value.node() != &unknown; }
    json::Value fetch(std::uint32_t number, const AttributeRef& reference) noexcept;

private:
    static constexpr std::size_t size = AttributeTable::shared + 1;
    static constexpr json::Node unknown{};

    json::Value context_;
    const json::Node* values_[size];  // uninitialised from the table's count() on, but for `shared`
};

}  // namespace fanion::eval
