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

// Totals come in order of flag, then variation. One flag more than the page's may be among them.
std::string to_json(const StatsQuery& asked, const std::vector<VariationTotal>& totals, std::size_t limit) {
    std::string out;
    json::Writer w(out);
    w.begin_object().member("from", format_rfc3339(asked.from)).member("to", format_rfc3339(asked.to));
    w.key("flags").begin_array();
    std::size_t written = 0;
    std::size_t i = 0;
    while (i < totals.size() && written++ < limit) {
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
    w.end_array();
    std::optional<std::string> next;
    if (i < totals.size()) next = http::cursor_after(totals[i - 1].flag);
    http::write_next(w, next);
    w.end_object();
    return out;
}

http::Answer handle_get_stats(http::Call& call) {
    const auto to = read_time(call, "to", call.now());
    if (!to) co_return to.error();
    const auto from = read_time(call, "from", std::max(*to - a_day, *body::parse_time("0001-01-01T00:00:00Z")));
    if (!from) co_return from.error();
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    StatsQuery asked{call.org.org_id, env->env_id,    *from, *to, call.request.query("flag"),
                     page->after,     page->limit + 1};
    const auto totals = co_await total_counts(tx, asked);
    co_return net::json_response(to_json(asked, totals, page->limit));
}

using access::Permission;
using net::Method;

constexpr http::Route stats_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/stats", Permission::read, handle_get_stats,
     "flag from to limit cursor"},
};

}  // namespace

Result<UnixMillis> read_time(http::Call& call, std::string_view name, UnixMillis fallback) {
    const auto text = call.request.query(name);
    if (!text) return fallback;
    const auto at = body::parse_time(*text);
    if (at) return *at;
    const std::string detail(body::time_rule);
    return Error{Errc::invalid_input, detail, {{"", "?" + std::string(name), "bad_time", detail}}};
}

std::span<const http::Route> stats_routes() noexcept { return stats_table; }

}  // namespace fanion::cp::events
