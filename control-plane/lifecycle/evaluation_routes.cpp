#include "control-plane/lifecycle/evaluation_routes.hpp"

#include "common/base/text.hpp"
#include "control-plane/body/json_text.hpp"
#include "control-plane/flags/flag_kind.hpp"
#include "control-plane/items/item_lookup.hpp"
#include "control-plane/lifecycle/finding_json.hpp"
#include "control-plane/lifecycle/life_store.hpp"

namespace fanion::cp::lifecycle {
namespace {

constexpr std::size_t most_callers = 200;

void write_environment_evaluations(json::Writer& w, const projects::Environment& env,
                                   const std::vector<events::Answer>& answers,
                                   const std::vector<events::FlagCaller>& callers) {
    std::optional<UnixMillis> last;
    for (const auto& answer : answers)
        if (answer.env_id == env.env_id) last = std::max(last.value_or(answer.last_at), answer.last_at);
    w.key(env.key).begin_object();
    write_time(w, "evaluated_at", last);
    w.key("variations").begin_array();
    for (const auto& answer : answers) {
        if (answer.env_id != env.env_id) continue;
        w.begin_object();
        write_variation(w, "variation", answer.variation);
        w.member("first_at", format_rfc3339(answer.first_at)).member("last_at", format_rfc3339(answer.last_at));
        w.end_object();
    }
    w.end_array().key("callers").begin_array();
    for (const auto& caller : callers) {
        if (caller.env_id != env.env_id) continue;
        w.begin_object().member("relay", caller.relay).member("sdk", caller.sdk);
        w.member("last_at", format_rfc3339(caller.last_at)).end_object();
    }
    w.end_array().end_object();
}

http::Answer handle_get_evaluations(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    auto flag = co_await items::load_row(call, tx, flags::flag_kind, project->project_id);
    if (!flag) co_return flag.error();
    const auto& key = flag->definition.key;
    const auto environments = co_await projects::list_readable_environments(call, tx, project->project_id);
    events::KeyRange only{key, key};
    const auto answers = co_await events::list_answers(tx, ids_of(environments), std::move(only));
    const auto callers = co_await events::list_callers(tx, ids_of(environments), key, most_callers);
    co_return net::json_response(body::object_text([&](json::Writer& w) {
        w.member("flag", key).key("environments").begin_object();
        for (const auto& env : environments) write_environment_evaluations(w, env, answers, callers);
        w.end_object();
    }));
}

using access::Permission;
using net::Method;

constexpr http::Route evaluation_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/evaluations", Permission::read,
     handle_get_evaluations},
};

}  // namespace

std::span<const http::Route> evaluation_routes() noexcept { return evaluation_table; }

}  // namespace fanion::cp::lifecycle
