#include <optional>
#include <utility>

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/files.hpp"
#include "common/cli/flag_lifecycle.hpp"
#include "common/cli/pages.hpp"
#include "common/cli/segment_options.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

std::vector<std::string> segment_row(json::Reader& item) {
    return {item.string("key"), item.boolean("archived", false) ? "archived" : "active", item.string("owner", ""),
            item.string("name", ""), item.string("description", "")};
}

Exit run_list_segments(const SegmentOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options, false);
    if (!place) return terminal.fail(place.error());
    const auto segments = read_list(place->client(), place->segments(), definition_query(options));
    if (!segments) return terminal.fail(segments.error());
    return print_list(terminal, *segments, {"KEY", "STATE", "OWNER", "NAME", "DESCRIPTION"}, segment_row);
}

std::string definition_body(const SegmentOptions& options, bool with_key) {
    std::string body;
    json::Writer w(body);
    w.begin_object();
    if (with_key) w.member("key", options.key);
    if (options.given_name) w.member("name", *options.given_name);
    if (options.given_description) w.member("description", *options.given_description);
    if (!options.owner.empty() || options.no_owner) w.member("owner", options.owner);
    if (options.client || options.no_client) w.member("client", options.client);
    if (!options.tags.empty() || options.no_tags) {
        w.key("tags").begin_array();
        for (const auto& tag : options.tags) w.string(tag);
        w.end_array();
    }
    w.end_object();
    return body;
}

// Prints what a change answers, or `done` and the key.
Exit print_change(const SegmentOptions& options, const Terminal& terminal, const Result<net::ClientResponse>& changed,
                  std::string_view done) {
    if (!changed) return terminal.fail(changed.error());
    terminal.warn(warnings_of(*changed));
    terminal.print(terminal.json ? (changed->body.empty() ? "{}" : changed->body)
                                 : std::string(done) + ' ' + options.key);
    return Exit::ok;
}

Exit run_create_segment(const SegmentOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options, false);
    if (!place) return terminal.fail(place.error());
    const auto created = place->client().call({.method = net::Method::post,
                                               .path = place->segments() + change_query(options),
                                               .body = definition_body(options, true)});
    return print_change(options, terminal, created, "created");
}

Exit run_set_segment(const SegmentOptions& options, const Terminal& terminal) {
    auto body = definition_body(options, false);
    if (body == "{}") return terminal.fail(Exit::usage, "nothing to set; see fanion segment set --help");
    auto place = FlagPlace::open(options, false);
    if (!place) return terminal.fail(place.error());
    const auto changed = place->client().call({.method = net::Method::patch,
                                               .path = place->segment(options.key) + change_query(options),
                                               .body = std::move(body),
                                               .content_type = "application/merge-patch+json",
                                               .if_match = "*"});  // what is not given stays
    return print_change(options, terminal, changed, "changed");
}

Exit run_delete_segment(const SegmentOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options, false);
    if (!place) return terminal.fail(place.error());
    if (!options.yes) {
        const auto answer = ask_yes_or_no("Delete the segment " + options.key + " in every environment?");
        if (!answer) return terminal.fail(Exit::usage, "this deletes it in every environment; give --yes to do so");
        if (!*answer) return terminal.fail(Exit::refused, "nothing was changed");
    }
    const auto deleted = place->client().call(
        {.method = net::Method::del, .path = place->segment(options.key) + change_query(options), .if_match = "*"});
    return print_change(options, terminal, deleted, "deleted");
}

// Who belongs to the segment in the environment, rules among it.
Exit run_patch_segment(const SegmentOptions& options, const Terminal& terminal) {
    const auto body = read_argument(options.patch);
    if (!body) return terminal.fail(Exit::usage, body.error().detail);
    auto place = FlagPlace::open(options, true);
    if (!place) return terminal.fail(place.error());
    if (auto ok = options.dry_run ? Result<>() : confirm_change(*place, options); !ok) return terminal.fail(ok.error());
    const auto path = place->segment(options.key) + "/environments/" + percent_encode(place->env());
    const auto changed = change_at(*place, path, [&](json::Value) -> Result<AdminCall> {
        return AdminCall{.method = net::Method::patch,
                         .path = path + change_query(options),
                         .body = *body,
                         .content_type = patch_type(options.form)};
    });
    if (!changed || !options.dry_run) return print_change(options, terminal, changed, "changed");
    terminal.warn(warnings_of(*changed));
    print_dry_run(*changed, terminal);
    return Exit::ok;
}

Exit run_segment_uses(const SegmentOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options, false);
    if (!place) return terminal.fail(place.error());
    return print_uses(*place, place->segment(options.key) + "/uses", options.key, terminal);
}

CLI::App* add_keyed(CLI::App& group, Session& session, const SegmentOptionsPtr& options, const char* name,
                    const char* help, Exit (*run)(const SegmentOptions&, const Terminal&)) {
    auto* command = add_command(group, session, options, name, help, run);
    command->add_option("segment", options->key, "the segment's key")->required();
    return command;
}

