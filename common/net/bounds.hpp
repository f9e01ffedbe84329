#pragma once

// The bounds that a server sets its clients, and what of the requests' memory they share. Values.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fanion::net {

// In the order of their names; as label `bound` of fanion_http_bounds_met_total.
enum class Bound : std::uint8_t {
    connections,
    connections_per_address,
    handshake_time,
    idle_time,
    header_time,
    body_time,
    write_time,
    target_bytes,
    headers,  // their bytes and their number
    body_bytes,
    bodies_bytes,  // of all bodies that are being received
    syntax,
    count
};
inline constexpr std::size_t bound_count = static_cast<std::size_t>(Bound::count);

inline constexpr std::array<std::string_view, bound_count> bound_names = {"connections",    "connections_per_address",
                                                                          "handshake_time", "idle_time",
                                                                          "header_time",    "body_time",
                                                                          "write_time",     "target_bytes",
                                                                          "headers",        "body_bytes",
                                                                          "bodies_bytes",   "syntax"};
static_assert(!bound_names.back().empty(), "a bound has no name");

// Of what the parser refused with this status.
constexpr Bound bound_of_refusal(unsigned status) noexcept {
    switch (status) {
        case 413:
            return Bound::body_bytes;
        case 414:
            return Bound::target_bytes;
        case 431:
            return Bound::headers;
        case 503:
            return Bound::bodies_bytes;
        default:
            return Bound::syntax;
    }
}

// Bytes that several requests share. One thread.
class ByteBudget {
public:
    explicit ByteBudget(std::size_t bytes) noexcept : left_(bytes) {}

    // False, with nothing taken, when fewer are left.
    bool take(std::size_t bytes) noexcept {
        if (bytes > left_) return false;
        left_ -= bytes;
        return true;
    }
    void give_back(std::size_t bytes) noexcept { left_ += bytes; }

private:
    std::size_t left_;
};

}  // namespace fanion::net
