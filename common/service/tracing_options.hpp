#pragma once

// Where spans go and which are recorded: options of both services, and the environment variables
// that OpenTelemetry gives to all programs. Plain values; thread-safe.

#include <string>
#include <utility>
#include <vector>

#include "common/config/parse.hpp"
#include "common/telemetry/span.hpp"

namespace fanion::service {

struct TracingOptions {
    std::string endpoint;  // a URL, to which /v1/traces is appended; empty: see the environment
    std::string ca_file;
    double sample_ratio = 1;
    double evaluation_ratio = 0.01;  // of the relay's evaluations
    bool context_ids = false;        // whether they name the targeting key

    // What these and the environment come to.
    std::string origin;  // scheme, host and path prefix; empty: no tracing
    std::string target = "/v1/traces";
    std::vector<std::pair<std::string, std::string>> headers;  // secrets may be among them
    telemetry::Attributes resource;                            // with service.name

    bool is_on() const noexcept { return !origin.empty(); }
};

void describe_tracing(config::Options& options, TracingOptions& tracing);
// The relay's own.
void describe_evaluation_tracing(config::Options& options, TracingOptions& tracing);

// `program`: the name of the service unless the environment has another one.
void validate_tracing(const config::Environment& environment, const std::string& program, TracingOptions& tracing,
                      config::Reading& out);

}  // namespace fanion::service
