#pragma once

// The most frequent of names that strangers send, in a bounded number of places: the Space-Saving
// algorithm (Metwally, Agrawal, El Abbadi, "Efficient computation of frequent and top-k elements in
// data streams", 2005). A name that finds no place takes that of the rarest and goes on from its
// count. Whatever else was sent, a name that was more than one in `places` of all sightings has a
// place. Pure. One thread.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace fanion::relay::attributes {

// `Value` is what is kept of a name besides its count; it begins as Value() with each new name.
template <class Value>
class FrequentNames {
public:
    struct Entry {
        std::uint64_t count = 0;  // at least the sightings since the name has its place
        Value value;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
    };
    using Entries = std::unordered_map<std::string, Entry, Hash, std::equal_to<>>;

    explicit FrequentNames(std::size_t places) : places_(places) {}

    // Allocates only for a name that has no place yet.
    Value& count(std::string_view name, std::uint64_t sightings = 1) {
        const auto known = entries_.find(name);
        auto& entry = known != entries_.end() ? known->second : place_for(name);
        entry.count += sightings;
        return entry.value;
    }

    // The value of a name that has a place; null: it has none.
    Value* find(std::string_view name) noexcept {
        const auto known = entries_.find(name);
        return known == entries_.end() ? nullptr : &known->second.value;
    }
    const Value* find(std::string_view name) const noexcept {
        const auto known = entries_.find(name);
        return known == entries_.end() ? nullptr : &known->second.value;
    }

    // What was seen long ago counts less. A name whose count comes to nothing gives up its place.
    void halve() {
        for (auto& [name, entry] : entries_) entry.count /= 2;
        std::erase_if(entries_, [](const auto& named) { return named.second.count == 0; });
    }

    const Entries& entries() const noexcept { return entries_; }

private:
    Entry& place_for(std::string_view name) {
        if (entries_.size() < places_) return entries_.try_emplace(std::string(name)).first->second;
        const auto by_count = [](const auto& a, const auto& b) { return a.second.count < b.second.count; };
        auto taken = entries_.extract(std::min_element(entries_.begin(), entries_.end(), by_count));
        taken.key() = name;
        taken.mapped().value = Value();
        return entries_.insert(std::move(taken)).position->second;
    }

    std::size_t places_;
    Entries entries_;
};

}  // namespace fanion::relay::attributes
