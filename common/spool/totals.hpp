#pragma once

// Numbers of events by kind, and of dropped ones by reason. Plain values.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fanion::spool {

// Numbers of events, not of rows: a count row of n evaluations is n.
struct Content {
    std::uint64_t counts = 0;
    std::uint64_t exposures = 0;
    std::uint64_t metrics = 0;

    Content& operator+=(const Content& other) noexcept;
    Content& operator-=(const Content& other) noexcept;
    friend bool operator==(const Content&, const Content&) = default;
};

enum class DropReason : std::uint8_t {
    spool_full,  // dropped to make room for newer batches
    rejected,    // the control plane rejected the batch; see RejectedFolder
    damaged,     // sealed, but the spool's files no longer have it
};
inline constexpr std::size_t drop_reason_count = 3;
std::string_view name_of(DropReason reason) noexcept;  // "spool_full", ..

struct Dropped {
    std::array<Content, drop_reason_count> by_reason{};

    Content& operator[](DropReason reason) noexcept { return by_reason[static_cast<std::size_t>(reason)]; }
    const Content& operator[](DropReason reason) const noexcept { return by_reason[static_cast<std::size_t>(reason)]; }
    Content sum() const noexcept;
    friend bool operator==(const Dropped&, const Dropped&) = default;
};

}  // namespace fanion::spool
