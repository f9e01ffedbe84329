#include "common/service/tracing_options.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "common/base/text.hpp"
#include "common/net/origin.hpp"

namespace fanion::service {
namespace {

using Pairs = std::map<std::string, std::string>;

constexpr std::string_view endpoint_variable = "OTEL_EXPORTER_OTLP_ENDPOINT";
constexpr std::string_view traces_variable = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

config::Option::Reader ratio_reader(double& out) {
    return [&out](const std::string& text) {
        double value = 0;
        const auto* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, value, std::chars_format::fixed);
        const bool is_ratio = read.ec == std::errc() && read.ptr == end && value >= 0 && value <= 1;
        if (!is_ratio) return "'" + text + "' is not a number from 0 to 1";
        out = value;
        return std::string();
    };
}

bool is_header_name(std::string_view text) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [&](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               others.find(c) != std::string_view::npos;
    });
}

bool is_header_value(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c == '\t' || (c >= ' ' && c != 0x7f); });
}

// "a=1,b=2" with percent escapes in the values. The message has none of them, because they may be secrets.
Result<Pairs> read_pairs(std::string_view text) {
    Pairs pairs;
    std::size_t number = 0;
    for (const auto part : split(text, ',')) {
        ++number;
        if (trim(part).empty()) continue;
        const auto at = part.find('=');
        const auto name = trim(part.substr(0, at));
        const auto value = at == std::string_view::npos ? std::nullopt : percent_decode(trim(part.substr(at + 1)));
        if (name.empty() || !value)
            return Error{Errc::invalid_input, "element " + std::to_string(number) + " is not NAME=VALUE"};
        pairs[std::string(name)] = *value;
    }
    return pairs;
}

Pairs pairs_of(const config::Environment& environment, const std::string& variable, config::Reading& out) {
    auto pairs = read_pairs(environment(variable).value_or(""));
    if (!pairs) out.fail(variable + ": " + pairs.error().detail);
    return pairs ? std::move(*pairs) : Pairs();
}

void read_headers(const config::Environment& environment, TracingOptions& tracing, config::Reading& out) {
    auto headers = pairs_of(environment, "OTEL_EXPORTER_OTLP_HEADERS", out);
    for (auto& [name, value] : pairs_of(environment, "OTEL_EXPORTER_OTLP_TRACES_HEADERS", out)) headers[name] = value;
    for (auto& [name, value] : headers) {
        if (!is_header_name(name) || !is_header_value(value)) {
            out.fail("OTEL_EXPORTER_OTLP_HEADERS: '" + name + "' is not a header");
            continue;
        }
        tracing.headers.emplace_back(name, value);
    }
}

void read_resource(const config::Environment& environment, const std::string& program, TracingOptions& tracing,
                   config::Reading& out) {
    auto attributes = pairs_of(environment, "OTEL_RESOURCE_ATTRIBUTES", out);
    attributes.try_emplace("service.name", program);
    const auto name = environment("OTEL_SERVICE_NAME").value_or("");
    if (!name.empty()) attributes["service.name"] = name;
    for (auto& [key, value] : attributes) tracing.resource.push_back({key, std::move(value)});
}

// Of all programs, by its own variables: those of OpenTelemetry that turn it off count for them.
bool is_off(const config::Environment& environment) {
    const auto exporter = environment("OTEL_TRACES_EXPORTER").value_or("");
    const bool exports = exporter.empty() || exporter == "otlp";
    return !exports || equals_ignore_case_ascii(environment("OTEL_SDK_DISABLED").value_or(""), "true");
}

void take_base(const std::string& url, const std::string& source, TracingOptions& tracing, config::Reading& out) {
    if (!net::parse_origin(url)) return out.fail(source + ": '" + url + "' is not a valid http or https URL");
    tracing.origin = url;
}

// The whole URL, path included.
void take_whole(const std::string& url, TracingOptions& tracing, config::Reading& out) {
    const auto origin = net::parse_origin(url);
    if (!origin) return out.fail(std::string(traces_variable) + ": '" + url + "' is not a valid http or https URL");
    tracing.origin = (origin->tls ? "https://" : "http://") + origin->authority;
    tracing.target = origin->prefix.empty() ? "/" : origin->prefix;
}

void read_endpoint(const config::Environment& environment, TracingOptions& tracing, config::Reading& out) {
    if (!tracing.endpoint.empty()) return take_base(tracing.endpoint, "--otlp-endpoint", tracing, out);
    const auto whole = environment(traces_variable).value_or("");
    const auto base = environment(endpoint_variable).value_or("");
    if ((whole.empty() && base.empty()) || is_off(environment)) return;
    const auto common = environment("OTEL_EXPORTER_OTLP_PROTOCOL").value_or("");
    if (environment("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL").value_or(common) == "grpc") {
        return out.fail(
            "OTEL_EXPORTER_OTLP_PROTOCOL: spans are sent over HTTP, not gRPC: give the URL of the receiver's port for "
            "HTTP as --otlp-endpoint");
    }
    if (!whole.empty()) return take_whole(whole, tracing, out);
    take_base(base, std::string(endpoint_variable), tracing, out);
}

}  // namespace

void describe_tracing(config::Options& options, TracingOptions& tracing) {
    options.group("Tracing");
    options
        .add("otlp-endpoint",
             "URL of an OpenTelemetry receiver for spans, before /v1/traces (also OTEL_EXPORTER_OTLP_ENDPOINT)")
        .text(tracing.endpoint)
        .otherwise("none: no tracing");
    options
        .add("otlp-ca-file",
             "PEM file of the certificate authorities trusted for it (also OTEL_EXPORTER_OTLP_CERTIFICATE)")
        .text(tracing.ca_file)
        .also("OTEL_EXPORTER_OTLP_CERTIFICATE")
        .otherwise("the system's");
    options.add("trace-sample-ratio", "share of the traces that begin here which are recorded, from 0 to 1")
        .read(ratio_reader(tracing.sample_ratio))
        .otherwise("1");
}

void describe_evaluation_tracing(config::Options& options, TracingOptions& tracing) {
    options.add("trace-evaluation-ratio", "share of the requests for evaluations that are recorded, from 0 to 1")
        .read(ratio_reader(tracing.evaluation_ratio))
        .otherwise("0.01");
    options.add("trace-context-ids", "name the targeting key in spans of evaluations").flag(tracing.context_ids);
}

void validate_tracing(const config::Environment& environment, const std::string& program, TracingOptions& tracing,
                      config::Reading& out) {
    read_endpoint(environment, tracing, out);
    if (!tracing.is_on()) return;
    read_headers(environment, tracing, out);
    read_resource(environment, program, tracing, out);
}

}  // namespace fanion::service
