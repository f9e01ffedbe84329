#pragma once

// What an evaluation tells whoever wants to know how it came to its answer. Evaluation itself records nothing, and the
// compiler leaves nothing of the calls; common/eval/explain/explain has the recorder that writes.

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/eval/compile/compiled.hpp"
#include "common/json/document.hpp"

namespace fanion::eval {

// How a unit found its variation.
struct SplitSeen {
    const PreparedSplit& split;
    std::optional<std::string_view> unit;  // nothing: missing
    std::uint32_t slot = 0;
    const PreparedRange* range = nullptr;  // null: outside every range
};

// Leaves come in the order in which they are asked. Rules are not announced: a leaf's number says whose it is.
struct NoRecorder {
    static constexpr bool records = false;

    void enabled(bool) noexcept {}
    void begin_prerequisite(const PreparedFlag&, std::size_t, std::uint32_t) noexcept {}
    void end_prerequisite(std::uint32_t, std::uint32_t, bool) noexcept {}
    void begin_flag(std::uint32_t) noexcept {}
    void end_flag() noexcept {}
    void begin_serve() noexcept {}  // the rule asked last holds, and this is what it serves
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
