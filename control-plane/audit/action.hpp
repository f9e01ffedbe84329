#pragma once

// Every action that the audit log can record. Pure.

#include <optional>
#include <string_view>

namespace fanion::cp::audit {

enum class Action {
    org_created,
    org_updated,
    org_deleted,  // restorable until it is purged
    org_restored,
    project_created,
    project_updated,
    project_deleted,  // restorable until it is purged
    project_restored,
    environment_created,
    environment_updated,
    environment_deleted,  // restorable until it is purged
    environment_restored,
    environment_promoted,     // configurations taken from another environment
    environment_rolled_back,  // configurations put back to a past version
    stage_released,           // a held version goes on to all relays
    stage_withdrawn,          // or is taken back
    stage_skipped,            // a change went to all relays at once where others go in stages
    flag_created,
    flag_updated,
    flag_configured,  // in one environment
    flag_deleted,
    flag_snoozed,  // the report on flags that are done with leaves it out
    flag_unsnoozed,
    segment_created,
    segment_updated,
    segment_configured,  // in one environment
    segment_deleted,
    key_created,
    key_rotated,  // the resource is the new one, `before` the old one
    key_revoked,
    token_created,  // of a person or a service account
    token_rotated,  // the resource is the new one, `before` the old one
    token_revoked,
    member_invited,
    member_joined,
    member_updated,
    member_removed,
    second_factor_enabled,  // by the member
    second_factor_removed,  // by the member, or by the installation's operator
    invitation_withdrawn,
    role_created,
    role_updated,
    role_deleted,
    assignment_created,  // of a role to a member, in a project or environment
    assignment_updated,
    assignment_deleted,
    identity_provider_created,  // of single sign-on
    identity_provider_updated,
    identity_provider_deleted,
    group_created,  // of people, by their directory
    group_updated,
    group_deleted,
    group_roles_updated,  // which roles groups give
    view_created,         // a saved search of the dashboard
    view_updated,
    view_deleted,
    context_created,  // saved, for the playground
    context_updated,
    context_deleted,
    change_request_created,
    change_request_updated,  // its content, its reviewers, or a rebase that asks again
    change_request_commented,
    change_request_approved,
    change_request_declined,
    change_request_withdrawn,
    change_request_applied,   // the entries of what it changed are in its group
    change_request_bypassed,  // an emergency: applied without the approvals, for a reason
    schedule_created,
    schedule_updated,
    schedule_cancelled,
    schedule_run,  // once; what failed is in `after`
    rollout_created,
    rollout_updated,
    rollout_paused,
    rollout_resumed,
    rollout_cancelled,
    rollout_stepped,  // by the control plane
    rollout_stopped,  // by a guard: held, rolled back, or the flag turned off
    rollout_completed,
    webhook_created,
    webhook_updated,
    webhook_deleted,
    webhook_rotated,   // it has a new secret
    webhook_disabled,  // by the control plane
    webhook_tested,
    webhook_replayed,
    session_started,
    session_ended,
    session_revoked,
    password_reset,   // with a token of the installation's operator
    session_denied,   // a sign-in that failed
    request_refused,  // with 403
    audit_configured,
    audit_purged,           // by the retention, which leaves this in the place of what it deleted
    password_reset_issued,  // by the installation's operator
};
inline constexpr auto last_action = Action::password_reset_issued;

// "flag.created": as stored, as hashed, and as the API shows it.
std::string_view name_of(Action action) noexcept;
std::optional<Action> parse_action(std::string_view name) noexcept;

}  // namespace fanion::cp::audit
