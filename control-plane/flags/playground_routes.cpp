#include "control-plane/flags/playground_routes.hpp"

#include <optional>

#include "common/eval/explain/explain.hpp"
#include "common/json/limits.hpp"
#include "common/json/reader.hpp"
#include "common/rule/expand.hpp"
#include "control-plane/body/fields.hpp"
#include "control-plane/body/findings.hpp"
#include "control-plane/flags/flag_edit.hpp"
#include "control-plane/flags/flag_store.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/publish/published_store.hpp"
#include "control-plane/publish/version_choice.hpp"

namespace fanion::cp::flags {
namespace {

using boost::asio::awaitable;

struct EvaluationRequest {
    std::string flag;
    json::Value context;                   // of the body's document; empty: none given
    json::Value draft;                     // the same
    std::optional<wire::Version> version;  // the ruleset of this version,
    std::optional<UnixMillis> at;          // or of this moment; none: the present one
    UnixMillis now = 0;
};

// At most one of `draft`, `version` and `at`.
void read_ruleset_choice(json::Reader& r, EvaluationRequest& request) {
    request.draft = r.optional_any("draft");
    if (const auto text = r.optional_string("version")) {
        const auto version = publish::read_version(*text, "/version");
        if (!version) r.fail_at("version", "bad_value", version.error().detail);
        request.version = version ? *version : wire::Version{};
    }
    if (const auto text = r.optional_string("at")) {
        request.at = body::parse_time(*text);
        if (!request.at) r.fail_at("at", "bad_time", std::string(body::time_rule));
    }
    if (request.version && (request.draft || request.at)) {
        r.fail_at("version", "conflict", "give one of `draft`, `version` and `at`");
    } else if (request.at && request.draft) {
        r.fail_at("at", "conflict", "give one of `draft`, `version` and `at`");
    }
}

Result<EvaluationRequest> read_request(json::Value body, UnixMillis now) {
    return body::read_object(body, [&](json::Reader& r, std::vector<Finding>&) {
        EvaluationRequest request;
        request.flag = body::read_key(r, "flag");
        request.context = r.optional_any("context");
        read_ruleset_choice(r, request);
        const auto given = r.optional_string("now");
        const auto parsed = given ? body::parse_time(*given) : request.at.value_or(now);
        if (given && !parsed) r.fail_at("now", "bad_time", std::string(body::time_rule));
        request.now = parsed.value_or(now);
        if (request.context && request.context.to_text().size() > limits::context_bytes) {
            r.fail_at("context", "limit", "a context has at most 64 KiB");
        }
        return request;
    });
}

Error at_draft(Error error) {
    for (auto& finding : error.findings) {
        if (finding.item.empty()) finding.pointer.insert(0, "/draft");
    }
    return error;
}

// Replaces the flag's published item with the draft.
awaitable<Result<>> apply_draft(db::Transaction& tx, const projects::Environment& env, const EvaluationRequest& request,
                                wire::ItemSet& items) {
    const auto found = co_await find_configured_flag(tx, env, request.flag);
    if (!found || found->row.is_deleted) co_return http::not_found("flag", "/flag");
    const auto& definition = found->row.definition;
    const auto drafted = replace_config(definition, found->config, request.draft, make_rule_id);
    if (!drafted) co_return at_draft(drafted.error());
    auto body = std::make_shared<const std::string>(item_body(definition, *drafted));
    items.put(item_key(definition), std::move(body));
    co_return boost::system::in_place_value;
}

// The items to evaluate, and their version as env.version.
awaitable<Result<wire::ItemSet>> read_chosen_items(db::Transaction& tx, projects::Environment& env,
                                                   const EvaluationRequest& request) {
    if (!request.version && !request.at) {
        auto items = co_await publish::read_items(tx, env.env_id);
        if (request.draft) {
            auto applied = co_await apply_draft(tx, env, request, items);
            if (!applied) co_return applied.error();
        }
        co_return std::move(items);
    }
    const std::string pointer = request.version ? "/version" : "/at";
    Result<wire::Version> version = wire::Version{};
    if (request.version) {
        version = co_await publish::require_version(tx, env, *request.version, pointer);
    } else {
        version = co_await publish::require_version_at(tx, env, *request.at, pointer);
    }
    if (!version) co_return version.error();
    auto items = co_await publish::require_items_at(tx, env, *version, pointer);
    env.version = *version;
    co_return items;
}

awaitable<Result<eval::RulesetPtr>> compile(http::Call& call, wire::ItemSet items) {
    auto work = [items = std::move(items)] {
        std::vector<eval::Item> views;
        for (const auto& [key, item] : items.items()) {
            if (!key.starts_with("access/")) views.push_back({key, item.body});
        }
        return eval::compile(views);
    };
    auto compiled = co_await call.services.blocking.compute(std::move(work));
    co_return compiled;
}

http::Answer handle_evaluate(http::Call& call) {
    auto body = http::read_body(call);
    if (!body) co_return body.error();
    auto request = read_request((*body)->root(), call.now());
    if (!request) co_return request.error();
    std::optional<projects::Environment> env;
    wire::ItemSet items;
    {
        auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
        auto found = co_await projects::load_environment(call, tx);
        if (!found) co_return found.error();
        env = std::move(*found);
        auto chosen = co_await read_chosen_items(tx, *env, *request);
        if (!chosen) co_return chosen.error();
        items = std::move(*chosen);
    }
    auto ruleset = co_await compile(call, std::move(items));
    if (!ruleset) {
        const auto item = "flag/" + request->flag;
        auto error = body::relocate_to_body(ruleset.error(), item, body::BodyKind::config, env->key);
        if (request->draft) error = rule::locate_in_body(std::move(error), request->draft);
        co_return at_draft(std::move(error));
    }
    std::string text;
    eval::explain(**ruleset, request->flag, request->context, request->now, text);
    auto response = net::json_response(std::move(text));
    response.set("Fanion-Ruleset-Version", env->key + '=' + wire::to_string(env->version));
    co_return response;
}

using access::Permission;
using net::Method;

constexpr http::Route playground_table[] = {
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/evaluate", Permission::read,
     handle_evaluate},
};

}  // namespace

std::span<const http::Route> playground_routes() noexcept { return playground_table; }

}  // namespace fanion::cp::flags
