#include "control-plane/rollouts/prometheus.hpp"

#include <cmath>

#include "common/base/text.hpp"
#include "common/json/document.hpp"

namespace fanion::cp::rollouts {
namespace {

constexpr std::string_view placeholder = "$window";

Error bad_answer(std::string detail) { return {Errc::invalid_input, std::move(detail), {}}; }

bool is_text(json::Value value, std::string_view text) {
    return value && value.is(json::Kind::string) && value.as_string() == text;
}

// [1763720000.123,"0.5"]: Prometheus writes a sample's value as a string, because of NaN and Inf.
Result<double> parse_sample(json::Value sample) {
    if (!sample || !sample.is(json::Kind::array) || sample.size() != 2) return bad_answer("a sample is malformed");
    json::Value value;
    for (const auto element : sample.elements()) value = element;
    if (!value.is(json::Kind::string)) return bad_answer("a sample is malformed");
    json::Document number;  // of text that is a JSON number or not a number for us
    const bool is_number = number.parse(value.as_string()) && number.root().is(json::Kind::number);
    if (is_number && std::isfinite(number.root().as_double())) return number.root().as_double();
    return bad_answer("the sample is not a finite number");
}

}  // namespace

std::string query_target(std::string_view path, std::string_view promql) {
    std::string target(path);
    if (!target.ends_with('/')) target += '/';
    return target + "api/v1/query?query=" + percent_encode(promql);
}

std::string with_window(std::string_view promql, UnixMillis window) {
    std::string text;
    for (;;) {
        const auto at = promql.find(placeholder);
        text += promql.substr(0, at);
        if (at == std::string_view::npos) return text;
        text += format_span(window);
        promql.remove_prefix(at + placeholder.size());
    }
}

Result<double> parse_answer(std::string_view text) {
    json::Document document;
    if (!document.parse(text, {.bytes = answer_bytes})) return bad_answer("the answer is not JSON");
    const auto root = document.root();
    if (!is_text(root.find("status"), "success")) return bad_answer("the query failed");
    const auto data = root.find("data");
    const auto result = data.find("result");
    if (is_text(data.find("resultType"), "scalar")) return parse_sample(result);
    if (!is_text(data.find("resultType"), "vector") || !result || !result.is(json::Kind::array))
        return bad_answer("the answer is neither a vector nor a scalar");
    if (result.size() != 1)
        return bad_answer("the query gives " + std::to_string(result.size()) + " samples instead of one");
    return parse_sample((*result.elements().begin()).find("value"));
}

double burn_rate(double error_ratio, double slo) noexcept { return error_ratio / (1 - slo); }

GuardReading burn_reading(const BurnRate& guard, double long_ratio, double short_ratio) noexcept {
    GuardReading reading;
    reading.has_data = true;
    reading.value = burn_rate(long_ratio, guard.slo);
    reading.short_value = burn_rate(short_ratio, guard.slo);
    // The quotient of decimals is not exact: 0.0144 / (1 - 0.999) is just below 14.4.
    constexpr double tolerance = 1e-9;
    const auto limit = guard.burn * (1 - tolerance);
    reading.is_over = reading.value >= limit && reading.short_value >= limit;
    return reading;
}

}  // namespace fanion::cp::rollouts
