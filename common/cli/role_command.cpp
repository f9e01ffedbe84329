#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/organisation.hpp"
#include "common/cli/pages.hpp"
#include "common/json/document.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

struct RoleOptions {
    std::string org;
    std::string key;
    std::optional<std::string> name, description;
    std::vector<std::string> permissions;
    std::string comment;
};
using RoleOptionsPtr = std::shared_ptr<RoleOptions>;

std::string role_path(const Organisation& org, const RoleOptions& options) {
    return org.path + "/roles/" + percent_encode(options.key);
}

// `with_key`: of a new role.
std::string role_body(const RoleOptions& options, bool with_key) {
    std::string body;
    json::Writer w(body);
    w.begin_object();
    if (with_key) w.member("key", options.key);
    if (options.name) w.member("name", *options.name);
    if (options.description) w.member("description", *options.description);
    if (with_key || !options.permissions.empty()) {
        w.key("permissions").begin_array();
        for (const auto& permission : options.permissions) {
            if (permission != "none") w.string(permission);
        }
        w.end_array();
    }
    w.end_object();
    return body;
}

std::vector<std::string> role_row(json::Reader& item) {
    return {item.string("key"), item.boolean("built_in") ? "built-in" : "own", joined_names(item, "permissions")};
}

Exit run_role_list(const RoleOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto pages = read_list(org->client, org->path + "/roles");
    if (!pages) return terminal.fail(pages.error());
    return print_list(terminal, *pages, {"KEY", "KIND", "PERMISSIONS"}, role_row);
}

// Prints the role that a response has.
Exit print_role(const Terminal& terminal, const Result<net::ClientResponse>& response) {
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    if (terminal.json) {
        terminal.print(response->body);
        return Exit::ok;
    }
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    terminal.print(r.string("key") + ": " + joined_names(r, "permissions"));
    return Exit::ok;
}

Exit run_role_get(const RoleOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    return print_role(terminal, org->client.call({.path = role_path(*org, options)}));
}

Exit run_role_create(const RoleOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    return print_role(terminal, org->client.call({.method = net::Method::post,
                                                  .path = with_comment(org->path + "/roles", options.comment),
                                                  .body = role_body(options, true)}));
}

Exit run_role_set(const RoleOptions& options, const Terminal& terminal) {
    auto body = role_body(options, false);
    if (body == "{}") return terminal.fail(Exit::usage, "nothing to set; see fanion role set --help");
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    return print_role(terminal, org->client.call({.method = net::Method::patch,
                                                  .path = with_comment(role_path(*org, options), options.comment),
                                                  .body = std::move(body),
                                                  .content_type = "application/merge-patch+json"}));
}

Exit run_role_delete(const RoleOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto response =
        org->client.call({.method = net::Method::del, .path = with_comment(role_path(*org, options), options.comment)});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? "{}" : "deleted " + options.key);
    return Exit::ok;
}

// "web" or "web/production", the role that applies there and what it permits.
void add_place(std::vector<std::vector<std::string>>& rows, const std::string& place, json::Reader& item) {
    rows.push_back({place, item.string("role"), joined_names(item, "permissions")});
}

Exit run_role_mine(const RoleOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto first = org->client.call({.path = org->path + "/me/permissions"});
    if (!first) return terminal.fail(first.error());
    json::Document whole;
    if (auto parsed = read_answer(whole, *first); !parsed) return terminal.fail(parsed.error());
    const auto projects = read_list(org->client, org->path + "/me/permissions");
    if (!projects) return terminal.fail(projects.error());
    std::vector<std::vector<std::string>> rows{{"PLACE", "ROLE", "PERMISSIONS"}};
    std::vector<Finding> ignored;
    json::Reader r(whole.root(), ignored);
    add_place(rows, "(organisation)", r);
    for (const auto& element : *projects) {
        json::Document document;
        if (auto parsed = document.parse(element); !parsed) return terminal.fail(parsed.error());
        json::Reader project(document.root(), ignored);
        const auto key = project.string("project");
        add_place(rows, key, project);
        for (auto& env : project.array("environments")) add_place(rows, key + '/' + env.string("environment"), env);
    }
    terminal.print(terminal.json ? array_of(*projects) : table(rows));
    return Exit::ok;
}

void add_definition_options(CLI::App& command, const RoleOptionsPtr& options) {
    command.add_option("--permissions", options->permissions, "what it permits, as read,edit; none: nothing")
        ->delimiter(',');
    command.add_option("--name", options->name, "its name for people");
    command.add_option("--description", options->description, "what it is for");
}

}  // namespace

void add_role_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<RoleOptions>();
    auto* group = app.add_subcommand("role", "roles of an organisation: sets of permissions");
    group->require_subcommand(1);
    group->fallthrough();
    group->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    add_command(*group, session, options, "list", "list roles, built-in ones among them", run_role_list);
    add_command(*group, session, options, "mine", "list your own permissions at each place", run_role_mine);
    const auto add_keyed = [&](const char* name, const char* help, Exit (*run)(const RoleOptions&, const Terminal&)) {
        auto* command = add_command(*group, session, options, name, help, run);
        command->add_option("key", options->key, "the role's key")->required();
        return command;
    };
    add_keyed("get", "show one role", run_role_get);
    auto* create = add_keyed("create", "create a role", run_role_create);
    auto* set = add_keyed("set", "change a role; what is not given stays", run_role_set);
    for (auto* command : {create, set}) add_definition_options(*command, options);
    auto* remove = add_keyed("delete", "delete a role that nobody has", run_role_delete);
    for (auto* command : {create, set, remove}) add_comment_option(*command, options->comment);
}

}  // namespace fanion::cli
