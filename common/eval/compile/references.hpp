#pragma once

// References between items of one kind must form no cycle and be at most limits::reference_depth deep. Pure.

#include <cstdint>
#include <functional>

namespace fanion::eval {

struct ReferenceFault {
    enum class Kind { cycle, too_deep } kind;
    std::uint32_t item;
    std::uint32_t edge;  // which of the item's references closes the cycle or leads too deep
};

// `count_of(item)` references leave an item; `target_of(item, edge)` is where one leads. Reports one fault per cycle found, and each item that is the
// first to lie too deep.
void check_references(std::uint32_t items, const std::function<std::uint32_t(std::uint32_t)>& count_of,
                      const std::function<std::uint32_t(std::uint32_t, std::uint32_t)>& target_of,
                      const std::function<void(const ReferenceFault&)>& report);

}  // namespace fanion::eval
