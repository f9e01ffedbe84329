// Flags' definitions: what does not differ between environments.

#include <algorithm>

#include "common/base/ids.hpp"
#include "common/rule/expand.hpp"
#include "control-plane/api/change.hpp"
#include "control-plane/api/handlers.hpp"
#include "control-plane/api/lookups.hpp"
#include "control-plane/domain/flag_change.hpp"

namespace fanion::api {
namespace {

using boost::asio::awaitable;
using Environments = std::vector<store::LockedEnvironment>;

std::string make_rule_id() { return random_id("r-", 8); }

bool has_protected(const Environments& environments) {
    return std::any_of(environments.begin(), environments.end(), [](const auto& env) { return env.is_protected; });
}

// Configuring a protected environment from the start takes more than creating a flag in it.
Result<> may_create(const Call& call, const domain::NewFlag& made, const Environments& environments) {
    const auto usual = domain::default_config(made.definition);
    for (std::size_t i = 0; i < environments.size(); ++i) {
        if (!environments[i].is_protected || domain::same_config(made.environments[i].config, usual)) continue;
        if (auto ok = may_change(call, true); !ok) return ok;
    }
    return boost::system::in_place_value;
}

awaitable<Result<store::Flag>> insert_new(Call& call, Change& change, const store::Project& project,
                                          const domain::NewFlag& made) {
    const auto taken = co_await store::find_flag(change.tx(), project.project_id, made.definition.key);
    if (taken && taken->is_deleted) {
        co_return conflict("/key", "retired", "a flag with this key was deleted; keys are never given out again");
    }
    if (taken) co_return conflict("/key", "taken", "there is a flag with this key");
    co_return co_await store::insert_flag(change.tx(), call.org.org_id, project.project_id, made.definition);
}

awaitable<Result<>> publish_new(Call& call, Change& change, const store::Flag& flag, const domain::NewFlag& made,
                                const Environments& environments) {
    for (std::size_t i = 0; i < environments.size(); ++i) {
        const auto& env = environments[i];
        co_await store::put_flag_config(change.tx(), env.org_id, flag.flag_id, env.env_id, made.environments[i],
                                        call.principal.user_id);
        auto item =
            put_item(domain::item_key(flag.definition), domain::item_body(flag.definition, made.environments[i]));
        auto published = co_await change.publish(env, std::move(item), domain::BodyShape::creation);
        if (!published) co_return published;
    }
    co_return change.judge();
}

// The flag as it is from now on in every environment: with a version of its own in each, or gone from all.
awaitable<Result<>> publish_everywhere(Call& call, Change& change, const store::Flag& flag,
                                       const Environments& environments) {
    for (const auto& env : environments) {
        auto config = co_await store::find_flag_config(change.tx(), flag.flag_id, env.env_id);
        if (!config) continue;
        config->version += 1;
        config->updated_at = call.now();
        co_await store::put_flag_config(change.tx(), env.org_id, flag.flag_id, env.env_id, *config,
                                        call.principal.user_id);
        const auto key = domain::item_key(flag.definition);
        auto item = flag.definition.archived || flag.is_deleted
                        ? remove_item(key)
                        : put_item(key, domain::item_body(flag.definition, *config));
        auto published = co_await change.publish(env, std::move(item), domain::BodyShape::definition);
        if (!published) co_return published;
    }
    co_return change.judge();
}

// What a flag's removal breaks is a conflict, not a fault of the request.
Error still_needed(Error error) {
    if (error.code != Errc::unprocessable) return error;
    error.code = Errc::conflict;
    error.detail = "other flags still refer to this one";
    return error;
}

net::Response flag_response(Call& call, const domain::FlagDefinition& definition) {
    return resource_response(call, domain::to_json(definition), etag(definition.version));
}

// Who may make this edit, and whether it must name the version it was made from.
struct Weight {
    domain::Permission permission;
    bool is_protected;
};
Weight weigh(const domain::FlagDefinition& before, const domain::FlagDefinition& after,
             const Environments& environments) {
    const bool reaches_protected = !domain::same_for_evaluators(before, after) && has_protected(environments);
    const bool is_archiving = before.archived != after.archived;
    return {domain::to_change(reaches_protected || is_archiving), reaches_protected};
}

using Edit = Result<domain::FlagDefinition> (*)(const domain::FlagDefinition&, json::Value);

Answer change_definition(Call& call, Edit edit) {
    auto body = read_body(call);
    if (!body) co_return problem(call, body.error());
    auto change = co_await Change::begin(call);
    auto project = co_await the_locked_project(call, change.tx());
    if (!project) co_return problem(call, project.error());
    const auto environments = co_await store::lock_environments(change.tx(), project->project_id);
    auto flag = co_await the_flag(call, change.tx(), project->project_id);
    if (!flag) co_return problem(call, flag.error());
    const auto before = flag->definition;
    const auto before_text = domain::to_json(before);
    if (auto failed = failed_precondition(call, etag(before.version), before_text, false)) co_return std::move(*failed);
    auto after = edit(before, (*body)->root());
    if (!after) co_return problem(call, after.error());
    if (domain::same_definition(before, *after)) {
        auto response = flag_response(call, before);
        change.add_warnings(response);
        co_return response;
    }
    const auto weight = weigh(before, *after, environments);
    if (!call.may(weight.permission)) co_return problem(call, forbidden(weight.permission));
    if (auto failed = failed_precondition(call, etag(before.version), before_text, weight.is_protected)) {
        co_return std::move(*failed);
    }
    flag->definition = std::move(*after);
    flag->definition.version += 1;
    flag->definition.updated_at = call.now();
    co_await store::update_flag(change.tx(), *flag);
    if (!domain::same_for_evaluators(before, flag->definition)) {
        auto published = co_await publish_everywhere(call, change, *flag, environments);
        if (!published) {
            const bool is_archiving = flag->definition.archived && !before.archived;
            co_return problem(call, is_archiving ? still_needed(published.error()) : published.error());
        }
    }
    change.describe("flag.updated", resource_of(call), before_text, domain::to_json(flag->definition));
    co_await change.commit();
    auto response = flag_response(call, flag->definition);
    change.add_versions(response);
    change.add_warnings(response);
    co_return response;
}

void write_listed(json::Writer& w, const store::Flag& flag, const std::vector<store::FlagSummary>& summaries) {
    w.begin_object();
    domain::write_definition_members(w, flag.definition);
    w.key("environments").begin_object();
    for (const auto& summary : summaries) {
        w.key(summary.environment).begin_object().member("enabled", summary.enabled);
        w.member("version", summary.version).end_object();
    }
    w.end_object().end_object();
}

}  // namespace

Answer handle_list_flags(Call& call) {
    auto page = read_page(call);
    if (!page) co_return problem(call, page.error());
    auto tx = co_await call.services.pool.begin(call.scope(), pg::Mode::snapshot);
    auto project = co_await the_project(call, tx);
    if (!project) co_return problem(call, project.error());
    store::FlagPage wanted{page->after, page->limit, query(call, "q").value_or("")};
    auto flags = co_await store::list_flags(tx, project->project_id, std::move(wanted));
    const bool has_more = flags.size() > page->limit;
    if (has_more) flags.erase(flags.begin() + static_cast<std::ptrdiff_t>(page->limit), flags.end());
    const auto summaries = co_await store::summarise_flags(tx, flags);
    std::string body;
    json::Writer w(body);
    w.begin_object().key("items").begin_array();
    for (std::size_t i = 0; i < flags.size(); ++i) write_listed(w, flags[i], summaries[i]);
    w.end_array().key("next");
    if (has_more) {
        w.string(cursor_after(flags.back().definition.key));
    } else {
        w.null();
    }
    w.end_object();
    co_return net::json_response(std::move(body));
}

Answer handle_create_flag(Call& call) {
    auto body = read_body(call);
    if (!body) co_return problem(call, body.error());
    auto change = co_await Change::begin(call);
    auto project = co_await the_locked_project(call, change.tx());
    if (!project) co_return problem(call, project.error());
    const auto environments = co_await store::lock_environments(change.tx(), project->project_id);
    std::vector<std::string> keys;
    for (const auto& env : environments) keys.push_back(env.key);
    auto made = domain::create_flag((*body)->root(), keys, make_rule_id, call.now());
    if (!made) co_return problem(call, made.error());
    if (auto ok = may_create(call, *made, environments); !ok) co_return problem(call, ok.error());
    auto flag = co_await insert_new(call, change, *project, *made);
    if (!flag) co_return problem(call, flag.error());
    auto published = co_await publish_new(call, change, *flag, *made, environments);
    if (!published) co_return problem(call, rule::locate_in_body(published.error(), (*body)->root()));
    auto text = domain::to_json(flag->definition);
    change.describe("flag.created", resource_of(call) + '/' + flag->definition.key, std::nullopt, text);
    co_await change.commit();
    auto response = net::json_response(std::move(text), 201);
    response.set("Location", std::string(call.request.path) + '/' + flag->definition.key);
    response.set("ETag", etag(flag->definition.version));
    change.add_versions(response);
    change.add_warnings(response);
    co_return response;
}

Answer handle_get_flag(Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), pg::Mode::snapshot);
    auto project = co_await the_project(call, tx);
    if (!project) co_return problem(call, project.error());
    auto flag = co_await the_flag(call, tx, project->project_id);
    if (!flag) co_return problem(call, flag.error());
    co_return flag_response(call, flag->definition);
}

