#include "control-plane/flags/clone_routes.hpp"

#include "control-plane/flags/flag_clone.hpp"
#include "control-plane/flags/flag_kind.hpp"
#include "control-plane/items/clone_edit.hpp"

namespace fanion::cp::flags {
namespace {

http::EditResult create_clone(http::Edit& edit) { return items::create_clone(edit, flag_kind, clone_flag); }

http::Answer handle_clone(http::Call& call) { return http::edit_resource(call, create_clone); }

using access::Permission;
using net::Method;

constexpr http::Route clone_table[] = {
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/clone", Permission::edit, handle_clone,
     "strict dry_run"},
};

}  // namespace

std::span<const http::Route> clone_routes() noexcept { return clone_table; }

}  // namespace fanion::cp::flags
