#include <memory>
#include <string>
#include <vector>

#include "common/base/text.hpp"
#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/described.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/files.hpp"
#include "common/cli/flag_options.hpp"
#include "common/cli/pages.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

struct ScheduleOptions {
    FlagOptions place;
    std::string id, state;
    std::string name, change, at, every, time, weekday;
    unsigned day = 0;
    std::string comment;
};
using ScheduleOptionsPtr = std::shared_ptr<ScheduleOptions>;

std::string schedules_path(const FlagPlace& place) { return place.environment() + "/schedules"; }

std::vector<std::string> schedule_row(json::Reader& r) {
    auto change = r.object("change");
    const auto next = r.optional_string("next_at");
    return {r.string("id"), r.string("state"), next.value_or("-"),
            change.string("method") + ' ' + change.string("path"), r.string("last_error")};
}

Exit run_schedule_list(const ScheduleOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options.place, true);
    if (!place) return terminal.fail(place.error());
    const auto query = options.state.empty() ? "" : "&state=" + percent_encode(options.state);
    const auto items = read_list(place->client(), schedules_path(*place), query);
    if (!items) return terminal.fail(items.error());
    return print_list(terminal, *items, {"ID", "STATE", "NEXT", "CHANGE", "LAST ERROR"}, schedule_row);
}

Exit run_schedule_get(const ScheduleOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options.place, true);
    if (!place) return terminal.fail(place.error());
    const auto response = place->client().call({.path = schedules_path(*place) + '/' + percent_encode(options.id)});
    return print_described(response, terminal);
}

// With what is given of name and time.
std::string body_of(const ScheduleOptions& options, const std::string& change = "") {
    std::string body;
    json::Writer w(body);
    w.begin_object();
    if (!options.name.empty()) w.member("name", options.name);
    if (!change.empty()) w.key("change").raw(change);
    if (!options.at.empty()) w.member("at", options.at);
    if (!options.every.empty()) {
        w.key("repeat").begin_object().member("every", options.every).member("time", options.time);
        if (!options.weekday.empty()) w.member("weekday", options.weekday);
        if (options.day != 0) w.member("day", std::uint64_t{options.day});
        w.end_object();
    }
    w.end_object();
    return body;
}

// "created sc_.., next at ..": of a schedule that was made or changed.
Exit print_made(const net::ClientResponse& response, const char* done, const Terminal& terminal) {
    json::Document document;
    if (auto parsed = read_answer(document, response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    const auto next = r.optional_string("next_at");
    const auto when = next ? ", next at " + *next : "";
    terminal.print(terminal.json ? response.body : done + (' ' + r.string("id")) + when);
    return Exit::ok;
}

Exit run_schedule_create(const ScheduleOptions& options, const Terminal& terminal) {
    const auto change = read_argument(options.change);
    if (!change) return terminal.fail(change.error());
    json::Document document;
    if (auto parsed = document.parse(*change); !parsed) return terminal.fail(parsed.error());
    auto place = FlagPlace::open(options.place, true);
    if (!place) return terminal.fail(place.error());
    const auto path = with_comment(schedules_path(*place), options.comment);
    const auto response =
        place->client().call({.method = net::Method::post, .path = path, .body = body_of(options, *change)});
    if (!response) return terminal.fail(response.error());
    return print_made(*response, "created", terminal);
}

Exit change_schedule(const ScheduleOptions& options, const std::string& body, const char* done,
                     const Terminal& terminal) {
    auto place = FlagPlace::open(options.place, true);
    if (!place) return terminal.fail(place.error());
    const auto path = with_comment(schedules_path(*place) + '/' + percent_encode(options.id), options.comment);
    const auto response = place->client().call({.method = net::Method::patch, .path = path, .body = body});
    if (!response) return terminal.fail(response.error());
    return print_made(*response, done, terminal);
}

Exit run_schedule_set(const ScheduleOptions& options, const Terminal& terminal) {
    if (options.name.empty() && options.at.empty() && options.every.empty())
        return terminal.fail(Exit::usage, "give --name, --at or --every");
    return change_schedule(options, body_of(options), "changed", terminal);
}

Exit run_schedule_pause(const ScheduleOptions& options, const Terminal& terminal) {
    return change_schedule(options, R"({"state":"paused"})", "paused", terminal);
}

Exit run_schedule_resume(const ScheduleOptions& options, const Terminal& terminal) {
    return change_schedule(options, R"({"state":"active"})", "resumed", terminal);
}

Exit run_schedule_cancel(const ScheduleOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open(options.place, true);
    if (!place) return terminal.fail(place.error());
    const auto path = with_comment(schedules_path(*place) + '/' + percent_encode(options.id), options.comment);
    const auto response = place->client().call({.method = net::Method::del, .path = path});
    if (!response) return terminal.fail(response.error());
    terminal.print(terminal.json ? "{}" : "cancelled " + options.id);
    return Exit::ok;
}

void add_time_options(CLI::App& command, ScheduleOptions& options) {
    command.add_option("--name", options.name, "name for people");
    auto* at = command.add_option("--at", options.at, "once, at this time: 2026-11-21T10:00:00Z");
    auto* every = command.add_option("--every", options.every, "day, week or month")->excludes(at);
    auto* time = command.add_option("--time", options.time, "with --every: 09:00, in UTC")->needs(every);
    every->needs(time);
    command.add_option("--weekday", options.weekday, "with --every week: monday")->needs(every);
    command.add_option("--day", options.day, "with --every month: 1 to 28")->needs(every);
}

}  // namespace

void add_schedule_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<ScheduleOptions>();
    auto* group = app.add_subcommand("schedule", "changes of an environment at a time, or repeating");
    group->require_subcommand(1);
    group->fallthrough();
    group->add_option("--org", options->place.org, "organisation")->envname("FANION_ORG");
    group->add_option("--project", options->place.project, "project")->envname("FANION_PROJECT");
    group->add_option("--env", options->place.env, "environment")->envname("FANION_ENV");
    auto* list = add_command(*group, session, options, "list", "list schedules, newest first", run_schedule_list);
    list->add_option("--state", options->state, "active, paused, done, failed or cancelled");
    auto* create = add_command(*group, session, options, "create", "schedule a change", run_schedule_create);
    create->add_option("change", options->change, "JSON; @FILE or - reads it")->required();
    add_time_options(*create, *options);
    const auto add_one = [&](const char* name, const char* help, Exit (*run)(const ScheduleOptions&, const Terminal&)) {
        auto* command = add_command(*group, session, options, name, help, run);
        command->add_option("id", options->id, "as `fanion schedule list` prints it")->required();
        return command;
    };
    add_one("get", "print it", run_schedule_get);
    auto* set = add_one("set", "give it another time or name", run_schedule_set);
    add_time_options(*set, *options);
    auto* pause = add_one("pause", "do not carry it out until it is resumed", run_schedule_pause);
    auto* resume = add_one("resume", "carry out a paused or failed one at its next time", run_schedule_resume);
    auto* cancel = add_one("cancel", "cancel it; it stays, to be seen", run_schedule_cancel);
    for (auto* command : {create, set, pause, resume, cancel}) add_comment_option(*command, options->comment);
}

}  // namespace fanion::cli
