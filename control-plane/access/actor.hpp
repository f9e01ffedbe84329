#pragma once

// The kinds of actor that the audit log distinguishes. Pure.

#include <string_view>

namespace fanion::cp::access {

enum class ActorKind {
    user,           // a person who is signed in, or a personal token of theirs
    service,        // a service account, by a token of its own
    key,            // an application or a relay, by its API key
    anonymous,      // nobody who proved who they are: a sign-in that failed
    host_operator,  // of the installation, at its command line
    system,         // the control plane itself
};

// "user", "service", "key", "anonymous", "operator", "system": as stored and as part of the hashed
// bytes of audit entries.
std::string_view name_of(ActorKind kind) noexcept;

}  // namespace fanion::cp::access
