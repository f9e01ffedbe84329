#include "control-plane/flags/playground_routes.hpp"

#include <optional>

#include "common/base/text.hpp"
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
#include "control-plane/segments/segment_store.hpp"

namespace fanion::cp::flags {
namespace {

using boost::asio::awaitable;

struct Question {
    std::string flag;
    json::Value context;  // of the body's document; empty: none given
    json::Value draft;    // the same
    UnixMillis now = 0;
};

Result<Question> read_question(json::Value body, UnixMillis now) {
    std::vector<Finding> findings;
    json::Reader r(body, findings);
    Question question;
    question.flag = body::read_key(r, "flag");
    question.context = r.optional_any("context");
    question.draft = r.optional_any("draft");
    const auto at = r.optional_string("now");
    const auto parsed = at ? parse_rfc3339(*at) : now;
    if (at && !parsed) r.fail_at("now", "bad_time", "a time is written as in 2026-11-21T10:00:00Z");
    question.now = parsed.value_or(now);
    if (question.context && question.context.to_text().size() > limits::context_bytes) {
        r.fail_at("context", "limit", "a context has at most 64 KiB");
    }
    r.finish(json::UnknownFields::refuse);
    if (auto ok = body::error_if_any(std::move(findings)); !ok) return ok.error();
    return question;
}

Error at_draft(Error error) {
    for (auto& finding : error.findings) {
        if (finding.item.empty()) finding.pointer.insert(0, "/draft");
    }
    return error;
}

// Puts the draft in the place of the flag's published item.
awaitable<Result<>> apply_draft(db::Transaction& tx, const projects::Environment& env, const Question& question,
                                wire::ItemSet& items) {
    auto flag = co_await find_flag(tx, env.project_id.str(), question.flag);
    if (!flag || flag->is_deleted) co_return http::not_found("flag");
    auto present = co_await find_flag_config(tx, flag->flag_id, env.env_id.str());
    if (!present) co_return http::not_found("flag");
    auto config = replace_config(flag->definition, *present, question.draft, make_rule_id);
    if (!config) co_return at_draft(config.error());
    present->config = std::move(*config);
    auto body = std::make_shared<const std::string>(item_body(flag->definition, *present));
    items.put(item_key(flag->definition), std::move(body));
    co_return boost::system::in_place_value;
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
    auto question = read_question((*body)->root(), call.now());
    if (!question) co_return question.error();
    std::optional<projects::Environment> env;
    wire::ItemSet items;
    {
        auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
        auto found = co_await projects::load_environment(call, tx);
        if (!found) co_return found.error();
        env = std::move(*found);
        items = co_await publish::read_items(tx, env->env_id);
        if (question->draft) {
            auto applied = co_await apply_draft(tx, *env, *question, items);
            if (!applied) co_return applied.error();
        }
    }
    auto ruleset = co_await compile(call, std::move(items));
    if (!ruleset) {
        const auto item = "flag/" + question->flag;
        auto error = body::relocate_to_body(ruleset.error(), item, body::BodyKind::config, env->key);
        if (question->draft) error = rule::locate_in_body(std::move(error), question->draft);
        co_return at_draft(std::move(error));
    }
    std::string text;
    eval::explain(**ruleset, question->flag, question->context, question->now, text);
    auto response = net::json_response(std::move(text));
    response.set("Fanion-Ruleset-Version", env->key + '=' + wire::to_string(env->version));
    co_return response;
}

using access::Permission;
using net::Method;

constexpr http::Route table[] = {
    {Method::post, "/api/v1/orgs/{org}/projects/{project}/environments/{env}/evaluate", Permission::read,
     handle_evaluate},
};

}  // namespace

std::span<const http::Route> playground_routes() noexcept { return table; }

}  // namespace fanion::cp::flags
