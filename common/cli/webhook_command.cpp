#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/text.hpp"
#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/described.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/organisation.hpp"
#include "common/cli/pages.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

struct WebhookOptions {
    std::string org;
    std::string id;
    std::string delivery;
    std::string url, name, form, state;
    std::vector<std::string> events, projects, environments;
    unsigned overlap_hours = 24;
    std::string comment;
    bool clear_events = false, clear_projects = false, clear_environments = false;
};
using WebhookOptionsPtr = std::shared_ptr<WebhookOptions>;

// A signed-in client and the path of the organisation's webhooks.
struct WebhookPlace {
    AdminClient client;
    std::string path;

    std::string one(const WebhookOptions& options) const { return path + '/' + percent_encode(options.id); }
};

Result<WebhookPlace> open_webhooks(const WebhookOptions& options) {
    auto org = open_organisation(options.org);
    if (!org) return org.error();
    return WebhookPlace{std::move(org->client), org->path + "/webhooks"};
}

std::vector<std::string> webhook_row(json::Reader& r) {
    const auto reason = r.optional_string("disabled_reason");
    const std::string off = reason ? "disabled: " + *reason : "disabled";
    return {r.string("id"), r.string("name"), r.string("template"), r.boolean("enabled") ? "enabled" : off,
            r.string("url")};
}

Exit run_list_webhooks(const WebhookOptions& options, const Terminal& terminal) {
    auto place = open_webhooks(options);
    if (!place) return terminal.fail(place.error());
    const auto items = read_list(place->client, place->path);
    if (!items) return terminal.fail(items.error());
    return print_list(terminal, *items, {"ID", "NAME", "TEMPLATE", "STATE", "URL"}, webhook_row);
}

std::vector<std::string> delivery_row(json::Reader& r) {
    std::string last = "-";
    if (auto attempt = r.optional_object("last_attempt")) {
        const bool is_answered = !attempt->is_null("status");
        last = is_answered ? std::to_string(attempt->unsigned_integer("status")) : attempt->string("error");
    }
    const auto attempts = std::to_string(r.unsigned_integer("attempts"));
    return {r.string("id"), r.string("event"),      r.string("state"),   attempts,
            last,           r.string("created_at"), r.string("resource")};
}

Exit run_list_deliveries(const WebhookOptions& options, const Terminal& terminal) {
    auto place = open_webhooks(options);
    if (!place) return terminal.fail(place.error());
    const auto query = options.state.empty() ? "" : "&state=" + percent_encode(options.state);
    const auto items = read_list(place->client, place->one(options) + "/deliveries", query);
    if (!items) return terminal.fail(items.error());
    return print_list(terminal, *items, {"ID", "EVENT", "STATE", "ATTEMPTS", "LAST", "AT", "RESOURCE"}, delivery_row);
}

Exit run_get_webhook(const WebhookOptions& options, const Terminal& terminal) {
    auto place = open_webhooks(options);
    if (!place) return terminal.fail(place.error());
    return print_described(place->client.call({.path = place->one(options)}), terminal);
}

void write_list(json::Writer& w, std::string_view name, const std::vector<std::string>& values, bool is_cleared) {
    if (values.empty() && !is_cleared) return;
    w.key(name).begin_array();
    for (const auto& value : values) w.string(value);
    w.end_array();
}

std::string settings_of(const WebhookOptions& options) {
    std::string body;
    json::Writer w(body);
    w.begin_object();
    if (!options.url.empty()) w.member("url", options.url);
    if (!options.name.empty()) w.member("name", options.name);
    if (!options.form.empty()) w.member("template", options.form);
    write_list(w, "events", options.events, options.clear_events);
    write_list(w, "projects", options.projects, options.clear_projects);
    write_list(w, "environments", options.environments, options.clear_environments);
    w.end_object();
    return body;
}

// Prints the new secret of a webhook, with what it is for.
Exit print_secret(const Result<net::ClientResponse>& response, const Terminal& terminal, std::string_view what) {
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    terminal.print(terminal.json ? response->body
                                 : std::string(what) + ' ' + r.string("id") +
                                       "; its secret, shown only this once: " + r.string("secret"));
    return Exit::ok;
}

Exit run_create_webhook(const WebhookOptions& options, const Terminal& terminal) {
    auto place = open_webhooks(options);
    if (!place) return terminal.fail(place.error());
    const auto response = place->client.call({.method = net::Method::post,
                                              .path = with_comment(place->path, options.comment),
                                              .body = settings_of(options)});
    return print_secret(response, terminal, "created");
}

Exit run_rotate_webhook(const WebhookOptions& options, const Terminal& terminal) {
    auto place = open_webhooks(options);
    if (!place) return terminal.fail(place.error());
    std::string body;
    json::Writer(body).begin_object().member("overlap_hours", std::uint64_t{options.overlap_hours}).end_object();
    const auto path = with_comment(place->one(options) + "/rotate", options.comment);
    const auto response = place->client.call({.method = net::Method::post, .path = path, .body = body});
    return print_secret(response, terminal, "rotated");
}

Exit patch_settings(const WebhookOptions& options, const Terminal& terminal, std::string body, std::string_view what) {
    auto place = open_webhooks(options);
    if (!place) return terminal.fail(place.error());
    const auto response = place->client.call({.method = net::Method::patch,
                                              .path = with_comment(place->one(options), options.comment),
                                              .body = std::move(body),
                                              .content_type = "application/merge-patch+json"});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? response->body : std::string(what) + ' ' + options.id);
    return Exit::ok;
}

