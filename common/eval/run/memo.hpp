#pragma once

// The state of an evaluation: on the stack, one thread, no allocation. Costs nothing until it is used: the arrays stay
// uninitialised, a bit says which entries hold something.

#include <cstdint>

namespace fanion::eval {

// Answers that an evaluation has already found, by index; a collision forgets the older. References may fan out, and
// without this a ruleset could make one evaluation as long as it likes.
class Memo {
public:
    Memo() noexcept {}  // written out so that the arrays stay uninitialised

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
    static constexpr std::uint32_t size = 64;
    std::uint64_t used_ = 0;
    std::uint32_t indexes_[size];
    std::uint32_t answers_[size];
};

}  // namespace fanion::eval
