#pragma once

// Short-lived tokens for the URL of an event stream (relay-api.md, Event stream). A browser's
// EventSource cannot send headers, so the URL must identify the caller; and URLs are logged in
// places where a key must not appear.
//
//     <env id>.<key id>.<window>.<mac>      mac: HMAC-SHA-256 under the key's digest (access/<id>), 128 bits, base64url
//
// A window is an hour. A token names the window after the next one, so it expires in one to two
// hours. It stays the same for an hour, because clients reconnect when the URL changes. Every relay
// that holds the environment makes and accepts the same tokens: a load balancer may send the stream
// to another relay than the request, and a restart breaks no stream permanently. A digest does not
// reveal its key, and whoever has the digests could serve streams anyway.
//
// For a day after that a token still opens a stream, which begins by asking the client to fetch its
// flags in full (docs/adr/0020): the client may have got nothing but 304 since it got its URL.
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
    static constexpr UnixMillis renewal_millis = 24 * window_millis;

    // The view is valid until the next call.
    std::string_view token_for(const cache::EnvironmentState& environment, const model::AccessEntry& key,
                               UnixMillis now);

private:
    struct Token {
        std::int64_t window = 0;
        std::string text;
    };
    std::unordered_map<std::string, Token> tokens_;  // by key digest; emptied when there are more than 10,000
};

// The environment and key that a token was made for; null if it was not made by a relay of ours or
// expired more than renewal_millis ago. Whether the key itself is valid is for the caller to check.
struct TokenBearer {
    const cache::EnvironmentState* environment = nullptr;
    const model::AccessEntry* key = nullptr;
};
TokenBearer find_bearer(const cache::ServingState& state, std::string_view token, UnixMillis now);

// Whether a token that has a bearer has expired.
bool is_expired(std::string_view token, UnixMillis now);

}  // namespace fanion::relay::serve
