#include "control-plane/publish/ruleset_routes.hpp"

#include "common/wire/envelope.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/publish/published_store.hpp"

namespace fanion::cp::publish {
namespace {

// Items `access/*` hold hashes of keys, which only those who make keys may see. Withheld, they still count for the
// manifest's root (docs/distribution.md).
std::string ruleset_text(const SignedHead& head, const wire::ItemSet& items, bool with_keys) {
    std::string text = head.line0 + '\n' + head.manifest + '\n';
    for (const auto& [key, item] : items.items()) {
        if (with_keys || !key.starts_with("access/")) {
            wire::append_item_line(text, key, *item.body);
        } else {
            wire::append_redacted_line(text, key, item.hash);
        }
    }
    return text;
}

http::Answer handle_get_ruleset(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    const auto head = co_await read_signed_head(tx, env->env_id, env->version);
    if (!head) co_return http::not_found("ruleset yet");
    const auto items = co_await read_items(tx, env->env_id);
    const bool with_keys = call.has_permission(access::Permission::manage_keys);
    auto text = ruleset_text(*head, items, with_keys);
    auto tag = '"' + wire::to_string(env->version) + (with_keys ? "\"" : "-withheld\"");
    auto response = http::resource_response(call, std::move(text), std::move(tag));
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
