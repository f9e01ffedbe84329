#pragma once

// A delivery: one message to one webhook, and its JSON. Plain values. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/strong_id.hpp"
#include "common/json/writer.hpp"
#include "control-plane/webhooks/delivery_state.hpp"
#include "control-plane/webhooks/webhook.hpp"

namespace fanion::cp::webhooks {

using DeliveryId = StrongId<struct DeliveryIdTag>;  // "msg_..", the message's webhook-id

struct Delivery {
    DeliveryId delivery_id;
    WebhookId webhook_id;
    std::uint64_t position = 0;  // later ones of a webhook have higher ones
    std::string event_type;
    std::string resource;
    std::string body;
    DeliveryProgress progress;
    UnixMillis created_at = 0;
    std::optional<UnixMillis> ended_at;
};

struct Attempt {
    UnixMillis started_at = 0;
    std::int64_t took_ms = 0;
    unsigned status = 0;   // of the response; 0: there was none
    std::string error;     // empty: a response was received
    std::string response;  // the beginning of its body, as text
};

inline constexpr std::size_t most_attempts_shown = 50;
inline constexpr std::size_t response_bytes = 1024;  // that an attempt keeps

// In a list: without body and attempts, but with the last one.
void write_delivery_summary(json::Writer& w, const Delivery& delivery, const std::optional<Attempt>& last);
// `attempts`: newest first.
std::string delivery_text(const Delivery& delivery, const std::vector<Attempt>& attempts);

// At most `response_bytes` of any bytes, as valid UTF-8 without U+0000.
std::string shown_response(std::string_view bytes);

}  // namespace fanion::cp::webhooks
