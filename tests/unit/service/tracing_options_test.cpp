#include "common/service/tracing_options.hpp"

#include <catch2/catch.hpp>
#include <map>

using namespace fanion;
using namespace fanion::service;

namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

struct ReadOptions {
    TracingOptions options;
    config::Reading reading;

    std::string value(const std::string& key) const {
        for (const auto& attribute : options.resource)
            if (attribute.key == key) return std::get<std::string>(attribute.value);
        return "";
    }
    std::string errors() const {
        std::string all;
        for (const auto& error : reading.errors) all += error + '\n';
        return all;
    }
};

ReadOptions read_tracing(Variables variables, std::string endpoint = "") {
    ReadOptions read;
    read.options.endpoint = std::move(endpoint);
    const config::Environment environment = [&](std::string_view name) -> std::optional<std::string> {
        const auto at = variables.find(name);
        return at == variables.end() ? std::nullopt : std::optional(at->second);
    };
    validate_tracing(environment, "fanion-relay", read.options, read.reading);
    return read;
}

std::string url(const ReadOptions& read) { return read.options.origin + read.options.target; }

}  // namespace

TEST_CASE("without an endpoint there is no tracing, and no variable can be wrong") {
    const auto off = read_tracing({{"OTEL_RESOURCE_ATTRIBUTES", "nonsense"}, {"OTEL_EXPORTER_OTLP_HEADERS", "="}});
    CHECK_FALSE(off.options.is_on());
    CHECK(off.errors().empty());
}

TEST_CASE("the endpoint is the option's, that for traces, or that for everything") {
    const std::string base = "OTEL_EXPORTER_OTLP_ENDPOINT";
    const std::string whole = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    CHECK(url(read_tracing({}, "http://a:4318")) == "http://a:4318/v1/traces");
    CHECK(url(read_tracing({{base, "http://b:4318"}}, "http://a:4318")) == "http://a:4318/v1/traces");
    CHECK(url(read_tracing({{base, "https://b/otlp"}})) == "https://b/otlp/v1/traces");
    CHECK(url(read_tracing({{base, "http://b"}, {whole, "http://c:1/mine"}})) == "http://c:1/mine");
    CHECK(url(read_tracing({{whole, "https://c"}})) == "https://c/");
}

TEST_CASE("variables that turn OpenTelemetry off count for its own endpoint") {
    const std::string base = "OTEL_EXPORTER_OTLP_ENDPOINT";
    CHECK_FALSE(read_tracing({{base, "http://b"}, {"OTEL_SDK_DISABLED", "True"}}).options.is_on());
    CHECK_FALSE(read_tracing({{base, "http://b"}, {"OTEL_TRACES_EXPORTER", "none"}}).options.is_on());
    CHECK(read_tracing({{base, "http://b"}, {"OTEL_TRACES_EXPORTER", "otlp"}}).options.is_on());
    CHECK(read_tracing({{"OTEL_SDK_DISABLED", "true"}}, "http://a").options.is_on());
}

TEST_CASE("gRPC is refused where the endpoint is for it") {
    const Variables grpc{{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://b:4317"}, {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"}};
    CHECK(read_tracing(grpc).errors().starts_with("OTEL_EXPORTER_OTLP_PROTOCOL: "));
    CHECK(read_tracing(grpc, "http://a:4318").errors().empty());
}

TEST_CASE("mistakes name their place and no secret") {
    CHECK(read_tracing({}, "ftp://a").errors() == "--otlp-endpoint: 'ftp://a' is not a valid http or https URL\n");
    CHECK(read_tracing({{"OTEL_EXPORTER_OTLP_ENDPOINT", "b:4318"}})
              .errors()
              .starts_with("OTEL_EXPORTER_OTLP_ENDPOINT: "));
    CHECK(read_tracing({{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "b"}})
              .errors()
              .starts_with("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "));
    CHECK(read_tracing({{"OTEL_EXPORTER_OTLP_HEADERS", "a=1,secret"}}, "http://a").errors() ==
          "OTEL_EXPORTER_OTLP_HEADERS: element 2 is not NAME=VALUE\n");
    CHECK(read_tracing({{"OTEL_EXPORTER_OTLP_HEADERS", "a b=secret"}}, "http://a").errors() ==
          "OTEL_EXPORTER_OTLP_HEADERS: 'a b' is not a header\n");
    CHECK(read_tracing({{"OTEL_EXPORTER_OTLP_HEADERS", "a=secret%0D%0Ab:c"}}, "http://a").errors().find("secret") ==
          std::string::npos);
    CHECK(read_tracing({{"OTEL_RESOURCE_ATTRIBUTES", "a=%zz"}}, "http://a").errors() ==
          "OTEL_RESOURCE_ATTRIBUTES: element 1 is not NAME=VALUE\n");
}

TEST_CASE("headers are decoded, and those for traces win") {
    const auto one = read_tracing(
        {{"OTEL_EXPORTER_OTLP_HEADERS", "a=1%202, b = 3 ,"}, {"OTEL_EXPORTER_OTLP_TRACES_HEADERS", "b=4"}}, "http://a");
    CHECK(one.errors().empty());
    using Headers = std::vector<std::pair<std::string, std::string>>;
    CHECK(one.options.headers == Headers{{"a", "1 2"}, {"b", "4"}});
}

TEST_CASE("the name of the service is the environment's, or the program's") {
    const std::string attributes = "OTEL_RESOURCE_ATTRIBUTES";
    CHECK(read_tracing({}, "http://a").value("service.name") == "fanion-relay");
    CHECK(read_tracing({{attributes, "service.name=x,team=flags"}}, "http://a").value("service.name") == "x");
    CHECK(read_tracing({{attributes, "service.name=x,team=flags"}}, "http://a").value("team") == "flags");
    CHECK(
        read_tracing({{attributes, "service.name=x"}, {"OTEL_SERVICE_NAME", "y"}}, "http://a").value("service.name") ==
        "y");
}

TEST_CASE("a ratio is a number from 0 to 1") {
    TracingOptions tracing;
    config::Options options;
    describe_tracing(options, tracing);
    describe_evaluation_tracing(options, tracing);
    for (const auto& option : options.all()) {
        if (!option.name().ends_with("-ratio")) continue;
        for (const auto* good : {"0", "1", "0.25", "1.0"}) CHECK(option.apply(good).empty());
        for (const auto* bad : {"-0.1", "1.1", "x", "0.5x", "nan", "1e-1", "50%"})
            CHECK_FALSE(option.apply(bad).empty());
    }
    CHECK(tracing.sample_ratio == 1);
    CHECK(tracing.evaluation_ratio == 1);
}
