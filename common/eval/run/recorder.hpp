#pragma once

// The interface between the interpreter and an observer of its steps. Evaluation uses NoRecorder,
// of which the compiler leaves nothing; explain() uses ExplainRecorder
// (common/eval/explain/explain_recorder.hpp). A recorder is used by one thread.

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/eval/compile/compiled.hpp"
#include "common/json/document.hpp"

namespace fanion::eval {

// How a split chose a variation.
struct SplitSeen {
    const PreparedSplit& split;
    std::optional<std::string_view> unit;  // nullopt: missing
    std::uint32_t slot = 0;
    const PreparedRange* range = nullptr;  // null: outside every range
};

// Calls come in the order of evaluation, and every begin_ is followed by its end_, except that
// begin_leaf and end_leaf enclose all leaves of a condition on several segments. Rules are not
// announced: a leaf's index says which rule it belongs to.
struct NoRecorder {
    static constexpr bool records = false;  // true: the interpreter may throw, and announces leaves

    void enabled(bool) noexcept {}
    void begin_prerequisite(const PreparedFlag&, std::size_t, std::uint32_t) noexcept {}
    void end_prerequisite(std::uint32_t, std::uint32_t, bool) noexcept {}
    void begin_flag(std::uint32_t) noexcept {}
    void end_flag() noexcept {}
    void begin_serve() noexcept {}  // the rule of the last leaf holds, and serves the following
    void end_serve() noexcept {}
    void begin_fallthrough() noexcept {}
    void end_fallthrough() noexcept {}
    void serve(std::uint32_t) noexcept {}
    void split(const SplitSeen&) noexcept {}
    void begin_leaf(const Leaf&, std::uint32_t) noexcept {}
    void end_leaf(const Leaf&, bool) noexcept {}
    void value(json::Value) noexcept {}
    void now(UnixMillis) noexcept {}
    void bucket(std::optional<std::string_view>, std::uint32_t) noexcept {}
    void begin_segment(std::uint32_t) noexcept {}
    void end_segment(bool) noexcept {}
};

}  // namespace fanion::eval
