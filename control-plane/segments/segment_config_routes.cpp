#include "control-plane/segments/segment_config_routes.hpp"

#include "control-plane/segments/config_edit.hpp"

namespace fanion::cp::segments {
namespace {

http::Answer handle_get_segment_config(http::Call& call) { return items::get_config(call, segment_kind); }

// PUT and PATCH.
http::Answer handle_edit_segment_config(http::Call& call) {
    return http::edit_resource(call, items::edit_config_with<SegmentKind>, segment_kind, write_segment_config);
}

using access::Permission;
using net::Method;

constexpr http::Route segment_config_table[] = {
    http::recorded({Method::get, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}",
                    Permission::read, handle_get_segment_config}),
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}", Permission::edit,
     handle_edit_segment_config, "strict dry_run stage"},
    {Method::patch, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}", Permission::edit,
     handle_edit_segment_config, "strict dry_run stage", http::PatchForms::all},
};

}  // namespace

std::span<const http::Route> segment_config_routes() noexcept { return segment_config_table; }

}  // namespace fanion::cp::segments
