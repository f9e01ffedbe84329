#include "common/eval/compile/attribute_table.hpp"

#include <algorithm>
#include <bit>

namespace fanion::eval {

std::uint32_t AttributeTable::add(const AttributeRef& reference) {
    if (const auto known = numbers_.find(reference.text); known != numbers_.end()) return known->second;
    if (count_ == shared) return shared;
    references_.push_back(&reference);
    numbers_.emplace(reference.text, count_);
    return count_++;
}

void AttributeTable::note_behind(const Entry& entry, const json::Node* member,
                                 const json::Node** values) const noexcept {
    for (auto next = entry.next; next != 0; next = entries_[next].next)
        if (entries_[next].is(*member)) values[entries_[next].number] = member + 1;
}

bool AttributeTable::place(const std::vector<const AttributeRef*>& names) {
    for (const auto* name : names) {
        auto* entry = &entries_[place_of(name->head)];
        const bool taken = entry->text != nullptr;
        if (taken && entry->head != name->head) return false;
        if (taken) {
            while (entry->next != 0) entry = &entries_[entry->next];
            entry->next = static_cast<std::uint16_t>(entries_.size());
            entry = &entries_.emplace_back();
        }
        const auto number = static_cast<std::uint16_t>(numbers_.at(name->text));
        *entry = {name->head, name->text.data(), static_cast<std::uint32_t>(name->text.size()), number, 0};
    }
    return true;
}

void AttributeTable::seal() {
    std::vector<const AttributeRef*> names;
    for (std::uint32_t number = 0; number < count_; ++number) {
        if (references_[number]->kind != AttributeRef::Kind::name) continue;
        names.push_back(references_[number]);
    }
    // Where tries fail again and again there are too few places: with many more, two heads hardly ever meet.
    constexpr unsigned tries = 32;
    constexpr std::size_t most_places = 32'768;
    auto places = std::bit_ceil(8 * names.size() + 2);
    for (unsigned tried = 1;; ++tried) {
        multiplier_ = multiplier_ * 0xD1342543DE82EF95u + 2;  // odd, and as good as random
        shift_ = 64 - static_cast<unsigned>(std::countr_zero(places));
        entries_.assign(places, Entry{});
        if (place(names)) break;
        if (tried % tries == 0) places = std::min(2 * places, most_places);
    }
    numbers_ = {};
    references_ = {};
}

namespace {

constexpr json::Node missing{};

}  // namespace

json::Value AttributeCache::follow(std::uint32_t number, const AttributeRef& reference) noexcept {
    const bool is_shared = number == AttributeTable::shared;
    const bool is_missing = reference.kind == AttributeRef::Kind::name && !is_shared;
    auto value = is_missing ? json::Value() : resolve(reference, context_);
    if (!value) value = json::Value(&missing);
    if (!is_shared) values_[number] = value.node();
    return value;
}

}  // namespace fanion::eval
