#include "common/eval/compile/references.hpp"

#include <vector>

#include "common/json/limits.hpp"

namespace fanion::eval {
namespace {

struct Frame {
    std::uint32_t item;
    std::uint32_t edge = 0;
};

struct State {
    enum class Colour : std::uint8_t { unseen, open, done } colour = Colour::unseen;
    std::uint32_t height = 0;   // length of the longest chain of references from here
    std::uint32_t deepest = 0;  // the edge that chain begins with
};

using Colour = State::Colour;

}  // namespace

// An explicit stack, because a hostile ruleset may chain ten thousand items.
void check_references(std::uint32_t items, const std::function<std::uint32_t(std::uint32_t)>& count_of,
                      const std::function<std::uint32_t(std::uint32_t, std::uint32_t)>& target_of,
                      const std::function<void(const ReferenceFault&)>& report) {
    std::vector<State> states(items);
    std::vector<Frame> stack;
    const auto open = [&](std::uint32_t item) {
        states[item].colour = Colour::open;
        stack.push_back({item});
    };
    const auto raise = [&](const Frame& frame, std::uint32_t child_height) {
        auto& state = states[frame.item];
        if (child_height + 1 <= state.height) return;
        state.height = child_height + 1;
        state.deepest = frame.edge;
    };
    const auto close = [&](std::uint32_t item) {
        states[item].colour = Colour::done;
        if (states[item].height == limits::reference_depth + 1)
            report({ReferenceFault::Kind::too_deep, item, states[item].deepest});
    };
    for (std::uint32_t root = 0; root < items; ++root) {
        if (states[root].colour == Colour::unseen) open(root);
        while (!stack.empty()) {
            const Frame frame = stack.back();
            if (frame.edge == count_of(frame.item)) {
                close(frame.item);
                stack.pop_back();
                if (!stack.empty()) raise(stack.back(), states[frame.item].height), ++stack.back().edge;
                continue;
            }
            const auto target = target_of(frame.item, frame.edge);
            if (states[target].colour == Colour::unseen) {
                open(target);
                continue;
            }
            if (states[target].colour == Colour::open)
                report({ReferenceFault::Kind::cycle, frame.item, frame.edge});
            else
                raise(frame, states[target].height);
            ++stack.back().edge;
        }
    }
}

}  // namespace fanion::eval
