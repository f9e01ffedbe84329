#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "common/cli/commands.hpp"
#include "common/cli/profiles.hpp"

namespace {

using namespace fanion::cli;

// Searches the arguments because parsing may have failed before it reached --json.
bool asks_for_json(int argc, char** argv) {
    return std::any_of(argv, argv + argc, [](const char* word) { return std::string_view(word) == "--json"; });
}

// The command that was recognised last: `fanion flag` of "fanion flag wave".
const CLI::App& last_recognised(const CLI::App& app) {
    const auto below = app.get_subcommands();
    return below.empty() ? app : last_recognised(*below.back());
}

// What CLI11 reports as a missing command is often a word that it does not know.
std::string describe_mistake(const CLI::App& app, const CLI::ParseError& error) {
    const auto& last = last_recognised(app);
    const auto commands = last.get_subcommands([](const CLI::App*) { return true; });
    const auto unknown = app.remaining(true);
    const bool is_missing = error.get_name() == "RequiredError" && !commands.empty() && last.get_subcommands().empty();
    if (!is_missing) return error.what();
    std::string names;
    for (const auto* command : commands) names += (names.empty() ? "" : ", ") + command->get_name();
    const auto group = &last == &app ? std::string("fanion") : "fanion " + last.get_name();
    if (unknown.empty()) return group + " needs a command: " + names;
    const auto kind = unknown.front().starts_with('-') ? "option" : "command";
    return group + " has no " + kind + " \"" + unknown.front() + "\"; its commands are " + names;
}

// Handles the end of parsing by exception: an error, or --help or --version.
Exit end_of_parsing(const CLI::App& app, const CLI::ParseError& error, bool json) {
    const bool is_mistake = error.get_exit_code() != 0;
    if (is_mistake) return Terminal{json}.fail(Exit::usage, describe_mistake(app, error));
    app.exit(error);
    return Exit::ok;
}

// What people write for each other may be empty, and so may a value of an attribute. Everywhere else nothing is named by no text: a
// variable of a script that is not set must not select everything, or what is chosen by default.
bool may_be_empty(const CLI::Option& option) {
    return option.check_lname("comment") || option.check_lname("description") || option.check_lname("name") ||
           option.check_lname("colour") || option.get_name() == "values";
}

// The first argument that is empty and must not be; "" if there is none.
std::string empty_argument(const CLI::App& app) {
    for (const auto* option : app.get_options()) {
        const auto& given = option->results();
        const bool has_empty = std::find(given.begin(), given.end(), "") != given.end();
        if (has_empty && !may_be_empty(*option)) return option->get_name();
    }
    for (const auto* command : app.get_subcommands())
        if (auto name = empty_argument(*command); !name.empty()) return name;
    return "";
}

Exit run(const Session& session) {
    try {
        const auto code = session.chosen();
        if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
        return session.terminal.fail(Exit::usage, "standard output cannot be written");
    } catch (const std::exception& error) {
        return session.terminal.fail(Exit::refused, std::string("unexpected error: ") + error.what());
    }
}

void add_commands(CLI::App& app, Session& session) {
    add_login_commands(app, session);
    add_flag_commands(app, session);
    add_place_commands(app, session);
    add_segment_commands(app, session);
    add_stats_command(app, session);
    add_invitation_commands(app, session);
    add_member_commands(app, session);
    add_role_commands(app, session);
    add_group_commands(app, session);
    add_identity_provider_commands(app, session);
    add_key_commands(app, session);
    add_token_commands(app, session);
    add_session_commands(app, session);
    add_second_factor_commands(app, session);
    add_webhook_commands(app, session);
    add_request_commands(app, session);
    add_prometheus_commands(app, session);
    add_schedule_commands(app, session);
    add_rollout_commands(app, session);
    add_rollout_policy_commands(app, session);
    add_saved_commands(app, session);
    add_audit_commands(app, session);
    add_usage_command(app, session);
    add_code_commands(app, session);
    add_eval_command(app, session);
    add_check_command(app, session);
    add_rule_commands(app, session);
    add_ruleset_commands(app, session);
    add_trust_commands(app, session);
    add_vectors_command(app, session);
    add_promotion_commands(app, session);
    add_approvals_command(app, session);
    add_lookup_commands(app, session);
    add_profile_commands(app, session);
    add_completion_command(app, session);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Fanion: feature flags from the command line"};
    app.name("fanion");
    app.set_version_flag("--version", "fanion " FANION_VERSION);
    app.footer(
        "Exit codes: 0 success; 1 a negative result (does not compile or verify, findings with --strict, no such flag, "
        "refused); 2 wrong usage;\n"
        "3 no response from the server; 4 not signed in or not permitted; 5 `plan` found differences.");
    app.require_subcommand(1);
    app.fallthrough();  // --json may follow the command

    Session session;
    app.add_flag("--json", session.terminal.json, "print JSON, for scripts");
    std::string profile;
    app.add_option("--profile", profile, "act with this profile")->envname(profile_variable);
    add_commands(app, session);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return static_cast<int>(end_of_parsing(app, error, asks_for_json(argc, argv)));
    }
    if (const auto name = empty_argument(app); !name.empty())
        return static_cast<int>(session.terminal.fail(Exit::usage, name + " must not be empty"));
    // What reads the session asks the environment, as it does for FANION_TOKEN.
    if (!profile.empty()) ::setenv(profile_variable, profile.c_str(), 1);
    if (const auto name = current_profile(); !name) return static_cast<int>(session.terminal.fail(name.error()));
    return static_cast<int>(run(session));
}
