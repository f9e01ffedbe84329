#pragma once

// The commands of `fanion`, one file per group. Each adds itself to the command line; the chosen one leaves its exit code.

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "common/cli/terminal.hpp"

namespace fanion::cli {

// What the whole command line shares. Outlives parsing and running.
struct Session {
    Terminal terminal;
    std::function<Exit()> chosen;  // set by the command that was given; run after parsing
};

void add_login_commands(CLI::App& app, Session& session);    // login, logout
void add_flag_commands(CLI::App& app, Session& session);     // flag list|get|create|on|off|set
void add_eval_command(CLI::App& app, Session& session);      // eval
void add_check_command(CLI::App& app, Session& session);     // check
void add_rule_commands(CLI::App& app, Session& session);     // rule parse|print
void add_ruleset_commands(CLI::App& app, Session& session);  // ruleset verify
void add_trust_commands(CLI::App& app, Session& session);    // trust init
void add_vectors_command(CLI::App& app, Session& session);   // vectors

}  // namespace fanion::cli
