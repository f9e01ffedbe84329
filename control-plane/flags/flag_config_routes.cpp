#include "control-plane/flags/flag_config_routes.hpp"

#include "control-plane/flags/flag_kind.hpp"
#include "control-plane/items/item_edit.hpp"

namespace fanion::cp::flags {
namespace {

http::Answer handle_get_flag_config(http::Call& call) { return items::get_config(call, flag_kind); }

// PUT and PATCH.
http::Answer handle_edit_flag_config(http::Call& call) {
    return http::edit_resource(call, items::edit_config<FlagKind>, flag_kind);
}

using access::Permission;
using net::Method;

constexpr http::Route flag_config_table[] = {
    http::recorded({Method::get, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/environments/{env}",
                    Permission::read, handle_get_flag_config}),
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/environments/{env}", Permission::edit,
     handle_edit_flag_config, "strict dry_run stage"},
    {Method::patch, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/environments/{env}", Permission::edit,
     handle_edit_flag_config, "strict dry_run stage", http::PatchForms::all},
};

}  // namespace

std::span<const http::Route> flag_config_routes() noexcept { return flag_config_table; }

}  // namespace fanion::cp::flags
