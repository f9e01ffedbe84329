#include "control-plane/flags/flag_routes.hpp"

#include "control-plane/flags/flag_kind.hpp"
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
        w.member("version", summary.version).end_object();
    }
    w.end_object().end_object();
}

http::Answer handle_list_flags(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto page = co_await items::load_page(call, tx, flag_kind);
    if (!page) co_return page.error();
    const auto summaries = co_await summarise_flags(tx, page->rows);
    const auto write_items = [&](json::Writer& w) {
        for (std::size_t i = 0; i < page->rows.size(); ++i) write_listed(w, call, page->rows[i], summaries[i]);
    };
    co_return net::json_response(http::page_text(write_items, page->next));
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
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/flags", Permission::read, handle_list_flags, "limit cursor q"},
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