Exit run_set_webhook(const WebhookOptions& options, const Terminal& terminal) {
    auto body = settings_of(options);
    if (body == "{}") return terminal.fail(Exit::usage, "nothing to set; see fanion webhook set --help");
    return patch_settings(options, terminal, std::move(body), "changed");
}
Exit run_enable_webhook(const WebhookOptions& options, const Terminal& terminal) {
    return patch_settings(options, terminal, R"({"enabled":true})", "enabled");
}
Exit run_disable_webhook(const WebhookOptions& options, const Terminal& terminal) {
    return patch_settings(options, terminal, R"({"enabled":false})", "disabled");
}

Exit run_delete_webhook(const WebhookOptions& options, const Terminal& terminal) {
    auto place = open_webhooks(options);
    if (!place) return terminal.fail(place.error());
    const auto response =
        place->client.call({.method = net::Method::del, .path = with_comment(place->one(options), options.comment)});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? "{}" : "deleted " + options.id);
    return Exit::ok;
}

Exit queue(const WebhookOptions& options, const Terminal& terminal, const std::string& below) {
    auto place = open_webhooks(options);
    if (!place) return terminal.fail(place.error());
    const auto path = with_comment(place->one(options) + below, options.comment);
    const auto response = place->client.call({.method = net::Method::post, .path = path, .body = "{}"});
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    terminal.print(terminal.json ? response->body
                                 : "queued " + r.string("id") + "; see `fanion webhook delivery " + options.id + ' ' +
                                       r.string("id") + '`');
    return Exit::ok;
}

Exit run_test_webhook(const WebhookOptions& options, const Terminal& terminal) {
    return queue(options, terminal, "/test");
}
Exit run_replay(const WebhookOptions& options, const Terminal& terminal) {
    return queue(options, terminal, "/deliveries/" + percent_encode(options.delivery) + "/replay");
}

Exit run_get_delivery(const WebhookOptions& options, const Terminal& terminal) {
    auto place = open_webhooks(options);
    if (!place) return terminal.fail(place.error());
    const auto path = place->one(options) + "/deliveries/" + percent_encode(options.delivery);
    return print_described(place->client.call({.path = path}), terminal);
}

struct WebhookVerb {
    const char* name;
    const char* help;
    Exit (*run)(const WebhookOptions&, const Terminal&);
};

CLI::App* add_verb(CLI::App& group, Session& session, const WebhookOptionsPtr& options, const WebhookVerb& verb) {
    return add_command(group, session, options, verb.name, verb.help, verb.run);
}

CLI::App* add_change(CLI::App& group, Session& session, const WebhookOptionsPtr& options, const WebhookVerb& verb) {
    auto* command = add_verb(group, session, options, verb);
    add_comment_option(*command, options->comment);
    return command;
}

void add_settings(CLI::App& command, const WebhookOptionsPtr& options) {
    command.add_option("--name", options->name, "name for people");
    command.add_option("--template", options->form, "generic, slack or teams");
    command.add_option("--event", options->events, "flag.updated, flag.* or *; may be repeated");
    command.add_option("--project", options->projects, "only changes of this project; may be repeated");
    command.add_option("--env", options->environments, "only changes of this environment; may be repeated");
}

void add_one(CLI::App& command, const WebhookOptionsPtr& options) {
    command.add_option("id", options->id, "as `fanion webhook list` prints it")->required();
}

}  // namespace

void add_webhook_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<WebhookOptions>();
    auto* group = app.add_subcommand("webhook", "send an organisation's changes to other services");
    group->require_subcommand(1);
    group->fallthrough();
    group->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    add_verb(*group, session, options, {"list", "list webhooks", run_list_webhooks});
    auto* create = add_change(*group, session, options, {"create", "make one; prints its secret", run_create_webhook});
    create->add_option("url", options->url, "http or https URL of the receiver")->required();
    add_settings(*create, options);
    auto* set = add_change(*group, session, options, {"set", "change its settings", run_set_webhook});
    add_one(*set, options);
    set->add_option("--url", options->url, "http or https URL of the receiver");
    add_settings(*set, options);
    set->add_flag("--all-events", options->clear_events, "every change again");
    set->add_flag("--all-projects", options->clear_projects, "changes of everything again");
    set->add_flag("--all-envs", options->clear_environments, "changes of every environment again");
    add_one(*add_verb(*group, session, options, {"get", "print it", run_get_webhook}), options);
    for (const WebhookVerb& verb : {WebhookVerb{"enable", "enable it again", run_enable_webhook},
                                    WebhookVerb{"disable", "pause it", run_disable_webhook},
                                    WebhookVerb{"delete", "delete it with its log", run_delete_webhook},
                                    WebhookVerb{"test", "send it a test message", run_test_webhook}}) {
        add_one(*add_change(*group, session, options, verb), options);
    }
    auto* rotate = add_change(*group, session, options, {"rotate", "give it a new secret", run_rotate_webhook});
    add_one(*rotate, options);
    rotate->add_option("--overlap", options->overlap_hours, "hours for which the old secret signs too")
        ->capture_default_str();
    auto* deliveries = add_verb(*group, session, options, {"deliveries", "list its deliveries", run_list_deliveries});
    add_one(*deliveries, options);
    deliveries->add_option("--state", options->state, "pending, failed, delivered or dead");
    auto* delivery =
        add_verb(*group, session, options, {"delivery", "print a delivery with its attempts", run_get_delivery});
    auto* replay = add_change(*group, session, options, {"replay", "send a delivery again", run_replay});
    for (auto* command : {delivery, replay}) {
        add_one(*command, options);
        command->add_option("delivery", options->delivery, "as `fanion webhook deliveries` prints it")->required();
    }
}

}  // namespace fanion::cli
