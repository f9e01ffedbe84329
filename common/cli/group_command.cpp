#include <memory>
#include <string>
#include <vector>

#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/files.hpp"
#include "common/cli/organisation.hpp"
#include "common/cli/pages.hpp"
#include "common/json/document.hpp"

namespace fanion::cli {
namespace {

struct GroupOptions {
    std::string org;
    std::string file;  // "-": standard input
    std::string comment;
};

std::vector<std::string> group_row(json::Reader& item) {
    return {item.string("name"), item.string("source"), std::to_string(item.unsigned_integer("members"))};
}

Exit run_group_list(const GroupOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto pages = read_list(org->client, org->path + "/groups");
    if (!pages) return terminal.fail(pages.error());
    return print_list(terminal, *pages, {"GROUP", "SOURCE", "MEMBERS"}, group_row);
}

// "", "shop", "shop/production"
std::string place_of_rule(json::Reader& rule) {
    const auto project = rule.optional_string("project").value_or("");
    const auto environment = rule.optional_string("environment").value_or("");
    if (project.empty()) return "(organisation)";
    return environment.empty() ? project : project + '/' + environment;
}

// The rules in their order; the default role is the last row.
Exit print_group_roles(const Terminal& terminal, const Result<net::ClientResponse>& response) {
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    if (terminal.json) {
        terminal.print(response->body);
        return Exit::ok;
    }
    std::vector<std::vector<std::string>> rows{{"GROUP", "PLACE", "ROLE"}};
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    for (auto& rule : r.array("rules"))
        rows.push_back({rule.string("group"), place_of_rule(rule), rule.string("role")});
    rows.push_back({"(others)", "(organisation)", r.optional_string("default_role").value_or("none")});
    terminal.print(table(rows));
    return Exit::ok;
}

Exit run_group_roles_show(const GroupOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    return print_group_roles(terminal, org->client.call({.path = org->path + "/group-roles"}));
}

// The ETag of the rules that a file was printed from; empty if it does not say.
Result<std::string> tag_in(const std::string& body) {
    json::Document document;
    if (auto parsed = document.parse(body); !parsed) return parsed.error();
    const auto version = document.root().find("version");
    if (!version || !version.is(json::Kind::number)) return std::string();
    return '"' + version.to_text() + '"';
}

Exit run_group_roles_set(const GroupOptions& options, const Terminal& terminal) {
    auto body = read_file(options.file);
    if (!body) return terminal.fail(body.error());
    auto tag = tag_in(*body);
    if (!tag) return terminal.fail(tag.error());
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    return print_group_roles(terminal,
                             org->client.call({.method = net::Method::put,
                                               .path = with_comment(org->path + "/group-roles", options.comment),
                                               .body = std::move(*body),
                                               .if_match = std::move(*tag)}));
}

CLI::App* group_with_org(CLI::App& app, const std::shared_ptr<GroupOptions>& options, const char* name,
                         const char* help) {
    auto* group = app.add_subcommand(name, help);
    group->require_subcommand(1);
    group->fallthrough();
    group->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    return group;
}

}  // namespace

void add_group_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<GroupOptions>();
    auto* groups = group_with_org(app, options, "group", "groups of people, of a directory or single sign-on");
    add_command(*groups, session, options, "list", "list the groups that are known", run_group_list);
    auto* roles = group_with_org(app, options, "group-roles", "the roles that groups give");
    add_command(*roles, session, options, "show", "show the rules", run_group_roles_show);
    auto* set = add_command(*roles, session, options, "set", "replace the rules", run_group_roles_set);
    set->add_option("file", options->file, "a file as `group-roles show --json` prints it; - for standard input")
        ->required();
    add_comment_option(*set, options->comment);
}

}  // namespace fanion::cli
