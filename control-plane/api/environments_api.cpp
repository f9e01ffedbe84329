// Environments. A new one has every flag of the project, disabled, and every segment, empty.

#include "common/json/reader.hpp"
#include "control-plane/api/change.hpp"
#include "control-plane/api/handlers.hpp"
#include "control-plane/api/lookups.hpp"
#include "control-plane/api/views.hpp"
#include "control-plane/domain/fields.hpp"

namespace fanion::api {
namespace {

using boost::asio::awaitable;

constexpr std::size_t most_environments = 50;  // in a project
constexpr std::size_t everything = 1'000'000;  // more than a project can hold

Result<store::NewEnvironment> read_new_environment(Call& call) {
    auto body = read_body(call);
    if (!body) return body.error();
    std::vector<Finding> findings;
    json::Reader r((*body)->root(), findings);
    store::NewEnvironment made;
    made.key = domain::read_key(r, "key");
    made.name = domain::read_text(r, "name", 200, made.key);
    made.is_protected = r.boolean("protected", false);
    r.finish(json::UnknownFields::refuse);
    if (auto ok = domain::outcome(std::move(findings)); !ok) return ok.error();
    return made;
}

awaitable<std::vector<wire::ItemChange>> add_flags(Call& call, pg::Transaction& tx,
                                                   const store::LockedEnvironment& env) {
    store::FlagPage all;
    all.limit = everything;
    const auto flags = co_await store::list_flags(tx, env.project_id, std::move(all));
    std::vector<wire::ItemChange> items;
    for (const auto& flag : flags) {
        domain::FlagEnvironment made{env.key, domain::default_config(flag.definition), 1, call.now()};
        co_await store::put_flag_config(tx, env.org_id, flag.flag_id, env.env_id, made, call.principal.user_id);
        if (flag.definition.archived) continue;
        items.push_back(put_item(domain::item_key(flag.definition), domain::item_body(flag.definition, made)));
    }
    co_return items;
}

awaitable<std::vector<wire::ItemChange>> add_segments(Call& call, pg::Transaction& tx,
                                                      const store::LockedEnvironment& env) {
    store::SegmentPage all;
    all.limit = everything;
    const auto segments = co_await store::list_segments(tx, env.project_id, std::move(all));
    std::vector<wire::ItemChange> items;
    for (const auto& segment : segments) {
        domain::SegmentEnvironment made{env.key, {}, 1, call.now()};
        co_await store::put_segment_body(tx, env.org_id, segment.segment_id, env.env_id, made, call.principal.user_id);
        items.push_back(put_item(domain::item_key(segment.definition), domain::item_body(segment.definition, made)));
    }
    co_return items;
}

awaitable<Result<>> fill_and_publish(Call& call, Change& change, const store::LockedEnvironment& env) {
    auto items = co_await add_flags(call, change.tx(), env);
    auto segments = co_await add_segments(call, change.tx(), env);
    for (auto& item : segments) items.push_back(std::move(item));
    co_return co_await change.publish_all(env, std::move(items));
}

}  // namespace

Answer handle_list_environments(Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), pg::Mode::snapshot);
    auto project = co_await the_project(call, tx);
    if (!project) co_return problem(call, project.error());
    const auto environments = co_await store::list_environments(tx, project->project_id);
    co_return net::json_response(list_text(write_environment, environments));
}

Answer handle_create_environment(Call& call) {
    auto given = read_new_environment(call);
    if (!given) co_return problem(call, given.error());
    auto change = co_await Change::begin(call);
    auto project = co_await the_locked_project(call, change.tx());
    if (!project) co_return problem(call, project.error());
    const auto present = co_await store::list_environments(change.tx(), project->project_id);
    if (present.size() >= most_environments) {
        co_return problem(call, conflict("", "limit", "a project has at most 50 environments"));
    }
    for (const auto& env : present) {
        if (env.key == given->key)
            co_return problem(call, conflict("/key", "taken", "there is an environment with this key"));
    }
    auto env = co_await store::insert_environment(change.tx(), call.org.org_id, project->project_id, std::move(*given));
    auto published = co_await fill_and_publish(call, change, env);
    if (!published) co_return problem(call, published.error());
    const auto made = co_await store::find_environment(change.tx(), project->project_id, env.key);
    auto body = to_text(write_environment, *made);
    change.describe("environment.created", resource_of(call) + '/' + env.key, std::nullopt, body);
    co_await change.commit();
    auto tag = content_etag(body);
    auto response = net::json_response(std::move(body), 201);
    response.set("Location", std::string(call.request.path) + '/' + env.key);
    response.set("ETag", std::move(tag));
    change.add_versions(response);
    co_return response;
}

Answer handle_get_environment(Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), pg::Mode::snapshot);
    auto environment = co_await the_environment(call, tx);
    if (!environment) co_return problem(call, environment.error());
    auto body = to_text(write_environment, *environment);
    auto tag = content_etag(body);
    co_return resource_response(call, std::move(body), std::move(tag));
}

}  // namespace fanion::api
