// A segment's members in one environment.

#include "common/rule/expand.hpp"
#include "control-plane/api/change.hpp"
#include "control-plane/api/handlers.hpp"
#include "control-plane/api/lookups.hpp"
#include "control-plane/domain/segment_change.hpp"

namespace fanion::api {
namespace {

using boost::asio::awaitable;

struct Found {
    store::Segment segment;
    domain::SegmentEnvironment body;
};

awaitable<Result<Found>> find(Call& call, pg::Transaction& tx, const store::Environment& env) {
    auto segment = co_await the_segment(call, tx, env.project_id);
    if (!segment) co_return segment.error();
    auto body = co_await store::find_segment_body(tx, segment->segment_id, env.env_id);
    if (!body) co_return not_found("segment");
    co_return Found{std::move(*segment), std::move(*body)};
}

net::Response body_response(Call& call, const Found& found) {
    return resource_response(call, domain::to_json(found.segment.definition.key, found.body), etag(found.body.version));
}

wire::ItemChange item_of(const Found& found) {
    return put_item(domain::item_key(found.segment.definition),
                    domain::item_body(found.segment.definition, found.body));
}

// Nothing to write; what the checks say of it stays true.
awaitable<net::Response> unchanged_response(Call& call, Change& change, const store::LockedEnvironment& env,
                                            const Found& found) {
    auto item = item_of(found);
    co_await change.check(env, std::move(item), domain::BodyShape::config);
    auto response = body_response(call, found);
    change.add_warnings(response);
    co_return response;
}

using Edit = Result<model::Segment> (*)(const domain::SegmentDefinition&, const domain::SegmentEnvironment&,
                                        json::Value);

Answer change_body(Call& call, Edit edit) {
    auto body = read_body(call);
    if (!body) co_return problem(call, body.error());
    auto change = co_await Change::begin(call);
    auto env = co_await the_locked_environment(call, change.tx());
    if (!env) co_return problem(call, env.error());
    if (auto ok = may_change(call, env->is_protected); !ok) co_return problem(call, ok.error());
    auto found = co_await find(call, change.tx(), *env);
    if (!found) co_return problem(call, found.error());
    const auto& definition = found->segment.definition;
    const auto before = domain::to_json(definition.key, found->body);
    auto failed = failed_precondition(call, etag(found->body.version), before, env->is_protected);
    if (failed) co_return std::move(*failed);
    auto after = edit(definition, found->body, (*body)->root());
    if (!after) co_return problem(call, after.error());
    if (domain::same_body(found->body.body, *after)) co_return co_await unchanged_response(call, change, *env, *found);
    found->body.body = std::move(*after);
    found->body.version += 1;
    found->body.updated_at = call.now();
    co_await store::put_segment_body(change.tx(), env->org_id, found->segment.segment_id, env->env_id, found->body,
                                     call.principal.user_id);
    auto item = item_of(*found);
    auto published = co_await change.publish(*env, std::move(item), domain::BodyShape::config);
    if (!published) co_return problem(call, rule::locate_in_body(published.error(), (*body)->root()));
    if (auto ok = change.judge(); !ok) co_return problem(call, ok.error());
    change.describe("segment.configured", resource_of(call), before, domain::to_json(definition.key, found->body));
    co_await change.commit();
    auto response = body_response(call, *found);
    change.add_versions(response);
    change.add_warnings(response);
    co_return response;
}

}  // namespace

Answer handle_get_segment_body(Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), pg::Mode::snapshot);
    auto env = co_await the_environment(call, tx);
    if (!env) co_return problem(call, env.error());
    auto found = co_await find(call, tx, *env);
    if (!found) co_return problem(call, found.error());
    co_return body_response(call, *found);
}

Answer handle_replace_segment_body(Call& call) { return change_body(call, domain::replace_segment_body); }

Answer handle_patch_segment_body(Call& call) { return change_body(call, domain::patch_segment_body); }

}  // namespace fanion::api
