#pragma once

// Checks that the references between items of one kind form no cycle and are at most
// limits::reference_depth deep. Depth-first search with an explicit stack; O(items + references).
// Pure.

#include <cstdint>
#include <functional>

namespace fanion::eval {

struct ReferenceFault {
    enum class Kind { cycle, too_deep } kind;
    std::uint32_t item;
    std::uint32_t edge;  // which of the item's references closes the cycle or leads too deep
};

// Item `i` of 0..items-1 has count_of(i) references; number `edge` of them leads to the item
// target_of(i, edge). Reports each reference that closes a cycle, and each item whose longest chain
// of references is one longer than allowed.
void check_references(std::uint32_t items, const std::function<std::uint32_t(std::uint32_t)>& count_of,
                      const std::function<std::uint32_t(std::uint32_t, std::uint32_t)>& target_of,
                      const std::function<void(const ReferenceFault&)>& report);

}  // namespace fanion::eval
