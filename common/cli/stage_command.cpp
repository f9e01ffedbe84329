// The end of what an environment holds back from most relays.

#include <memory>
#include <string>

#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/flag_options.hpp"
#include "common/json/reader.hpp"
#include "common/json/writer.hpp"

namespace fanion::cli {
namespace {

struct StageOptions {
    std::string org, project, env, version, comment;
};

Exit end_stage(const StageOptions& options, const Terminal& terminal, const std::string& verb) {
    auto place = FlagPlace::open_project(options.org, options.project, options.env);
    if (!place) return terminal.fail(place.error());
    std::string body;
    json::Writer w(body);
    w.begin_object();
    if (!options.version.empty()) w.member("version", options.version);
    w.end_object();
    const auto path = place->environment() + "/stage/" + verb;
    const auto response = place->client().call(
        {.method = net::Method::post, .path = with_comment(path, options.comment), .body = std::move(body)});
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    if (terminal.json) {
        terminal.print(response->body);
        return Exit::ok;
    }
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    terminal.print(options.env + ": " + r.string("version") + " is " + r.string("state") + "; all relays get " +
                   r.string("released"));
    for (const auto& item : r.strings("kept"))
        terminal.note(item + " is published as before, but its configuration could not be put back");
    return Exit::ok;
}

}  // namespace

void add_stage_commands(CLI::App& app, Session& session) {
    auto options = std::make_shared<StageOptions>();
    auto* group = group_of(app, "environment", "environments of a project");
    const auto add = [&](const char* name, const char* help, Exit (*run)(const StageOptions&, const Terminal&)) {
        auto* command = add_command(*group, session, options, name, help, run);
        command->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
        command->add_option("--project", options->project, "project")->envname("FANION_PROJECT");
        command->add_option("environment", options->env, "its key")->required();
        command->add_option("--version", options->version, "only if this is what is held");
        add_comment_option(*command, options->comment);
    };
    add("release", "send what is held to all relays now",
        [](const StageOptions& o, const Terminal& t) { return end_stage(o, t, "release"); });
    add("withdraw", "take back what is held: all relays get what was before",
        [](const StageOptions& o, const Terminal& t) { return end_stage(o, t, "withdraw"); });
}

}  // namespace fanion::cli
