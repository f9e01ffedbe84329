#pragma once

// A guard of a rollout: a measurement with a threshold, and what happens when it is passed. Its
// JSON has one of three forms:
//
// clang-format off
//     {"prometheus":"main","error_ratio":"..[$window]..","slo":0.999,"burn":14.4,"long":"1h","short":"5m","on_breach":"rollback"}
//     {"prometheus":"main","query":"..","above":0.3,"for":"5m","on_breach":"hold"}
//     {"evaluations":"share","reason":"ERROR","above":0.01,"window":"10m","min_evaluations":100,"on_breach":"turn_off"}
// clang-format on
//
// Plain values and their JSON. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "common/base/clock.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cp::rollouts {

enum class Response { hold, rollback, turn_off, alert };
std::string_view name_of(Response response) noexcept;
std::optional<Response> parse_response(std::string_view name) noexcept;

struct Threshold {
    bool is_above = true;  // false: below
    double limit = 0;
    friend bool operator==(const Threshold&, const Threshold&) = default;
};
bool is_over(const Threshold& threshold, double value) noexcept;

// How fast an error budget is spent (docs/howto/roll-out.md). Over its threshold while the burn
// rate over both windows is at least `burn`. For the burn rates 14.4, 6 and 1 the windows and
// `on_breach` may be left out.
struct BurnRate {
    std::string source;
    std::string error_ratio;  // PromQL; each "$window" stands for a window
    double slo = 0.999;
    double burn = 14.4;
    UnixMillis long_window = 0;
    UnixMillis short_window = 0;
    friend bool operator==(const BurnRate&, const BurnRate&) = default;
};

struct Query {
    std::string source;
    std::string promql;
    Threshold threshold;
    friend bool operator==(const Query&, const Query&) = default;
};

// Of the flag's evaluations in the environment during the last `window`, those with a variation
// and a reason: their number, or their share of all.
struct Evaluations {
    bool is_share = true;
    std::optional<std::string> variation;  // none: any
    std::optional<std::string> reason;
    Threshold threshold;
    UnixMillis window = 0;
    std::int64_t least = 1;  // a share of fewer evaluations is not judged
    friend bool operator==(const Evaluations&, const Evaluations&) = default;
};

struct Guard {
    std::variant<BurnRate, Query, Evaluations> measure;
    UnixMillis lasting = 0;  // how long it must be over its threshold: the member `for`
    Response on_breach = Response::hold;
    friend bool operator==(const Guard&, const Guard&) = default;
};

// The Prometheus source that it asks; empty: it counts evaluations.
const std::string& source_of(const Guard& guard) noexcept;
// How long a breach must be gone before a rollout that it holds goes on by itself: twice the
// shortest time over which the guard measures.
UnixMillis settling_time(const Guard& guard) noexcept;

// "15m", "1h", "1d12h": units d, h, m and s, each at most once and in this order. nullopt unless it
// is such a time of at most 30 days.
std::optional<UnixMillis> parse_span(std::string_view text) noexcept;
std::string format_span(UnixMillis span);
// The member as such a time; finding bad_duration otherwise. `fallback`: unless it is given; -1: it
// must be.
UnixMillis read_span(json::Reader& r, std::string_view member, UnixMillis least, UnixMillis fallback = -1);

// Findings have pointers; calls r.finish().
Guard read_guard(json::Reader& r);
void write_guard(json::Writer& w, const Guard& guard);

}  // namespace fanion::cp::rollouts
