#pragma once

// Networks of IPv4 and IPv6 as sorted, disjoint ranges: membership is one binary search. An address
// without a prefix length is a network of one address; bits after the prefix are ignored. An
// IPv4-mapped IPv6 address (::ffff:192.0.2.1) is in IPv4 networks too. Immutable once built;
// thread-safe.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fanion {

struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};  // network order; IPv4 in the IPv4-mapped form
    bool is_v4 = false;
};

// Dotted-decimal IPv4 or IPv6 as RFC 4291, section 2.2, without zone or brackets; nullopt
// otherwise.
std::optional<IpAddress> parse_ip(std::string_view text) noexcept;

// Replaces `out` by the address in its canonical form: dotted-decimal also for IPv4-mapped
// addresses, else RFC 5952.
void format_ip(const IpAddress& address, std::string& out);

class NetworkSet {
public:
    // False, with nothing added, when `text` is not a valid network.
    bool add(std::string_view text);
    void seal();  // after the last add(), before the first contains()

    bool contains(const IpAddress& address) const noexcept;
    bool is_empty() const noexcept { return v4_.empty() && v6_.empty(); }

private:
    using Bytes = std::array<std::uint8_t, 16>;
    struct Block {
        Bytes first;
        Bytes last;
    };
    static void merge(std::vector<Block>& blocks);
    static bool contains(const std::vector<Block>& blocks, const Bytes& address) noexcept;

    std::vector<Block> v4_;
    std::vector<Block> v6_;
};

}  // namespace fanion
