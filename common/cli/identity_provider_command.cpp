#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/described.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/organisation.hpp"
#include "common/cli/pages.hpp"
#include "common/cli/prompt.hpp"
#include "common/json/document.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

struct ProviderOptions {
    std::string org;
    std::string key;
    std::optional<std::string> name, issuer, client_id, groups_claim;
    std::vector<std::string> scopes, domains;
    std::optional<bool> adds_members, is_enabled;
    bool secret_stdin = false, no_secret = false;
    std::string comment;
};
using ProviderOptionsPtr = std::shared_ptr<ProviderOptions>;

std::string provider_path(const Organisation& org, const ProviderOptions& options) {
    return org.path + "/identity-providers/" + percent_encode(options.key);
}

void write_given_list(json::Writer& w, std::string_view name, const std::vector<std::string>& values) {
    if (values.empty()) return;
    w.key(name).begin_array();
    for (const auto& value : values) {
        if (value != "none") w.string(value);
    }
    w.end_array();
}

// What was given on the command line. `with_key`: of a new provider.
std::string provider_body(const ProviderOptions& options, bool with_key) {
    std::string body;
    json::Writer w(body);
    w.begin_object();
    if (with_key) w.member("key", options.key);
    if (options.name) w.member("name", *options.name);
    if (options.issuer) w.member("issuer", *options.issuer);
    if (options.client_id) w.member("client_id", *options.client_id);
    if (options.groups_claim) w.member("groups_claim", *options.groups_claim);
    write_given_list(w, "scopes", options.scopes);
    write_given_list(w, "domains", options.domains);
    if (options.adds_members) w.member("adds_members", *options.adds_members);
    if (options.is_enabled) w.member("enabled", *options.is_enabled);
    if (options.secret_stdin) w.member("client_secret", ask_secret("Secret of the client: ", true));
    if (options.no_secret) w.key("client_secret").null();
    w.end_object();
    return body;
}

std::vector<std::string> provider_row(json::Reader& item) {
    return {item.string("key"), item.boolean("enabled") ? "enabled" : "disabled", item.string("issuer"),
            joined_names(item, "domains")};
}

Exit run_provider_list(const ProviderOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto pages = read_list(org->client, org->path + "/identity-providers");
    if (!pages) return terminal.fail(pages.error());
    return print_list(terminal, *pages, {"KEY", "STATE", "ISSUER", "DOMAINS"}, provider_row);
}

Exit print_change(const Terminal& terminal, const Result<net::ClientResponse>& response, const std::string& what) {
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? response->body : what);
    return Exit::ok;
}

Exit run_provider_show(const ProviderOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    return print_described(org->client.call({.path = provider_path(*org, options)}), terminal);
}

Exit run_provider_create(const ProviderOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto path = with_comment(org->path + "/identity-providers", options.comment);
    const auto response =
        org->client.call({.method = net::Method::post, .path = path, .body = provider_body(options, true)});
    return print_change(terminal, response, "created " + options.key);
}

Exit run_provider_update(const ProviderOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    auto body = provider_body(options, false);
    if (body == "{}")
        return terminal.fail(Exit::usage, "nothing to change; see fanion identity-provider update --help");
    const auto response = org->client.call({.method = net::Method::patch,
                                            .path = with_comment(provider_path(*org, options), options.comment),
                                            .body = std::move(body),
                                            .content_type = "application/merge-patch+json"});
    return print_change(terminal, response, "changed " + options.key);
}

Exit run_provider_delete(const ProviderOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto path = with_comment(provider_path(*org, options), options.comment);
    const auto response = org->client.call({.method = net::Method::del, .path = path});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? "{}" : "deleted " + options.key);
    return Exit::ok;
}

void add_provider_settings(CLI::App& command, const ProviderOptionsPtr& options) {
    command.add_option("--name", options->name, "its name for people");
    command.add_option("--groups-claim", options->groups_claim, "the claim that names groups; empty: none is read");
    command.add_option("--scopes", options->scopes, "asked for besides openid, as email,profile; none: no other")
        ->delimiter(',');
    command
        .add_option("--domains", options->domains,
                    "of e-mail addresses by which it finds and adds members; none: of none")
        ->delimiter(',');
    command.add_option("--adds-members", options->adds_members, "true: who is unknown becomes a member on the spot");
    command.add_flag("--client-secret-stdin", options->secret_stdin, "read the client's secret from standard input");
}

}  // namespace

void add_identity_provider_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<ProviderOptions>();
    auto* group = app.add_subcommand("identity-provider", "single sign-on of an organisation");
    group->require_subcommand(1);
    group->fallthrough();
    group->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    add_command(*group, session, options, "list", "list identity providers", run_provider_list);
    const auto add_keyed = [&](const char* name, const char* help,
                               Exit (*run)(const ProviderOptions&, const Terminal&)) {
        auto* command = add_command(*group, session, options, name, help, run);
        command->add_option("key", options->key, "the provider's key")->required();
        return command;
    };
    add_keyed("show", "print it", run_provider_show);
    auto* create = add_keyed("create", "add a provider", run_provider_create);
    create->add_option("--issuer", options->issuer, "its https URL, as its metadata has it")->required();
    create->add_option("--client-id", options->client_id, "of this program there")->required();
    add_provider_settings(*create, options);
    auto* update = add_keyed("update", "change it; what is not given stays", run_provider_update);
    update->add_option("--issuer", options->issuer, "its https URL; the client's secret is needed again");
    update->add_option("--client-id", options->client_id, "of this program there");
    add_provider_settings(*update, options);
    update->add_flag("--no-client-secret", options->no_secret, "a public client has none");
    update->add_option("--enabled", options->is_enabled, "false: nobody signs in by it, and whom it signed in is out");
    auto* remove = add_keyed("delete", "remove it; whom it signed in is out, and stays a member", run_provider_delete);
    for (auto* command : {create, update, remove}) add_comment_option(*command, options->comment);
}

}  // namespace fanion::cli
