// What signing in takes, when a flag is done with, and how long events are kept. Each command prints the settings, or sets
// what is given.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/text.hpp"
#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/flag_options.hpp"
#include "common/cli/organisation.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

struct SettingsOptions {
    std::string org, project;
    std::string second_factor;  // required or optional; empty: print
    std::optional<unsigned> constant_days, unused_days;
    std::vector<std::string> lifetimes;  // release=60, permission=none
    std::string event_days;              // or default; empty: print
    std::string comment;
};

// Sends what `describe` makes of the answer to the terminal.
Exit print_settings(const Terminal& terminal, const Result<net::ClientResponse>& response,
                    std::string (*describe)(json::Reader& settings)) {
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    terminal.print(terminal.json ? response->body : describe(r));
    return Exit::ok;
}

AdminCall replacement_of(const SettingsOptions& options, const std::string& path, std::string body) {
    return {.method = net::Method::put, .path = with_comment(path, options.comment), .body = std::move(body)};
}

std::string describe_sign_in(json::Reader& settings) {
    const bool is_required = settings.string("second_factor", "") == "required";
    return is_required ? "members need a second factor" : "a second factor is optional";
}

Exit run_sign_in(const SettingsOptions& options, const Terminal& terminal) {
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto path = org->path + "/sign-in";
    if (options.second_factor.empty())
        return print_settings(terminal, org->client.call({.path = path}), describe_sign_in);
    std::string body;
    json::Writer(body).begin_object().member("second_factor", options.second_factor).end_object();
    return print_settings(terminal, org->client.call(replacement_of(options, path, std::move(body))), describe_sign_in);
}

std::string describe_events(json::Reader& settings) {
    return settings.is_null("retention_days") ? "exposures and metric events are kept as long as the operator has set"
                                              : "exposures and metric events are kept for " +
                                                    std::to_string(settings.unsigned_integer("retention_days", 0)) +
                                                    " days, if the operator has not set fewer";
}

Exit run_event_retention(const SettingsOptions& options, const Terminal& terminal) {
    const bool is_default = options.event_days == "default";
    const auto days = parse_u64(options.event_days);
    if (!is_default && !days && !options.event_days.empty())
        return terminal.fail(Exit::usage, "--days: give a number of days, or default");
    auto org = open_organisation(options.org);
    if (!org) return terminal.fail(org.error());
    const auto path = org->path + "/event-settings";
    if (options.event_days.empty()) return print_settings(terminal, org->client.call({.path = path}), describe_events);
    auto body = R"({"retention_days":)" + (is_default ? "null" : std::to_string(*days)) + '}';
    return print_settings(terminal, org->client.call(replacement_of(options, path, std::move(body))), describe_events);
}

constexpr const char* lifetime_names[] = {"release", "experiment", "operational", "permission"};

std::string describe_days(json::Reader& settings, std::string_view name) {
    return settings.is_null(name) ? "stays" : std::to_string(settings.unsigned_integer(name, 0)) + " days";
}

std::string describe_lifecycle(json::Reader& settings) {
    std::vector<std::vector<std::string>> rows{{"unused after", describe_days(settings, "unused_days")},
                                               {"constant after", describe_days(settings, "constant_days")}};
    auto lifetimes = settings.object("lifetimes");
    for (const auto* name : lifetime_names) rows.push_back({name, describe_days(lifetimes, name)});
    return table(rows);
}

// The present settings with what the options give. Error: invalid_input, --lifetime is malformed.
Result<std::string> lifecycle_body(const SettingsOptions& options, json::Value present) {
    std::vector<Finding> ignored;
    json::Reader settings(present, ignored);
    auto lifetimes = settings.object("lifetimes");
    std::string body;
    json::Writer w(body);
    w.begin_object();
    w.key("unused_days").unsigned_integer(options.unused_days.value_or(settings.unsigned_integer("unused_days", 0)));
    w.key("constant_days")
        .unsigned_integer(options.constant_days.value_or(settings.unsigned_integer("constant_days", 0)));
    w.key("lifetimes").begin_object();
    std::size_t used = 0;
    for (const std::string name : lifetime_names) {
        auto days = lifetimes.any(name).to_text();
        for (const auto& given : options.lifetimes) {
            if (!given.starts_with(name + '=')) continue;
            days = given.substr(name.size() + 1);
            ++used;
            if (days == "none") days = "null";
        }
        json::Document value;
        if (!value.parse(days)) return Error{Errc::invalid_input, "--lifetime: give days or none, as release=60"};
        w.key(name).raw(days);
    }
    w.end_object().end_object();
    if (used != options.lifetimes.size()) {
        return Error{Errc::invalid_input,
                     "--lifetime: give one of release, experiment, operational and permission, as release=60"};
    }
    return body;
}

Exit run_lifecycle(const SettingsOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open_project(options.org, options.project);
    if (!place) return terminal.fail(place.error());
    const auto path = place->project() + "/lifecycle/settings";
    const bool changes = options.unused_days || options.constant_days || !options.lifetimes.empty();
    if (!changes) return print_settings(terminal, place->client().call({.path = path}), describe_lifecycle);
    const auto changed = change_at(*place, path, [&](json::Value present) -> Result<AdminCall> {
        auto body = lifecycle_body(options, present);
        if (!body) return body.error();
        return replacement_of(options, path, std::move(*body));
    });
    return print_settings(terminal, changed, describe_lifecycle);
}

CLI::App* add_settings_command(CLI::App& group, Session& session, const std::shared_ptr<SettingsOptions>& options,
                               const char* name, const char* help,
                               Exit (*run)(const SettingsOptions&, const Terminal&)) {
    auto* command = add_command(group, session, options, name, help, run);
    add_comment_option(*command, options->comment);
    return command;
}

}  // namespace

void add_settings_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<SettingsOptions>();
    auto* sign_in = add_settings_command(app, session, options, "sign-in",
                                         "print or set what signing in takes of members", run_sign_in);
    sign_in->add_option("--second-factor", options->second_factor, "required or optional")
        ->check(CLI::IsMember({"required", "optional"}));
    auto* lifecycle =
        add_settings_command(app, session, options, "lifecycle",
                             "print or set after how many days a flag of a project is done with", run_lifecycle);
    lifecycle->add_option("--project", options->project, "project")->envname("FANION_PROJECT");
    lifecycle->add_option("--unused-days", options->unused_days, "without an evaluation");
    lifecycle->add_option("--constant-days", options->constant_days, "of the same answer to everybody");
    lifecycle->add_option("--lifetime", options->lifetimes, "of a kind, repeatable: release=60, operational=none")
        ->allow_extra_args(false);
    auto* events =
        add_settings_command(app, session, options, "event-retention",
                             "print or set how long exposures and metric events are kept", run_event_retention);
    events->add_option("--days", options->event_days, "7 to 36500, or default: as the operator has set");
    for (auto* command : {sign_in, lifecycle, events})
        command->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
}

}  // namespace fanion::cli
