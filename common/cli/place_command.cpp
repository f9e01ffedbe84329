#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/organisation.hpp"
#include "common/cli/pages.hpp"
#include "common/json/document.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

// Organisations, projects and environments: the same commands, with more options at each.
enum class PlaceKind { org, project, environment };

struct PlaceOptions {
    PlaceKind kind = PlaceKind::org;
    std::string org, project;  // where it is; empty: the session's
    std::string key, confirm;
    std::optional<std::string> name, description, colour, copy_of, confirmation;
    std::optional<int> order;
    std::optional<bool> is_protected, is_comment_required;
    std::optional<std::string> staging, without_canaries;
    std::optional<int> soak, hold;
    bool lists_deleted = false;
    std::string comment;
};
using PlaceOptionsPtr = std::shared_ptr<PlaceOptions>;
using RunPlace = Exit (*)(const PlaceOptions&, const Terminal&);

// A signed-in client and the path of the list.
struct Places {
    AdminClient client;
    std::string path;
};

Result<Places> open_places(const PlaceOptions& options) {
    auto credentials = load_session();
    if (!credentials) return credentials.error();
    if (options.kind == PlaceKind::org) return Places{AdminClient(std::move(*credentials)), "/orgs"};
    const auto project = options.project.empty() ? credentials->project : options.project;
    auto org = open_organisation(options.org);
    if (!org) return org.error();
    auto path = org->path + "/projects";
    if (options.kind == PlaceKind::environment) {
        if (project.empty()) return Error{Errc::invalid_input, "no project given; use --project or FANION_PROJECT"};
        path += '/' + percent_encode(project) + "/environments";
    }
    return Places{std::move(org->client), std::move(path)};
}

std::string place_path(const Places& places, const PlaceOptions& options) {
    return places.path + '/' + percent_encode(options.key);
}

// The member `staging`, of which what is not given stays.
void write_staging(json::Writer& w, const PlaceOptions& options) {
    if (options.staging == "off") {
        w.key("staging").null();
        return;
    }
    if (!options.staging && !options.soak && !options.hold && !options.without_canaries) return;
    w.key("staging").begin_object();
    if (options.staging) w.member("label", *options.staging);
    if (options.soak) w.member("soak_seconds", *options.soak);
    if (options.hold) w.member("hold_seconds", *options.hold);
    if (options.without_canaries) w.member("without_canaries", *options.without_canaries);
    w.end_object();
}

// `is_new`: with the key, and what it is a copy of.
std::string place_body(const PlaceOptions& options, bool is_new) {
    std::string body;
    json::Writer w(body);
    w.begin_object();
    if (is_new) w.member("key", options.key);
    if (options.name) w.member("name", *options.name);
    if (options.description) w.member("description", *options.description);
    if (options.is_protected) w.member("protected", *options.is_protected);
    if (options.order) w.member("order", *options.order);
    if (options.colour) w.member("colour", *options.colour);
    if (options.confirmation) w.member("confirmation", *options.confirmation);
    if (options.is_comment_required) w.member("comment_required", *options.is_comment_required);
    write_staging(w, options);
    if (is_new && options.copy_of) w.member("copy_of", *options.copy_of);
    w.end_object();
    return body;
}

std::vector<std::string> place_row(json::Reader& item) { return {item.string("key"), item.string("name")}; }

std::vector<std::string> environment_row(json::Reader& item) {
    auto row = place_row(item);
    row.push_back(std::to_string(item.integer("order", 0, 1'000'000)));
    row.push_back(item.boolean("protected") ? "protected" : "");
    row.push_back(item.string("colour"));
    return row;
}

std::vector<std::string> deleted_row(json::Reader& item) {
    auto row = place_row(item);
    row.push_back(item.string("deleted_at"));
    row.push_back(item.string("restorable_until"));
    return row;
}

// A project has few environments: their list has no pages.
Result<std::vector<std::string>> read_places(Places& places, const PlaceOptions& options) {
    if (options.kind != PlaceKind::environment) {
        return read_list(places.client, places.path, options.lists_deleted ? "&deleted=true" : "");
    }
    const auto response = places.client.call({.path = places.path + (options.lists_deleted ? "?deleted=true" : "")});
    if (!response) return response.error();
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return parsed.error();
    std::vector<std::string> elements;
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    for (const auto& element : r.array("items")) elements.push_back(element.value().to_text());
    return elements;
}

Exit run_place_list(const PlaceOptions& options, const Terminal& terminal) {
    auto places = open_places(options);
    if (!places) return terminal.fail(places.error());
    const auto elements = read_places(*places, options);
    if (!elements) return terminal.fail(elements.error());
    if (options.lists_deleted) {
        return print_list(terminal, *elements, {"KEY", "NAME", "DELETED", "RESTORABLE UNTIL"}, deleted_row);
    }
    if (options.kind == PlaceKind::environment) {
        return print_list(terminal, *elements, {"KEY", "NAME", "ORDER", "PROTECTED", "COLOUR"}, environment_row);
    }
    return print_list(terminal, *elements, {"KEY", "NAME"}, place_row);
}

// Prints the place that a response has.
Exit print_place(const Terminal& terminal, const Result<net::ClientResponse>& response) {
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    if (terminal.json) {
        terminal.print(response->body);
        return Exit::ok;
    }
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    terminal.print(r.string("key") + ": " + visible(r.string("name")));
    for (auto& warning : r.array("warnings")) {
        terminal.warn({{warning.string("item", ""), warning.string("pointer"), warning.string("code"),
                        warning.string("detail")}});
    }
    return Exit::ok;
}

