#include "control-plane/audit/action.hpp"

namespace fanion::cp::audit {
namespace {

std::string_view name_of_webhook_action(Action action) noexcept {
    switch (action) {
        case Action::webhook_created:
            return "webhook.created";
        case Action::webhook_updated:
            return "webhook.updated";
        case Action::webhook_deleted:
            return "webhook.deleted";
        case Action::webhook_rotated:
            return "webhook.rotated";
        case Action::webhook_disabled:
            return "webhook.disabled";
        case Action::webhook_tested:
            return "webhook.tested";
        case Action::webhook_replayed:
            return "webhook.replayed";
        default:
            return "";
    }
}

}  // namespace

std::string_view name_of(Action action) noexcept {
    switch (action) {
        case Action::org_created:
            return "org.created";
        case Action::project_created:
            return "project.created";
        case Action::environment_created:
            return "environment.created";
        case Action::flag_created:
            return "flag.created";
        case Action::flag_updated:
            return "flag.updated";
        case Action::flag_configured:
            return "flag.configured";
        case Action::flag_deleted:
            return "flag.deleted";
        case Action::segment_created:
            return "segment.created";
        case Action::segment_updated:
            return "segment.updated";
        case Action::segment_configured:
            return "segment.configured";
        case Action::segment_deleted:
            return "segment.deleted";
        case Action::key_created:
            return "key.created";
        case Action::key_revoked:
            return "key.revoked";
        case Action::member_invited:
            return "member.invited";
        case Action::member_joined:
            return "member.joined";
        case Action::member_updated:
            return "member.updated";
        case Action::member_removed:
            return "member.removed";
        case Action::invitation_withdrawn:
            return "invitation.withdrawn";
        case Action::webhook_created:
        case Action::webhook_updated:
        case Action::webhook_deleted:
        case Action::webhook_rotated:
        case Action::webhook_disabled:
        case Action::webhook_tested:
        case Action::webhook_replayed:
            return name_of_webhook_action(action);
        case Action::session_started:
            return "session.started";
        case Action::session_ended:
            return "session.ended";
        case Action::session_revoked:
            return "session.revoked";
        case Action::password_reset:
            return "password.reset";
        case Action::session_denied:
            return "session.denied";
        case Action::request_refused:
            return "request.refused";
    }
    return "";
}

}  // namespace fanion::cp::audit
