#include "control-plane/flags/flag_routes.hpp"

#include "common/base/text.hpp"
#include "control-plane/flags/flag_kind.hpp"
#include "control-plane/flags/flag_search_store.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/items/definition_edit.hpp"

namespace fanion::cp::flags {
namespace {

// Without the environments that the caller may not read.
void write_listed(json::Writer& w, const http::Call& call, const Flag& flag,
                  const std::vector<FlagSummary>& summaries) {
    w.begin_object();
    write_definition_members(w, flag.definition);
    w.key("environments").begin_object();
    for (const auto& summary : summaries) {
        if (!call.may_read_in(summary.environment)) continue;
        w.key(summary.environment).begin_object().member("enabled", summary.enabled);
        w.member("version", summary.version).key("evaluated_at");
        if (summary.evaluated_at) {
            w.string(format_rfc3339(*summary.evaluated_at));
        } else {
            w.null();
        }
        w.end_object();
    }
    w.end_object().end_object();
}

// The environments in which evaluations count. Error: not_found, for `only` when it is a key.
Result<std::vector<access::EnvironmentId>> places_of(const std::vector<projects::Environment>& environments,
                                                     const std::string& only) {
    std::vector<access::EnvironmentId> places;
    for (const auto& env : environments)
        if (only.empty() || env.key == only) places.push_back(env.env_id);
    if (!only.empty() && places.empty()) return http::not_found("environment");
    return places;
}

http::Answer handle_list_flags(http::Call& call) {
    auto search = items::read_search(call, read_flag_search);
    if (!search) co_return search.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    const auto environments = co_await projects::list_readable_environments(call, tx, project->project_id);
    auto places = places_of(environments, search->filter.environment);
    if (!places) co_return places.error();
    std::optional<access::EnvironmentId> environment;
    if (!search->filter.environment.empty()) environment = places->front();
    const auto found =
        co_await search_flags(tx, project->project_id, *search, std::move(*places), std::move(environment));
    const auto summaries = co_await summarise_flags(tx, found.rows);
    const auto write_items = [&](json::Writer& w) {
        for (std::size_t i = 0; i < found.rows.size(); ++i) write_listed(w, call, found.rows[i], summaries[i]);
    };
    co_return net::json_response(items::list_text(write_items, *search, found));
}

http::Answer handle_get_flag(http::Call& call) { return items::get_definition(call, flag_kind); }

http::Answer handle_create_flag(http::Call& call) {
    return http::edit_resource(call, items::create<FlagKind>, flag_kind);
}

// PUT and PATCH.
http::Answer handle_edit_flag(http::Call& call) {
    return http::edit_resource(call, items::edit_definition<FlagKind>, flag_kind);
}

http::Answer handle_delete_flag(http::Call& call) {
    return http::edit_resource(call, items::remove<FlagKind>, flag_kind);
}

using access::Permission;
using net::Method;

constexpr http::Route flag_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/flags", Permission::read, handle_list_flags,
     "limit cursor q tag* owner type lifetime state environment enabled evaluated evaluated_after evaluated_before "
     "sort "
     "total"},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/flags", Permission::edit, handle_create_flag,
     "strict dry_run"},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}", Permission::read, handle_get_flag},
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}", Permission::edit, handle_edit_flag,
     "strict dry_run"},
    {Method::patch, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}", Permission::edit, handle_edit_flag,
     "strict dry_run", http::PatchForms::all},
    {Method::del, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}", Permission::del, handle_delete_flag, "dry_run"},
};

}  // namespace

std::span<const http::Route> flag_routes() noexcept { return flag_table; }

}  // namespace fanion::cp::flags
