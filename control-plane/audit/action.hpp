#pragma once

// Every action that the audit log can record. Pure.

#include <optional>
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

// "flag.created": as stored, as hashed, and as the API shows it.
std::string_view name_of(Action action) noexcept;
std::optional<Action> parse_action(std::string_view name) noexcept;

}  // namespace fanion::cp::audit
