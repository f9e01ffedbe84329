#pragma once

// Every action that the audit log can record. Pure.

#include <string_view>

namespace fanion::cp::audit {

enum class Action {
    org_created,
    project_created,
    environment_created,
    flag_created,
    flag_updated,
    flag_configured,  // in one environment
    flag_deleted,
    segment_created,
    segment_updated,
    segment_configured,  // in one environment
    segment_deleted,
    key_created,
    key_revoked,
    member_invited,
    member_joined,
    member_updated,
    member_removed,
    invitation_withdrawn,
    role_created,
    role_updated,
    role_deleted,
    assignment_created,  // of a role to a member, in a project or environment
    assignment_updated,
    assignment_deleted,
    session_started,
    session_ended,
    session_revoked,
    password_reset,   // with a token of the installation's operator
    session_denied,   // a sign-in that failed
    request_refused,  // with 403
};

// "flag.created": as stored, as hashed, and as the API shows it.
std::string_view name_of(Action action) noexcept;

}  // namespace fanion::cp::audit
