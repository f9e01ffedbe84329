#include "common/telemetry/tracer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace fanion::telemetry {

using std::chrono::steady_clock;

OpenSpan::OpenSpan(Tracer& tracer, std::unique_ptr<Span> span) noexcept
    : tracer_(&tracer), span_(std::move(span)), begun_(steady_clock::now()) {}

OpenSpan& OpenSpan::operator=(OpenSpan&& other) noexcept {
    end();
    tracer_ = other.tracer_;
    span_ = std::move(other.span_);
    begun_ = other.begun_;
    return *this;
}

void OpenSpan::set(Attribute attribute) {
    if (span_ && span_->attributes.size() < Span::most_attributes) span_->attributes.push_back(std::move(attribute));
}

void OpenSpan::set(std::string_view key, std::string_view value) {
    if (span_) set({std::string(key), std::string(value)});
}

void OpenSpan::set(std::string_view key, std::int64_t value) {
    if (span_) set({std::string(key), value});
}

void OpenSpan::set_trace_state(std::string_view text) {
    if (span_ && is_usable_tracestate(text)) span_->trace_state = text;
}

bool OpenSpan::has_room_for_event() noexcept {
    if (!span_) return false;
    if (span_->events.size() < Span::most_events) return true;
    ++span_->dropped_events;
    return false;
}

void OpenSpan::add_event(std::string_view name, Attributes attributes) {
    if (!has_room_for_event()) return;
    const std::chrono::nanoseconds since = steady_clock::now() - begun_;
    span_->events.push_back({name, span_->started_at + since.count(), std::move(attributes)});
}

void OpenSpan::fail(std::string_view why) {
    if (!span_) return;
    span_->has_failed = true;
    span_->failure = why;
}

void OpenSpan::began_before(std::chrono::nanoseconds ago) noexcept {
    if (!span_) return;
    begun_ -= ago;
    span_->started_at -= ago.count();
}

void OpenSpan::end() noexcept {
    const auto span = std::exchange(span_, nullptr);
    if (!span) return;
    const std::chrono::nanoseconds took = steady_clock::now() - begun_;
    span->ended_at = span->started_at + took.count();
    tracer_->queue(std::move(*span));
}

void TraceMetrics::register_in(Registry& registry, std::function<double()> queued) const {
    constexpr std::string_view name = "fanion_trace_spans_total";
    constexpr std::string_view help = "Spans by what became of them.";
    registry.counter(name, help, {{"result", "exported"}}, exported);
    registry.counter(name, help, {{"result", "queue_full"}}, queue_full);
    registry.counter(name, help, {{"result", "rejected"}}, rejected);
    registry.counter(name, help, {{"result", "failed"}}, failed);
    registry.gauge_from("fanion_trace_queue", "Spans that wait to be exported.", {}, std::move(queued));
}

Admitted Tracer::admit(std::string_view traceparent, const TraceSampler& sampler) const noexcept {
    Admitted admitted;
    if (const auto caller = traceparent.empty() ? std::nullopt : parse_traceparent(traceparent)) {
        admitted.context.trace = caller->trace;
        admitted.parent = caller->span;
        admitted.context.sampled = caller->sampled;
    } else {
        admitted.context.trace = {random_trace_bits(), random_trace_bits()};
        admitted.context.sampled = sampler.takes(admitted.context.trace);
    }
    admitted.context.span = random_trace_bits();
    return admitted;
}

OpenSpan Tracer::open(const Admitted& admitted, std::string name, SpanKind kind) {
    if (!admitted.context.sampled) return {};
    auto span = std::make_unique<Span>();
    span->context = admitted.context;
    span->parent = admitted.parent;
    span->name = std::move(name);
    span->kind = kind;
    const std::chrono::nanoseconds now = std::chrono::system_clock::now().time_since_epoch();
    span->started_at = now.count();
    return {*this, std::move(span)};
}

// A lack of memory loses the span.
void Tracer::queue(Span&& span) noexcept {
    bool is_batch = false;
    try {
        const std::lock_guard lock(mutex_);
        if (queue_.size() >= most_queued_) {
            metrics_.queue_full.add();
            return;
        }
        queue_.push_back(std::move(span));
        is_batch = queue_.size() == batch_;
    } catch (const std::bad_alloc&) {
        metrics_.queue_full.add();
    }
    if (is_batch && on_batch_) on_batch_();
}

std::vector<Span> Tracer::take(std::size_t count) {
    const std::lock_guard lock(mutex_);
    const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(std::min(count, queue_.size()));
    std::vector<Span> taken(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
    queue_.erase(queue_.begin(), end);
    return taken;
}

std::size_t Tracer::queued() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
}

TracePlace new_trace(const RequestTracing& tracing) noexcept {
    if (tracing.tracer == nullptr) return {};
    TracePlace place{tracing.tracer, {{random_trace_bits(), random_trace_bits()}, 0, false}};
    place.context.sampled = tracing.sampler.takes(place.context.trace);
    return place;
}

OpenSpan open_child(const TracePlace& parent, std::string_view name, SpanKind kind) {
    if (!parent) return {};
    Admitted admitted{parent.context, parent.context.span};
    admitted.context.span = random_trace_bits();
    return parent.tracer->open(admitted, std::string(name), kind);
}

}  // namespace fanion::telemetry
