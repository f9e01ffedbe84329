#pragma once

// Token buckets: one for each key, one for all requests that have one, and one for strangers', who
// thus take nothing from the others. One thread.

#include <cstddef>
#include <unordered_map>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "relay/cache/environment_registry.hpp"
#include "relay/serve/serve_config.hpp"

namespace fanion::relay::serve {

class TokenBucket {
public:
    // Takes a token and returns 0; if there is none, returns the milliseconds until there is one,
    // at least 1. Always 0 for a rate of 0. `now` may go back: that adds no tokens.
    UnixMillis take(const Rate& rate, UnixMillis now) noexcept;

private:
    double tokens_ = -1;  // negative: never used, hence full
    UnixMillis at_ = 0;   // of the last call
};

class RateLimiter {
public:
    explicit RateLimiter(const ServeConfig& config) { set_rates(config); }

    void set_rates(const ServeConfig& config) noexcept {
        key_rate_ = config.key_rate;
        stranger_rate_ = config.stranger_rate;
        total_rate_ = config.total_rate;
    }

    // As TokenBucket::take.
    UnixMillis take_total(UnixMillis now) noexcept { return total_.take(total_rate_, now); }
    UnixMillis take_stranger(UnixMillis now) noexcept { return strangers_.take(stranger_rate_, now); }
    // Keeps at most about twice `known_keys` buckets, the number of keys that exist; beyond that it
    // forgets all of them, which makes them full.
    UnixMillis take_key(const Sha256& key_hash, std::size_t known_keys, UnixMillis now);

private:
    Rate key_rate_;
    Rate stranger_rate_;
    Rate total_rate_;
    TokenBucket strangers_;
    TokenBucket total_;
    std::unordered_map<Sha256, TokenBucket, cache::ServingState::HashOfHash> keys_;
};

}  // namespace fanion::relay::serve
