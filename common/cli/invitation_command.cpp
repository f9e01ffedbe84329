#include <memory>

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/organisation.hpp"
#include "common/cli/pages.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

struct InvitationOptions {
    std::string org;
    std::string email, name, role = "viewer";
    std::string id;
    std::string comment;
};
using InvitationOptionsPtr = std::shared_ptr<InvitationOptions>;

std::vector<std::string> invitation_row(json::Reader& item) {
    return {item.string("id"), item.string("email"), item.string("role"), item.string("expires_at")};
}

Exit run_list(const InvitationOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto invitations = read_list(org->client, org->path + "/invitations");
    if (!invitations) return terminal.fail(invitations.error());
    return print_list(terminal, *invitations, {"ID", "EMAIL", "ROLE", "EXPIRES"}, invitation_row);
}

Exit run_create(const InvitationOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    std::string body;
    json::Writer w(body);
    w.begin_object().member("email", options.email).member("role", options.role);
    if (!options.name.empty()) w.member("name", options.name);
    w.end_object();
    const auto path = with_comment(org->path + "/members", options.comment);
    const auto response = org->client.call({.method = net::Method::post, .path = path, .body = std::move(body)});
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    terminal.print(terminal.json ? response->body
                                 : "setup token of " + options.email + ", once and until " + r.string("expires_at") +
                                       ": " + r.string("setup_token"));
    return Exit::ok;
}

Exit run_withdraw(const InvitationOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto path = with_comment(org->path + "/invitations/" + percent_encode(options.id), options.comment);
    const auto response = org->client.call({.method = net::Method::del, .path = path});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? "{}" : "withdrew " + options.id);
    return Exit::ok;
}

}  // namespace

void add_invitation_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<InvitationOptions>();
    auto* group = app.add_subcommand("invitation", "invite people to an organisation");
    group->require_subcommand(1);
    group->fallthrough();
    group->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    add_command(*group, session, options, "list", "list open invitations", run_list);
    auto* create =
        add_command(*group, session, options, "create", "invite a person; prints a one-time token", run_create);
    create->add_option("email", options->email, "the person's e-mail address")->required();
    create
        ->add_option("--role", options->role,
                     "viewer, developer, maintainer, admin, owner, or one of the organisation's own")
        ->capture_default_str();
    create->add_option("--name", options->name, "the person's name in this organisation");
    auto* withdraw = add_command(*group, session, options, "withdraw", "make an invitation's token void", run_withdraw);
    withdraw->add_option("id", options->id, "as `fanion invitation list` prints it")->required();
    for (auto* command : {create, withdraw}) add_comment_option(*command, options->comment);
}

}  // namespace fanion::cli
