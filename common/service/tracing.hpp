#pragma once

// Tracing of one process: the tracer that all parts record with, and its exporter if there is a
// receiver. open(), start() and finish() belong to the executor's thread; tracer() is for any.

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "common/net/task_group.hpp"
#include "common/service/trace_exporter.hpp"
#include "common/service/tracing_options.hpp"

namespace fanion::service {

class Tracing {
public:
    // `instance`: tells this process from others of the service.
    Tracing(TracingOptions options, std::string instance)
        : options_(std::move(options)), instance_(std::move(instance)) {}
    Tracing(const Tracing&) = delete;

    // Before the first span. Errors: those of TraceExporter::make; the detail names the option.
    Result<> open(boost::asio::any_io_executor executor, const Log& log);

    // Null without a receiver.
    telemetry::Tracer* tracer() noexcept { return options_.is_on() ? &tracer_ : nullptr; }
    // With the sampler of traces that begin here.
    telemetry::RequestTracing requests() noexcept { return {tracer(), telemetry::TraceSampler(options_.sample_ratio)}; }

    void register_metrics(telemetry::Registry& registry) const;
    void start(net::TaskGroup& tasks);
    // Before the tasks are stopped: sends what is queued.
    boost::asio::awaitable<void> finish(std::chrono::milliseconds limit = std::chrono::seconds(2));

private:
    const TracingOptions options_;
    const std::string instance_;
    telemetry::Tracer tracer_;
    std::unique_ptr<TraceExporter> exporter_;  // null: no receiver
};

}  // namespace fanion::service
