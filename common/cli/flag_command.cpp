#include <memory>

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/flag_lifecycle.hpp"
#include "common/cli/flag_options.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {

Result<FlagPlace> FlagPlace::open(const FlagOptions& options, bool needs_env) {
    auto credentials = load_session();
    if (!credentials) return credentials.error();
    const auto choose = [](const std::string& given, std::string& remembered) {
        if (!given.empty()) remembered = given;
        return !remembered.empty();
    };
    if (!choose(options.org, credentials->org))
        return Error{Errc::invalid_input, "no organisation given; use --org or FANION_ORG"};
    if (!choose(options.project, credentials->project))
        return Error{Errc::invalid_input, "no project given; use --project or FANION_PROJECT"};
    if (!choose(options.env, credentials->env) && needs_env)
        return Error{Errc::invalid_input, "no environment given; use --env or FANION_ENV"};
    return FlagPlace(std::move(*credentials));
}

Result<FlagPlace> FlagPlace::open_project(const std::string& org, const std::string& project, const std::string& env) {
    FlagOptions options;
    options.org = org;
    options.project = project;
    options.env = env;
    return open(options, false);
}

std::string FlagPlace::organisation() const { return "/orgs/" + percent_encode(credentials_.org); }
std::string FlagPlace::project() const { return organisation() + "/projects/" + percent_encode(credentials_.project); }
std::string FlagPlace::flags() const { return project() + "/flags"; }
std::string FlagPlace::flag(const std::string& key) const { return flags() + "/" + percent_encode(key); }
std::string FlagPlace::environment() const { return project() + "/environments/" + percent_encode(credentials_.env); }
std::string FlagPlace::segments() const { return project() + "/segments"; }
std::string FlagPlace::segment(const std::string& key) const { return segments() + "/" + percent_encode(key); }
std::string FlagPlace::members(const std::string& key) const {
    return segment(key) + "/environments/" + percent_encode(credentials_.env) + "/members";
}
std::string FlagPlace::in_env(const std::string& key) const {
    return flag(key) + "/environments/" + percent_encode(credentials_.env);
}

namespace {

using Options = std::shared_ptr<FlagOptions>;

// One line such as "on = true" for each variation, then the configuration in the environment.
std::string describe_flag(json::Value definition, json::Value config, const std::string& env) {
    std::vector<Finding> findings;
    json::Reader d(definition, findings);
    std::string out = d.string("key") + " (" + d.string("type") + ")  " + visible(d.string("name", ""));
    for (auto& variation : d.array("variations")) {
        out += "\n  " + variation.string("key") + " = " + variation.any("value").to_text();
    }
    if (!config) return out;
    json::Reader c(config, findings);
    out += "\n" + env + ": " + (c.boolean("enabled", false) ? "on" : "off");
    for (const auto* member : {"off", "fallthrough", "rules", "targets", "prerequisites"}) {
        const auto value = c.optional_any(member);
        const bool is_empty = !value || (value.is(json::Kind::array) && value.size() == 0);
        if (!is_empty) out += std::string("\n  ") + member + " " + value.to_text();
    }
    return out;
}

Exit run_get(const FlagOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options, false);
    if (!place) return terminal.fail(place.error());
    const auto definition = place->client().call({.path = place->flag(options.key)});
    if (!definition) return terminal.fail(definition.error());
    std::string config = "null";
    if (!place->env().empty()) {
        auto found = place->client().call({.path = place->in_env(options.key)});
        if (!found) return terminal.fail(found.error());
        config = std::move(found->body);
    }
    if (terminal.json) {
        terminal.print(R"({"flag":)" + definition->body + R"(,"environment":)" + config + "}");
        return Exit::ok;
    }
    json::Document definition_json;
    json::Document config_json;
    if (!definition_json.parse(definition->body) || !config_json.parse(config)) {
        return terminal.fail(Exit::refused, "the server's response is not valid JSON");
    }
    const auto config_root = config_json.root();
    terminal.print(describe_flag(definition_json.root(),
                                 config_root.is(json::Kind::object) ? config_root : json::Value(), place->env()));
    return Exit::ok;
}

Result<std::string> creation_body(const FlagOptions& options) {
    std::string body;
    json::Writer w(body);
    w.begin_object().member("key", options.key).member("type", options.type);
    w.member("name", options.name.empty() ? options.key : options.name);
    if (!options.description.empty()) w.member("description", options.description);
    if (options.client) w.member("client", true);
    if (!options.owner.empty()) w.member("owner", options.owner);
    if (!options.lifetime.empty()) w.member("lifetime", options.lifetime);
    if (!options.tags.empty()) {
        w.key("tags").begin_array();
        for (const auto& tag : options.tags) w.string(tag);
        w.end_array();
    }
    if (!options.variations.empty()) w.key("variations").begin_array();
    for (const auto& variation : options.variations) {
        const auto equals = variation.find('=');
        json::Document value;
        if (equals == std::string::npos || !value.parse(variation.substr(equals + 1))) {
            return Error{Errc::invalid_input, "--variation: '" + variation + "' is not of the form KEY=JSON"};
        }
        w.begin_object()
            .member("key", variation.substr(0, equals))
            .key("value")
            .raw(value.root().to_text())
            .end_object();
    }
    if (!options.variations.empty()) w.end_array();
    w.end_object();
    return body;
}

