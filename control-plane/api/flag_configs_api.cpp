// A flag's configuration in one environment.

#include "common/base/ids.hpp"
#include "common/rule/expand.hpp"
#include "control-plane/api/change.hpp"
#include "control-plane/api/handlers.hpp"
#include "control-plane/api/lookups.hpp"
#include "control-plane/domain/flag_change.hpp"

namespace fanion::api {
namespace {

using boost::asio::awaitable;

std::string make_rule_id() { return random_id("r-", 8); }

struct Found {
    store::Flag flag;
    domain::FlagEnvironment config;
};

awaitable<Result<Found>> find(Call& call, pg::Transaction& tx, const store::Environment& env) {
    auto flag = co_await the_flag(call, tx, env.project_id);
    if (!flag) co_return flag.error();
    auto config = co_await store::find_flag_config(tx, flag->flag_id, env.env_id);
    if (!config) co_return not_found("flag");
    co_return Found{std::move(*flag), std::move(*config)};
}

net::Response config_response(Call& call, const Found& found) {
    return resource_response(call, domain::to_json(found.flag.definition.key, found.config),
                             etag(found.config.version));
}

using Edit = Result<model::FlagConfig> (*)(const domain::FlagDefinition&, const domain::FlagEnvironment&, json::Value,
                                           const domain::MakeId&);

wire::ItemChange item_of(const Found& found) {
    return put_item(domain::item_key(found.flag.definition), domain::item_body(found.flag.definition, found.config));
}

awaitable<Result<>> store_and_publish(Call& call, Change& change, const store::LockedEnvironment& env,
                                      const Found& found) {
    co_await store::put_flag_config(change.tx(), env.org_id, found.flag.flag_id, env.env_id, found.config,
                                    call.principal.user_id);
    if (found.flag.definition.archived) co_return boost::system::in_place_value;
    auto item = item_of(found);
    auto published = co_await change.publish(env, std::move(item), domain::BodyShape::config);
    if (!published) co_return published;
    co_return change.judge();
}

// Nothing to write; what the checks say of it stays true.
awaitable<net::Response> unchanged_response(Call& call, Change& change, const store::LockedEnvironment& env,
                                            const Found& found) {
    auto item = item_of(found);
    if (!found.flag.definition.archived) co_await change.check(env, std::move(item), domain::BodyShape::config);
    auto response = config_response(call, found);
    change.add_warnings(response);
    co_return response;
}

Answer change_config(Call& call, Edit edit) {
    auto body = read_body(call);
    if (!body) co_return problem(call, body.error());
    auto change = co_await Change::begin(call);
    auto env = co_await the_locked_environment(call, change.tx());
    if (!env) co_return problem(call, env.error());
    if (auto ok = may_change(call, env->is_protected); !ok) co_return problem(call, ok.error());
    auto found = co_await find(call, change.tx(), *env);
    if (!found) co_return problem(call, found.error());
    const auto before = domain::to_json(found->flag.definition.key, found->config);
    auto failed = failed_precondition(call, etag(found->config.version), before, env->is_protected);
    if (failed) co_return std::move(*failed);
    auto config = edit(found->flag.definition, found->config, (*body)->root(), make_rule_id);
    if (!config) co_return problem(call, config.error());
    if (domain::same_config(found->config.config, *config)) {
        co_return co_await unchanged_response(call, change, *env, *found);
    }
    found->config.config = std::move(*config);
    found->config.version += 1;
    found->config.updated_at = call.now();
    auto published = co_await store_and_publish(call, change, *env, *found);
    if (!published) co_return problem(call, rule::locate_in_body(published.error(), (*body)->root()));
    change.describe("flag.configured", resource_of(call), before,
                    domain::to_json(found->flag.definition.key, found->config));
    co_await change.commit();
    auto response = config_response(call, *found);
    change.add_versions(response);
    change.add_warnings(response);
    co_return response;
}

}  // namespace

Answer handle_get_flag_config(Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), pg::Mode::snapshot);
    auto env = co_await the_environment(call, tx);
    if (!env) co_return problem(call, env.error());
    auto found = co_await find(call, tx, *env);
    if (!found) co_return problem(call, found.error());
    co_return config_response(call, *found);
}

Answer handle_replace_flag_config(Call& call) { return change_config(call, domain::replace_config); }

Answer handle_patch_flag_config(Call& call) { return change_config(call, domain::patch_config); }

}  // namespace fanion::api
