#include "control-plane/rollouts/guard.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "common/base/text.hpp"
#include "control-plane/body/fields.hpp"

namespace fanion::cp::rollouts {
namespace {

constexpr UnixMillis guard_second = 1000;
constexpr UnixMillis guard_minute = 60 * guard_second;
constexpr UnixMillis guard_hour = 60 * guard_minute;
constexpr UnixMillis longest_span = 30 * 24 * guard_hour;
constexpr std::size_t promql_bytes = 4096;
constexpr std::string_view window_name = "$window";
constexpr std::array<std::pair<char, UnixMillis>, 4> units{
    {{'d', 24 * guard_hour}, {'h', guard_hour}, {'m', guard_minute}, {'s', guard_second}}};

// What a guard says of a usual burn rate unless it says otherwise.
struct UsualBurnRate {
    double burn;
    UnixMillis long_window;
    UnixMillis short_window;
    Response on_breach;
};
constexpr UsualBurnRate usual_burn_rates[] = {
    {14.4, guard_hour, 5 * guard_minute, Response::rollback},
    {6, 6 * guard_hour, 30 * guard_minute, Response::hold},
    {1, 3 * 24 * guard_hour, 6 * guard_hour, Response::alert},
};

constexpr std::array<std::string_view, 4> response_names{"hold", "rollback", "turn_off", "alert"};

// A number between the bounds; `fallback` unless it is given, none: it must be.
double read_number(json::Reader& r, std::string_view member, double low, double high, std::optional<double> fallback) {
    if (fallback && !r.has(member)) return *fallback;
    const auto value = r.any(member);
    if (!value) return fallback.value_or(low);
    if (!value.is(json::Kind::number)) {
        r.fail_at(member, "wrong_type", "a number is expected");
        return fallback.value_or(low);
    }
    const auto number = value.as_double();
    if (std::isfinite(number) && number >= low && number <= high) return number;
    r.fail_at(member, "out_of_range", "the number is out of range");
    return fallback.value_or(low);
}

Threshold read_threshold(json::Reader& r) {
    constexpr double most = 1e300;
    const bool has_above = r.has("above");
    const bool has_below = r.has("below");
    if (has_above == has_below) {
        r.fail("malformed", "give `above` or `below`, and not both");
        return {};
    }
    return {has_above, read_number(r, has_above ? "above" : "below", -most, most, std::nullopt)};
}

void write_threshold(json::Writer& w, const Threshold& threshold) {
    w.member(threshold.is_above ? "above" : "below", threshold.limit);
}

std::string read_promql(json::Reader& r, std::string_view member) {
    auto text = r.string(member);
    if (!body::has_string(r, member)) return text;
    if (text.empty()) r.fail_at(member, "missing", "a query is expected");
    if (text.size() > promql_bytes) r.fail_at(member, "too_long", "a query has at most 4,096 bytes");
    return text;
}

// Null: it is none of them.
const UsualBurnRate* usual_burn_rate(double burn) {
    const auto found = std::find_if(std::begin(usual_burn_rates), std::end(usual_burn_rates),
                                    [&](const UsualBurnRate& usual) { return usual.burn == burn; });
    return found == std::end(usual_burn_rates) ? nullptr : found;
}

BurnRate read_burn_rate(json::Reader& r, std::string source) {
    BurnRate burn;
    burn.source = std::move(source);
    burn.error_ratio = read_promql(r, "error_ratio");
    if (body::has_string(r, "error_ratio") && burn.error_ratio.find(window_name) == std::string::npos)
        r.fail_at("error_ratio", "malformed", "the query must contain $window, which stands for each of the windows");
    burn.slo = read_number(r, "slo", 0, 0.9999999, std::nullopt);
    burn.burn = read_number(r, "burn", 0, 1e6, usual_burn_rates[0].burn);
    const auto* usual = usual_burn_rate(burn.burn);
    if (usual == nullptr) usual = usual_burn_rates;
    burn.long_window = read_span(r, "long", guard_minute, usual->long_window);
    burn.short_window = read_span(r, "short", guard_second, usual->short_window);
    if (burn.short_window > burn.long_window) r.fail_at("short", "out_of_range", "`short` is longer than `long`");
    return burn;
}

Evaluations read_evaluations(json::Reader& r) {
    Evaluations counted;
    const auto kind = r.string("evaluations");
    if (body::has_string(r, "evaluations") && kind != "share" && kind != "number")
        r.fail_at("evaluations", "unknown_value", "`evaluations` is share or number");
    counted.is_share = kind != "number";
    counted.variation = r.optional_string("variation");
    counted.reason = r.optional_string("reason");
    if (!counted.variation && !counted.reason)
        r.fail("malformed", "give the `variation` or the `reason` that is counted");
    counted.threshold = read_threshold(r);
    counted.window = read_span(r, "window", guard_minute);
    counted.least = r.integer("min_evaluations", 1, 1'000'000'000, 1);
    return counted;
}

}  // namespace

std::string_view name_of(Response response) noexcept { return response_names[static_cast<std::size_t>(response)]; }

std::optional<Response> parse_response(std::string_view name) noexcept {
    const auto found = std::find(response_names.begin(), response_names.end(), name);
    if (found == response_names.end()) return std::nullopt;
    return static_cast<Response>(found - response_names.begin());
}

bool is_over(const Threshold& threshold, double value) noexcept {
    return threshold.is_above ? value > threshold.limit : value < threshold.limit;
}

const std::string& source_of(const Guard& guard) noexcept {
    static const std::string none;
    if (const auto* burn = std::get_if<BurnRate>(&guard.measure)) return burn->source;
    if (const auto* query = std::get_if<Query>(&guard.measure)) return query->source;
    return none;
}

UnixMillis settling_time(const Guard& guard) noexcept {
    if (const auto* burn = std::get_if<BurnRate>(&guard.measure)) return 2 * burn->short_window;
    if (const auto* counted = std::get_if<Evaluations>(&guard.measure)) return 2 * counted->window;
    return 2 * guard.lasting;
}

std::optional<UnixMillis> parse_span(std::string_view text) noexcept {
    UnixMillis sum = 0;
    std::size_t unit = 0;
    if (text.empty()) return std::nullopt;
    while (!text.empty()) {
        const auto digits = text.find_first_not_of("0123456789");
        if (digits == std::string_view::npos || digits == 0 || digits > 8) return std::nullopt;
        const auto number = parse_u64(text.substr(0, digits));
        while (unit < units.size() && units[unit].first != text[digits]) ++unit;
        if (!number || unit == units.size()) return std::nullopt;
        sum += static_cast<UnixMillis>(*number) * units[unit++].second;
        if (sum > longest_span) return std::nullopt;
        text.remove_prefix(digits + 1);
    }
    return sum;
}

std::string format_span(UnixMillis span) {
    std::string text;
    for (const auto& [name, length] : units) {
        if (span < length) continue;
        text += std::to_string(span / length) + name;
        span %= length;
    }
    return text.empty() ? "0s" : text;
}

UnixMillis read_span(json::Reader& r, std::string_view member, UnixMillis least, UnixMillis fallback) {
    if (fallback >= 0 && !r.has(member)) return fallback;
    const auto text = r.string(member);
    if (!body::has_string(r, member)) return fallback >= 0 ? fallback : least;
    const auto span = parse_span(text);
    if (span && *span >= least) return *span;
    r.fail_at(member, "bad_duration",
              "a duration is written as in 90s, 15m, 1h or 1d12h, from " + format_span(least) + " to 30d");
    return fallback >= 0 ? fallback : least;
}

Guard read_guard(json::Reader& r) {
    Guard guard;
    if (r.has("evaluations")) {
        guard.measure = read_evaluations(r);
    } else if (r.has("prometheus")) {
        auto source = body::read_key(r, "prometheus");
        if (r.has("error_ratio")) {
            guard.measure = read_burn_rate(r, std::move(source));
        } else {
            Query query{std::move(source), read_promql(r, "query"), read_threshold(r)};
            guard.measure = std::move(query);
            guard.lasting = read_span(r, "for", 0, 0);
        }
    } else {
        if (r.has("metric")) {
            r.fail_at("metric", "unsupported", "guards on users' metrics come with experiments");
        } else {
            r.fail("malformed", "a guard has the member `prometheus` or `evaluations`");
        }
        return guard;
    }
    const auto* burn = std::get_if<BurnRate>(&guard.measure);
    const auto* usual = burn == nullptr ? nullptr : usual_burn_rate(burn->burn);
    const auto action = usual == nullptr ? r.string("on_breach") : r.string("on_breach", name_of(usual->on_breach));
    const auto response = parse_response(action);
    if (body::has_string(r, "on_breach") && !response)
        r.fail_at("on_breach", "unknown_value", "`on_breach` is hold, rollback, turn_off or alert");
    guard.on_breach = response.value_or(Response::hold);
    r.finish(json::UnknownFields::refuse);
    return guard;
}

void write_guard(json::Writer& w, const Guard& guard) {
    w.begin_object();
    if (const auto* burn = std::get_if<BurnRate>(&guard.measure)) {
        w.member("prometheus", burn->source).member("error_ratio", burn->error_ratio);
        w.member("slo", burn->slo).member("burn", burn->burn);
        w.member("long", format_span(burn->long_window)).member("short", format_span(burn->short_window));
    } else if (const auto* query = std::get_if<Query>(&guard.measure)) {
        w.member("prometheus", query->source).member("query", query->promql);
        write_threshold(w, query->threshold);
        w.member("for", format_span(guard.lasting));
    } else {
        const auto& counted = std::get<Evaluations>(guard.measure);
        w.member("evaluations", counted.is_share ? "share" : "number");
        if (counted.variation) w.member("variation", *counted.variation);
        if (counted.reason) w.member("reason", *counted.reason);
        write_threshold(w, counted.threshold);
        w.member("window", format_span(counted.window)).member("min_evaluations", counted.least);
    }
    w.member("on_breach", name_of(guard.on_breach)).end_object();
}

}  // namespace fanion::cp::rollouts