Exit run_place_get(const PlaceOptions& options, const Terminal& terminal) {
    auto places = open_places(options);
    if (!places) return terminal.fail(places.error());
    return print_place(terminal, places->client.call({.path = place_path(*places, options)}));
}

Exit run_place_create(const PlaceOptions& options, const Terminal& terminal) {
    auto places = open_places(options);
    if (!places) return terminal.fail(places.error());
    return print_place(terminal, places->client.call({.method = net::Method::post,
                                                      .path = with_comment(places->path, options.comment),
                                                      .body = place_body(options, true)}));
}

// The version at hand: a protected environment is changed with it only.
Result<std::string> present_tag(Places& places, const PlaceOptions& options) {
    const auto present = places.client.call({.path = place_path(places, options)});
    if (!present) return present.error();
    return std::string(present->header("ETag"));
}

Exit run_place_set(const PlaceOptions& options, const Terminal& terminal) {
    auto body = place_body(options, false);
    if (body == "{}") return terminal.fail(Exit::usage, "nothing to set; --help lists the options");
    auto places = open_places(options);
    if (!places) return terminal.fail(places.error());
    const auto tag = present_tag(*places, options);
    if (!tag) return terminal.fail(tag.error());
    return print_place(terminal,
                       places->client.call({.method = net::Method::patch,
                                            .path = with_comment(place_path(*places, options), options.comment),
                                            .body = std::move(body),
                                            .content_type = "application/merge-patch+json",
                                            .if_match = *tag}));
}

Exit run_place_delete(const PlaceOptions& options, const Terminal& terminal) {
    auto places = open_places(options);
    if (!places) return terminal.fail(places.error());
    const auto tag = present_tag(*places, options);
    if (!tag) return terminal.fail(tag.error());
    const auto path = place_path(*places, options) + "?confirm=" + percent_encode(options.confirm);
    const auto response = places->client.call(
        {.method = net::Method::del, .path = with_comment(path, options.comment), .if_match = *tag});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? "{}" : "deleted " + options.key + ", which can be restored for seven days");
    return Exit::ok;
}

Exit run_place_restore(const PlaceOptions& options, const Terminal& terminal) {
    auto places = open_places(options);
    if (!places) return terminal.fail(places.error());
    const auto path = with_comment(place_path(*places, options) + "/restore", options.comment);
    return print_place(terminal, places->client.call({.method = net::Method::post, .path = path, .body = "{}"}));
}

void add_place_settings(CLI::App& command, const PlaceOptionsPtr& options) {
    command.add_option("--name", options->name, "its name for people");
    if (options->kind == PlaceKind::org) return;
    command.add_option("--description", options->description, "what it is for");
    if (options->kind == PlaceKind::project) return;
    command.add_option("--protected", options->is_protected, "true: changes take a permission of their own");
    command.add_option("--order", options->order, "its place in lists, 0 to 1000");
    command.add_option("--colour", options->colour, "as '#3b82f6'; empty: none");
    command.add_option("--confirmation", options->confirmation, "how people confirm changes: none, confirm or type");
    command.add_option("--comment-required", options->is_comment_required, "true: changes of what it serves say why");
    command.add_option("--staging", options->staging, "the label of relays that get its changes first; off: none");
    command.add_option("--soak", options->soak, "seconds until a change that they have goes on to the others");
    command.add_option("--hold", options->hold, "seconds until a change that has not gone on is withdrawn");
    command.add_option("--without-canaries", options->without_canaries, "hold or release, while none is connected");
}

void add_place_commands(CLI::App& app, Session& session, PlaceKind kind, const char* group_name, const char* help) {
    auto options = std::make_shared<PlaceOptions>();
    options->kind = kind;
    auto* group = group_of(app, group_name, help);
    if (kind != PlaceKind::org) group->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    if (kind == PlaceKind::environment) {
        group->add_option("--project", options->project, "project")->envname("FANION_PROJECT");
    }
    auto* list = add_command(*group, session, options, "list", "list them", run_place_list);
    list->add_flag("--deleted", options->lists_deleted, "those that can be restored");
    const auto add_keyed = [&](const char* name, const char* text, RunPlace run) {
        auto* command = add_command(*group, session, options, name, text, run);
        command->add_option("key", options->key, "its key")->required();
        return command;
    };
    add_keyed("get", "show one", run_place_get);
    auto* create = add_keyed("create", "create one", run_place_create);
    add_place_settings(*create, options);
    if (kind == PlaceKind::environment) {
        create->add_option("--copy-of", options->copy_of, "an environment whose configurations it begins with");
    }
    auto* set = add_keyed("set", "change one; what is not given stays", run_place_set);
    add_place_settings(*set, options);
    auto* remove = add_keyed("delete", "delete one with everything in it; restorable for seven days", run_place_delete);
    remove->add_option("--confirm", options->confirm, "its key again")->required();
    auto* restore = add_keyed("restore", "bring one back that was deleted", run_place_restore);
    for (auto* command : {create, set, remove, restore}) add_comment_option(*command, options->comment);
}

}  // namespace

void add_place_commands(CLI::App& app, Session& session) {
    add_place_commands(app, session, PlaceKind::org, "org", "organisations");
    add_place_commands(app, session, PlaceKind::project, "project", "projects of an organisation");
    add_place_commands(app, session, PlaceKind::environment, "environment", "environments of a project");
}

}  // namespace fanion::cli
