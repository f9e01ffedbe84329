#include "relay/serve/stream_tokens.hpp"

#include <algorithm>
#include <optional>

#include "common/base/text.hpp"

namespace fanion::relay::serve {
namespace {

constexpr std::size_t mac_bytes = 16;
constexpr std::size_t max_tokens = 10'000;

// The number of the window, if it can be one at `now`: the limit keeps products with it in range.
std::optional<std::int64_t> parse_window(std::string_view text, UnixMillis now) {
    const auto window = parse_i64(text);
    if (!window || *window < 0 || *window > now / StreamTokens::window_millis + 2) return std::nullopt;
    return window;
}

std::string mac_of(const cache::EnvironmentState& environment, const model::AccessEntry& key, std::string_view window) {
    std::string text = "fanion event stream\n";
    text.append(environment.env_id).append("\n").append(key.id).append("\n").append(window);
    return to_base64url(hmac_sha256(key.sha256, text).substr(0, mac_bytes));
}

}  // namespace

std::string_view StreamTokens::token_for(const cache::EnvironmentState& environment, const model::AccessEntry& key,
                                         UnixMillis now) {
    const std::int64_t window = now / window_millis + 2;
    if (tokens_.size() > max_tokens) tokens_.clear();
    Token& token = tokens_[key.sha256];
    if (token.window != window) {
        const std::string number = std::to_string(window);
        token.window = window;
        token.text = environment.env_id;
        token.text.append(".").append(key.id).append(".").append(number).append(".");
        token.text.append(mac_of(environment, key, number));
    }
    return token.text;
}

TokenBearer find_bearer(const cache::ServingState& state, std::string_view token, UnixMillis now) {
    const auto parts = split(token, '.');
    if (parts.size() != 4) return {};
    const auto window = parse_window(parts[2], now);
    if (!window || now >= *window * StreamTokens::window_millis + StreamTokens::renewal_millis) return {};
    const auto* environment = state.find_environment(parts[0]);
    if (!environment) return {};
    const auto& keys = environment->ruleset->access();
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const auto& entry) { return entry.id == parts[1]; });
    if (key == keys.end() || !constant_time_equal(mac_of(*environment, *key, parts[2]), parts[3])) return {};
    return {environment, &*key};
}

bool is_expired(std::string_view token, UnixMillis now) {
    const auto parts = split(token, '.');
    const auto window = parts.size() == 4 ? parse_window(parts[2], now) : std::nullopt;
    return !window || now >= *window * StreamTokens::window_millis;
}

}  // namespace fanion::relay::serve
