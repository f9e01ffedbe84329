#include "common/config/endpoint.hpp"

#include <boost/asio/ip/address.hpp>

#include "common/base/text.hpp"

namespace fanion::config {

std::optional<Endpoint> parse_endpoint(std::string_view text) {
    if (text.starts_with("unix:/")) return Endpoint{"", 0, std::string(text.substr(5))};
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto address = text.substr(0, colon);
    const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
    if (bracketed) address = address.substr(1, address.size() - 2);
    const auto port = parse_u64(text.substr(colon + 1));
    boost::system::error_code ec;
    const auto parsed = boost::asio::ip::make_address(address, ec);
    if (ec || parsed.is_v6() != bracketed || !port || *port > 65'535) return std::nullopt;
    return Endpoint{std::string(address), static_cast<std::uint16_t>(*port)};
}

std::string to_string(const Endpoint& endpoint) {
    if (!endpoint.path.empty()) return "unix:" + endpoint.path;
    const bool is_v6 = endpoint.address.find(':') != std::string::npos;
    return (is_v6 ? "[" + endpoint.address + "]" : endpoint.address) + ":" + std::to_string(endpoint.port);
}

}  // namespace fanion::config
