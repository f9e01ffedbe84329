#pragma once

// How far a spool's batches are settled, and the totals: one value, replaced atomically
// (common/base/state_file). Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/spool/totals.hpp"

namespace fanion::spool {

struct Cursor {
    std::uint64_t through = 0;  // every batch up to this number is delivered or dropped
    std::uint64_t kept = 0;     // except this one, which was being sent when later ones were dropped; 0: none
    std::uint64_t part_of = 0;  // the batch that is sent in parts; 0: none
    std::string part;           // of it: the next part (forward/parts.hpp)
    Content part_done;          // of it: already delivered or dropped
    std::string last_id;        // the batch that was settled last
    Content delivered;          // since the spool was created
    Dropped dropped;

    bool is_settled(std::uint64_t number) const noexcept { return number <= through && number != kept; }
    friend bool operator==(const Cursor&, const Cursor&) = default;
};

std::string encode(const Cursor& cursor);
std::optional<Cursor> decode_cursor(std::string_view bytes);  // empty when malformed

}  // namespace fanion::spool
