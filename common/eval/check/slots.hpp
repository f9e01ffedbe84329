#pragma once

// Sets of slots as sorted, disjoint, half-open intervals. djb2 yields multiples of 1000 only, so
// its bounds are rounded up to such: sets that contain the same possible slots are then equal, and
// a range that contains none is empty. Pure.

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

    void append(const SlotSet& later);  // of slots greater than all in this set
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

// The slots for which a rule's split serves: those in its ranges, or all when `otherwise` is a
// variation.
SlotSet slots_served(const model::Split& split);

}  // namespace fanion::eval::checks
