#include "control-plane/flags/flag_routes.hpp"

#include "common/base/text.hpp"
#include "control-plane/flags/flag_kind.hpp"
#include "control-plane/flags/flag_search_store.hpp"
#include "control-plane/flags/list_cache.hpp"
#include "control-plane/http/entity_tags.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/items/definition_edit.hpp"

namespace fanion::cp::flags {
namespace {

using boost::asio::awaitable;

void write_listed(json::Writer& w, const ListedPage& page, std::size_t at,
                  const std::vector<std::optional<UnixMillis>>& evaluated_at) {
    w.begin_object();
    write_definition_members(w, page.found.rows[at].definition);
    w.key("environments").begin_object();
    for (std::size_t i = 0; i < page.environments.size(); ++i) {
        const auto& state = page.states[at][i];
        if (state.version == 0) continue;
        w.key(page.environments[i].key).begin_object().member("enabled", state.enabled);
        w.member("version", state.version).key("evaluated_at");
        if (evaluated_at[i]) {
            w.string(format_rfc3339(*evaluated_at[i]));
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
    if (!only.empty() && places.empty()) return http::not_found("environment", "?environment");
    return places;
}

std::vector<access::EnvironmentId> ids_of(const std::vector<projects::Environment>& environments) {
    std::vector<access::EnvironmentId> ids;
    for (const auto& env : environments) ids.push_back(env.env_id);
    return ids;
}

awaitable<Result<ListedPagePtr>> read_page_of_flags(http::Call& call, db::Transaction& tx, const FlagSearch& search) {
    auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    auto page = std::make_shared<ListedPage>();
    page->environments = co_await projects::list_readable_environments(call, tx, project->project_id);
    auto places = places_of(page->environments, search.filter.environment);
    if (!places) co_return places.error();
    std::optional<access::EnvironmentId> environment;
    if (!search.filter.environment.empty()) environment = places->front();
    page->found = co_await search_flags(tx, project->project_id, search, std::move(*places), std::move(environment));
    const auto readable = ids_of(page->environments);
    page->states = co_await configured_states(tx, page->found.rows, readable);
    co_return page;
}

http::Answer handle_list_flags(http::Call& call) {
    const auto search = items::read_search(call, read_flag_search);
    if (!search) co_return search.error();
    auto& lists = call.services.flag_lists;
    const auto target = http::target_of(call);
    auto page = lists.find(target, call.state);
    const bool is_known = page != nullptr;
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    if (!is_known) {
        auto read = co_await read_page_of_flags(call, tx, *search);
        if (!read) co_return read.error();
        page = std::move(*read);
    }
    const auto readable = ids_of(page->environments);
    const auto evaluated = co_await last_evaluations(tx, page->found.rows, readable);
    const auto write_items = [&](json::Writer& w) {
        for (std::size_t i = 0; i < page->found.rows.size(); ++i) write_listed(w, *page, i, evaluated[i]);
    };
    auto text = items::list_text(write_items, *search, page->found);
    if (!is_known && !depends_on_evaluations(*search)) lists.put(target, call.state, std::move(page), 2 * text.size());
    co_return net::json_response(std::move(text));
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
    http::recorded(
        {Method::get, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}", Permission::read, handle_get_flag}),
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}", Permission::edit, handle_edit_flag,
     "strict dry_run"},
    {Method::patch, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}", Permission::edit, handle_edit_flag,
     "strict dry_run", http::PatchForms::all},
    {Method::del, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}", Permission::del, handle_delete_flag, "dry_run"},
};

}  // namespace

std::span<const http::Route> flag_routes() noexcept { return flag_table; }

}  // namespace fanion::cp::flags
