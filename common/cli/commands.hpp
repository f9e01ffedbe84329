#pragma once

// The commands of `fanion`, one file per group. Each function adds its commands to the command
// line. A command's callback stores the function to run in Session::chosen.

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

#include "common/cli/terminal.hpp"

namespace fanion::cli {

// State shared by all commands. Must outlive parsing and running.
struct Session {
    Terminal terminal;
    std::function<Exit()> chosen;  // set by the command on the command line, called after parsing
};

// Adds a command of `group` that runs `run` with the options of its group.
template <class Options>
CLI::App* add_command(CLI::App& group, Session& session, const std::shared_ptr<Options>& options, const char* name,
                      const char* help, Exit (*run)(const Options&, const Terminal&)) {
    auto* command = group.add_subcommand(name, help);
    command->callback([options, &session, run] {
        session.chosen = [options, &session, run] { return run(*options, session.terminal); };
    });
    return command;
}

void add_login_commands(CLI::App& app, Session& session);       // login, logout
void add_flag_commands(CLI::App& app, Session& session);        // flag list|get|create|on|off|set|rule|target|weights
void add_invitation_commands(CLI::App& app, Session& session);  // invitation list|create|withdraw
void add_member_commands(CLI::App& app, Session& session);      // member list|role|unassign|remove
void add_role_commands(CLI::App& app, Session& session);        // role list|mine|get|create|set|delete
void add_token_commands(CLI::App& app, Session& session);       // token list|create|rotate|revoke
void add_session_commands(CLI::App& app, Session& session);     // session list|end|end-others
void add_key_commands(CLI::App& app, Session& session);         // key list|rotate
void add_webhook_commands(CLI::App& app, Session& session);     // webhook list|create|set|test|deliveries|replay|..
void add_rollout_commands(CLI::App& app, Session& session);     // rollout list|get|start|pause|resume|cancel|approve
void add_audit_commands(CLI::App& app, Session& session);       // audit list|export|verify|tail|revert
void add_eval_command(CLI::App& app, Session& session);         // eval
void add_check_command(CLI::App& app, Session& session);        // check
void add_rule_commands(CLI::App& app, Session& session);        // rule parse|print
void add_ruleset_commands(CLI::App& app, Session& session);     // ruleset verify
void add_trust_commands(CLI::App& app, Session& session);       // trust init
void add_vectors_command(CLI::App& app, Session& session);      // vectors

}  // namespace fanion::cli
