#include <memory>
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

struct MemberOptions {
    std::string org;
    std::string member;  // id or e-mail address
    std::string role;
    std::string project, environment;
    std::string comment;
};
using MemberOptionsPtr = std::shared_ptr<MemberOptions>;

// "/orgs/acme/projects/web/environments/production/assignments"; empty: the organisation. Error: an environment without a
// project.
Result<std::string> assignments_path(const Organisation& org, const MemberOptions& options) {
    if (options.project.empty()) {
        if (options.environment.empty()) return std::string();
        return Error{Errc::invalid_input, "--env needs --project"};
    }
    auto path = org.path + "/projects/" + percent_encode(options.project);
    if (!options.environment.empty()) path += "/environments/" + percent_encode(options.environment);
    return path + "/assignments";
}

// Ids have no @.
Result<std::string> member_id(Organisation& org, const std::string& member) {
    if (member.find('@') == std::string::npos) return member;
    const auto members = read_list(org.client, org.path + "/members");
    if (!members) return members.error();
    for (const auto& element : *members) {
        json::Document document;
        if (auto parsed = document.parse(element); !parsed) return parsed.error();
        std::vector<Finding> ignored;
        json::Reader item(document.root(), ignored);
        if (equals_ignore_case_ascii(item.string("email"), member)) return item.string("id");
    }
    return Error{Errc::not_found, "the organisation has no member " + member};
}

std::vector<std::string> member_row(json::Reader& item) {
    return {item.string("id"), item.string("email"), item.string("role"), item.string("name")};
}

std::vector<std::string> assigned_row(json::Reader& item) {
    auto member = item.object("member");
    return {member.string("id"), member.string("email"), item.string("role"), member.string("name")};
}

Exit run_member_list(const MemberOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto assignments = assignments_path(*org, options);
    if (!assignments) return terminal.fail(assignments.error());
    const bool is_whole = assignments->empty();
    const auto members = read_list(org->client, is_whole ? org->path + "/members" : *assignments);
    if (!members) return terminal.fail(members.error());
    return print_list(terminal, *members, {"ID", "EMAIL", "ROLE", "NAME"}, is_whole ? member_row : assigned_row);
}

// The path of a member, or of their assignment at the place, with the comment.
struct MemberPlace {
    Organisation org;
    std::string path;
    bool is_assignment = false;
};

Result<MemberPlace> open_member(const MemberOptions& options) {
    auto org = open_organisation(options.org);
    if (!org) return org.error();
    const auto assignments = assignments_path(*org, options);
    if (!assignments) return assignments.error();
    const auto id = member_id(*org, options.member);
    if (!id) return id.error();
    const bool is_assignment = !assignments->empty();
    auto path = (is_assignment ? *assignments : org->path + "/members") + '/' + percent_encode(*id);
    return MemberPlace{std::move(*org), with_comment(std::move(path), options.comment), is_assignment};
}

std::string place_name(const MemberOptions& options) {
    if (options.project.empty()) return "the organisation";
    return options.environment.empty() ? options.project : options.project + '/' + options.environment;
}

Exit run_member_role(const MemberOptions& options, const Terminal& terminal) {
    auto place = open_member(options);
    if (!place) return terminal.fail(place.error());
    std::string body;
    json::Writer w(body);
    w.begin_object().member("role", options.role).end_object();
    const auto method = place->is_assignment ? net::Method::put : net::Method::patch;
    const auto response = place->org.client.call({.method = method, .path = place->path, .body = std::move(body)});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? response->body
                                 : options.member + " is " + options.role + " in " + place_name(options));
    return Exit::ok;
}

// Answers a DELETE of what the path names.
Exit take_away(const Result<MemberPlace>& opened, const std::string& done, const Terminal& terminal) {
    if (!opened) return terminal.fail(opened.error());
    auto client = opened->org.client;
    const auto response = client.call({.method = net::Method::del, .path = opened->path});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? "{}" : done);
    return Exit::ok;
}

Exit run_member_unassign(const MemberOptions& options, const Terminal& terminal) {
    return take_away(open_member(options), options.member + " has no role of their own in " + place_name(options),
                     terminal);
}

Exit run_member_remove(const MemberOptions& options, const Terminal& terminal) {
    return take_away(open_member(options), "removed " + options.member, terminal);
}

CLI::Option* add_place_options(CLI::App& command, const MemberOptionsPtr& options) {
    command.add_option("--env", options->environment, "only in this environment of the project");
    return command.add_option("--project", options->project, "only in this project");
}

}  // namespace

void add_member_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<MemberOptions>();
    auto* group = app.add_subcommand("member", "members of an organisation and their roles");
    group->require_subcommand(1);
    group->fallthrough();
    group->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    auto* list = add_command(*group, session, options, "list",
                             "list members, or those with a role of their own at a place", run_member_list);
    add_place_options(*list, options);
    const auto add_named = [&](const char* name, const char* help, Exit (*run)(const MemberOptions&, const Terminal&)) {
        auto* command = add_command(*group, session, options, name, help, run);
        command->add_option("member", options->member, "id or e-mail address")->required();
        add_comment_option(*command, options->comment);
        return command;
    };
    auto* role = add_named("role", "give a member a role, in the organisation or only at a place", run_member_role);
    role->add_option("role", options->role, "as `fanion role list` prints it")->required();
    add_place_options(*role, options);
    auto* unassign = add_named("unassign", "take away a member's own role at a place", run_member_unassign);
    add_place_options(*unassign, options)->required();
    add_named("remove", "remove a member from the organisation", run_member_remove);
}

}  // namespace fanion::cli
