#pragma once

// Records spans into a bounded queue, from which one exporter takes them (service/trace_exporter).
//
//     auto span = tracer.open(tracer.admit(traceparent, sampler), "GET /flags", SpanKind::server);
//     auto child = open_child(span.place(), "transaction");      // records nothing if `span` does not
//     child.set("db.system.name", "postgresql");
//     ...                                                        // both end when they are destroyed
//
// Tracer is thread-safe; an OpenSpan belongs to one thread at a time. The tracer outlives all
// spans.

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "common/telemetry/metrics.hpp"
#include "common/telemetry/span.hpp"
#include "common/telemetry/trace_place.hpp"

namespace fanion::telemetry {

// A span that has begun. It ends, and is queued, when it is destroyed. Empty: all of this does
// nothing.
class OpenSpan {
public:
    OpenSpan() = default;
    OpenSpan(OpenSpan&&) noexcept = default;
    OpenSpan& operator=(OpenSpan&& other) noexcept;
    ~OpenSpan() {
        if (span_) end();
    }

    explicit operator bool() const noexcept { return span_ != nullptr; }
    TracePlace place() const noexcept { return span_ ? TracePlace{tracer_, span_->context} : TracePlace(); }

    // At most Span::most_attributes; those beyond are dropped.
    void set(std::string_view key, std::string_view value);
    void set(std::string_view key, std::int64_t value);
    void set(Attribute attribute);
    void set_trace_state(std::string_view text);
    // Above Span::most_events only their number is kept. `name` is a literal.
    void add_event(std::string_view name, Attributes attributes);
    bool has_room_for_event() noexcept;  // if not, counts an event that is dropped
    void fail(std::string_view why);
    // For work that was begun earlier than its span.
    void began_before(std::chrono::nanoseconds ago) noexcept;
    void end() noexcept;
    void end_as(std::string_view key, std::string_view value) {
        set(key, value);
        end();
    }

private:
    friend class Tracer;
    OpenSpan(Tracer& tracer, std::unique_ptr<Span> span) noexcept;

    Tracer* tracer_ = nullptr;
    std::unique_ptr<Span> span_;
    std::chrono::steady_clock::time_point begun_;
};

// Where a span belongs, decided before it is opened.
struct Admitted {
    TraceContext context;  // of the span; sampled: it is to be recorded
    SpanId parent = 0;
};

struct TraceMetrics {
    Counter exported;
    Counter queue_full;  // dropped
    Counter rejected;    // by the receiver
    Counter failed;      // given up after attempts, or when the process stopped
    void register_in(Registry& registry, std::function<double()> queued) const;
};

class Tracer {
public:
    // `batch`: from so many waiting spans on, `on_batch` is called.
    explicit Tracer(std::size_t most_queued = 4096, std::size_t batch = 512) noexcept
        : most_queued_(most_queued), batch_(batch) {}
    Tracer(const Tracer&) = delete;

    // A caller's trace goes on, and its decision whether to record holds; without one a trace
    // begins, which is recorded if `sampler` takes it.
    Admitted admit(std::string_view traceparent, const TraceSampler& sampler) const noexcept;
    // Empty unless it is to be recorded.
    OpenSpan open(const Admitted& admitted, std::string name, SpanKind kind);

    // Called by the thread whose span completes a batch; it must return at once and not throw. Set
    // it before the first span is opened.
    void on_batch(std::function<void()> call) { on_batch_ = std::move(call); }
    // The oldest, at most `count`.
    std::vector<Span> take(std::size_t count);
    std::size_t queued() const;

    const TraceMetrics& metrics() const noexcept { return metrics_; }
    TraceMetrics& metrics() noexcept { return metrics_; }

private:
    friend class OpenSpan;
    void queue(Span&& span) noexcept;

    const std::size_t most_queued_;
    const std::size_t batch_;
    std::function<void()> on_batch_;
    TraceMetrics metrics_;
    mutable std::mutex mutex_;
    std::deque<Span> queue_;
};

// Where a trace of its own begins, for work that nobody asked for: its context has no span yet.
// Empty without a tracer.
TracePlace new_trace(const RequestTracing& tracing) noexcept;

// Empty if the place is.
OpenSpan open_child(const TracePlace& parent, std::string_view name, SpanKind kind = SpanKind::internal);

}  // namespace fanion::telemetry
