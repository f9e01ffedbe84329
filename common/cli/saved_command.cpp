#include <memory>
#include <string>
#include <vector>

#include "common/base/text.hpp"
#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/described.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/files.hpp"
#include "common/cli/organisation.hpp"
#include "common/cli/pages.hpp"
#include "common/json/reader.hpp"

namespace fanion::cli {
namespace {

// Views and contexts: the same commands.
struct SavedOptions {
    std::string list;          // "views"; its name in paths
    std::string org, project;  // empty: the session's
    std::string id;
    std::string body;
    std::string comment;
};
using SavedOptionsPtr = std::shared_ptr<SavedOptions>;

// A signed-in client and the path of the project's list.
struct Shelf {
    AdminClient client;
    std::string path;

    std::string one(const SavedOptions& options) const { return path + '/' + percent_encode(options.id); }
};

Result<Shelf> open_shelf(const SavedOptions& options) {
    auto project = open_project(options.org, options.project);
    if (!project) return project.error();
    return Shelf{std::move(project->client), project->path + '/' + options.list};
}

std::vector<std::string> saved_row(json::Reader& r) {
    return {r.string("id"), r.string("name"), r.boolean("shared") ? "shared" : "own", r.string("updated_at")};
}

Exit run_list_saved(const SavedOptions& options, const Terminal& terminal) {
    auto shelf = open_shelf(options);
    if (!shelf) return terminal.fail(shelf.error());
    const auto items = read_list(shelf->client, shelf->path);
    if (!items) return terminal.fail(items.error());
    return print_list(terminal, *items, {"ID", "NAME", "WHOSE", "UPDATED"}, saved_row);
}

Exit run_get_saved(const SavedOptions& options, const Terminal& terminal) {
    auto shelf = open_shelf(options);
    if (!shelf) return terminal.fail(shelf.error());
    const auto response = shelf->client.call({.path = shelf->one(options)});
    return print_described(response, terminal);
}

Exit write_saved(const SavedOptions& options, const Terminal& terminal, net::Method method, const char* done) {
    const auto body = read_argument(options.body);
    if (!body) return terminal.fail(body.error());
    auto shelf = open_shelf(options);
    if (!shelf) return terminal.fail(shelf.error());
    const auto path = with_comment(method == net::Method::post ? shelf->path : shelf->one(options), options.comment);
    const auto response = shelf->client.call({.method = method, .path = path, .body = *body});
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    terminal.print(terminal.json ? response->body : std::string(done) + ' ' + r.string("id"));
    return Exit::ok;
}

Exit run_create_saved(const SavedOptions& options, const Terminal& terminal) {
    return write_saved(options, terminal, net::Method::post, "created");
}
Exit run_set_saved(const SavedOptions& options, const Terminal& terminal) {
    return write_saved(options, terminal, net::Method::patch, "changed");
}

Exit run_delete_saved(const SavedOptions& options, const Terminal& terminal) {
    auto shelf = open_shelf(options);
    if (!shelf) return terminal.fail(shelf.error());
    const auto path = with_comment(shelf->one(options), options.comment);
    const auto response = shelf->client.call({.method = net::Method::del, .path = path});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? "{}" : "deleted " + options.id);
    return Exit::ok;
}

void add_saved_group(CLI::App& app, Session& session, const char* name, const char* list, const char* help) {
    auto options = std::make_shared<SavedOptions>();
    options->list = list;
    auto* group = group_of(app, name, help);
    group->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    group->add_option("--project", options->project, "project")->envname("FANION_PROJECT");
    add_command(*group, session, options, "list", "list those that are shared, and your own", run_list_saved);
    const auto add_one = [&](const char* verb, const char* text, Exit (*run)(const SavedOptions&, const Terminal&)) {
        auto* command = add_command(*group, session, options, verb, text, run);
        command->add_option("id", options->id, "as the list prints it")->required();
        return command;
    };
    const auto add_body = [&](CLI::App* command) {
        command->add_option("body", options->body, "JSON as docs/admin-api.md describes it; @FILE, or -")->required();
        add_comment_option(*command, options->comment);
    };
    add_one("get", "print one", run_get_saved);
    add_body(add_command(*group, session, options, "create", "save one", run_create_saved));
    add_body(add_one("set", "change what is given of one", run_set_saved));
    add_comment_option(*add_one("delete", "delete one", run_delete_saved), options->comment);
}

struct RelayOptions {
    std::string org;
};

std::vector<std::string> relay_row(json::Reader& r) {
    return {r.string("relay"),    r.string("build"),   r.string("project"),    r.string("environment"),
            r.string("standing"), r.string("version"), r.string("reported_at")};
}

Exit run_list_relays(const RelayOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto items = read_list(org->client, org->path + "/relays");
    if (!items) return terminal.fail(items.error());
    return print_list(terminal, *items, {"RELAY", "BUILD", "PROJECT", "ENVIRONMENT", "STANDING", "VERSION", "REPORTED"},
                      relay_row);
}

std::vector<std::string> ledger_row(json::Reader& r) {
    std::vector<std::string> row{r.string("relay")};
    for (const auto* part : {"delivered", "dropped"}) {
        auto sums = r.object(part);
        for (const auto* kind : {"counts", "exposures", "metrics"})
            row.push_back(std::to_string(sums.unsigned_integer(kind, 0)));
    }
    row.push_back(std::to_string(r.unsigned_integer("repeated_batches", 0)));
    return row;
}

Exit run_relay_deliveries(const RelayOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto items = read_list(org->client, org->path + "/relays/deliveries");
    if (!items) return terminal.fail(items.error());
    return print_list(terminal, *items,
                      {"RELAY", "EVALUATIONS", "EXPOSURES", "METRICS", "DROPPED EVALUATIONS", "DROPPED EXPOSURES",
                       "DROPPED METRICS", "REPEATED BATCHES"},
                      ledger_row);
}

}  // namespace

void add_saved_commands(CLI::App& app, Session& session) {
    add_saved_group(app, session, "view", "views", "saved searches of a project's flags");
    add_saved_group(app, session, "context", "contexts", "saved contexts to evaluate flags with");
    auto relays = std::make_shared<RelayOptions>();
    auto* group = group_of(app, "relay", "the relays of an organisation");
    group->add_option("--org", relays->org, "organisation")->envname("FANION_ORG");
    add_command(*group, session, relays, "list", "list what they last reported of each environment", run_list_relays);
    add_command(*group, session, relays, "deliveries", "list what each has delivered and dropped of events",
                run_relay_deliveries);
}

}  // namespace fanion::cli
