// How many approvals an environment wants.

#include <memory>
#include <optional>
#include <string>

#include "common/cli/admin_client.hpp"
#include "common/cli/commands.hpp"
#include "common/cli/exchange.hpp"
#include "common/cli/flag_options.hpp"
#include "common/json/reader.hpp"

namespace fanion::cli {
namespace {

struct ApprovalsOptions {
    std::string org, project, env;
    std::optional<unsigned> required;
    std::string comment;
};

Exit run_approvals(const ApprovalsOptions& options, const Terminal& terminal) {
    auto place = FlagPlace::open_project(options.org, options.project, options.env);
    if (!place) return terminal.fail(place.error());
    AdminCall call{.path = place->environment() + "/approvals"};
    if (options.required) {
        call.method = net::Method::put;
        call.path = with_comment(std::move(call.path), options.comment);
        call.body = R"({"required":)" + std::to_string(*options.required) + '}';
    }
    const auto response = place->client().call(std::move(call));
    if (!response) return terminal.fail(response.error());
    json::Document document;
    if (auto parsed = read_answer(document, *response); !parsed) return terminal.fail(parsed.error());
    std::vector<Finding> ignored;
    json::Reader r(document.root(), ignored);
    const auto required = r.unsigned_integer("required");
    terminal.print(terminal.json ? response->body
                                 : "changes in " + options.env + " take " + std::to_string(required) +
                                       (required == 1 ? " approval" : " approvals"));
    return Exit::ok;
}

}  // namespace

void add_approvals_command(CLI::App& app, Session& session) {
    auto options = std::make_shared<ApprovalsOptions>();
    auto* group = group_of(app, "environment", "environments of a project");
    auto* command = add_command(*group, session, options, "approvals",
                                "print how many approvals changes take, or set it", run_approvals);
    command->add_option("--org", options->org, "organisation")->envname("FANION_ORG");
    command->add_option("--project", options->project, "project")->envname("FANION_PROJECT");
    command->add_option("environment", options->env, "its key")->required();
    command->add_option("required", options->required, "0 to 10");
    add_comment_option(*command, options->comment);
}

}  // namespace fanion::cli