Exit run_create(const FlagOptions& options, const Terminal& terminal) {
    auto body = creation_body(options);
    if (!body) return terminal.fail(Exit::usage, body.error().detail);
    auto place = FlagPlace::open(options, false);
    if (!place) return terminal.fail(place.error());
    const auto path = place->flags() + change_query(options);
    const auto created = place->client().call({.method = net::Method::post, .path = path, .body = std::move(*body)});
    if (!created) return terminal.fail(created.error());
    terminal.warn(warnings_of(*created));
    if (!terminal.json && options.dry_run) {
        print_dry_run(*created, terminal);
    } else {
        terminal.print(terminal.json ? created->body : "created " + options.key + ", off in every environment");
    }
    return Exit::ok;
}

}  // namespace

Exit run_change(const FlagOptions& options, const Terminal& terminal, const ConfigChange& change, std::string_view done,
                bool is_turned_on) {
    auto place = FlagPlace::open(options, true);
    if (!place) return terminal.fail(place.error());
    if (is_turned_on) {
        if (auto ok = check_not_archived(*place, options); !ok) return terminal.fail(ok.error());
    }
    if (!options.request.empty()) return ask_for_change(*place, options, terminal, change);
    const auto confirmed = options.dry_run ? Result<>() : confirm_change(*place, options);
    if (!confirmed) return terminal.fail(confirmed.error());
    const auto changed = change_config(*place, options, change);
    if (!changed) return terminal.fail(with_advice(changed.error()));
    terminal.warn(warnings_of(*changed));
    if (!terminal.json && options.dry_run) {
        print_dry_run(*changed, terminal);
    } else {
        terminal.print(terminal.json ? changed->body : options.key + " " + std::string(done) + " in " + place->env());
    }
    return Exit::ok;
}

namespace {

Exit run_switch(const FlagOptions& options, const Terminal& terminal, bool on) {
    const ConfigChange change{on ? R"({"enabled":true})" : R"({"enabled":false})"};
    return run_change(options, terminal, change, on ? "is on" : "is off", on);
}

Exit run_set(const FlagOptions& options, const Terminal& terminal) {
    auto patch = make_set_patch(options);
    if (!patch) return terminal.fail(Exit::usage, patch.error().detail);
    return run_change(options, terminal, make_set_change(options, *patch), "is set");
}

void add_strict(CLI::App& command, const Options& options) {
    command.add_flag("--strict", options->strict, "refuse the change if it has warnings");
    command.add_flag("--dry-run", options->dry_run, "change nothing; say what would change");
    add_comment_option(command, options->comment);
}

// A command that changes the configuration in an environment.
void add_change_options(CLI::App& command, const Options& options) {
    add_strict(command, options);
    command.add_flag("--yes", options->yes, "change a protected environment without being asked");
    command.add_flag("--skip-stages", options->skips_stages, "reach all relays at once, not canaries first");
    command
        .add_option("--request", options->request,
                    "do not make the change: ask others to approve it, by a change request with this title")
        ->check([](const std::string& title) { return title.empty() ? std::string("is empty") : std::string(); })
        ->excludes("--yes")
        ->excludes("--dry-run")
        ->excludes("--skip-stages")
        ->excludes("--strict");
}

using MakeBody = Result<std::string> (*)(const FlagOptions&);

template <MakeBody Make>
Exit run_instructions(const FlagOptions& options, const Terminal& terminal) {
    const auto body = Make(options);
    if (!body) return terminal.fail(Exit::usage, body.error().detail);
    return run_change(options, terminal, {*body, patch_type("instructions")}, "is changed");
}

CLI::App* add_flag_command(CLI::App& group, Session& session, const Options& options, const char* name,
                           const char* help, Exit (*run)(const FlagOptions&, const Terminal&), bool takes_key) {
    auto* command = add_command(group, session, options, name, help, run);
    if (takes_key) command->add_option("flag", options->key, "the flag's key")->required();
    return command;
}

CLI::App* add_group(CLI::App& flag, const char* name, const char* help) {
    auto* group = flag.add_subcommand(name, help);
    group->require_subcommand(1);
    group->fallthrough();
    return group;
}

void add_position(CLI::App& command, const Options& options) {
    command.add_option("--before", options->before, "id of the rule to stand before");
    command.add_option("--after", options->after, "id of the rule to stand behind");
    command.add_option("--at", options->at, "index to stand at, 0 for the first");
}

void add_flag_rule_commands(CLI::App& flag, Session& session, const Options& options) {
    auto* group = add_group(flag, "rule", "change the rules of a flag in --env");
    auto* add = add_flag_command(*group, session, options, "add", "add a rule, at the end unless a position is given",
                                 run_instructions<make_rule_addition>, true);
    add->add_option("--when", options->when, "the condition, in the rule language; @FILE or - for standard input")
        ->required();
    add->add_option("--serve", options->serve, "variation that the rule serves");
    add->add_option("--split,--weights", options->split, "split, in percent: on=10,off=90");
    add->add_option("--otherwise", options->otherwise, "what gets the remainder of --split; default: the next rule");
    add->add_option("--id", options->rule, "id of the rule; default: a random one");
    auto* remove = add_flag_command(*group, session, options, "remove", "remove a rule",
                                    run_instructions<make_rule_removal>, true);
    auto* move = add_flag_command(*group, session, options, "move", "move a rule to another place",
                                  run_instructions<make_rule_move>, true);
    for (auto* command : {remove, move}) command->add_option("rule", options->rule, "the rule's id")->required();
    for (auto* command : {add, move}) add_position(*command, options);
    for (auto* command : {add, remove, move}) add_change_options(*command, options);
}

void add_target_commands(CLI::App& flag, Session& session, const Options& options) {
    auto* group = add_group(flag, "target", "change the targets of a flag in --env");
    auto* add = add_flag_command(*group, session, options, "add", "serve a variation to these values",
                                 run_instructions<make_target_addition>, true);
    auto* remove = add_flag_command(*group, session, options, "remove", "no longer serve a variation to these values",
                                    run_instructions<make_target_removal>, true);
    for (auto* command : {add, remove}) {
        command->add_option("variation", options->variation, "the variation")->required();
        command->add_option("values", options->values, "values of the attribute")->required();
        command->add_option("--attribute", options->attribute, "default: targetingKey");
        add_change_options(*command, options);
    }
}

void add_weights_command(CLI::App& flag, Session& session, const Options& options) {
    auto* weights = add_flag_command(flag, session, options, "weights",
                                     "set the percentages of a split in --env; as few as possible change variation",
                                     run_instructions<make_weights_change>, true);
    weights->add_option("weights", options->split, "in percent: on=25,off=75")->required();
    weights->add_option("--rule", options->rule, "id of the rule; default: contexts that match no rule");
    weights->add_option("--otherwise", options->otherwise, "variation for the remainder up to 100 percent");
    add_change_options(*weights, options);
}

}  // namespace

