#pragma once

// Which role may do what: the table of docs/admin-api.md as data. Pure, immutable.

#include <optional>
#include <string_view>

namespace fanion::cp::access {

// Ordered: a later role may do everything an earlier one may.
enum class Role { viewer, developer, maintainer, admin, owner };

enum class Permission {
    open,            // no credential: signing in
    signed_in,       // any person, no organisation: who am I, which organisations are mine
    read,            // flags, segments, audit
    edit,            // create flags and segments; change unprotected environments
    edit_protected,  // change protected environments; archive
    administer,      // delete; projects, environments, keys, members
    own,             // organisation settings, ownership
};

std::string_view name_of(Role role) noexcept;
std::optional<Role> parse_role(std::string_view name) noexcept;
std::string_view name_of(Permission permission) noexcept;

bool role_has(Role role, Permission permission) noexcept;

// What changing an environment requires.
inline Permission permission_to_edit(bool is_protected) noexcept {
    return is_protected ? Permission::edit_protected : Permission::edit;
}

// A person may assign at most their own role, and may not change or remove anybody above it.
bool may_assign(Role actor, Role assigned) noexcept;

}  // namespace fanion::cp::access
