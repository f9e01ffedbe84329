#include <memory>

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/files.hpp"
#include "common/cli/flag_options.hpp"
#include "common/cli/organisation.hpp"
#include "common/cli/pages.hpp"
#include "common/json/reader.hpp"

namespace fanion::cli {
namespace {

struct LookupOptions {
    std::string org, project, env;
    std::string text;
    std::string version, wait;
    std::string body;
    bool dry_run = false;
    std::string comment;
};

using LookupOptionsPtr = std::shared_ptr<LookupOptions>;

std::vector<std::string> propagated_row(json::Reader& item) {
    return {item.string("relay"),     item.string("standing"),        item.string("version", ""),
            item.string("state", ""), item.string("reported_at", ""), item.string("detail", "")};
}

void print_stage(json::Reader& r, const Terminal& terminal) {
    auto stage = r.optional_object("stage");
    if (!stage) return;
    const auto state = stage->string("state", "");
    auto text = state;
    if (state == "held") {
        text += " for relays with the label " + stage->string("label", "") + "; the others have " +
                stage->string("released", "") + "; waits " + stage->string("detail", "");
        if (const auto until = stage->optional_string("soak_until")) text += ", until " + *until;
    } else {
        const auto reason = stage->string("reason", "");
        if (!reason.empty()) text += " (" + reason + "): " + visible(stage->string("detail", ""));
        if (auto actor = stage->optional_object("actor"))
            text += " by " + actor->string("kind", "") + ' ' + actor->string("id", "");
        if (const auto next = stage->optional_string("next")) text += "; what was before is " + *next;
    }
    terminal.print(text);
}

Exit run_propagation(const LookupOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open_project(options.org, options.project, options.env);
    if (!place) return terminal.fail(place.error());
    if (place->env().empty()) return terminal.fail(Exit::usage, "no environment given; use --env or FANION_ENV");
    const auto path = place->environment() + "/propagation";
    const auto version = options.version.empty() ? "" : "&version=" + percent_encode(options.version);
    const auto wait = options.wait.empty() ? "" : "&wait=" + percent_encode(options.wait);
    if (!options.wait.empty()) terminal.note("waiting up to " + options.wait + " for the relays");
    const auto first = place->client().call({.path = path + "?limit=200" + version + wait});
    if (!first) return terminal.fail(first.error());
    json::Document document;
    if (auto parsed = read_answer(document, *first); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    const bool is_complete = r.boolean("complete", false);
    const auto asked = r.string("version", "");
    const auto relays = read_list(place->client(), path, "&version=" + percent_encode(asked), "relays");
    if (!relays) return terminal.fail(relays.error());
    if (!terminal.json) terminal.print(asked + (is_complete ? " is at all relays" : " is not at all relays"));
    if (!terminal.json) print_stage(r, terminal);
    print_list(terminal, *relays, {"RELAY", "STANDING", "VERSION", "STATE", "REPORTED", "DETAIL"}, propagated_row);
    return is_complete ? Exit::ok : Exit::refused;
}

std::vector<std::string> attribute_row(json::Reader& item) {
    return {item.string("name"), joined_names(item, "types"), item.string("first_seen", ""),
            item.string("last_seen", "")};
}

Exit run_attributes(const LookupOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open_project(options.org, options.project, options.env);
    if (!place) return terminal.fail(place.error());
    if (place->env().empty()) return terminal.fail(Exit::usage, "no environment given; use --env or FANION_ENV");
    const auto query = options.text.empty() ? "" : "&q=" + percent_encode(options.text);
    const auto attributes = read_list(place->client(), place->environment() + "/attributes", query);
    if (!attributes) return terminal.fail(attributes.error());
    return print_list(terminal, *attributes, {"ATTRIBUTE", "TYPES", "FIRST SEEN", "LAST SEEN"}, attribute_row);
}

std::vector<std::string> found_row(json::Reader& item) {
    const auto mark = item.boolean("archived", false) ? " (archived)" : "";
    return {item.string("kind"), item.string("key") + mark, item.string("name", ""), joined_names(item, "tags")};
}

// Adds what was found of one kind, with that kind as its first member.
Result<> add_found(FlagPlace& place, const std::string& kind, const std::string& text,
                   std::vector<std::string>& found) {
    const auto items = read_list(place.client(), place.project() + '/' + kind + 's', "&q=" + percent_encode(text));
    if (!items) return items.error();
    for (const auto& item : *items) found.push_back(R"({"kind":")" + kind + "\"," + item.substr(1));
    return {};
}

Exit run_search(const LookupOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open_project(options.org, options.project);
    if (!place) return terminal.fail(place.error());
    std::vector<std::string> found;
    for (const auto* kind : {"flag", "segment"})
        if (auto added = add_found(*place, kind, options.text, found); !added) return terminal.fail(added.error());
    return print_list(terminal, found, {"KIND", "KEY", "NAME", "TAGS"}, found_row);
}

Exit run_bulk(const LookupOptions& options, const Terminal& terminal) {
    const auto body = read_argument(options.body);
    if (!body) return terminal.fail(Exit::usage, body.error().detail);
    auto place = FlagPlace::open_project(options.org, options.project);
    if (!place) return terminal.fail(place.error());
    FlagOptions query;
    query.dry_run = options.dry_run;
    query.comment = options.comment;
    const auto response = place->client().call(
        {.method = net::Method::post, .path = place->project() + "/bulk" + change_query(query), .body = *body});
    if (!response) return terminal.fail(response.error());
    if (options.dry_run || terminal.json) {
        print_dry_run(*response, terminal);
        return Exit::ok;
    }
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    std::string changed;
    for (auto& item : r.array("changed")) {
        const auto name = item.has("segment") ? "segment/" + item.string("segment") : item.string("flag", "");
        changed += (changed.empty() ? "" : " ") + name;
    }
    terminal.print(changed.empty() ? "nothing was changed" : "changed as one: " + changed);
    return Exit::ok;
}

}  // namespace

void add_lookup_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<LookupOptions>();
    const auto add = [&](const char* name, const char* help, Exit (*run)(const LookupOptions&, const Terminal&)) {
        auto* command = add_command(app, session, options, name, help, run);
        command->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
        command->add_option("--project", options->project, "project")->envname("FANION_PROJECT");
        return command;
    };
    auto* propagation =
        add("propagation", "list relays by whether they have a version; exit with 1 unless all have", run_propagation);
    propagation->add_option("--env", options->env, "environment")->envname("FANION_ENV");
    propagation->add_option("--version", options->version, "default: the newest");
    propagation->add_option("--wait", options->wait, "how long to wait for all relays: 30s, at most 60s");
    auto* attributes = add("attributes", "list the attributes that contexts have had, for rules", run_attributes);
    attributes->add_option("--env", options->env, "environment")->envname("FANION_ENV");
    attributes->add_option("prefix", options->text, "the beginning of their names");
    add("search", "find flags and segments by text", run_search)
        ->add_option("text", options->text, "a part of the key or name")
        ->required();
    auto* bulk = add("bulk", "change up to 200 flags and segments as one: all or none", run_bulk);
    bulk->add_option("body", options->body, "{\"changes\":[..]} as the admin API takes it; @FILE, or - for input")
        ->required();
    bulk->add_flag("--dry-run", options->dry_run, "change nothing; say what would change");
    add_comment_option(*bulk, options->comment);
}

}  // namespace fanion::cli
