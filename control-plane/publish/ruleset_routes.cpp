#include "control-plane/publish/ruleset_routes.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/text.hpp"
#include "common/wire/envelope.hpp"
#include "control-plane/http/call.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/publish/plain_ruleset.hpp"
#include "control-plane/publish/published_store.hpp"
#include "control-plane/publish/version_choice.hpp"

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

struct RulesetQuery {
    bool is_plain = false;
    std::optional<std::vector<std::string>> flags;  // plain form only
    std::optional<wire::Version> version;           // none: the present one
};

Error bad_ruleset_query(std::string_view name, std::string code, std::string detail) {
    return {Errc::invalid_input, detail, {{"", "?" + std::string(name), std::move(code), detail}}};
}

Result<RulesetQuery> read_ruleset_query(http::Call& call) {
    RulesetQuery query;
    const auto form = call.request.query("form").value_or("signed");
    if (form != "signed" && form != "plain") {
        return bad_ruleset_query("form", "bad_value", "`form` is `signed` or `plain`");
    }
    query.is_plain = form == "plain";
    if (const auto flags = call.request.query("flags")) {
        if (!query.is_plain) return bad_ruleset_query("flags", "conflict", "`flags` goes with `form=plain`");
        query.flags.emplace();
        for (const auto key : split(*flags, ',')) query.flags->emplace_back(key);
    }
    if (const auto text = call.request.query("version")) {
        auto version = read_version(*text, "?version");
        if (!version) return version.error();
        query.version = *version;
    }
    return query;
}

Result<std::string> plain_text(const wire::ItemSet& items, const RulesetQuery& query) {
    auto plain = plain_ruleset(items, query.flags);
    if (plain.missing.empty()) return std::move(plain.text);
    std::string names;
    for (const auto& key : plain.missing) names += (names.empty() ? "`" : ", `") + key + "`";
    return bad_ruleset_query("flags", "unknown_flag", "the ruleset of this version has no flag " + names);
}

http::Answer handle_get_ruleset(http::Call& call) {
    auto query = read_ruleset_query(call);
    if (!query) co_return query.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    auto env = co_await projects::load_environment(call, tx);
    if (!env) co_return env.error();
    auto version = env->version;
    if (query->version) {
        auto found = co_await require_version(tx, *env, *query->version, "?version");
        if (!found) co_return found.error();
        version = *found;
    }
    const auto head = co_await read_signed_head(tx, env->env_id, version);
    if (!head) co_return http::not_found("ruleset yet", "");
    const auto items = co_await require_items_at(tx, *env, version, "?version");
    if (!items) co_return items.error();
    const bool with_keys = call.has_permission(access::Permission::manage_keys);
    std::string text;
    auto tag = '"' + wire::to_string(version) + (with_keys ? "\"" : "-withheld\"");
    if (query->is_plain) {
        auto plain = plain_text(*items, *query);
        if (!plain) co_return plain.error();
        text = std::move(*plain);
        tag = http::content_etag(text);
    } else {
        text = ruleset_text(*head, *items, with_keys);
    }
    auto response = http::resource_response(call, std::move(text), std::move(tag));
    if (!query->is_plain) response.content_type = wire::ruleset_media_type;
    response.set("Fanion-Ruleset-Version", env->key + '=' + wire::to_string(version));
    co_return response;
}

using access::Permission;
using net::Method;

constexpr http::Route ruleset_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/ruleset", Permission::read,
     handle_get_ruleset, "form flags version"},
};

}  // namespace

std::span<const http::Route> ruleset_routes() noexcept { return ruleset_table; }

}  // namespace fanion::cp::publish
