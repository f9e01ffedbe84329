#pragma once

// Metrics of the streams and of the other relay endpoints. Each I/O thread has its own; read by
// any.

#include "common/telemetry/metrics.hpp"
#include "common/wire/sse_format.hpp"

namespace fanion::cp::relays {

enum class EndReason { closed, slow, lifetime, revoked, trust, shutdown };
inline constexpr std::size_t end_reasons = 6;

struct Metrics {
    explicit Metrics(telemetry::Registry& registry);
    Metrics(const Metrics&) = delete;

    telemetry::Counter& sent(wire::StreamEvent event) noexcept { return events[static_cast<std::size_t>(event)]; }
    telemetry::Counter& ended(EndReason reason) noexcept { return ends[static_cast<std::size_t>(reason)]; }

    telemetry::Gauge streams;
    telemetry::Counter opened;
    telemetry::Counter events[4];  // by wire::StreamEvent
    telemetry::Counter bytes;
    telemetry::Counter overflows;  // queues replaced by a full ruleset
    telemetry::Counter ends[end_reasons];
    telemetry::Counter refused;  // 401, 403 on any relay endpoint
    telemetry::Counter statuses;
};

}  // namespace fanion::cp::relays