Answer handle_replace_flag(Call& call) { return change_definition(call, domain::replace_definition); }

Answer handle_patch_flag(Call& call) { return change_definition(call, domain::patch_definition); }

Answer handle_delete_flag(Call& call) {
    auto change = co_await Change::begin(call);
    auto project = co_await the_locked_project(call, change.tx());
    if (!project) co_return problem(call, project.error());
    const auto environments = co_await store::lock_environments(change.tx(), project->project_id);
    auto flag = co_await the_flag(call, change.tx(), project->project_id);
    if (!flag) co_return problem(call, flag.error());
    const auto text = domain::to_json(flag->definition);
    const bool reaches_protected = !flag->definition.archived && has_protected(environments);
    auto failed = failed_precondition(call, etag(flag->definition.version), text, reaches_protected);
    if (failed) co_return std::move(*failed);
    flag->is_deleted = true;
    co_await store::delete_flag(change.tx(), flag->flag_id, call.now());
    auto published = co_await publish_everywhere(call, change, *flag, environments);
    if (!published) co_return problem(call, still_needed(published.error()));
    change.describe("flag.deleted", resource_of(call), text, std::nullopt);
    co_await change.commit();
    auto response = net::empty_response(204);
    change.add_versions(response);
    co_return response;
}

}  // namespace fanion::api
