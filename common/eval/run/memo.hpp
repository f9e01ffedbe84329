#pragma once

// A small cache on the stack of an evaluation. One thread, no allocation. It costs nothing until it
// is used: the arrays stay uninitialised, and a bit says which entries are set.

#include <cstdint>

namespace fanion::eval {

// Results that an evaluation has already found, by the index of a flag or segment: a direct-mapped
// cache, in which a new entry replaces one at the same position. References may fan out at each of
// their limits::reference_depth levels; without the cache the length of one evaluation would grow
// with the fan-out to the power of the depth.
class Memo {
public:
    Memo() noexcept {}  // not defaulted, so that the arrays stay uninitialised

    bool find(std::uint32_t index, std::uint32_t& answer) const noexcept {
        const auto at = index % size;
        if ((used_ >> at & 1) == 0 || indexes_[at] != index) return false;
        answer = answers_[at];
        return true;
    }
    void put(std::uint32_t index, std::uint32_t answer) noexcept {
        const auto at = index % size;
        used_ |= std::uint64_t{1} << at;
        indexes_[at] = index;
        answers_[at] = answer;
    }

private:
    static constexpr std::uint32_t size = 64;  // the bits of used_
    std::uint64_t used_ = 0;
    std::uint32_t indexes_[size];
    std::uint32_t answers_[size];
};

}  // namespace fanion::eval
