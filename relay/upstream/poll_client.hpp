#pragma once

// One round of polling, for when streams do not pass a proxy: the heads of all that is granted (GET /relay/v1/heads, a stream's
// head and revoked events in one finite answer), and the rulesets that they say have changed. What the stream would bring
// comes this way too: new environments, freshness, revocations. An upstream without that endpoint is asked for every ruleset
// that is held or wanted, one after another. One thread.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "relay/upstream/synchroniser.hpp"

namespace fanion::relay {

class PollClient {
public:
    // `wanted`: environments to ask an upstream without heads for, though nothing is held of them yet.
    PollClient(Upstreams& upstreams, Synchroniser& synchroniser, std::vector<std::string> wanted,
               UpstreamMetrics& metrics)
        : upstreams_(upstreams), synchroniser_(synchroniser), wanted_(std::move(wanted)), metrics_(metrics) {}

    // False when nobody answered.
    boost::asio::awaitable<bool> poll();

private:
    boost::asio::awaitable<void> take(std::string events);
    boost::asio::awaitable<bool> poll_each();

    Upstreams& upstreams_;
    Synchroniser& synchroniser_;
    std::vector<std::string> wanted_;
    UpstreamMetrics& metrics_;
};

}  // namespace fanion::relay
