#include "common/cli/commands.hpp"

#include <algorithm>
#include <vector>

namespace fanion::cli {
namespace {

struct Adder {
    void (*add)(CLI::App&, Session&);
    std::vector<std::string_view> words;  // to which it adds; none: it needs the whole tree
};

// In the order of `fanion --help`.
const Adder adders[] = {
    {&add_login_commands, {"login", "logout"}},
    {&add_flag_commands, {"flag"}},
    {&add_place_commands, {"org", "project", "environment"}},
    {&add_segment_commands, {"segment"}},
    {&add_stats_command, {"stats"}},
    {&add_invitation_commands, {"invitation"}},
    {&add_member_commands, {"member"}},
    {&add_role_commands, {"role"}},
    {&add_group_commands, {"group", "group-roles"}},
    {&add_identity_provider_commands, {"identity-provider"}},
    {&add_key_commands, {"key"}},
    {&add_token_commands, {"token"}},
    {&add_session_commands, {"session"}},
    {&add_second_factor_commands, {"second-factor"}},
    {&add_webhook_commands, {"webhook"}},
    {&add_request_commands, {"request"}},
    {&add_prometheus_commands, {"prometheus"}},
    {&add_schedule_commands, {"schedule"}},
    {&add_rollout_commands, {"rollout"}},
    {&add_rollout_policy_commands, {"rollout-policy"}},
    {&add_saved_commands, {"view", "context", "relay"}},
    {&add_audit_commands, {"audit"}},
    {&add_settings_commands, {"sign-in", "lifecycle"}},
    {&add_whoami_command, {"whoami"}},
    {&add_usage_command, {"usage"}},
    {&add_code_commands, {"export", "plan", "apply"}},
    {&add_eval_command, {"eval"}},
    {&add_check_command, {"check"}},
    {&add_rule_commands, {"rule"}},
    {&add_ruleset_commands, {"ruleset"}},
    {&add_ruleset_download, {"ruleset"}},
    {&add_bundle_commands, {"bundle"}},
    {&add_trust_commands, {"trust"}},
    {&add_signer_commands, {"signer"}},
    {&add_backup_commands, {"backup"}},
    {&add_restore_command, {"restore"}},
    {&add_doctor_command, {"doctor"}},
    {&add_capacity_command, {"capacity"}},
    {&add_spool_commands, {"spool"}},
    {&add_vectors_command, {"vectors"}},
    {&add_promotion_commands, {"environment"}},
    {&add_approvals_command, {"environment"}},
    {&add_stage_commands, {"environment"}},
    {&add_lookup_commands, {"propagation", "search", "bulk", "attributes"}},
    {&add_profile_commands, {"profile"}},
    {&add_completion_command, {}},
    {&add_manual_command, {}},
};

bool adds_to(const Adder& adder, std::string_view word) {
    return std::ranges::find(adder.words, word) != adder.words.end();
}

}  // namespace

void add_commands(CLI::App& app, Session& session, std::string_view word) {
    const bool is_known = std::ranges::any_of(adders, [word](const Adder& adder) { return adds_to(adder, word); });
    for (const auto& adder : adders)
        if (!is_known || adds_to(adder, word)) adder.add(app, session);
}

CLI::Option* add_comment_option(CLI::App& command, std::string& comment) {
    return command.add_option("--comment", comment, "why; recorded in the audit log");
}

CLI::App* group_of(CLI::App& app, const char* name, const char* help) {
    const auto found = app.get_subcommands([name](const CLI::App* command) { return command->get_name() == name; });
    if (!found.empty()) return found.front();
    auto* group = app.add_subcommand(name, help);
    group->require_subcommand(1);
    group->fallthrough();
    return group;
}

}  // namespace fanion::cli
