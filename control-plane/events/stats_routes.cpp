#include "control-plane/events/stats_routes.hpp"

#include <algorithm>

#include "common/base/text.hpp"
#include "common/json/writer.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/events/count_store.hpp"
#include "control-plane/projects/path_lookup.hpp"

namespace fanion::cp::events {
namespace {

constexpr UnixMillis a_day = 24LL * 60 * 60 * 1000;

Result<UnixMillis> read_time(http::Call& call, std::string_view name, UnixMillis fallback) {
    const auto text = call.request.query(name);
    if (!text) return fallback;
    const auto at = body::parse_time(*text);
    if (at) return *at;
    const std::string detail(body::time_rule);
    return Error{Errc::invalid_input, detail, {{"", "?" + std::string(name), "bad_time", detail}}};
}

// Totals come in order of flag, then variation.
std::string to_json(const StatsQuery& asked, const std::vector<VariationTotal>& totals) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("from", format_rfc3339(asked.from)).member("to", format_rfc3339(asked.to));
    w.key("flags").begin_array();
    for (std::size_t i = 0; i < totals.size();) {
        const auto& flag = totals[i].flag;
        w.begin_object().member("flag", flag).key("variations").begin_array();
        std::int64_t sum = 0;
        for (; i < totals.size() && totals[i].flag == flag; ++i) {
            w.begin_object().key("variation");
            if (totals[i].variation.empty()) {
                w.null();  // the caller's own default
            } else {
                w.string(totals[i].variation);
            }
            w.member("count", totals[i].n).end_object();
            sum += totals[i].n;
        }
        w.end_array().member("count", sum).end_object();
    }
    w.end_array().end_object();
    return out;
}

http::Answer handle_get_stats(http::Call& call) {
    const auto to = read_time(call, "to", call.now());
    if (!to) co_return to.error();
    const auto from = read_time(call, "from", std::max(*to - a_day, *body::parse_time("0001-01-01T00:00:00Z")));
    if (!from) co_return from.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    StatsQuery asked{call.org.org_id, env->env_id, *from, *to, call.request.query("flag")};
    const auto totals = co_await total_counts(tx, asked);
    co_return net::json_response(to_json(asked, totals));
}

using access::Permission;
using net::Method;

constexpr http::Route stats_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/stats", Permission::read, handle_get_stats,
     "flag from to"},
};

}  // namespace

std::span<const http::Route> stats_routes() noexcept { return stats_table; }

}  // namespace fanion::cp::events
