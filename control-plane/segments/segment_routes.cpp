#include "control-plane/segments/segment_routes.hpp"

#include "control-plane/http/lists.hpp"
#include "control-plane/items/clone_edit.hpp"
#include "control-plane/items/definition_edit.hpp"
#include "control-plane/items/item_uses.hpp"
#include "control-plane/segments/segment_clone.hpp"
#include "control-plane/segments/segment_kind.hpp"

namespace fanion::cp::segments {
namespace {

http::Answer handle_list_segments(http::Call& call) {
    auto search = items::read_search(call, read_segment_search);
    if (!search) co_return search.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    const auto found = co_await search_segments(tx, project->project_id, *search);
    const auto write_items = [&](json::Writer& w) {
        for (const auto& segment : found.rows) {
            w.begin_object();
            write_definition_members(w, segment.definition);
            w.end_object();
        }
    };
    co_return net::json_response(items::list_text(write_items, *search, found));
}

http::Answer handle_get_segment(http::Call& call) { return items::get_definition(call, segment_kind); }

http::Answer handle_create_segment(http::Call& call) {
    return http::edit_resource(call, items::create<SegmentKind>, segment_kind);
}

// PUT and PATCH.
http::Answer handle_edit_segment(http::Call& call) {
    return http::edit_resource(call, items::edit_definition<SegmentKind>, segment_kind);
}

http::Answer handle_delete_segment(http::Call& call) {
    return http::edit_resource(call, items::remove<SegmentKind>, segment_kind);
}

http::EditResult create_clone(http::Edit& edit) { return items::create_clone(edit, segment_kind, clone_segment); }

http::Answer handle_clone_segment(http::Call& call) { return http::edit_resource(call, create_clone); }

http::Answer handle_get_segment_uses(http::Call& call) { return items::get_uses(call, segment_kind); }

using access::Permission;
using net::Method;

constexpr http::Route segment_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/segments", Permission::read, handle_list_segments,
     "limit cursor q tag* owner state sort total"},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/segments", Permission::edit, handle_create_segment,
     "strict dry_run"},
    http::recorded({Method::get, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}", Permission::read,
                    handle_get_segment}),
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/uses", Permission::read,
     handle_get_segment_uses, "environment"},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/clone", Permission::edit,
     handle_clone_segment, "strict dry_run"},
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}", Permission::edit, handle_edit_segment,
     "strict dry_run"},
    {Method::patch, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}", Permission::edit, handle_edit_segment,
     "strict dry_run", http::PatchForms::all},
    {Method::del, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}", Permission::del, handle_delete_segment,
     "dry_run"},
};

}  // namespace

std::span<const http::Route> segment_routes() noexcept { return segment_table; }

}  // namespace fanion::cp::segments
