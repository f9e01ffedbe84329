#include "control-plane/publish/ruleset_routes.hpp"

#include "common/wire/envelope.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/publish/published_store.hpp"

namespace fanion::cp::publish {
namespace {

http::Answer handle_get_ruleset(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    const auto head = co_await read_signed_head(tx, env->env_id, env->version);
    if (!head) co_return http::not_found("ruleset yet");
    const auto items = co_await read_items(tx, env->env_id);
    std::string text = head->line0 + '\n' + head->manifest + '\n';
    wire::append_items(text, items);
    auto response = http::resource_response(call, std::move(text), '"' + wire::to_string(env->version) + '"');
    response.content_type = wire::ruleset_media_type;
    response.set("Fanion-Ruleset-Version", env->key + '=' + wire::to_string(env->version));
    co_return response;
}

using access::Permission;
using net::Method;

constexpr http::Route ruleset_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/ruleset", Permission::read,
     handle_get_ruleset},
};

}  // namespace

std::span<const http::Route> ruleset_routes() noexcept { return ruleset_table; }

}  // namespace fanion::cp::publish
