#include "common/cli/flag_lifecycle.hpp"

#include "common/base/text.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/files.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

// Makes a change of the definition, which reaches every environment, and prints `done`, or what a
// dry run says.
Exit change_definition(const FlagOptions& options, const Terminal& terminal, PathOf path_of,
                       const std::string& question, AdminCall call, const std::string& done) {
    auto place = FlagPlace::open(options, false);
    if (!place) return terminal.fail(place.error());
    if (!options.dry_run && !question.empty()) {
        if (auto ok = confirm(options.yes, question); !ok) return terminal.fail(ok.error());
    }
    const auto path = ((*place).*path_of)(options.key);
    call.path = path + change_query(options);
    const auto changed = change_at(*place, path, [&](json::Value) -> Result<AdminCall> { return call; });
    if (!changed) return terminal.fail(changed.error());
    terminal.warn(warnings_of(*changed));
    if (options.dry_run) {
        print_dry_run(*changed, terminal);
    } else {
        terminal.print(!terminal.json ? options.key + ' ' + done : changed->body.empty() ? "{}" : changed->body);
    }
    return Exit::ok;
}

Exit run_delete(const FlagOptions& options, const Terminal& terminal) {
    return change_definition(options, terminal, &FlagPlace::flag,
                             "This deletes " + options.key + " in every environment, and its key is not used again.",
                             {.method = net::Method::del, .path = ""}, "is deleted");
}

template <bool Archives>
Exit run_archive(const FlagOptions& options, const Terminal& terminal) {
    return change_archived(options, terminal, &FlagPlace::flag, Archives);
}

Exit run_patch(const FlagOptions& options, const Terminal& terminal) {
    const auto body = read_argument(options.patch);
    if (!body) return terminal.fail(Exit::usage, body.error().detail);
    AdminCall call{.method = net::Method::patch, .path = "", .body = *body};
    call.content_type = patch_type(options.form);
    return change_definition(options, terminal, &FlagPlace::flag, "", std::move(call), "is changed");
}

Exit run_clone(const FlagOptions& options, const Terminal& terminal) {
    return clone_item(options, terminal, &FlagPlace::flag);
}

Exit run_uses(const FlagOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options, false);
    if (!place) return terminal.fail(place.error());
    auto path = place->flag(options.key) + "/uses";
    if (!options.variation.empty()) path += "?variation=" + percent_encode(options.variation);
    return print_uses(*place, path, options.key, terminal);
}

}  // namespace

Exit change_archived(const FlagOptions& options, const Terminal& terminal, PathOf path_of, bool archived) {
    const std::string verb = archived ? "This archives " : "This restores ";
    AdminCall call{.method = net::Method::patch, .path = ""};
    call.body = archived ? R"({"archived":true})" : R"({"archived":false})";
    call.content_type = "application/merge-patch+json";
    return change_definition(options, terminal, path_of, verb + options.key + " in every environment.", std::move(call),
                             archived ? "is archived" : "is restored");
}

Exit clone_item(const FlagOptions& options, const Terminal& terminal, PathOf path_of) {
    auto place = FlagPlace::open(options, false);
    if (!place) return terminal.fail(place.error());
    std::string body;
    json::Writer w(body);
    w.begin_object().member("key", options.copy);
    if (!options.name.empty()) w.member("name", options.name);
    if (!options.salt.empty()) w.member("salt", options.salt);
    if (!options.values.empty()) {
        w.key("environments").begin_array();
        for (const auto& environment : options.values) w.string(environment);
        w.end_array();
    }
    w.end_object();
    const auto path = ((*place).*path_of)(options.key) + "/clone" + change_query(options);
    const auto made = place->client().call({.method = net::Method::post, .path = path, .body = std::move(body)});
    if (!made) return terminal.fail(made.error());
    terminal.warn(warnings_of(*made));
    if (options.dry_run) {
        print_dry_run(*made, terminal);
    } else {
        terminal.print(terminal.json ? made->body : "created " + options.copy + " like " + options.key);
    }
    return Exit::ok;
}

void add_clone_options(CLI::App& clone, const std::shared_ptr<FlagOptions>& options, const std::string& noun) {
    clone.add_option("key", options->copy, "the new " + noun + "'s key")->required();
    clone.add_option("--name", options->name, "name for people; default: that of the source");
    clone.add_option("--from-env", options->values, "whose configuration is copied, repeatable; default: all")
        ->allow_extra_args(false);
}

const char* patch_type(const std::string& form) {
    if (form == "json-patch") return "application/json-patch+json";
    if (form == "instructions") return "application/vnd.fanion.instructions+json";
    return "application/merge-patch+json";
}

Exit print_uses(FlagPlace& place, const std::string& path, const std::string& key, const Terminal& terminal) {
    const auto response = place.client().call({.path = path});
    if (!response) return terminal.fail(response.error());
    if (terminal.json) {
        terminal.print(response->body);
        return Exit::ok;
    }
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    std::vector<std::vector<std::string>> rows{{"KIND", "KEY", "ENVIRONMENT", "PLACE"}};
    for (auto& item : r.array("items")) {
        const auto mark = item.boolean("archived", false) ? " (archived)" : "";
        rows.push_back({item.string("kind", ""), item.string("key", "") + mark, item.string("environment", ""),
                        item.string("place", "")});
    }
    if (r.boolean("has_more", false)) rows.push_back({"(more)"});
    terminal.print(rows.size() == 1 ? "nothing uses " + key : table(rows));
    return Exit::ok;
}

void add_lifecycle_commands(CLI::App& flag, Session& session, const std::shared_ptr<FlagOptions>& options) {
    const auto add = [&](const char* name, const char* help, Exit (*run)(const FlagOptions&, const Terminal&)) {
        auto* command = add_command(flag, session, options, name, help, run);
        command->add_option("flag", options->key, "the flag's key")->required();
        return command;
    };
    const auto add_changing = [&](const char* name, const char* help,
                                  Exit (*run)(const FlagOptions&, const Terminal&)) {
        auto* command = add(name, help, run);
        command->add_flag("--dry-run", options->dry_run, "change nothing; say what would change");
        add_comment_option(*command, options->comment);
        return command;
    };
    auto* remove = add_changing("delete", "delete a flag in every environment", run_delete);
    auto* archive = add_changing("archive", "take a flag out of every ruleset; can be undone", run_archive<true>);
    auto* restore = add_changing("restore", "undo archive", run_archive<false>);
    for (auto* command : {remove, archive, restore})
        command->add_flag("--yes", options->yes, "do not ask, although it reaches every environment");
    auto* clone = add_changing("clone", "create a flag like another", run_clone);
    add_clone_options(*clone, options, "flag");
    clone->add_option("--salt", options->salt, "default: the new key, so that both split their users independently");
    auto* patch = add_changing("patch", "change the definition of a flag, as the admin API does", run_patch);
    patch->add_option("body", options->patch, "the patch as JSON; @FILE, or - for standard input")->required();
    patch->add_option("--form", options->form, "merge, json-patch or instructions")
        ->check(CLI::IsMember({"merge", "json-patch", "instructions"}))
        ->capture_default_str();
    add("uses", "list what depends on a flag", run_uses)
        ->add_option("--variation", options->variation, "on this variation of it");
}

}  // namespace fanion::cli
