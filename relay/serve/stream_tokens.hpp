#pragma once

// The short-lived token in an event stream's URL. Browsers' EventSource sends no headers, so the URL itself must say who asks,
// and a URL ends in places where a key must not.
//
//     <env id>.<key id>.<window>.<mac>      mac: HMAC-SHA-256 under the key's digest (access/<id>), 128 bits, base64url
//
// A window is an hour; a token names the one after next, so it lives one to two hours, and stays the same for an hour: clients
// reconnect when the URL changes. Every relay that holds the environment makes and accepts the same tokens, so a balancer
// may send the stream to another relay than the request, and a restart cuts nobody off. A digest cannot be turned back into
// its key, and whoever holds digests could serve streams anyway.
//
// One thread.

#include <string>
#include <string_view>
#include <unordered_map>

#include "common/base/clock.hpp"
#include "relay/cache/environment_registry.hpp"

namespace fanion::relay::serve {

class StreamTokens {
public:
    static constexpr UnixMillis window_millis = 3'600'000;

    // Valid until the next call.
    std::string_view token_for(const cache::EnvironmentState& environment, const model::AccessEntry& key,
                               UnixMillis now);

private:
    struct Made {
        std::int64_t window = 0;
        std::string token;
    };
    std::unordered_map<std::string, Made> made_;  // by key digest; forgotten past 10,000
};

// Whom the token was made for; null members when it is none of ours or has expired. The caller checks the key's own times.
struct TokenBearer {
    const cache::EnvironmentState* environment = nullptr;
    const model::AccessEntry* key = nullptr;
};
TokenBearer find_bearer(const cache::ServingState& state, std::string_view token, UnixMillis now);

}  // namespace fanion::relay::serve
