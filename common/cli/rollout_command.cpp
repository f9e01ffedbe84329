#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/text.hpp"
#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/described.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/files.hpp"
#include "common/cli/pages.hpp"
#include "common/json/reader.hpp"
#include "common/model/percent.hpp"

namespace fanion::cli {
namespace {

struct RolloutOptions {
    std::string org, project, env;  // empty: the default stored by `fanion login`
    std::string id;
    std::string plan;
    std::string flag, state;
    std::string comment;
    bool dry_run = false;
};
using RolloutOptionsPtr = std::shared_ptr<RolloutOptions>;

// A signed-in client and the path of the environment's rollouts.
struct RolloutPlace {
    AdminClient client;
    std::string path;
};

Result<RolloutPlace> open_rollouts(const RolloutOptions& options) {
    auto credentials = load_session();
    if (!credentials) return credentials.error();
    const auto missing = [](std::string what) { return Error{Errc::invalid_input, std::move(what), {}}; };
    const auto& org = options.org.empty() ? credentials->org : options.org;
    const auto& project = options.project.empty() ? credentials->project : options.project;
    const auto& env = options.env.empty() ? credentials->env : options.env;
    if (org.empty()) return missing("no organisation given; use --org or FANION_ORG");
    if (project.empty()) return missing("no project given; use --project or FANION_PROJECT");
    if (env.empty()) return missing("no environment given; use --env or FANION_ENV");
    auto path = "/orgs/" + percent_encode(org) + "/projects/" + percent_encode(project) + "/environments/" +
                percent_encode(env) + "/rollouts";
    return RolloutPlace{AdminClient(std::move(*credentials)), std::move(path)};
}

std::string share_text(json::Reader& r) {
    const auto slots = static_cast<std::uint32_t>(r.integer("share", 0, limits::slots));
    return model::percent_of_slots(slots) + " %";
}

std::vector<std::string> rollout_row(json::Reader& r) {
    const auto step = std::to_string(r.unsigned_integer("step")) + "/" + std::to_string(r.array("steps").size());
    const auto detail = r.string("detail", "");
    return {r.string("id"),
            r.string("flag"),
            r.optional_string("rule").value_or("fallthrough"),
            r.string("state"),
            step,
            share_text(r),
            detail.empty() ? r.optional_string("reason").value_or("-") : detail};
}

Exit run_list_rollouts(const RolloutOptions& options, const Terminal& terminal) {
    auto place = open_rollouts(options);
    if (!place) return terminal.fail(place.error());
    std::string query;
    if (!options.flag.empty()) query += "&flag=" + percent_encode(options.flag);
    if (!options.state.empty()) query += "&state=" + percent_encode(options.state);
    const auto items = read_list(place->client, place->path, query);
    if (!items) return terminal.fail(items.error());
    return print_list(terminal, *items, {"ID", "FLAG", "RULE", "STATE", "STEP", "SHARE", "WHY"}, rollout_row);
}

Exit run_get_rollout(const RolloutOptions& options, const Terminal& terminal) {
    auto place = open_rollouts(options);
    if (!place) return terminal.fail(place.error());
    const auto response = place->client.call({.path = place->path + '/' + percent_encode(options.id)});
    return print_described(response, terminal);
}

Exit print_changes(const net::ClientResponse& response, const Terminal& terminal) {
    json::Document document;
    if (auto parsed = read_answer(document, response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    for (const auto& sentence : r.strings("changes")) terminal.print(sentence);
    return Exit::ok;
}

// "started ro_..: running"
Exit print_state(const Result<net::ClientResponse>& response, const Terminal& terminal, std::string_view what) {
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    terminal.print(terminal.json ? response->body
                                 : std::string(what) + ' ' + r.string("id") + "; it is " + r.string("state"));
    return Exit::ok;
}

// `rollout`: "", or '/' and the id of the one that gets the plan.
Exit send_plan(const RolloutOptions& options, const Terminal& terminal, net::Method method, const std::string& rollout,
               std::string_view done) {
    const auto plan = read_argument(options.plan);
    if (!plan) return terminal.fail(plan.error());
    auto place = open_rollouts(options);
    if (!place) return terminal.fail(place.error());
    const auto path = with_comment(place->path + rollout + (options.dry_run ? "?dry_run=true" : ""), options.comment);
    const auto response = place->client.call({.method = method, .path = path, .body = *plan});
    if (response && options.dry_run && !terminal.json) return print_changes(*response, terminal);
    return print_state(response, terminal, done);
}

Exit run_start_rollout(const RolloutOptions& options, const Terminal& terminal) {
    return send_plan(options, terminal, net::Method::post, "", "started");
}

Exit run_change_rollout(const RolloutOptions& options, const Terminal& terminal) {
    return send_plan(options, terminal, net::Method::patch, '/' + percent_encode(options.id), "changed");
}

Exit act(const RolloutOptions& options, const Terminal& terminal, const std::string& action, std::string_view done) {
    auto place = open_rollouts(options);
    if (!place) return terminal.fail(place.error());
    const auto path = with_comment(place->path + '/' + percent_encode(options.id) + '/' + action, options.comment);
    const auto response = place->client.call({.method = net::Method::post, .path = path, .body = "{}"});
    return print_state(response, terminal, done);
}

Exit run_pause_rollout(const RolloutOptions& options, const Terminal& terminal) {
    return act(options, terminal, "pause", "paused");
}
Exit run_resume_rollout(const RolloutOptions& options, const Terminal& terminal) {
    return act(options, terminal, "resume", "resumed");
}
Exit run_cancel_rollout(const RolloutOptions& options, const Terminal& terminal) {
    return act(options, terminal, "cancel", "cancelled");
}
Exit run_approve_rollout(const RolloutOptions& options, const Terminal& terminal) {
    return act(options, terminal, "approve", "approved the next step of");
}

struct RolloutVerb {
    const char* name;
    const char* help;
    Exit (*run)(const RolloutOptions&, const Terminal&);
};

}  // namespace

void add_rollout_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<RolloutOptions>();
    auto* group = app.add_subcommand("rollout", "progressive rollouts");
    group->require_subcommand(1);
    group->fallthrough();
    group->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    group->add_option("--project", options->project, "project")->envname("FANION_PROJECT");
    group->add_option("--env", options->env, "environment")->envname("FANION_ENV");
    auto* list = add_command(*group, session, options, "list", "list rollouts of an environment", run_list_rollouts);
    list->add_option("--flag", options->flag, "only of this flag");
    list->add_option("--state", options->state,
                     "running, held, paused, completed, rolled_back, turned_off or cancelled");
    auto* start = add_command(*group, session, options, "start", "carry out a plan", run_start_rollout);
    auto* change =
        add_command(*group, session, options, "change", "give one that is under way another plan", run_change_rollout);
    change->add_option("id", options->id, "as `fanion rollout list` prints it")->required();
    for (auto* command : {start, change}) {
        command->add_option("plan", options->plan, "JSON; @FILE, or - for standard input")->required();
        add_comment_option(*command, options->comment);
        command->add_flag("--dry-run", options->dry_run, "check the plan, and print its steps");
    }
    auto* get = add_command(*group, session, options, "get", "print it, with its decisions", run_get_rollout);
    get->add_option("id", options->id, "as `fanion rollout list` prints it")->required();
    for (const RolloutVerb& verb : {RolloutVerb{"pause", "take no further step", run_pause_rollout},
                                    RolloutVerb{"resume", "go on", run_resume_rollout},
                                    RolloutVerb{"cancel", "end it and leave the present share", run_cancel_rollout},
                                    RolloutVerb{"approve", "approve the next step", run_approve_rollout}}) {
        auto* command = add_command(*group, session, options, verb.name, verb.help, verb.run);
        command->add_option("id", options->id, "as `fanion rollout list` prints it")->required();
        add_comment_option(*command, options->comment);
    }
}

}  // namespace fanion::cli
