#include "control-plane/segments/segment_config_routes.hpp"

#include "control-plane/segments/config_edit.hpp"

namespace fanion::cp::segments {
namespace {

http::Answer get_without_values(http::Call& call) {
    const std::string detail = "`lists` is true or false";
    if (call.request.query("lists") != "false")
        co_return Error{Errc::invalid_input, detail, {{"", "?lists", "bad_value", detail}}};
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    auto found = co_await items::load_configured(call, tx, segment_kind, *env);
    if (!found) co_return found.error();
    auto text = to_json_without_values(found->row.definition.key, found->config);
    co_return http::resource_response(call, std::move(text), http::etag(found->config.version));
}

http::Answer handle_get_segment_config(http::Call& call) {
    if (call.request.query("lists").value_or("true") == "true") return items::get_config(call, segment_kind);
    return get_without_values(call);
}

// PUT and PATCH.
http::Answer handle_edit_segment_config(http::Call& call) {
    return http::edit_resource(call, items::edit_config_with<SegmentKind>, segment_kind, write_segment_config);
}

using access::Permission;
using net::Method;

constexpr http::Route segment_config_table[] = {
    http::recorded({Method::get, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}",
                    Permission::read, handle_get_segment_config, "lists"}),
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}", Permission::edit,
     handle_edit_segment_config, "strict dry_run stage"},
    {Method::patch, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}", Permission::edit,
     handle_edit_segment_config, "strict dry_run stage", http::PatchForms::all},
};

}  // namespace

std::span<const http::Route> segment_config_routes() noexcept { return segment_config_table; }

}  // namespace fanion::cp::segments
