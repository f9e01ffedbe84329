#include "control-plane/rollouts/policy_routes.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/base/text.hpp"
#include "control-plane/http/edit.hpp"
#include "control-plane/http/lists.hpp"
#include "control-plane/projects/path_lookup.hpp"
#include "control-plane/rollouts/policy_store.hpp"

namespace fanion::cp::rollouts {
namespace {

using boost::asio::awaitable;

// Nobody is shown what is said of an environment that they may not read.
bool may_see_policy(const http::Call& call, const Policy& policy) {
    const auto& environments = policy.rules.environments;
    return std::all_of(environments.begin(), environments.end(),
                       [&](const std::string& key) { return call.may_read_in(key); });
}

http::Answer handle_list_policies(http::Call& call) {
    const auto page = http::read_page(call);
    if (!page) co_return page.error();
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    // A page and its cursor are made of those that the caller may see.
    auto policies = co_await list_policies(tx, project->project_id, page->after, most_policies);
    std::erase_if(policies, [&](const Policy& policy) { return !may_see_policy(call, policy); });
    const auto next = http::end_page(policies, *page, [](const Policy& policy) { return policy.key; });
    co_return net::json_response(http::list_text(write_policy, policies, next));
}

http::Answer handle_get_policy(http::Call& call) {
    auto tx = co_await call.services.pool.begin(call.scope(), db::Mode::snapshot);
    const auto project = co_await projects::load_project(call, tx);
    if (!project) co_return project.error();
    const auto policy = co_await find_policy(tx, project->project_id, call.param("policy"));
    if (!policy || !may_see_policy(call, *policy)) co_return http::not_found("policy", "{policy}");
    co_return http::resource_response(call, policy_text(*policy), http::etag(policy->version));
}

// Error: unprocessable, when the project has no such environment for the caller.
awaitable<Result<>> check_environments(http::Edit& edit, const projects::Project& project, const PolicyRules& rules) {
    std::vector<Finding> findings;
    for (std::size_t i = 0; i < rules.environments.size(); ++i) {
        const auto& key = rules.environments[i];
        const auto env = co_await projects::find_environment(edit.tx(), project.project_id, key);
        if (env && edit.call().may_read_in(key)) continue;
        findings.push_back({"", "/match/environments/" + std::to_string(i), "unknown_reference",
                            "the project has no environment `" + key + "`"});
    }
    if (findings.empty()) co_return boost::system::in_place_value;
    co_return Error{Errc::unprocessable, "the policy names what is not there", std::move(findings)};
}

http::EditResult create_policy(http::Edit& edit, const projects::Project& project, PolicyRules rules) {
    auto& call = edit.call();
    auto matched = edit.match("", "{}");
    if (!matched) co_return matched.error();
    const auto present = co_await count_policies(edit.tx(), project.project_id);
    if (present >= most_policies) co_return http::conflict("", "limit", "a project has at most 50 policies");
    Policy policy;
    policy.key = call.param("policy");
    policy.rules = std::move(rules);
    policy.created_by = call.principal.actor_id();
    policy.created_at = policy.updated_at = call.now();
    co_await put_policy(edit.tx(), call.org.org_id, project.project_id, policy);
    co_return edit.created_in("/api/v1/orgs/" + call.org.key + "/projects/" + project.key + "/rollout-policies",
                              audit::Action::project_updated, policy.key, policy_text(policy),
                              http::etag(policy.version));
}

// The project is locked, so that two requests do not make one more than there may be.
http::EditResult replace_policy(http::Edit& edit, PolicyRules rules) {
    auto& call = edit.call();
    const auto key = call.param("policy");
    if (!is_valid_key(key)) {
        const std::string detail = "a key has letters, digits, '.', '_' and '-', and begins with a letter or digit";
        co_return Error{Errc::invalid_input, detail, {{"", "{policy}", "bad_key", detail}}};
    }
    const auto project = co_await projects::lock_project(call, edit.tx());
    if (!project) co_return project.error();
    auto policy = co_await find_policy(edit.tx(), project->project_id, key);
    if (policy && !may_see_policy(call, *policy)) co_return http::not_found("policy", "{policy}");
    auto checked = co_await check_environments(edit, *project, rules);
    if (!checked) co_return checked.error();
    if (!policy) co_return co_await create_policy(edit, *project, std::move(rules));
    const auto present = policy_text(*policy);
    auto matched = edit.match(http::etag(policy->version), present);
    if (!matched) co_return matched.error();
    if (policy->rules == rules) co_return edit.unchanged(present, http::etag(policy->version));
    policy->rules = std::move(rules);
    policy->updated_at = call.now();
    ++policy->version;
    co_await put_policy(edit.tx(), call.org.org_id, project->project_id, *policy);
    co_return edit.changed(audit::Action::project_updated, std::move(*matched), policy_text(*policy),
                           http::etag(policy->version));
}

http::Answer handle_put_policy(http::Call& call) { return http::edit_resource(call, read_policy, replace_policy); }

http::EditResult remove_policy(http::Edit& edit) {
    auto& call = edit.call();
    const auto project = co_await projects::lock_project(call, edit.tx());
    if (!project) co_return project.error();
    const auto policy = co_await find_policy(edit.tx(), project->project_id, call.param("policy"));
    if (!policy || !may_see_policy(call, *policy)) co_return http::not_found("policy", "{policy}");
    auto matched = edit.match(http::etag(policy->version), policy_text(*policy));
    if (!matched) co_return matched.error();
    co_await delete_policy(edit.tx(), project->project_id, policy->key);
    co_return edit.deleted(audit::Action::project_updated, std::move(*matched));
}

http::Answer handle_delete_policy(http::Call& call) { return http::edit_resource(call, remove_policy); }

using access::Permission;
using net::Method;

constexpr http::Route policy_table[] = {
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/rollout-policies", Permission::read, handle_list_policies,
     "limit cursor"},
    {Method::get, "/api/v1/orgs/{org}/projects/{project}/rollout-policies/{policy}", Permission::read,
     handle_get_policy},
    {Method::put, "/api/v1/orgs/{org}/projects/{project}/rollout-policies/{policy}", Permission::manage_environments,
     handle_put_policy},
    {Method::del, "/api/v1/orgs/{org}/projects/{project}/rollout-policies/{policy}", Permission::manage_environments,
     handle_delete_policy},
};

}  // namespace

std::span<const http::Route> policy_routes() noexcept { return policy_table; }

}  // namespace fanion::cp::rollouts
