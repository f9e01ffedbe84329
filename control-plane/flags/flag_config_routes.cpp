#include "control-plane/flags/flag_config_routes.hpp"

#include "common/rule/expand.hpp"
#include "control-plane/flags/flag_edit.hpp"
#include "control-plane/flags/flag_lookup.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/projects/path_lookup.hpp"

namespace fanion::cp::flags {
namespace {

using boost::asio::awaitable;

struct Found {
    Flag flag;
    FlagEnvironment config;
};

awaitable<Result<Found>> find(http::Call& call, db::Transaction& tx, const projects::Environment& env) {
    auto flag = co_await load_flag(call, tx, env.project_id.str());
    if (!flag) co_return flag.error();
    auto config = co_await find_flag_config(tx, flag->flag_id, env.env_id.str());
    if (!config) co_return http::not_found("flag");
    co_return Found{std::move(*flag), std::move(*config)};
}

net::Response config_response(http::Call& call, const Found& found) {
    return http::resource_response(call, to_json(found.flag.definition.key, found.config),
                                   http::etag(found.config.version));
}

using Edit = Result<model::FlagConfig> (*)(const FlagDefinition&, const FlagEnvironment&, json::Value, const MakeId&);

wire::ItemChange item_of(const Found& found) {
    return http::put_item(item_key(found.flag.definition), item_body(found.flag.definition, found.config));
}

awaitable<Result<>> store_and_publish(http::Call& call, http::Edit& change, const projects::LockedEnvironment& env,
                                      const Found& found) {
    co_await put_flag_config(change.tx(), env.org_id.str(), found.flag.flag_id, env.env_id.str(), found.config,
                             call.principal.user_id.str());
    if (found.flag.definition.archived) co_return boost::system::in_place_value;
    auto item = item_of(found);
    auto published = co_await change.publish(env, std::move(item), body::BodyKind::config);
    if (!published) co_return published;
    co_return change.reject_warnings_if_strict();
}

// Nothing to write; what the checks say of it stays true.
awaitable<net::Response> unchanged_response(http::Call& call, http::Edit& change,
                                            const projects::LockedEnvironment& env, const Found& found) {
    auto item = item_of(found);
    if (!found.flag.definition.archived) co_await change.check(env, std::move(item), body::BodyKind::config);
    auto response = config_response(call, found);
    change.add_warnings(response);
    co_return response;
}

http::Answer change_config(http::Call& call, Edit edit) {
    auto body = http::read_body(call);
    if (!body) co_return body.error();
    auto change = co_await http::Edit::begin(call);
    auto env = co_await projects::lock_environment(call, change.tx());
    if (!env) co_return env.error();
    if (auto ok = projects::require_edit_permission(call, env->is_protected); !ok) co_return ok.error();
    auto found = co_await find(call, change.tx(), *env);
    if (!found) co_return found.error();
    const auto before = to_json(found->flag.definition.key, found->config);
    auto failed = http::failed_precondition(call, http::etag(found->config.version), before, env->is_protected);
    if (failed) co_return std::move(*failed);
    auto config = edit(found->flag.definition, found->config, (*body)->root(), make_rule_id);
    if (!config) co_return config.error();
    if (found->config.config == *config) {
        co_return co_await unchanged_response(call, change, *env, *found);
    }
    found->config.config = std::move(*config);
    found->config.version += 1;
    found->config.updated_at = call.now();
    auto published = co_await store_and_publish(call, change, *env, *found);
    if (!published) co_return rule::locate_in_body(published.error(), (*body)->root());
    change.set_audit_entry(audit::Action::flag_configured, http::resource_of(call), before,
                           to_json(found->flag.definition.key, found->config));
    co_await change.commit();
    auto response = config_response(call, *found);
    change.add_versions(response);
    change.add_warnings(response);
    co_return response;
}

http::Answer handle_get_flag_config(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    auto found = co_await find(call, tx, *env);
    if (!found) co_return found.error();
    co_return config_response(call, *found);
}

http::Answer handle_replace_flag_config(http::Call& call) { return change_config(call, replace_config); }

http::Answer handle_patch_flag_config(http::Call& call) { return change_config(call, patch_config); }

using access::Permission;
using net::Method;

constexpr http::Route table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/environments/{env}", Permission::read,
     handle_get_flag_config},
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/environments/{env}", Permission::edit,
     handle_replace_flag_config, "strict"},
    {Method::patch, "/api/v1/orgs/{org}/projects/{project}/flags/{flag}/environments/{env}", Permission::edit,
     handle_patch_flag_config, "strict"},
};

}  // namespace

std::span<const http::Route> flag_config_routes() noexcept { return table; }

}  // namespace fanion::cp::flags
