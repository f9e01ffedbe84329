#pragma once

// The commands of `fanion`, one file per group. Each function adds its commands to the command
// line. A command's callback stores the function to run in Session::chosen.

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/cli/terminal.hpp"

namespace fanion::cli {

// State shared by all commands. Must outlive parsing and running.
struct Session {
    Terminal terminal;
    std::function<Exit()> chosen;  // set by the command on the command line, called after parsing
};

// The group of commands of that name, which is added if it is not there: a group may have its
// commands from several files.
CLI::App* group_of(CLI::App& app, const char* name, const char* help);

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

// Adds --comment to a command that changes something of an organisation: with_comment().
CLI::Option* add_comment_option(CLI::App& command, std::string& comment);

// Adds every command, or, where `word` is the name of one at the top, only those of the functions
// below that add to it: building the whole tree takes longer than most commands.
void add_commands(CLI::App& app, Session& session, std::string_view word);

void add_login_commands(CLI::App& app, Session& session);       // login, logout
void add_flag_commands(CLI::App& app, Session& session);        // flag list|stale|get|create|on|off|set|rule|..
void add_stats_command(CLI::App& app, Session& session);        // stats
void add_place_commands(CLI::App& app, Session& session);       // org|project|environment list|get|create|set|delete|..
void add_segment_commands(CLI::App& app, Session& session);     // segment list|get|create|set|delete|patch|..
void add_promotion_commands(CLI::App& app, Session& session);   // environment compare|promote|rollback|history
void add_stage_commands(CLI::App& app, Session& session);       // environment release|withdraw
void add_lookup_commands(CLI::App& app, Session& session);      // propagation, attributes, search, bulk
void add_profile_commands(CLI::App& app, Session& session);     // profile list|use|add|remove
void add_completion_command(CLI::App& app, Session& session);   // completion
void add_manual_command(CLI::App& app, Session& session);       // manual
void add_invitation_commands(CLI::App& app, Session& session);  // invitation list|create|withdraw
void add_member_commands(CLI::App& app, Session& session);      // member list|role|unassign|remove
void add_role_commands(CLI::App& app, Session& session);        // role list|mine|get|create|set|delete
void add_group_commands(CLI::App& app, Session& session);       // group list, group-roles show|set
void add_token_commands(CLI::App& app, Session& session);       // token list|create|rotate|revoke
void add_session_commands(CLI::App& app, Session& session);     // session list|end|end-others
void add_key_commands(CLI::App& app, Session& session);         // key list|create|rotate|revoke
void add_webhook_commands(CLI::App& app, Session& session);     // webhook list|create|set|test|deliveries|replay|..
void add_request_commands(CLI::App& app, Session& session);     // request list|create|get|approve|apply|bypass|..
void add_saved_commands(CLI::App& app,
                        Session& session);  // view|context list|get|create|set|delete; relay list|deliveries
void add_approvals_command(CLI::App& app, Session& session);    // environment approvals
void add_prometheus_commands(CLI::App& app, Session& session);  // prometheus list|set|delete
void add_schedule_commands(CLI::App& app, Session& session);    // schedule list|create|get|set|pause|resume|cancel
void add_rollout_commands(CLI::App& app, Session& session);     // rollout list|get|start|change|pause|resume|..
void add_audit_commands(CLI::App& app, Session& session);       // audit list|get|export|verify|tail|revert|..
void add_usage_command(CLI::App& app, Session& session);        // usage
void add_settings_commands(CLI::App& app, Session& session);    // sign-in, lifecycle
void add_whoami_command(CLI::App& app, Session& session);       // whoami
void add_code_commands(CLI::App& app, Session& session);        // export, plan, apply
void add_eval_command(CLI::App& app, Session& session);         // eval
void add_check_command(CLI::App& app, Session& session);        // check
void add_rule_commands(CLI::App& app, Session& session);        // rule parse|print
void add_ruleset_commands(CLI::App& app, Session& session);     // ruleset verify
void add_ruleset_download(CLI::App& app, Session& session);     // ruleset get
void add_bundle_commands(CLI::App& app, Session& session);      // bundle export|verify
void add_backup_commands(CLI::App& app, Session& session);      // backup, backup list|verify|keygen
void add_restore_command(CLI::App& app, Session& session);      // restore
void add_doctor_command(CLI::App& app, Session& session);       // doctor
void add_capacity_command(CLI::App& app, Session& session);     // capacity
void add_trust_commands(CLI::App& app, Session& session);       // trust init
void add_signer_commands(CLI::App& app, Session& session);      // signer serve|check
void add_spool_commands(CLI::App& app, Session& session);       // spool cat|verify
void add_vectors_command(CLI::App& app, Session& session);      // vectors

void add_rollout_policy_commands(CLI::App& app, Session& session);     // rollout-policy list|get|set|delete
void add_second_factor_commands(CLI::App& app, Session& session);      // second-factor show|enable|disable|..
void add_identity_provider_commands(CLI::App& app, Session& session);  // identity-provider list|show|create|..

}  // namespace fanion::cli
