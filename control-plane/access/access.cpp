#include "control-plane/access/access.hpp"

#include <array>
#include <utility>

namespace fanion::cp::access {
namespace {

constexpr std::array<std::string_view, 5> role_names{"viewer", "developer", "maintainer", "admin", "owner"};

// The least role that holds each permission inside an organisation.
Role least_role(Permission permission) noexcept {
    switch (permission) {
        case Permission::open:
        case Permission::signed_in:
        case Permission::read:
            return Role::viewer;
        case Permission::edit:
            return Role::developer;
        case Permission::edit_protected:
            return Role::maintainer;
        case Permission::administer:
            return Role::admin;
        case Permission::own:
            return Role::owner;
    }
    return Role::owner;
}

}  // namespace

std::string_view name_of(Role role) noexcept { return role_names[static_cast<std::size_t>(role)]; }

std::optional<Role> parse_role(std::string_view name) noexcept {
    for (std::size_t i = 0; i < role_names.size(); ++i) {
        if (role_names[i] == name) return static_cast<Role>(i);
    }
    return std::nullopt;
}

std::string_view name_of(Permission permission) noexcept {
    constexpr std::array<std::string_view, 7> names{"open",           "signed_in",  "read", "edit",
                                                    "edit_protected", "administer", "own"};
    return names[static_cast<std::size_t>(permission)];
}

bool role_has(Role role, Permission permission) noexcept { return role >= least_role(permission); }

bool may_assign(Role actor, Role assigned) noexcept {
    return role_has(actor, Permission::administer) && assigned <= actor;
}

}  // namespace fanion::cp::access
