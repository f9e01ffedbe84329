#include "control-plane/audit/action.hpp"

#include <array>
#include <cstddef>
#include <iterator>
#include <utility>

namespace fanion::cp::audit {
namespace {

// In the order of the enumerators.
constexpr std::pair<Action, std::string_view> action_names[] = {
    {Action::org_created, "org.created"},
    {Action::org_updated, "org.updated"},
    {Action::org_deleted, "org.deleted"},
    {Action::org_restored, "org.restored"},
    {Action::project_created, "project.created"},
    {Action::project_updated, "project.updated"},
    {Action::project_deleted, "project.deleted"},
    {Action::project_restored, "project.restored"},
    {Action::environment_created, "environment.created"},
    {Action::environment_updated, "environment.updated"},
    {Action::environment_deleted, "environment.deleted"},
    {Action::environment_restored, "environment.restored"},
    {Action::environment_promoted, "environment.promoted"},
    {Action::environment_rolled_back, "environment.rolled_back"},
    {Action::stage_released, "environment.stage_released"},
    {Action::stage_withdrawn, "environment.stage_withdrawn"},
    {Action::stage_skipped, "environment.stage_skipped"},
    {Action::flag_created, "flag.created"},
    {Action::flag_updated, "flag.updated"},
    {Action::flag_configured, "flag.configured"},
    {Action::flag_deleted, "flag.deleted"},
    {Action::flag_snoozed, "flag.snoozed"},
    {Action::flag_unsnoozed, "flag.unsnoozed"},
    {Action::segment_created, "segment.created"},
    {Action::segment_updated, "segment.updated"},
    {Action::segment_configured, "segment.configured"},
    {Action::segment_deleted, "segment.deleted"},
    {Action::key_created, "key.created"},
    {Action::key_rotated, "key.rotated"},
    {Action::key_revoked, "key.revoked"},
    {Action::token_created, "token.created"},
    {Action::token_rotated, "token.rotated"},
    {Action::token_revoked, "token.revoked"},
    {Action::member_invited, "member.invited"},
    {Action::member_joined, "member.joined"},
    {Action::member_updated, "member.updated"},
    {Action::member_removed, "member.removed"},
    {Action::second_factor_enabled, "second_factor.enabled"},
    {Action::second_factor_removed, "second_factor.removed"},
    {Action::invitation_withdrawn, "invitation.withdrawn"},
    {Action::role_created, "role.created"},
    {Action::role_updated, "role.updated"},
    {Action::role_deleted, "role.deleted"},
    {Action::assignment_created, "assignment.created"},
    {Action::assignment_updated, "assignment.updated"},
    {Action::assignment_deleted, "assignment.deleted"},
    {Action::identity_provider_created, "identity_provider.created"},
    {Action::identity_provider_updated, "identity_provider.updated"},
    {Action::identity_provider_deleted, "identity_provider.deleted"},
    {Action::group_created, "group.created"},
    {Action::group_updated, "group.updated"},
    {Action::group_deleted, "group.deleted"},
    {Action::group_roles_updated, "group_roles.updated"},
    {Action::view_created, "view.created"},
    {Action::view_updated, "view.updated"},
    {Action::view_deleted, "view.deleted"},
    {Action::context_created, "context.created"},
    {Action::context_updated, "context.updated"},
    {Action::context_deleted, "context.deleted"},
    {Action::change_request_created, "change_request.created"},
    {Action::change_request_updated, "change_request.updated"},
    {Action::change_request_commented, "change_request.commented"},
    {Action::change_request_approved, "change_request.approved"},
    {Action::change_request_declined, "change_request.declined"},
    {Action::change_request_withdrawn, "change_request.withdrawn"},
    {Action::change_request_applied, "change_request.applied"},
    {Action::change_request_bypassed, "change_request.bypassed"},
    {Action::schedule_created, "schedule.created"},
    {Action::schedule_updated, "schedule.updated"},
    {Action::schedule_cancelled, "schedule.cancelled"},
    {Action::schedule_run, "schedule.run"},
    {Action::rollout_created, "rollout.created"},
    {Action::rollout_updated, "rollout.updated"},
    {Action::rollout_paused, "rollout.paused"},
    {Action::rollout_resumed, "rollout.resumed"},
    {Action::rollout_cancelled, "rollout.cancelled"},
    {Action::rollout_stepped, "rollout.stepped"},
    {Action::rollout_stopped, "rollout.stopped"},
    {Action::rollout_completed, "rollout.completed"},
    {Action::webhook_created, "webhook.created"},
    {Action::webhook_updated, "webhook.updated"},
    {Action::webhook_deleted, "webhook.deleted"},
    {Action::webhook_rotated, "webhook.rotated"},
    {Action::webhook_disabled, "webhook.disabled"},
    {Action::webhook_tested, "webhook.tested"},
    {Action::webhook_replayed, "webhook.replayed"},
    {Action::session_started, "session.started"},
    {Action::session_ended, "session.ended"},
    {Action::session_revoked, "session.revoked"},
    {Action::password_reset, "password.reset"},
    {Action::session_denied, "session.denied"},
    {Action::request_refused, "request.refused"},
    {Action::audit_configured, "audit.configured"},
    {Action::audit_purged, "audit.purged"},
    {Action::password_reset_issued, "password.reset_issued"},
};

constexpr bool is_complete() {
    std::size_t at = 0;
    for (const auto& [action, name] : action_names) {
        if (static_cast<std::size_t>(action) != at++ || name.empty()) return false;
    }
    return at == static_cast<std::size_t>(last_action) + 1;
}
static_assert(is_complete(), "an action has no name, or not in its place");

}  // namespace

std::string_view name_of(Action action) noexcept {
    const auto at = static_cast<std::size_t>(action);
    return at < std::size(action_names) ? action_names[at].second : std::string_view();
}

std::optional<Action> parse_action(std::string_view name) noexcept {
    for (const auto& [action, known] : action_names) {
        if (known == name) return action;
    }
    return std::nullopt;
}

}  // namespace fanion::cp::audit
