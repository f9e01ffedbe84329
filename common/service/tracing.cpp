#include "common/service/tracing.hpp"

#include <algorithm>

#include "common/service/version.hpp"

namespace fanion::service {
namespace {

telemetry::Resource resource_of(const TracingOptions& options, const std::string& instance) {
    telemetry::Resource resource{options.resource, version_text};
    const auto add = [&resource](const char* key, std::string value) {
        const auto is_given = std::ranges::any_of(resource.attributes, [key](const auto& a) { return a.key == key; });
        if (!is_given) resource.attributes.push_back({key, std::move(value)});
    };
    add("service.version", version_text);
    add("service.instance.id", instance);
    add("telemetry.sdk.name", "fanion");
    add("telemetry.sdk.language", "cpp");
    add("telemetry.sdk.version", version_text);
    return resource;
}

}  // namespace

Result<> Tracing::open(boost::asio::any_io_executor executor, const Log& log) {
    if (!options_.is_on()) return {};
    TraceExporterConfig config;
    config.origin = options_.origin;
    config.target = options_.target;
    config.ca_file = options_.ca_file;
    config.headers = options_.headers;
    config.resource = resource_of(options_, instance_);
    auto exporter = TraceExporter::make(std::move(executor), std::move(config), tracer_, log);
    if (!exporter) return Error{exporter.error().code, "--otlp-ca-file: " + exporter.error().detail};
    exporter_ = std::move(*exporter);
    tracer_.on_batch([waiting = exporter_.get()] { waiting->wake(); });
    return {};
}

void Tracing::register_metrics(telemetry::Registry& registry) const {
    tracer_.metrics().register_in(registry, [this] { return static_cast<double>(tracer_.queued()); });
}

void Tracing::start(net::TaskGroup& tasks) {
    if (exporter_) tasks.spawn("trace_export", exporter_->run());
}

boost::asio::awaitable<void> Tracing::finish(std::chrono::milliseconds limit) {
    if (exporter_) co_await exporter_->finish(limit);
}

}  // namespace fanion::service
