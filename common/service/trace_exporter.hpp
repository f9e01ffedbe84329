#pragma once

// Sends the spans that a tracer has queued to an OpenTelemetry receiver: OTLP over HTTP in JSON, in
// batches, when a batch is full or a time has passed. A receiver that is slow or gone costs spans,
// never a request: the tracer's queue is bounded, each attempt has a deadline, and what cannot be
// sent is counted (telemetry::TraceMetrics). One thread (its executor's), but for wake().

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "common/base/log.hpp"
#include "common/net/http_client.hpp"
#include "common/telemetry/export_plan.hpp"
#include "common/telemetry/tracer.hpp"

namespace fanion::service {

struct TraceExporterConfig {
    std::string origin;
    std::string target = "/v1/traces";
    std::string ca_file = {};
    std::vector<std::pair<std::string, std::string>> headers = {};  // secrets may be among them
    telemetry::Resource resource = {};
    std::size_t batch = 512;
    std::chrono::milliseconds interval{1'000};  // the longest that a span waits for its batch
    std::chrono::milliseconds timeout{10'000};  // of an attempt
};

class TraceExporter {
public:
    // `tracer` and `log` outlive this. Errors: those of net::HttpClient::make.
    static Result<std::unique_ptr<TraceExporter>> make(boost::asio::any_io_executor executor,
                                                       TraceExporterConfig config, telemetry::Tracer& tracer,
                                                       const Log& log);
    TraceExporter(const TraceExporter&) = delete;

    // Until cancelled, or finish().
    boost::asio::awaitable<void> run();
    // A batch is waiting. Any thread.
    void wake();
    // Sends what is queued, each batch once, and returns when run() has ended or at the limit. What
    // is left counts as failed.
    boost::asio::awaitable<void> finish(std::chrono::milliseconds limit);

private:
    TraceExporter(boost::asio::any_io_executor executor, TraceExporterConfig config, net::HttpClient client,
                  telemetry::Tracer& tracer, const Log& log);
    boost::asio::awaitable<void> pause(std::chrono::milliseconds duration, bool is_for_batch);
    boost::asio::awaitable<bool> send_next();
    boost::asio::awaitable<telemetry::ExportAnswer> attempt();
    void count_accepted(std::string_view body);
    void give_up();
    void log_change(bool was_well, const telemetry::ExportAnswer& answer) const;

    boost::asio::any_io_executor executor_;
    TraceExporterConfig config_;
    net::HttpClient client_;
    telemetry::Tracer& tracer_;
    const Log& log_;
    telemetry::ExportPlan plan_;
    std::vector<telemetry::Span> batch_;  // in hand
    std::string problem_;                 // of the last attempt
    boost::asio::steady_timer timer_;
    bool waits_for_batch_ = false;
    boost::asio::steady_timer ended_timer_;
    bool finishing_ = false;
    bool ended_ = true;
    std::mt19937 random_{std::random_device{}()};
};

}  // namespace fanion::service
