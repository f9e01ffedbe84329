#pragma once

// The attributes that a ruleset asks for, numbered: its conditions, segments and flags ask for the same few, and a context is
// read once for all of them. References behind the first 63 share a number, and are followed each time. Immutable once built.

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
    static constexpr std::uint32_t shared = 63;

    // The reference's number. Its text outlives the table.
    std::uint32_t add(const AttributeRef& reference);
    // Makes what was added ready to be looked up.
    void seal();

    std::uint32_t count() const noexcept { return count_; }  // numbers given, without the shared one

    // Puts where the member's value is to its name's number, if anybody asks for it.
    void note(const json::Node* member, const json::Node** values) const noexcept {
        const auto& entry = entries_[place_of(member->head)];
        if (entry.head != member->head) return;
        if (entry.is(*member))
            values[entry.number] = member + 1;
        else
            note_behind(entry, member, values);
    }

private:
    struct alignas(32) Entry {
        std::uint64_t head = 0;
        const char* text = nullptr;
        std::uint32_t length = ~std::uint32_t{0};  // of no member
        std::uint16_t number = shared;
        std::uint16_t next = 0;  // another name with the same head; these stand behind the places

        bool is(const json::Node& member) const noexcept {
            return length == member.length && (length <= 8 || json::equal_tails(text, member.text, length));
        }
    };

    void note_behind(const Entry& entry, const json::Node* member, const json::Node** values) const noexcept;
    std::size_t place_of(std::uint64_t head) const noexcept { return head * multiplier_ >> shift_; }
    bool place(const std::vector<const AttributeRef*>& names);  // false: two heads meet

    std::unordered_map<std::string_view, std::uint32_t> numbers_;  // by reference; until sealed
    std::vector<const AttributeRef*> references_;                  // by number; until sealed
    // Each head has a place of its own: the multiplier was chosen so.
    std::vector<Entry> entries_ = std::vector<Entry>(2);
    std::uint64_t multiplier_ = 1;
    unsigned shift_ = 63;  // the high bits of the product depend on all of the head's
    std::uint32_t count_ = 0;
};

// What the attributes of one context are, by their number; a null stands for what is missing. On the stack of an evaluation.
class AttributeCache {
public:
    // `context` is an object, or empty.
    AttributeCache(const AttributeTable& table, json::Value context) noexcept : context_(context) {
        constexpr std::uint32_t step = 4;
        static_assert(size % step == 0);
        for (std::uint32_t i = 0; i < table.count(); i += step) std::fill_n(values_ + i, step, &unknown);
        values_[AttributeTable::shared] = &unknown;
        if (!context) return;
        const auto* end = context.node() + context.node()->skip;
        for (const auto* member = context.node() + 1; member != end; member += member->skip)
            table.note(member, values_);  // the last of a name counts
    }

    // Not known when it was not looked for yet, or has the shared number: then the reference is to be followed.
    json::Value find(std::uint32_t number) const noexcept { return json::Value(values_[number]); }
    static bool is_known(json::Value value) noexcept { return value.node() != &unknown; }
    json::Value follow(std::uint32_t number, const AttributeRef& reference) noexcept;

private:
    static constexpr std::size_t size = AttributeTable::shared + 1;
    static constexpr json::Node unknown{};

    json::Value context_;
    const json::Node* values_[size];  // uninitialised behind the table's numbers
};

}  // namespace fanion::eval
