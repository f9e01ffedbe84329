#pragma once

// What the endpoints of relay_routes.hpp ask first: whose key this is, and whether there is
// anything to serve yet. One thread.

#include <boost/asio/awaitable.hpp>

#include "common/base/clock.hpp"
#include "common/net/request.hpp"
#include "control-plane/keys/relay_keys.hpp"
#include "control-plane/publish/change_feed.hpp"
#include "control-plane/relays/metrics.hpp"

namespace fanion::cp::relays {

class RelayAuthenticator {
public:
    struct Deps {
        keys::RelayKeys& keys;
        const publish::ChangeFeed& feed;
        const Clock& clock;
        Metrics& metrics;
    };
    explicit RelayAuthenticator(Deps deps) : deps_(deps) {}

    // Errors: those of RelayKeys::authenticate; unavailable until the feed has read the rulesets
    // once.
    boost::asio::awaitable<Result<keys::RelayIdentity>> authenticate(net::Request& request);

private:
    Deps deps_;
};

}  // namespace fanion::cp::relays
