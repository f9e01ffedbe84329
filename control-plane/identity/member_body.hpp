#pragma once

// What requests say of members: parts of their bodies. Pure.

#include "common/json/reader.hpp"
#include "control-plane/access/access.hpp"
#include "control-plane/body/fields.hpp"

namespace fanion::cp::identity {

// The member `role`, required. Finding: unknown_role.
inline access::Role read_role(json::Reader& r) {
    const auto role = access::parse_role(r.string("role"));
    if (!role && body::has_string(r, "role")) {
        r.fail_at("role", "unknown_role", "the role must be viewer, developer, maintainer, admin or owner");
    }
    return role.value_or(access::Role::viewer);
}

inline Error above_you() { return {Errc::forbidden, "you cannot give, change or take away a role above your own", {}}; }

}  // namespace fanion::cp::identity
