#include "relay/serve/rate_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace fanion::relay::serve {

UnixMillis TokenBucket::take(const Rate& rate, UnixMillis now) noexcept {
    if (rate.per_second <= 0) return 0;
    const double burst = std::max(rate.burst, 1.0);
    const auto elapsed = static_cast<double>(std::max<UnixMillis>(now - at_, 0));  // 0 if the clock was set back
    tokens_ = tokens_ < 0 ? burst : std::min(burst, tokens_ + elapsed * rate.per_second / 1000);
    at_ = now;
    if (tokens_ < 1) return static_cast<UnixMillis>(std::ceil((1 - tokens_) * 1000 / rate.per_second));
    tokens_ -= 1;
    return 0;
}

UnixMillis RateLimiter::take_key(const Sha256& key_hash, std::size_t known_keys, UnixMillis now) {
    if (key_rate_.per_second <= 0) return 0;
    const auto found = keys_.find(key_hash);
    if (found != keys_.end()) return found->second.take(key_rate_, now);
    if (keys_.size() > 2 * known_keys) keys_.clear();
    return keys_[key_hash].take(key_rate_, now);
}

}  // namespace fanion::relay::serve
