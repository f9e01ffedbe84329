#include "common/base/cidr.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "common/base/text.hpp"

namespace fanion {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

bool is_mapped(const IpAddress& address) noexcept {
    return std::equal(mapped_prefix.begin(), mapped_prefix.end(), address.bytes.begin());
}

// Digits without sign or leading zero, at most `high`.
std::optional<unsigned> parse_prefix(std::string_view text, unsigned high) noexcept {
    if (text.empty() || text.size() > 3 || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    const auto length = parse_u64(text);
    if (!length || *length > high) return std::nullopt;
    return static_cast<unsigned>(*length);
}

}  // namespace

std::optional<IpAddress> parse_ip(std::string_view text) noexcept {
    char terminated[INET6_ADDRSTRLEN];
    if (text.size() >= sizeof terminated) return std::nullopt;
    terminated[text.copy(terminated, sizeof terminated - 1)] = '\0';
    if (std::strlen(terminated) != text.size()) return std::nullopt;

    IpAddress address;
    if (inet_pton(AF_INET, terminated, address.bytes.data() + 12) == 1) {
        std::copy(mapped_prefix.begin(), mapped_prefix.end(), address.bytes.begin());
        address.is_v4 = true;
        return address;
    }
    if (inet_pton(AF_INET6, terminated, address.bytes.data()) == 1) return address;
    return std::nullopt;
}

void format_ip(const IpAddress& address, std::string& out) {
    char text[INET6_ADDRSTRLEN];
    if (is_mapped(address)) {
        inet_ntop(AF_INET, address.bytes.data() + 12, text, sizeof text);
    } else {
        inet_ntop(AF_INET6, address.bytes.data(), text, sizeof text);
    }
    out = text;
}

bool NetworkSet::add(std::string_view text) {
    const auto slash = text.find('/');
    auto address = parse_ip(text.substr(0, slash));
    if (!address) return false;
    unsigned prefix = 128;
    if (slash != std::string_view::npos) {
        const auto given = parse_prefix(text.substr(slash + 1), address->is_v4 ? 32 : 128);
        if (!given) return false;
        prefix = address->is_v4 ? 96 + *given : *given;
    }
    const bool is_v4 = address->is_v4 || (is_mapped(*address) && prefix >= 96);
    Block block{address->bytes, address->bytes};
    for (unsigned bit = prefix; bit < 128; ++bit) {
        const auto mask = static_cast<std::uint8_t>(0x80u >> (bit % 8));
        block.first[bit / 8] = static_cast<std::uint8_t>(block.first[bit / 8] & ~mask);
        block.last[bit / 8] = static_cast<std::uint8_t>(block.last[bit / 8] | mask);
    }
    (is_v4 ? v4_ : v6_).push_back(block);
    return true;
}

void NetworkSet::seal() {
    merge(v4_);
    merge(v6_);
}

// Two networks are nested or disjoint, so a block lies either within the one before it or after it.
void NetworkSet::merge(std::vector<Block>& blocks) {
    std::sort(blocks.begin(), blocks.end(),
              [](const Block& a, const Block& b) { return a.first != b.first ? a.first < b.first : b.last < a.last; });
    std::vector<Block> merged;
    for (const auto& block : blocks)
        if (merged.empty() || merged.back().last < block.first) merged.push_back(block);
    blocks = std::move(merged);
}

bool NetworkSet::contains(const std::vector<Block>& blocks, const Bytes& address) noexcept {
    const auto behind = std::upper_bound(blocks.begin(), blocks.end(), address,
                                         [](const Bytes& value, const Block& block) { return value < block.first; });
    return behind != blocks.begin() && !(std::prev(behind)->last < address);
}

bool NetworkSet::contains(const IpAddress& address) const noexcept {
    if (address.is_v4) return contains(v4_, address.bytes);
    return contains(v6_, address.bytes) || (is_mapped(address) && contains(v4_, address.bytes));
}

}  // namespace fanion
