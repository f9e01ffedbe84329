#include "control-plane/webhooks/delivery.hpp"

#include "common/base/text.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::webhooks {
namespace {

void write_attempt(json::Writer& w, const Attempt& attempt) {
    w.begin_object().member("at", format_rfc3339(attempt.started_at)).member("took_ms", attempt.took_ms);
    w.key("status");
    if (attempt.status == 0) {
        w.null();
    } else {
        w.unsigned_integer(attempt.status);
    }
    w.member("error", attempt.error).member("response", attempt.response).end_object();
}

void write_delivery(json::Writer& w, const Delivery& delivery) {
    const auto& progress = delivery.progress;
    const bool is_open = progress.state == DeliveryState::pending || progress.state == DeliveryState::failed;
    w.member("id", delivery.delivery_id.str()).member("webhook", delivery.webhook_id.str());
    w.member("event", delivery.event_type).member("resource", delivery.resource);
    w.member("state", name_of(progress.state)).member("attempts", std::uint64_t{progress.attempts});
    w.member("created_at", format_rfc3339(delivery.created_at));
    body::write_time(w, "next_attempt_at", is_open ? std::optional(progress.due_at) : std::nullopt);
    body::write_time(w, "ended_at", delivery.ended_at);
}

// Replaces the byte that makes `text` invalid, and U+0000, by '?'.
void make_text(std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        const bool is_good = lead != 0 && is_valid_utf8(std::string_view(text).substr(at, length));
        if (!is_good) text[at] = '?';
        at += is_good ? length : 1;
    }
}

}  // namespace

void write_delivery_summary(json::Writer& w, const Delivery& delivery, const std::optional<Attempt>& last) {
    w.begin_object();
    write_delivery(w, delivery);
    w.key("last_attempt");
    if (last) {
        write_attempt(w, *last);
    } else {
        w.null();
    }
    w.end_object();
}

std::string delivery_text(const Delivery& delivery, const std::vector<Attempt>& attempts) {
    return body::object_text([&](json::Writer& w) {
        write_delivery(w, delivery);
        w.key("body").raw(delivery.body).key("attempt_log").begin_array();
        for (const auto& attempt : attempts) write_attempt(w, attempt);
        w.end_array();
    });
}

std::string shown_response(std::string_view bytes) {
    std::string text(bytes.substr(0, response_bytes));
    make_text(text);
    return text;
}

}  // namespace fanion::cp::webhooks
