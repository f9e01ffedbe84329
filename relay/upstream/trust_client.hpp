#pragma once

// Fetches the trust documents after the version in force: GET /relay/v1/trust?from=N, two lines for
// each. One thread.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "common/base/log.hpp"
#include "relay/upstream/upstreams.hpp"

namespace fanion::relay::upstream {

// The trust chain (relay/cache, TrustChain).
struct TrustSink {
    std::function<std::uint64_t()> version;
    std::function<Result<>(std::string_view bytes)> append;
};

// The body split into documents, without an incomplete last one. Pure.
std::vector<std::string_view> split_trust_documents(std::string_view body);

class TrustClient {
public:
    TrustClient(Upstreams& upstreams, TrustSink sink, const Log& log)
        : upstreams_(upstreams), sink_(std::move(sink)), log_(log) {}

    // True when the chain advanced. A failure is logged unless it repeats the last one; the chain
    // in force stays.
    boost::asio::awaitable<bool> refresh();

private:
    void record(const char* event, const std::string& error);

    Upstreams& upstreams_;
    TrustSink sink_;
    const Log& log_;
    std::string last_error_;
};

}  // namespace fanion::relay::upstream
