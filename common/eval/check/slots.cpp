#include "common/eval/check/slots.hpp"

#include <algorithm>

#include "common/json/limits.hpp"

namespace fanion::eval::checks {
namespace {

constexpr std::uint32_t djb2_step = 1000;

std::uint32_t round_up(std::uint32_t slot, model::Hash hash) noexcept {
    if (hash != model::Hash::djb2) return slot;
    return (slot + djb2_step - 1) / djb2_step * djb2_step;
}

}  // namespace

SlotSet SlotSet::all() { return of(0, limits::slots, model::Hash::murmur3); }

SlotSet SlotSet::of(std::uint32_t from, std::uint32_t to, model::Hash hash) {
    SlotSet set;
    set.push({round_up(from, hash), round_up(to, hash)});
    return set;
}

bool SlotSet::is_all() const noexcept {
    return parts_.size() == 1 && parts_.front().from == 0 && parts_.front().to == limits::slots;
}

void SlotSet::push(Part part) {
    if (part.from >= part.to) return;
    if (!parts_.empty() && parts_.back().to == part.from)
        parts_.back().to = part.to;
    else
        parts_.push_back(part);
}

void SlotSet::append(const SlotSet& later) {
    for (const auto& part : later.parts_) push(part);
}

SlotSet SlotSet::intersection(const SlotSet& other) const {
    SlotSet result;
    for (std::size_t a = 0, b = 0; a < parts_.size() && b < other.parts_.size();) {
        const auto& x = parts_[a];
        const auto& y = other.parts_[b];
        result.push({std::max(x.from, y.from), std::min(x.to, y.to)});
        x.to < y.to ? ++a : ++b;
    }
    return result;
}

SlotSet SlotSet::complement() const {
    SlotSet result;
    std::uint32_t at = 0;
    for (const auto& part : parts_) {
        result.push({at, part.from});
        at = part.to;
    }
    result.push({at, limits::slots});
    return result;
}

SlotSet slots_served(const model::Split& split) {
    if (split.otherwise && *split.otherwise != "next") return SlotSet::all();
    SlotSet set;
    for (const auto& range : split.ranges) set.append(SlotSet::of(range.from, range.to, split.hash));
    return set;
}

}  // namespace fanion::eval::checks
