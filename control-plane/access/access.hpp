#pragma once

// The built-in roles: the table of docs/admin-api.md as data. Pure, immutable.

#include <optional>
#include <string_view>

#include "control-plane/access/permission.hpp"

namespace fanion::cp::access {

// Ordered: a later role may do everything an earlier one may.
enum class Role { viewer, developer, maintainer, admin, owner };

std::string_view name_of(Role role) noexcept;
std::optional<Role> parse_role(std::string_view name) noexcept;

constexpr Permissions permissions_of(Role role) noexcept {
    using enum Permission;
    Permissions held{read};
    if (role >= Role::developer) held = held | Permissions{edit};
    if (role >= Role::maintainer) held = held | Permissions{edit_protected, archive, approve};
    if (role >= Role::admin) held = Permissions::all() - Permissions{manage_organisation};
    if (role == Role::owner) held = Permissions::all();
    return held;
}

}  // namespace fanion::cp::access
