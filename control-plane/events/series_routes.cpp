#include "control-plane/events/series_routes.hpp"

#include <algorithm>
#include <array>

#include "common/base/text.hpp"
#include "common/json/writer.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/events/series_store.hpp"
#include "control-plane/events/stats_routes.hpp"
#include "control-plane/projects/path_lookup.hpp"

namespace fanion::cp::events {
namespace {

constexpr std::size_t most_series = 20;
constexpr std::array<std::string_view, 5> labels{"variation", "version", "reason", "sdk", "rule"};

Error bad_series(std::string_view name, std::string detail) {
    return {Errc::invalid_input, detail, {{"", "?" + std::string(name), "bad_value", detail}}};
}

Result<SeriesQuery> read_series_query(http::Call& call) {
    SeriesQuery asked;
    const auto step = parse_step(call.request.query("step").value_or("hour"));
    if (!step) return bad_series("step", "`step` is minute, hour or day");
    asked.step = *step;
    asked.by = call.request.query("by").value_or("");
    if (call.request.query("by") && std::find(labels.begin(), labels.end(), asked.by) == labels.end())
        return bad_series("by", "`by` is variation, version, reason, sdk or rule");
    const auto to = read_time(call, "to", call.now());
    if (!to) return to.error();
    const auto from = read_time(call, "from", std::max(*to - one_day, *body::parse_time("0001-01-01T00:00:00Z")));
    if (!from) return from.error();
    auto range = whole_steps({*from, *to}, asked.step, call.now());
    if (!range) return range.error();
    asked.range = *range;
    asked.flag = call.request.query("flag");
    asked.series = most_series + 1;
    return asked;
}

// Versions are numbers, an empty variation is the caller's own default, and an empty rule none.
void write_label(json::Writer& w, const std::string& by, const std::string& label) {
    if (by.empty()) return;
    w.key(by);
    if (by == "version") {
        w.raw(label);
    } else if (label.empty()) {
        w.null();
    } else {
        w.string(label);
    }
}

std::string series_text(const SeriesQuery& asked, const std::vector<SeriesPoint>& points) {
    return body::object_text([&](json::Writer& w) {
        w.member("from", format_rfc3339(asked.range.from)).member("to", format_rfc3339(asked.range.to));
        w.member("step", name_of(asked.step)).key("series").begin_array();
        std::size_t written = 0;
        std::size_t i = 0;
        for (; i < points.size() && written < most_series; ++written) {
            const auto& label = points[i].label;
            w.begin_object();
            write_label(w, asked.by, label);
            w.member("count", points[i].total).key("points").begin_array();
            for (; i < points.size() && points[i].label == label; ++i)
                w.begin_object().member("at", format_rfc3339(points[i].at)).member("count", points[i].n).end_object();
            w.end_array().end_object();
        }
        w.end_array().member("has_more", i < points.size());
    });
}

http::Answer handle_get_series(http::Call& call) {
    auto asked = read_series_query(call);
    if (!asked) co_return asked.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    asked->org_id = call.org.org_id;
    asked->env_id = env->env_id;
    const auto points = co_await read_series(tx, *asked);
    co_return net::json_response(series_text(*asked, points));
}

using access::Permission;
using net::Method;

constexpr http::Route series_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/stats/series", Permission::read,
     handle_get_series, "flag from to step by"},
};

}  // namespace

std::span<const http::Route> series_routes() noexcept { return series_table; }

}  // namespace fanion::cp::events
