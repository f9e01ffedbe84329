#include <algorithm>

#include "common/base/text.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/flag_options.hpp"
#include "common/cli/pages.hpp"
#include "common/json/reader.hpp"

namespace fanion::cli {
namespace {

std::string parameter(const char* name, const std::string& value) {
    return value.empty() ? "" : "&" + std::string(name) + "=" + percent_encode(value);
}

std::string owner_query(const FlagOptions& options) {
    return options.is_unowned ? "&owner=" : parameter("owner", options.owner);
}

// `environment`: empty: not asked for.
std::string list_query(const FlagOptions& options, const std::string& environment) {
    return definition_query(options) + parameter("type", options.of_type) + parameter("lifetime", options.lifetime) +
           parameter("environment", environment) + parameter("enabled", options.enabled) +
           parameter("evaluated", options.evaluated) + parameter("evaluated_after", options.evaluated_after) +
           parameter("evaluated_before", options.evaluated_before);
}

// Of the environments of a flag. Times of one form are in the order of their texts.
std::string last_evaluation(json::Reader& flag) {
    std::string last;
    auto environments = flag.object("environments");
    if (!environments.is_object()) return "never";
    for (const auto& [name, value] : environments.value().members()) {
        std::vector<Finding> ignored;
        json::Reader environment(value, ignored);
        last = std::max(last, environment.optional_string("evaluated_at").value_or(""));
    }
    return last.empty() ? "never" : last;
}

std::vector<std::string> row_of_flag(json::Reader& flag) {
    return {flag.string("key"),       flag.string("type"),   flag.boolean("archived", false) ? "archived" : "active",
            flag.string("owner", ""), last_evaluation(flag), flag.string("name", "")};
}

Exit run_list(const FlagOptions& options, const Terminal& terminal) {
    const bool needs_env = !options.enabled.empty();
    auto place = FlagPlace::open(options, needs_env);
    if (!place) return terminal.fail(place.error());
    const auto query = list_query(options, needs_env ? place->env() : options.env);
    const auto flags = read_list(place->client(), place->flags(), query);
    if (!flags) return terminal.fail(flags.error());
    return print_list(terminal, *flags, {"KEY", "TYPE", "STATE", "OWNER", "EVALUATED", "NAME"}, row_of_flag);
}

// "constant since 2026-10-01T10:00:00Z, keep `on`"
std::string describe_stale(json::Reader& finding) {
    auto text = finding.string("reason") + " since " + finding.string("since");
    if (!finding.has("keep")) return text;
    if (finding.is_null("keep")) return text + ", keep the caller's own default";
    return text + ", keep `" + finding.string("keep") + "`";
}

std::vector<std::string> row_of_stale(json::Reader& item) {
    std::string findings;
    for (auto& finding : item.array("findings")) findings += (findings.empty() ? "" : "; ") + describe_stale(finding);
    auto row = std::vector{item.string("flag"), item.string("owner", ""), item.optional_string("lifetime").value_or(""),
                           std::move(findings)};
    if (!item.is_null("snoozed")) row.back() += "; snoozed until " + item.object("snoozed").string("until", "");
    return row;
}

Exit run_stale(const FlagOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options, false);
    if (!place) return terminal.fail(place.error());
    const auto query =
        parameter("reason", options.reason) + owner_query(options) + (options.is_snoozed ? "&snoozed=true" : "");
    const auto found = read_list(place->client(), place->project() + "/lifecycle", query);
    if (!found) return terminal.fail(found.error());
    return print_list(terminal, *found, {"FLAG", "OWNER", "LIFETIME", "WHY"}, row_of_stale);
}

void add_search_options(CLI::App& list, const std::shared_ptr<FlagOptions>& options) {
    list.add_option("--type", options->of_type, "boolean, string, number or json");
    list.add_option("--lifetime", options->lifetime, "release, experiment, operational, permission or none");
    list.add_option("--enabled", options->enabled, "true or false: on or off in --env");
    list.add_option("--evaluated", options->evaluated, "never: those without an evaluation, in --env if it is given");
    list.add_option("--evaluated-after", options->evaluated_after, "last evaluated at this time or later");
    list.add_option("--evaluated-before", options->evaluated_before, "not evaluated since this time, or never");
}

void add_owner_options(CLI::App& command, const std::shared_ptr<FlagOptions>& options, const std::string& what) {
    auto* owner = command.add_option("--owner", options->owner, "whose " + what);
    command.add_flag("--unowned", options->is_unowned, what + " without an owner")->excludes(owner);
}

}  // namespace

std::string definition_query(const FlagOptions& options) {
    auto query = parameter("q", options.text) + parameter("state", options.state) + parameter("sort", options.sort);
    for (const auto& tag : options.tags) query += "&tag=" + percent_encode(tag);
    return query + owner_query(options);
}

void add_definition_filters(CLI::App& list, const std::shared_ptr<FlagOptions>& options, const std::string& what) {
    const std::string more = what == "flags" ? ", updated or evaluated" : " or updated";
    list.add_option("--search", options->text, "a part of key, name or description");
    list.add_option("--tag", options->tags, "repeat for " + what + " that have all of them");
    list.add_option("--state", options->state, "active or archived; default: both");
    list.add_option("--sort", options->sort, "key, name, created" + more + "; -key and so on: descending");
    add_owner_options(list, options, what);
}

void add_flag_list_commands(CLI::App& flag, Session& session, const std::shared_ptr<FlagOptions>& options) {
    auto* list = add_command(flag, session, options, "list", "list flags", run_list);
    add_definition_filters(*list, options, "flags");
    add_search_options(*list, options);
    auto* stale = add_command(flag, session, options, "stale", "list flags that are done with, and why", run_stale);
    stale->add_option("--reason", options->reason, "unused, constant or expired");
    stale->add_flag("--snoozed", options->is_snoozed, "those that are snoozed too");
    add_owner_options(*stale, options, "flags");
}

}  // namespace fanion::cli
