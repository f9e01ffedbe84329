#include "control-plane/events/spark_routes.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "common/base/text.hpp"
#include "common/json/writer.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/events/series_store.hpp"
#include "control-plane/projects/path_lookup.hpp"

namespace fanion::cp::events {
namespace {

constexpr std::size_t most_flags = 200;
constexpr std::size_t hours = 24;  // the last one is not over

Error bad_flags(std::string code, std::string detail) {
    return {Errc::invalid_input, detail, {{"", "?flags", std::move(code), detail}}};
}

// Each once, as it comes first.
Result<std::vector<std::string>> read_flags(http::Call& call) {
    std::vector<std::string> flags;
    const auto text = call.request.query("flags").value_or("");
    for (const auto key : split(text, ','))
        if (!key.empty() && std::find(flags.begin(), flags.end(), key) == flags.end()) flags.emplace_back(key);
    if (flags.empty()) return bad_flags("missing", "`flags` has the keys of the flags, separated by commas");
    if (flags.size() > most_flags)
        return bad_flags("too_many", "at most " + std::to_string(most_flags) + " flags at a time");
    return flags;
}

using Spark = std::array<std::int64_t, hours>;

std::string sparks_text(const std::vector<std::string>& flags, Range range, const std::vector<SparkPoint>& points) {
    std::map<std::string, Spark> sparks;
    for (const auto& point : points) {
        const auto hour = static_cast<std::size_t>((point.at - range.from) / one_hour);
        if (hour < hours) sparks[point.flag][hour] = point.n;
    }
    return body::object_text([&](json::Writer& w) {
        w.member("from", format_rfc3339(range.from)).member("to", format_rfc3339(range.to));
        w.member("step", name_of(Step::hour)).key("flags").begin_array();
        for (const auto& flag : flags) {
            w.begin_object().member("flag", flag).key("counts").begin_array();
            for (const auto count : sparks[flag]) w.integer(count);
            w.end_array().end_object();
        }
        w.end_array();
    });
}

http::Answer handle_get_sparks(http::Call& call) {
    const auto to = floor_to(Step::hour, call.now()) + one_hour;
    const Range range{to - static_cast<UnixMillis>(hours) * one_hour, to};
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    const auto flags = read_flags(call);
    if (!flags) co_return flags.error();
    SparkQuery query{call.org.org_id, env->env_id, range, *flags};
    const auto points = co_await read_sparks(tx, std::move(query));
    co_return net::json_response(sparks_text(*flags, range, points));
}

using access::Permission;
using net::Method;

constexpr http::Route spark_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/stats/sparks", Permission::read,
     handle_get_sparks, "flags"},
};

}  // namespace

std::span<const http::Route> spark_routes() noexcept { return spark_table; }

}  // namespace fanion::cp::events
