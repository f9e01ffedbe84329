// The Prometheus servers that guards of rollouts ask.

#include <memory>
#include <string>

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/organisation.hpp"
#include "common/cli/pages.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

struct SourceOptions {
    std::string org, key, url, token;
    std::string comment;
};

std::vector<std::string> source_row(json::Reader& r) {
    return {r.string("key"), r.string("url"), r.boolean("has_token") ? "with a token" : "", r.string("updated_at")};
}

std::string source_path(const Organisation& org, const SourceOptions& options) {
    return org.path + "/prometheus/" + percent_encode(options.key);
}

Exit run_source_list(const SourceOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto items = read_list(org->client, org->path + "/prometheus");
    if (!items) return terminal.fail(items.error());
    return print_list(terminal, *items, {"KEY", "URL", "TOKEN", "CHANGED"}, source_row);
}

Exit run_source_set(const SourceOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    std::string body;
    json::Writer w(body);
    w.begin_object().member("url", options.url);
    if (!options.token.empty()) w.member("token", options.token);
    w.end_object();
    const auto path = with_comment(source_path(*org, options), options.comment);
    const auto response = org->client.call({.method = net::Method::put, .path = path, .body = std::move(body)});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? response->body : "guards may ask " + options.key);
    return Exit::ok;
}

Exit run_source_delete(const SourceOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto path = with_comment(source_path(*org, options), options.comment);
    const auto response = org->client.call({.method = net::Method::del, .path = path});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? "{}" : "deleted " + options.key);
    return Exit::ok;
}

}  // namespace

void add_prometheus_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<SourceOptions>();
    auto* group = app.add_subcommand("prometheus", "Prometheus servers that guards of rollouts ask");
    group->require_subcommand(1);
    group->fallthrough();
    group->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    add_command(*group, session, options, "list", "list them", run_source_list);
    auto* set = add_command(*group, session, options, "set", "make or replace one", run_source_set);
    auto* remove = add_command(*group, session, options, "delete", "delete one that no guard asks", run_source_delete);
    for (auto* command : {set, remove}) {
        command->add_option("key", options->key, "its name in plans")->required();
        add_comment_option(*command, options->comment);
    }
    set->add_option("--url", options->url, "as https://prometheus.example")->required();
    set->add_option("--token", options->token, "sent as `Authorization: Bearer`; without it, the present one stays")
        ->envname("FANION_PROMETHEUS_TOKEN");
}

}  // namespace fanion::cli
