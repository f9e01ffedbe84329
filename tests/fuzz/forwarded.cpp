// The value of X-Forwarded-For, -Proto and -Host as any client may send them through a trusted proxy: no crash, a client's
// address that is canonical, and one that was not forged: without trusted hops it is the last element or the proxy.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/net/forwarded.hpp"
#include "common/net/request_builder.hpp"

namespace {

using namespace fanion;

std::string client_of(std::string_view value, const net::TrustedProxies& proxies) {
    net::Request request;
    net::RequestBuilder::clear(request);
    for (const auto* name : {"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"}) {
        net::RequestBuilder::add_header(request, name, value);
    }
    net::RequestBuilder::set_forwarded(request, net::read_forwarded(request, *parse_ip("10.0.0.1"), proxies));
    return std::string(request.peer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view value(reinterpret_cast<const char*>(data), size);
    static const auto some = net::TrustedProxies::parse({"10.0.0.0/8", "fd00::/8"});
    for (const auto& proxies : {net::TrustedProxies(), *some}) {
        const auto client = client_of(value, proxies);
        const auto address = parse_ip(client);
        std::string canonical;
        if (address) format_ip(*address, canonical);
        if (!address || canonical != client) std::abort();
    }
    const auto last = value.substr(value.rfind(',') + 1);
    if (client_of(value, {}) != client_of(last, {})) std::abort();
    (void)net::TrustedProxies::parse({std::string(value)});
    return 0;
}
