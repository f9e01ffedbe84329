#pragma once

// Counters of the public port (metrics.md): requests by route and outcome, evaluations, event
// streams. Written by one worker thread, read by any. Labels are fixed: they contain no flag key,
// user or address.

#include <array>
#include <atomic>
#include <cstdint>
#include <span>
#include <string_view>

#include "common/telemetry/metrics.hpp"
#include "common/wire/sse_format.hpp"
#include "relay/serve/outcome.hpp"

namespace fanion::relay::serve {

enum class ServeRoute : std::uint8_t {
    ofrep_single,
    ofrep_bulk,
    ofrep_stream,
    evaluate_single,
    evaluate_bulk,
    evaluate_line,
    explain,
    sdk_ruleset,
    sdk_stream,
    sdk_poll,
    sdk_trust,
    events,
    relay_stream,
    relay_heads,
    relay_ruleset,
    relay_trust,
    relay_status,
    relay_events,
    flagd_resolve,  // from here on: RPCs (relay/grpc)
    flagd_resolve_all,
    flagd_stream,
    flagd_sync,
    flagd_metadata,
    count  // the number of routes that are counted
};
inline constexpr std::size_t serve_route_count = static_cast<std::size_t>(ServeRoute::count);
// Of those that are in the table of routes.cpp.
inline constexpr std::size_t http_route_count = static_cast<std::size_t>(ServeRoute::flagd_resolve);
std::string_view name_of(ServeRoute route) noexcept;  // label `route` of fanion_relay_requests_total

// What a request that was refused as one too many met.
enum class Limit : std::uint8_t { key_rate, stranger_rate, total_rate, streams, streams_per_key, count };
inline constexpr std::size_t limit_count = static_cast<std::size_t>(Limit::count);

// One writer, hence stores instead of atomic additions. Aligned, so that threads share no cache
// line.
class alignas(64) ServeMetrics {
public:
    void count(ServeRoute route, Outcome outcome) noexcept { add(requests_[index(route, outcome)], 1); }
    void count_evaluations(std::uint64_t n) noexcept { add(evaluations_, n); }
    void stream_opened() noexcept { add(streams_, 1); }
    void limit_streams(std::size_t most) noexcept { streams_limit_.store(most, std::memory_order_relaxed); }
    void stream_closed() noexcept { add(streams_, -std::uint64_t{1}); }
    void refetch_sent() noexcept { add(refetches_, 1); }
    void ruleset_event_sent(wire::StreamEvent event) noexcept {
        add(ruleset_events_[static_cast<std::size_t>(event)], 1);
    }
    void limited(Limit limit) noexcept { add(limited_[static_cast<std::size_t>(limit)], 1); }
    void slow_stream_cut() noexcept { add(slow_streams_, 1); }
    void exposure_repeated() noexcept { add(exposures_repeated_, 1); }
    void exposure_refused() noexcept { add(exposures_refused_, 1); }

    std::uint64_t requests(ServeRoute route, Outcome outcome) const noexcept {
        return requests_[index(route, outcome)].load(std::memory_order_relaxed);
    }
    std::uint64_t evaluations() const noexcept { return evaluations_.load(std::memory_order_relaxed); }
    std::uint64_t streams() const noexcept { return streams_.load(std::memory_order_relaxed); }
    std::uint64_t streams_limit() const noexcept { return streams_limit_.load(std::memory_order_relaxed); }
    std::uint64_t refetches() const noexcept { return refetches_.load(std::memory_order_relaxed); }
    std::uint64_t ruleset_events(wire::StreamEvent event) const noexcept {
        return ruleset_events_[static_cast<std::size_t>(event)].load(std::memory_order_relaxed);
    }
    std::uint64_t limited_by(Limit limit) const noexcept {
        return limited_[static_cast<std::size_t>(limit)].load(std::memory_order_relaxed);
    }
    std::uint64_t slow_streams() const noexcept { return slow_streams_.load(std::memory_order_relaxed); }
    std::uint64_t exposures_repeated() const noexcept { return exposures_repeated_.load(std::memory_order_relaxed); }
    std::uint64_t exposures_refused() const noexcept { return exposures_refused_.load(std::memory_order_relaxed); }

private:
    using Cell = std::atomic<std::uint64_t>;
    static std::size_t index(ServeRoute route, Outcome outcome) noexcept {
        return static_cast<std::size_t>(route) * outcome_count + static_cast<std::size_t>(outcome);
    }
    static void add(Cell& cell, std::uint64_t n) noexcept {
        cell.store(cell.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }

    std::array<Cell, serve_route_count * outcome_count> requests_{};
    Cell evaluations_{0};
    Cell streams_{0};
    Cell streams_limit_{0};
    Cell refetches_{0};
    std::array<Cell, 4> ruleset_events_{};  // by wire::StreamEvent
    std::array<Cell, limit_count> limited_{};
    Cell slow_streams_{0};
    Cell exposures_repeated_{0};
    Cell exposures_refused_{0};
};

// Registers fanion_relay_requests_total{route,outcome} and the others of docs/metrics.md, as sums
// over the workers. The metrics in `workers` must outlive the registry.
void register_metrics(telemetry::Registry& registry, std::span<const ServeMetrics* const> workers);

}  // namespace fanion::relay::serve
