#pragma once

// The state of an evaluation: on the stack, one thread, no allocation. Costs nothing until it is used: the arrays stay
// uninitialised, a bit says which entries hold something.

#include <cstdint>

#include "common/eval/compiled.hpp"

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

// What attribute references lead to in one context, by their number in the ruleset: many conditions, segments and flags ask
// for the same few. Those behind the first 64 are looked up each time.
class AttributeCache {
public:
    AttributeCache() noexcept {}  // likewise

    json::Value get(std::uint32_t number, const AttributeRef& reference, json::Value context) noexcept {
        if (number >= size) return resolve(reference, context);
        const auto bit = std::uint64_t{1} << number;
        if ((known_ & bit) == 0) {
            known_ |= bit;
            values_[number] = resolve(reference, context).node();
        }
        return json::Value(values_[number]);
    }

private:
    static constexpr std::uint32_t size = 64;
    std::uint64_t known_ = 0;
    const json::Node* values_[size];
};

}  // namespace fanion::eval
