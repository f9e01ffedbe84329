// What a project requires of the plans of rollouts.

#include <memory>
#include <string>
#include <vector>

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/described.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/files.hpp"
#include "common/cli/organisation.hpp"
#include "common/cli/pages.hpp"

namespace fanion::cli {
namespace {

struct PolicyOptions {
    std::string org, project;  // empty: the session's
    std::string key;
    std::string body;
    std::string comment;
};

// A signed-in client and the path of the project's policies.
struct PolicyPlace {
    AdminClient client;
    std::string path;

    std::string one(const PolicyOptions& options) const { return path + '/' + percent_encode(options.key); }
    std::string changed(const PolicyOptions& options) const { return with_comment(one(options), options.comment); }
};

Result<PolicyPlace> open_policies(const PolicyOptions& options) {
    auto project = open_project(options.org, options.project);
    if (!project) return project.error();
    return PolicyPlace{std::move(project->client), project->path + "/rollout-policies"};
}

std::string or_any(const std::string& names) { return names.empty() ? "any" : names; }

std::vector<std::string> policy_row(json::Reader& r) {
    auto match = r.object("match");
    return {r.string("key"), or_any(joined_names(match, "environments")), or_any(joined_names(match, "tags")),
            r.string("updated_at")};
}

Exit run_list_policies(const PolicyOptions& options, const Terminal& terminal) {
    auto place = open_policies(options);
    if (!place) return terminal.fail(place.error());
    const auto items = read_list(place->client, place->path);
    if (!items) return terminal.fail(items.error());
    return print_list(terminal, *items, {"KEY", "ENVIRONMENTS", "TAGS", "UPDATED"}, policy_row);
}

Exit run_get_policy(const PolicyOptions& options, const Terminal& terminal) {
    auto place = open_policies(options);
    if (!place) return terminal.fail(place.error());
    const auto response = place->client.call({.path = place->one(options)});
    return print_described(response, terminal);
}

Exit run_set_policy(const PolicyOptions& options, const Terminal& terminal) {
    const auto body = read_argument(options.body);
    if (!body) return terminal.fail(body.error());
    auto place = open_policies(options);
    if (!place) return terminal.fail(place.error());
    const auto path = place->changed(options);
    const auto response = place->client.call({.method = net::Method::put, .path = path, .body = *body});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? response->body : "rollouts are held to " + options.key);
    return Exit::ok;
}

Exit run_delete_policy(const PolicyOptions& options, const Terminal& terminal) {
    auto place = open_policies(options);
    if (!place) return terminal.fail(place.error());
    const auto response = place->client.call({.method = net::Method::del, .path = place->changed(options)});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? "{}" : "deleted " + options.key);
    return Exit::ok;
}

}  // namespace

void add_rollout_policy_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<PolicyOptions>();
    auto* group = app.add_subcommand("rollout-policy", "what a project requires of the plans of rollouts");
    group->require_subcommand(1);
    group->fallthrough();
    group->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    group->add_option("--project", options->project, "project")->envname("FANION_PROJECT");
    add_command(*group, session, options, "list", "list them", run_list_policies);
    auto* get = add_command(*group, session, options, "get", "print one", run_get_policy);
    auto* set = add_command(*group, session, options, "set", "make or replace one", run_set_policy);
    auto* remove = add_command(*group, session, options, "delete", "delete one", run_delete_policy);
    for (auto* command : {get, set, remove}) command->add_option("key", options->key, "its name in plans")->required();
    set->add_option("body", options->body, "JSON; @FILE, or - for standard input")->required();
    for (auto* command : {set, remove}) add_comment_option(*command, options->comment);
}

}  // namespace fanion::cli
