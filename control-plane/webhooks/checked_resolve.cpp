#include "control-plane/webhooks/checked_resolve.hpp"

#include <algorithm>
#include <utility>

#include "common/net/origin.hpp"

namespace fanion::cp::webhooks {
namespace {

using boost::asio::awaitable;
using boost::asio::ip::tcp;
using Endpoints = std::vector<tcp::endpoint>;

awaitable<Result<Endpoints>> look_up_and_check(const AddressPolicy* policy, net::Resolve lookup, std::string host,
                                               std::uint16_t port, std::chrono::steady_clock::time_point deadline) {
    auto looking_up = lookup(host, port, deadline);
    auto found = co_await std::move(looking_up);
    if (!found) co_return found.error();
    const auto is_refused = [policy](const tcp::endpoint& endpoint) { return !policy->allows(address_of(endpoint)); };
    std::erase_if(*found, is_refused);
    if (found->empty()) {
        Error refused{Errc::forbidden,
                      host +
                          " has only addresses that webhooks are not delivered to: private, loopback, link-local or "
                          "reserved ones, unless --webhook-allow-networks opens them",
                      {}};
        co_return refused;
    }
    co_return std::move(*found);
}

}  // namespace

IpAddress address_of(const tcp::endpoint& endpoint) noexcept {
    IpAddress address;
    if (endpoint.address().is_v4()) {
        address.is_v4 = true;
        address.bytes[10] = address.bytes[11] = 0xFF;
        const auto bytes = endpoint.address().to_v4().to_bytes();
        std::copy(bytes.begin(), bytes.end(), address.bytes.begin() + 12);
    } else {
        const auto bytes = endpoint.address().to_v6().to_bytes();
        std::copy(bytes.begin(), bytes.end(), address.bytes.begin());
    }
    return address;
}

net::Resolve checked_resolve(const AddressPolicy& policy, net::Resolve lookup) {
    return [policy = &policy, lookup = std::move(lookup)](std::string host, std::uint16_t port,
                                                          std::chrono::steady_clock::time_point deadline) {
        return look_up_and_check(policy, lookup, std::move(host), port, deadline);
    };
}

void reach_by(net::ClientConfig& settings, const AddressPolicy& policy, const net::Resolve& lookup,
              const net::ProxySettings& proxies) {
    settings.resolve = checked_resolve(policy, lookup);
    const auto origin = net::parse_origin(settings.origin);
    if (origin && policy.allows_host(origin->host)) settings.proxies = proxies;
}

}  // namespace fanion::cp::webhooks
