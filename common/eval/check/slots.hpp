#pragma once

// Sets of slots as sorted, disjoint, half-open intervals. djb2 yields multiples of 1000 only, so its intervals are widened or
// shrunk to whole steps: equal sets then look equal, and a range that no slot falls in is empty. Immutable, pure.

#include <cstdint>
#include <vector>

#include "common/model/flag.hpp"

namespace fanion::eval::checks {

class SlotSet {
public:
    SlotSet() = default;
    static SlotSet all();
    static SlotSet of(std::uint32_t from, std::uint32_t to, model::Hash hash);

    bool empty() const noexcept { return parts_.empty(); }
    bool is_all() const noexcept;
    std::size_t parts() const noexcept { return parts_.size(); }

    void append(const SlotSet& later);  // of slots behind all of ours
    SlotSet intersection(const SlotSet& other) const;
    SlotSet complement() const;

private:
    struct Part {
        std::uint32_t from;
        std::uint32_t to;
    };
    void push(Part part);

    std::vector<Part> parts_;
};

// Where a rule's split serves: its ranges, or everywhere when `otherwise` is a variation.
SlotSet slots_served(const model::Split& split);

}  // namespace fanion::eval::checks
