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

void AttributeTable::record_collision(const Entry& entry, const json::Node* member,
                                      const json::Node** values) const noexcept {
    for (auto next = entry.next; next != 0; next = entries_[next].next)
        if (entries_[next].is(*member)) values[entries_[next].number] = member + 1;
}

bool AttributeTable::try_place(const std::vector<const AttributeRef*>& names) {
    for (const auto* name : names) {
        auto* entry = &entries_[position_of(name->head)];
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
    // Tries multipliers until no two of at most 63 heads share a position. With p positions for n heads one try
    // succeeds with a probability of about exp(-n * n / (2 * p)): for n = 63, 2 % with the first 512 positions and 94 %
    // with 32,768.
    constexpr unsigned tries = 32;               // with one number of positions, before it is doubled
    constexpr std::size_t most_places = 32'768;  // 1 MiB
    auto places = std::bit_ceil(8 * names.size() + 2);
    for (unsigned tried = 1;; ++tried) {
        // The next multiplier, always odd. The constant is that of the linear congruential generator in G. Steele and
        // S. Vigna, "Computationally easy, spectrally good multipliers for congruential pseudorandom number generators"
        // (2021), 64 bits.
        multiplier_ = multiplier_ * 0xD1342543DE82EF95u + 2;
        shift_ = 64 - static_cast<unsigned>(std::countr_zero(places));
        entries_.assign(places, Entry{});
        if (try_place(names)) break;
        if (tried % tries == 0) places = std::min(2 * places, most_places);
    }
    numbers_ = {};
    references_ = {};
}

namespace {

constexpr json::Node missing_node{};

}  // namespace

json::Value AttributeCache::fetch(std::uint32_t number, const AttributeRef& reference) noexcept {
    const bool is_shared = number == AttributeTable::shared;
    const bool is_missing = reference.kind == AttributeRef::Kind::name && !is_shared;
    auto value = is_missing ? json::Value() : resolve(reference, context_);
    if (!value) value = json::Value(&missing_node);
    if (!is_shared) values_[number] = value.node();
    return value;
}

}  // namespace fanion::eval
