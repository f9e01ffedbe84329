#include "control-plane/segments/segment_routes.hpp"

#include "common/rule/expand.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/segments/segment_edit.hpp"
#include "control-plane/segments/segment_lookup.hpp"

namespace fanion::cp::segments {
namespace {

using boost::asio::awaitable;
using Environments = std::vector<projects::LockedEnvironment>;

Result<> require_create_permission(const http::Call& call, const NewSegment& made, const Environments& environments) {
    for (std::size_t i = 0; i < environments.size(); ++i) {
        if (!environments[i].is_protected || made.environments[i].members == model::Segment{}) continue;
        if (auto ok = projects::require_edit_permission(call, true); !ok) return ok;
    }
    return boost::system::in_place_value;
}

awaitable<Result<Segment>> insert_new(http::Call& call, http::Edit& change, const projects::Project& project,
                                      const NewSegment& made) {
    const auto taken = co_await find_segment(change.tx(), project.project_id.str(), made.definition.key);
    if (taken && taken->is_deleted) {
        co_return http::conflict("/key", "retired",
                                 "a segment with this key was deleted; keys are never given out again");
    }
    if (taken) co_return http::conflict("/key", "taken", "there is a segment with this key");
    co_return co_await insert_segment(change.tx(), call.org.org_id.str(), project.project_id.str(), made.definition);
}

awaitable<Result<>> publish_new(http::Call& call, http::Edit& change, const Segment& segment, const NewSegment& made,
                                const Environments& environments) {
    for (std::size_t i = 0; i < environments.size(); ++i) {
        const auto& env = environments[i];
        const auto& body = made.environments[i];
        co_await put_segment_config(change.tx(), env.org_id.str(), segment.segment_id, env.env_id.str(), body,
                                    call.principal.user_id.str());
        auto item = http::put_item(item_key(segment.definition), item_body(segment.definition, body));
        auto published = co_await change.publish(env, std::move(item), body::BodyKind::creation);
        if (!published) co_return published;
    }
    co_return change.reject_warnings_if_strict();
}

awaitable<Result<>> remove_everywhere(http::Edit& change, const Segment& segment, const Environments& environments) {
    for (const auto& env : environments) {
        auto item = http::remove_item(item_key(segment.definition));
        auto published = co_await change.publish(env, std::move(item), body::BodyKind::definition);
        if (published) continue;
        auto error = published.error();
        if (error.code == Errc::unprocessable) {
            error.code = Errc::conflict;
            error.detail = "flags or other segments still refer to this one";
        }
        co_return error;
    }
    co_return boost::system::in_place_value;
}

net::Response segment_response(http::Call& call, const SegmentDefinition& definition) {
    return http::resource_response(call, to_json(definition), http::etag(definition.version));
}

// A definition does not travel, so nothing was checked.
net::Response written_response(http::Call& call, const http::Edit& change, const SegmentDefinition& definition) {
    auto response = segment_response(call, definition);
    change.add_warnings(response);
    return response;
}

using Edit = Result<SegmentDefinition> (*)(const SegmentDefinition&, json::Value);

http::Answer change_definition(http::Call& call, Edit edit) {
    auto body = http::read_body(call);
    if (!body) co_return body.error();
    auto change = co_await http::Edit::begin(call);
    auto project = co_await projects::lock_project(call, change.tx());
    if (!project) co_return project.error();
    auto segment = co_await load_segment(call, change.tx(), project->project_id.str());
    if (!segment) co_return segment.error();
    const auto before = to_json(segment->definition);
    if (auto failed = http::failed_precondition(call, http::etag(segment->definition.version), before, false)) {
        co_return std::move(*failed);
    }
    auto after = edit(segment->definition, (*body)->root());
    if (!after) co_return after.error();
    if (same_segment(segment->definition, *after)) co_return written_response(call, change, segment->definition);
    segment->definition = std::move(*after);
    segment->definition.version += 1;
    segment->definition.updated_at = call.now();
    co_await update_segment(change.tx(), *segment);
    change.set_audit_entry(audit::Action::segment_updated, http::resource_of(call), before,
                           to_json(segment->definition));
    co_await change.commit();
    co_return written_response(call, change, segment->definition);
}

http::Answer handle_list_segments(http::Call& call) {
    auto page = http::read_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    SegmentPage wanted{page->after, page->limit, http::query(call, "q").value_or("")};
    auto segments = co_await list_segments(tx, project->project_id.str(), std::move(wanted));
    const bool has_more = http::truncate_to_page(segments, page->limit);
    std::optional<std::string> next;
    if (has_more) next = http::cursor_after(segments.back().definition.key);
    const auto write_items = [&](json::Writer& w) {
        for (const auto& segment : segments) {
            w.begin_object();
            write_definition_members(w, segment.definition);
            w.end_object();
        }
    };
    co_return net::json_response(http::page_text(write_items, next));
}

http::Answer handle_create_segment(http::Call& call) {
    auto body = http::read_body(call);
    if (!body) co_return body.error();
    auto change = co_await http::Edit::begin(call);
    auto project = co_await projects::lock_project(call, change.tx());
    if (!project) co_return project.error();
    const auto environments = co_await projects::lock_environments(change.tx(), project->project_id);
    std::vector<std::string> keys;
    for (const auto& env : environments) keys.push_back(env.key);
    auto made = create_segment((*body)->root(), keys, call.now());
    if (!made) co_return made.error();
    if (auto ok = require_create_permission(call, *made, environments); !ok) co_return ok.error();
    auto segment = co_await insert_new(call, change, *project, *made);
    if (!segment) co_return segment.error();
    auto published = co_await publish_new(call, change, *segment, *made, environments);
    if (!published) co_return rule::locate_in_body(published.error(), (*body)->root());
    auto text = to_json(segment->definition);
    change.set_audit_entry(audit::Action::segment_created, http::resource_of(call) + '/' + segment->definition.key,
                           std::nullopt, text);
    co_await change.commit();
    auto response = net::json_response(std::move(text), 201);
    response.set("Location", std::string(call.request.path) + '/' + segment->definition.key);
    response.set("ETag", http::etag(segment->definition.version));
    change.add_versions(response);
    change.add_warnings(response);
    co_return response;
}

http::Answer handle_get_segment(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    auto segment = co_await load_segment(call, tx, project->project_id.str());
    if (!segment) co_return segment.error();
    co_return segment_response(call, segment->definition);
}

http::Answer handle_replace_segment(http::Call& call) { return change_definition(call, replace_segment); }

http::Answer handle_patch_segment(http::Call& call) { return change_definition(call, patch_segment); }

http::Answer handle_delete_segment(http::Call& call) {
    auto change = co_await http::Edit::begin(call);
    auto project = co_await projects::lock_project(call, change.tx());
    if (!project) co_return project.error();
    const auto environments = co_await projects::lock_environments(change.tx(), project->project_id);
    auto segment = co_await load_segment(call, change.tx(), project->project_id.str());
    if (!segment) co_return segment.error();
    const auto text = to_json(segment->definition);
    bool has_protected = false;
    for (const auto& env : environments) has_protected = has_protected || env.is_protected;
    auto failed = http::failed_precondition(call, http::etag(segment->definition.version), text, has_protected);
    if (failed) co_return std::move(*failed);
    co_await delete_segment(change.tx(), segment->segment_id, call.now());
    auto removed = co_await remove_everywhere(change, *segment, environments);
    if (!removed) co_return removed.error();
    change.set_audit_entry(audit::Action::segment_deleted, http::resource_of(call), text, std::nullopt);
    co_await change.commit();
    auto response = net::empty_response(204);
    change.add_versions(response);
    co_return response;
}

using access::Permission;
using net::Method;

constexpr http::Route table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/segments", Permission::read, handle_list_segments,
     "limit cursor q"},
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/segments", Permission::edit, handle_create_segment, "strict"},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}", Permission::read, handle_get_segment},
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}", Permission::edit, handle_replace_segment,
     "strict"},
    {Method::patch, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}", Permission::edit, handle_patch_segment,
     "strict"},
    {Method::del, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}", Permission::administer,
     handle_delete_segment},
};

}  // namespace

std::span<const http::Route> segment_routes() noexcept { return table; }

}  // namespace fanion::cp::segments
