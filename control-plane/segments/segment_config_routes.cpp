#include "control-plane/segments/segment_config_routes.hpp"

#include "common/rule/expand.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/segments/segment_edit.hpp"
#include "control-plane/segments/segment_lookup.hpp"

namespace fanion::cp::segments {
namespace {

using boost::asio::awaitable;

struct Found {
    Segment segment;
    SegmentEnvironment body;
};

awaitable<Result<Found>> find(http::Call& call, db::Transaction& tx, const projects::Environment& env) {
    auto segment = co_await load_segment(call, tx, env.project_id.str());
    if (!segment) co_return segment.error();
    auto body = co_await find_segment_config(tx, segment->segment_id, env.env_id.str());
    if (!body) co_return http::not_found("segment");
    co_return Found{std::move(*segment), std::move(*body)};
}

net::Response body_response(http::Call& call, const Found& found) {
    return http::resource_response(call, to_json(found.segment.definition.key, found.body),
                                   http::etag(found.body.version));
}

wire::ItemChange item_of(const Found& found) {
    return http::put_item(item_key(found.segment.definition), item_body(found.segment.definition, found.body));
}

// Nothing to write; what the checks say of it stays true.
awaitable<net::Response> unchanged_response(http::Call& call, http::Edit& change,
                                            const projects::LockedEnvironment& env, const Found& found) {
    auto item = item_of(found);
    co_await change.check(env, std::move(item), body::BodyKind::config);
    auto response = body_response(call, found);
    change.add_warnings(response);
    co_return response;
}

using Edit = Result<model::Segment> (*)(const SegmentDefinition&, const SegmentEnvironment&, json::Value);

http::Answer change_config(http::Call& call, Edit edit) {
    auto body = http::read_body(call);
    if (!body) co_return body.error();
    auto change = co_await http::Edit::begin(call);
    auto env = co_await projects::lock_environment(call, change.tx());
    if (!env) co_return env.error();
    if (auto ok = projects::require_edit_permission(call, env->is_protected); !ok) co_return ok.error();
    auto found = co_await find(call, change.tx(), *env);
    if (!found) co_return found.error();
    const auto& definition = found->segment.definition;
    const auto before = to_json(definition.key, found->body);
    auto failed = http::failed_precondition(call, http::etag(found->body.version), before, env->is_protected);
    if (failed) co_return std::move(*failed);
    auto after = edit(definition, found->body, (*body)->root());
    if (!after) co_return after.error();
    if (found->body.members == *after) co_return co_await unchanged_response(call, change, *env, *found);
    found->body.members = std::move(*after);
    found->body.version += 1;
    found->body.updated_at = call.now();
    co_await put_segment_config(change.tx(), env->org_id.str(), found->segment.segment_id, env->env_id.str(),
                                found->body, call.principal.user_id.str());
    auto item = item_of(*found);
    auto published = co_await change.publish(*env, std::move(item), body::BodyKind::config);
    if (!published) co_return rule::locate_in_body(published.error(), (*body)->root());
    if (auto ok = change.reject_warnings_if_strict(); !ok) co_return ok.error();
    change.set_audit_entry(audit::Action::segment_configured, http::resource_of(call), before,
                           to_json(definition.key, found->body));
    co_await change.commit();
    auto response = body_response(call, *found);
    change.add_versions(response);
    change.add_warnings(response);
    co_return response;
}

http::Answer handle_get_segment_config(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    auto found = co_await find(call, tx, *env);
    if (!found) co_return found.error();
    co_return body_response(call, *found);
}

http::Answer handle_replace_segment_config(http::Call& call) { return change_config(call, replace_segment_config); }

http::Answer handle_patch_segment_config(http::Call& call) { return change_config(call, patch_segment_config); }

using access::Permission;
using net::Method;

constexpr http::Route table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}", Permission::read,
     handle_get_segment_config},
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}", Permission::edit,
     handle_replace_segment_config, "strict"},
    {Method::patch, "/api/v1/orgs/{org}/projects/{project}/segments/{segment}/environments/{env}", Permission::edit,
     handle_patch_segment_config, "strict"},
};

}  // namespace

std::span<const http::Route> segment_config_routes() noexcept { return table; }

}  // namespace fanion::cp::segments
