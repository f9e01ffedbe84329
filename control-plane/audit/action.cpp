#include "control-plane/audit/action.hpp"

#include "common/wire/audit_chain.hpp"

namespace fanion::cp::audit {

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
        case Action::audit_configured:
            return "audit.configured";
        case Action::audit_purged:
            return wire::audit_purged_action;
        case Action::password_reset_issued:
            return "password.reset_issued";
    }
    return "";
}

std::optional<Action> parse_action(std::string_view name) noexcept {
    if (name.empty()) return std::nullopt;
    for (int number = 0;; ++number) {
        const auto action = static_cast<Action>(number);
        const auto known = name_of(action);
        if (known.empty()) return std::nullopt;  // past the last one
        if (known == name) return action;
    }
}

}  // namespace fanion::cp::audit