void add_definition_options(CLI::App& command, const SegmentOptionsPtr& options) {
    command.add_option("--name", options->given_name, "name for people");
    command.add_option("--description", options->given_description, "description for people");
    command.add_option("--owner", options->owner, "who answers for it");
    command.add_option("--tag", options->tags, "repeat for all that it is to have")->allow_extra_args(false);
    command.add_flag("--client", options->client, "client keys that may have rules may have it");
    add_comment_option(command, options->comment);
}

void add_list_options(CLI::App& command, const SegmentOptionsPtr& options) {
    command.add_option("--list", options->list, "included or excluded")
        ->check(CLI::IsMember({"included", "excluded"}))
        ->capture_default_str();
    command.add_option("--attribute", options->attribute, "default: targetingKey");
}

void add_file_options(CLI::App& command, const SegmentOptionsPtr& options) {
    command.add_option("--format", options->format, "csv or lines; default: csv for *.csv, else a value per line")
        ->check(CLI::IsMember({"csv", "lines"}));
    command.add_option("--column", options->column,
                       "the CSV column that has the values, by its heading; default: the one that is headed like the "
                       "attribute, or the first");
    command.add_flag("--strict", options->strict, "refuse the change if it has warnings");
    command.add_flag("--dry-run", options->dry_run, "change nothing; say what would change");
    add_comment_option(command, options->comment);
    command.add_flag("--yes", options->yes, "change a protected environment without being asked");
}

void add_member_list_commands(CLI::App& segment, Session& session, const SegmentOptionsPtr& options) {
    auto* group = segment.add_subcommand("members", "the values of a segment's lists in --env");
    group->require_subcommand(1);
    group->fallthrough();
    auto* list = add_keyed(*group, session, options, "list", "print the values, one per line", run_list_members);
    list->add_option("--prefix", options->prefix, "only those that begin with this");
    auto* add = add_keyed(*group, session, options, "add", "add values", run_add_members);
    auto* remove = add_keyed(*group, session, options, "remove", "remove values", run_remove_members);
    for (auto* command : {add, remove}) {
        command->add_option("values", options->values, "the values");
        command->add_option("--file", options->file, "a file of values; - for standard input");
    }
    auto* replace =
        add_keyed(*group, session, options, "replace", "replace all values by those of a file", run_replace_members);
    replace->add_option("file", options->file, "a file of values; - for standard input")->required();
    for (auto* command : {list, add, remove, replace}) add_list_options(*command, options);
    for (auto* command : {add, remove, replace}) add_file_options(*command, options);
}

}  // namespace

void add_segment_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<SegmentOptions>();
    options->attribute = "targetingKey";
    auto* segment = app.add_subcommand("segment", "manage the segments of a project");
    segment->require_subcommand(1);
    segment->fallthrough();
    segment->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    segment->add_option("--project", options->project, "project")->envname("FANION_PROJECT");
    segment->add_option("--env", options->env, "environment")->envname("FANION_ENV");
    auto* list = add_command(*segment, session, options, "list", "list segments", run_list_segments);
    add_definition_filters(*list, options, "segments");
    add_keyed(*segment, session, options, "get", "show a segment, and its rules and how long its lists are in --env",
              run_get_segment);
    add_definition_options(*add_keyed(*segment, session, options, "create",
                                      "create a segment, empty in every environment", run_create_segment),
                           options);
    auto* set =
        add_keyed(*segment, session, options, "set", "change what it is, not who belongs to it", run_set_segment);
    add_definition_options(*set, options);
    set->add_flag("--no-owner", options->no_owner, "nobody in particular answers for it")->excludes("--owner");
    set->add_flag("--no-tags", options->no_tags, "it has none any more")->excludes("--tag");
    set->add_flag("--no-client", options->no_client, "client keys may not have it")->excludes("--client");
    auto* remove =
        add_keyed(*segment, session, options, "delete", "delete a segment that nothing refers to", run_delete_segment);
    remove->add_flag("--yes", options->yes, "do not ask");
    add_comment_option(*remove, options->comment);
    auto* patch =
        add_keyed(*segment, session, options, "patch",
                  "change who belongs to it in --env, rules among it, as the admin API does", run_patch_segment);
    patch->add_option("body", options->patch, "the patch as JSON; @FILE, or - for standard input")->required();
    patch->add_option("--form", options->form, "merge, json-patch or instructions")
        ->check(CLI::IsMember({"merge", "json-patch", "instructions"}))
        ->capture_default_str();
    patch->add_flag("--strict", options->strict, "refuse the change if it has warnings");
    patch->add_flag("--dry-run", options->dry_run, "change nothing; say what would change");
    add_comment_option(*patch, options->comment);
    patch->add_flag("--yes", options->yes, "change a protected environment without being asked");
    add_keyed(*segment, session, options, "uses", "list what depends on a segment", run_segment_uses);
    add_segment_lifecycle_commands(*segment, session, options);
    add_member_list_commands(*segment, session, options);
    add_upload_commands(*segment, session, options);
}

}  // namespace fanion::cli
