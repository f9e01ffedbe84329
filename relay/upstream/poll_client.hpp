#pragma once

// One round of polling: every environment that is held, or known to be wanted, one after another. For when streams do not
// pass a proxy; new environments are then not found, because only the stream names them. One thread.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "relay/upstream/synchroniser.hpp"

namespace fanion::relay {

class PollClient {
public:
    // `wanted`: environments to ask for though nothing is held of them yet.
    PollClient(Synchroniser& synchroniser, std::vector<std::string> wanted, UpstreamMetrics& metrics)
        : synchroniser_(synchroniser), wanted_(std::move(wanted)), metrics_(metrics) {}

    // False when nobody answered.
    boost::asio::awaitable<bool> poll();

private:
    Synchroniser& synchroniser_;
    std::vector<std::string> wanted_;
    UpstreamMetrics& metrics_;
};

}  // namespace fanion::relay