void add_flag_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<FlagOptions>();
    auto* flag = app.add_subcommand("flag", "manage the flags of a project");
    flag->require_subcommand(1);
    flag->fallthrough();
    flag->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    flag->add_option("--project", options->project, "project")->envname("FANION_PROJECT");
    flag->add_option("--env", options->env, "environment")->envname("FANION_ENV");

    add_flag_list_commands(*flag, session, options);
    add_flag_command(*flag, session, options, "get", "show a flag and its configuration in --env", run_get, true);
    auto* create = add_flag_command(*flag, session, options, "create", "create a flag, off in every environment",
                                    run_create, true);
    create->add_option("--type", options->type, "boolean, string, number or json")->capture_default_str();
    create->add_option("--name", options->name, "name for people; default: the key");
    create->add_option("--description", options->description, "description for people");
    create->add_option("--owner", options->owner, "who answers for it");
    create->add_option("--lifetime", options->lifetime, "release, experiment, operational or permission");
    create->add_option("--tag", options->tags, "repeat for each tag")->allow_extra_args(false);
    create->add_option("--variation", options->variations,
                       "KEY=JSON; repeat for each variation; boolean flags have on and off");
    add_strict(*create, options);
    create->add_flag("--client", options->client, "may be evaluated with client keys");
    auto* on = add_flag_command(
        *flag, session, options, "on", "turn a flag on in --env",
        [](const FlagOptions& o, const Terminal& t) { return run_switch(o, t, true); }, true);
    auto* off = add_flag_command(
        *flag, session, options, "off", "turn a flag off in --env",
        [](const FlagOptions& o, const Terminal& t) { return run_switch(o, t, false); }, true);
    auto* set =
        add_flag_command(*flag, session, options, "set", "change a flag's configuration in --env", run_set, true);
    for (auto* change : {on, off, set}) add_change_options(*change, options);
    add_flag_rule_commands(*flag, session, options);
    add_target_commands(*flag, session, options);
    add_weights_command(*flag, session, options);
    add_lifecycle_commands(*flag, session, options);
    add_flag_explain_command(*flag, session, options);
    add_snooze_commands(*flag, session, options);
    add_answer_commands(*flag, session, options);
    set->add_option("--fallthrough", options->fallthrough, "variation for contexts that match no rule");
    set->add_option("--split,--weights", options->split,
                    "split contexts that match no rule, in percent: on=25,off=75; as few as possible change variation");
    set->add_option("--otherwise", options->otherwise, "variation for the remainder of --split up to 100 percent");
    set->add_option("--off", options->off, "variation while the flag is off; none: the caller's own default");
    set->add_option("--patch", options->patch, "JSON merge patch of the configuration; @FILE or - for standard input");
}

}  // namespace fanion::cli
