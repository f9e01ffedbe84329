#include "common/service/trace_exporter.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "common/base/text.hpp"
#include "common/json/document.hpp"

namespace fanion::service {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::milliseconds;
using Outcome = telemetry::ExportPlan::Outcome;

namespace {

// Of a whole number of seconds; a date is not read.
std::optional<std::chrono::seconds> retry_after(const net::ClientResponse& response) {
    const auto seconds = parse_u64(response.header("Retry-After"));
    constexpr std::uint64_t longest_wait = 3'600;
    if (!seconds) return std::nullopt;
    return std::chrono::seconds(std::min(*seconds, longest_wait));
}

// ExportTraceServiceResponse: {"partialSuccess":{"rejectedSpans":"3"}}
std::uint64_t rejected_spans(std::string_view body) {
    json::Document document;
    if (!document.parse(body)) return 0;
    const auto root = document.root();
    const auto partial = root.is(json::Kind::object) ? root.find("partialSuccess") : json::Value();
    const auto count = partial && partial.is(json::Kind::object) ? partial.find("rejectedSpans") : json::Value();
    if (!count) return 0;
    std::string text;
    if (count.is(json::Kind::string)) {
        text = count.as_string();
    } else {
        count.append_to(text);
    }
    return parse_u64(text).value_or(0);
}

}  // namespace

Result<std::unique_ptr<TraceExporter>> TraceExporter::make(asio::any_io_executor executor, TraceExporterConfig config,
                                                           telemetry::Tracer& tracer, const Log& log) {
    net::ClientConfig settings;
    settings.origin = config.origin;
    settings.ca_file = config.ca_file;
    settings.request_timeout = config.timeout;
    settings.body_limit = 64u * 1024;
    auto client = net::HttpClient::make(executor, std::move(settings));
    if (!client) return client.error();
    return std::unique_ptr<TraceExporter>(
        new TraceExporter(std::move(executor), std::move(config), std::move(*client), tracer, log));
}

TraceExporter::TraceExporter(asio::any_io_executor executor, TraceExporterConfig config, net::HttpClient client,
                             telemetry::Tracer& tracer, const Log& log)
    : executor_(std::move(executor)),
      config_(std::move(config)),
      client_(std::move(client)),
      tracer_(tracer),
      log_(log),
      timer_(executor_),
      ended_timer_(executor_) {}

awaitable<void> TraceExporter::run() {
    ended_ = false;
    while (!finishing_) {
        co_await pause(config_.interval, true);
        while ([[maybe_unused]] const bool sent = co_await send_next()) {
        }
    }
    ended_ = true;
    ended_timer_.cancel();
}

void TraceExporter::wake() {
    asio::post(executor_, [this] {
        if (waits_for_batch_) timer_.cancel();
    });
}

// Cancelled by wake() and finish().
awaitable<void> TraceExporter::pause(milliseconds duration, bool is_for_batch) {
    if (finishing_ || (is_for_batch && tracer_.queued() >= config_.batch)) co_return;
    waits_for_batch_ = is_for_batch;
    timer_.expires_after(duration);
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    co_await timer_.async_wait(token);
    waits_for_batch_ = false;
}

// False when nothing is left to send.
awaitable<bool> TraceExporter::send_next() {
    if (batch_.empty()) batch_ = tracer_.take(config_.batch);
    if (batch_.empty()) co_return false;
    const bool was_well = plan_.is_well();
    const auto answer = co_await attempt();
    const auto verdict = plan_.judge(answer, std::uniform_real_distribution<>(0, 1)(random_));
    log_change(was_well, answer);
    const bool is_last_attempt = verdict.outcome == Outcome::given_up || finishing_;
    if (verdict.outcome == Outcome::retry || verdict.outcome == Outcome::given_up) {
        if (is_last_attempt) give_up();
        co_await pause(verdict.wait, false);
        co_return true;
    }
    if (verdict.outcome == Outcome::rejected) tracer_.metrics().rejected.add(batch_.size());
    batch_.clear();
    co_return true;
}

awaitable<telemetry::ExportAnswer> TraceExporter::attempt() {
    net::ClientRequest request;
    request.method = net::Method::post;
    request.target = config_.target;
    request.headers = config_.headers;
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = telemetry::to_otlp_json(config_.resource, batch_);
    const auto response = co_await client_.send(std::move(request));
    telemetry::ExportAnswer answer;
    if (!response) {
        problem_ = response.error().detail;
        co_return answer;
    }
    answer.status = response->status;
    answer.retry_after = retry_after(*response);
    problem_ = "status " + std::to_string(answer.status);
    if (answer.status >= 200 && answer.status < 300) count_accepted(response->body);
    co_return answer;
}

void TraceExporter::count_accepted(std::string_view body) {
    const auto rejected = std::min<std::uint64_t>(rejected_spans(body), batch_.size());
    tracer_.metrics().rejected.add(rejected);
    tracer_.metrics().exported.add(batch_.size() - rejected);
}

void TraceExporter::give_up() {
    tracer_.metrics().failed.add(batch_.size());
    batch_.clear();
}

void TraceExporter::log_change(bool was_well, const telemetry::ExportAnswer& answer) const {
    if (was_well && !plan_.is_well())
        log_.warn("trace_export_failed", {{"receiver", config_.origin}, {"problem", problem_}});
    if (!was_well && plan_.is_well())
        log_.info("trace_export_recovered", {{"receiver", config_.origin}, {"status", answer.status}});
}

awaitable<void> TraceExporter::finish(milliseconds limit) {
    finishing_ = true;
    timer_.cancel();
    if (!ended_) {
        ended_timer_.expires_after(limit);
        constexpr auto token = asio::as_tuple(asio::use_awaitable);
        co_await ended_timer_.async_wait(token);
    }
    const auto left = tracer_.take(tracer_.queued());
    tracer_.metrics().failed.add(left.size());
    if (!ended_) give_up();
}

}  // namespace fanion::service
