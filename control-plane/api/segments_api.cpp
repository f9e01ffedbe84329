// Segments' names and descriptions: what does not differ between environments and does not travel.

#include "common/rule/expand.hpp"
#include "control-plane/api/change.hpp"
#include "control-plane/api/handlers.hpp"
#include "control-plane/api/lookups.hpp"
#include "control-plane/domain/segment_change.hpp"

namespace fanion::api {
namespace {

using boost::asio::awaitable;
using Environments = std::vector<store::LockedEnvironment>;

Result<> may_create(const Call& call, const domain::NewSegment& made, const Environments& environments) {
    for (std::size_t i = 0; i < environments.size(); ++i) {
        if (!environments[i].is_protected || domain::same_body(made.environments[i].body, {})) continue;
        if (auto ok = may_change(call, true); !ok) return ok;
    }
    return boost::system::in_place_value;
}

awaitable<Result<store::Segment>> insert_new(Call& call, Change& change, const store::Project& project,
                                             const domain::NewSegment& made) {
    const auto taken = co_await store::find_segment(change.tx(), project.project_id, made.definition.key);
    if (taken && taken->is_deleted) {
        co_return conflict("/key", "retired", "a segment with this key was deleted; keys are never given out again");
    }
    if (taken) co_return conflict("/key", "taken", "there is a segment with this key");
    co_return co_await store::insert_segment(change.tx(), call.org.org_id, project.project_id, made.definition);
}

awaitable<Result<>> publish_new(Call& call, Change& change, const store::Segment& segment,
                                const domain::NewSegment& made, const Environments& environments) {
    for (std::size_t i = 0; i < environments.size(); ++i) {
        const auto& env = environments[i];
        const auto& body = made.environments[i];
        co_await store::put_segment_body(change.tx(), env.org_id, segment.segment_id, env.env_id, body,
                                         call.principal.user_id);
        auto item = put_item(domain::item_key(segment.definition), domain::item_body(segment.definition, body));
        auto published = co_await change.publish(env, std::move(item), domain::BodyShape::creation);
        if (!published) co_return published;
    }
    co_return change.judge();
}

awaitable<Result<>> remove_everywhere(Change& change, const store::Segment& segment, const Environments& environments) {
    for (const auto& env : environments) {
        auto item = remove_item(domain::item_key(segment.definition));
        auto published = co_await change.publish(env, std::move(item), domain::BodyShape::definition);
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

net::Response segment_response(Call& call, const domain::SegmentDefinition& definition) {
    return resource_response(call, domain::to_json(definition), etag(definition.version));
}

// A definition does not travel, so nothing was checked.
net::Response written_response(Call& call, const Change& change, const domain::SegmentDefinition& definition) {
    auto response = segment_response(call, definition);
    change.add_warnings(response);
    return response;
}

using Edit = Result<domain::SegmentDefinition> (*)(const domain::SegmentDefinition&, json::Value);

Answer change_definition(Call& call, Edit edit) {
    auto body = read_body(call);
    if (!body) co_return problem(call, body.error());
    auto change = co_await Change::begin(call);
    auto project = co_await the_locked_project(call, change.tx());
    if (!project) co_return problem(call, project.error());
    auto segment = co_await the_segment(call, change.tx(), project->project_id);
    if (!segment) co_return problem(call, segment.error());
    const auto before = domain::to_json(segment->definition);
    if (auto failed = failed_precondition(call, etag(segment->definition.version), before, false)) {
        co_return std::move(*failed);
    }
    auto after = edit(segment->definition, (*body)->root());
    if (!after) co_return problem(call, after.error());
    if (domain::same_segment(segment->definition, *after))
        co_return written_response(call, change, segment->definition);
    segment->definition = std::move(*after);
    segment->definition.version += 1;
    segment->definition.updated_at = call.now();
    co_await store::update_segment(change.tx(), *segment);
    change.describe("segment.updated", resource_of(call), before, domain::to_json(segment->definition));
    co_await change.commit();
    co_return written_response(call, change, segment->definition);
}

}  // namespace

Answer handle_list_segments(Call& call) {
    auto page = read_page(call);
    if (!page) co_return problem(call, page.error());
    auto tx = co_await call.services.pool.begin(call.scope(), pg::Mode::snapshot);
    auto project = co_await the_project(call, tx);
    if (!project) co_return problem(call, project.error());
    store::SegmentPage wanted{page->after, page->limit, query(call, "q").value_or("")};
    auto segments = co_await store::list_segments(tx, project->project_id, std::move(wanted));
    const bool has_more = segments.size() > page->limit;
    if (has_more) segments.erase(segments.begin() + static_cast<std::ptrdiff_t>(page->limit), segments.end());
    std::string body;
    json::Writer w(body);
    w.begin_object().key("items").begin_array();
    for (const auto& segment : segments) {
        w.begin_object();
        domain::write_definition_members(w, segment.definition);
        w.end_object();
    }
    w.end_array().key("next");
    if (has_more) {
        w.string(cursor_after(segments.back().definition.key));
    } else {
        w.null();
    }
    w.end_object();
    co_return net::json_response(std::move(body));
}

Answer handle_create_segment(Call& call) {
    auto body = read_body(call);
    if (!body) co_return problem(call, body.error());
    auto change = co_await Change::begin(call);
    auto project = co_await the_locked_project(call, change.tx());
    if (!project) co_return problem(call, project.error());
    const auto environments = co_await store::lock_environments(change.tx(), project->project_id);
    std::vector<std::string> keys;
    for (const auto& env : environments) keys.push_back(env.key);
    auto made = domain::create_segment((*body)->root(), keys, call.now());
    if (!made) co_return problem(call, made.error());
    if (auto ok = may_create(call, *made, environments); !ok) co_return problem(call, ok.error());
    auto segment = co_await insert_new(call, change, *project, *made);
    if (!segment) co_return problem(call, segment.error());
    auto published = co_await publish_new(call, change, *segment, *made, environments);
    if (!published) co_return problem(call, rule::locate_in_body(published.error(), (*body)->root()));
    auto text = domain::to_json(segment->definition);
    change.describe("segment.created", resource_of(call) + '/' + segment->definition.key, std::nullopt, text);
    co_await change.commit();
    auto response = net::json_response(std::move(text), 201);
    response.set("Location", std::string(call.request.path) + '/' + segment->definition.key);
    response.set("ETag", etag(segment->definition.version));
    change.add_versions(response);
    change.add_warnings(response);
    co_return response;
}

Answer handle_get_segment(Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), pg::Mode::snapshot);
    auto project = co_await the_project(call, tx);
    if (!project) co_return problem(call, project.error());
    auto segment = co_await the_segment(call, tx, project->project_id);
    if (!segment) co_return problem(call, segment.error());
    co_return segment_response(call, segment->definition);
}

Answer handle_replace_segment(Call& call) { return change_definition(call, domain::replace_segment); }

Answer handle_patch_segment(Call& call) { return change_definition(call, domain::patch_segment); }

Answer handle_delete_segment(Call& call) {
    auto change = co_await Change::begin(call);
    auto project = co_await the_locked_project(call, change.tx());
    if (!project) co_return problem(call, project.error());
    const auto environments = co_await store::lock_environments(change.tx(), project->project_id);
    auto segment = co_await the_segment(call, change.tx(), project->project_id);
    if (!segment) co_return problem(call, segment.error());
    const auto text = domain::to_json(segment->definition);
    bool has_protected = false;
    for (const auto& env : environments) has_protected = has_protected || env.is_protected;
    auto failed = failed_precondition(call, etag(segment->definition.version), text, has_protected);
    if (failed) co_return std::move(*failed);
    co_await store::delete_segment(change.tx(), segment->segment_id, call.now());
    auto removed = co_await remove_everywhere(change, *segment, environments);
    if (!removed) co_return problem(call, removed.error());
    change.describe("segment.deleted", resource_of(call), text, std::nullopt);
    co_await change.commit();
    auto response = net::empty_response(204);
    change.add_versions(response);
    co_return response;
}

}  // namespace fanion::api
