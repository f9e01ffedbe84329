#pragma once

// What a person, or a token, may do: single permissions, and sets of them. Pure, immutable.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fanion::cp::access {

// What a route requires. The first three are no permissions: no role holds or lacks them.
enum class Permission : std::uint8_t {
    open,       // no credential: signing in
    signed_in,  // any person, no organisation: who am I, which organisations are mine
    member,     // any member of the organisation: the handler shows what that member may read

    read,             // flags, segments, environments, audit
    edit,             // create flags and segments; change unprotected environments
    edit_protected,   // change protected environments
    archive,          // archive and restore flags and segments
    del,              // delete flags and segments; its name is "delete"
    approve,          // approve the change requests of others
    bypass_approval,  // change without the approvals that an environment requires
    manage_projects,
    manage_environments,
    manage_keys,    // keys of applications and relays
    manage_tokens,  // service accounts and their tokens
    manage_webhooks,
    manage_members,  // invitations, members, assignments of roles
    manage_roles,
    manage_organisation,  // settings, sign-on, quotas, retention, deletion
};

inline constexpr std::size_t permission_count = 18;
inline constexpr auto first_of_a_role = Permission::read;

// As on the wire and in the database: "read", "edit", "delete", "manage_members", ..
std::string_view name_of(Permission permission) noexcept;
// nullopt for names that no role can have, as "open".
std::optional<Permission> parse_permission(std::string_view name) noexcept;

// A set of permissions.
class Permissions {
public:
    constexpr Permissions() = default;
    constexpr Permissions(std::initializer_list<Permission> permissions) noexcept {
        for (const auto permission : permissions) bits_ |= bit(permission);
    }
    static constexpr Permissions all() noexcept {
        Permissions made;
        for (auto i = static_cast<std::size_t>(first_of_a_role); i < permission_count; ++i) made.bits_ |= 1U << i;
        return made;
    }

    // True for what is no permission (Permission::member, ..).
    constexpr bool has(Permission permission) const noexcept {
        return permission < first_of_a_role || (bits_ & bit(permission)) != 0;
    }
    constexpr bool contains(Permissions others) const noexcept { return (others.bits_ & ~bits_) == 0; }
    constexpr bool empty() const noexcept { return bits_ == 0; }
    constexpr std::size_t size() const noexcept { return static_cast<std::size_t>(std::popcount(bits_)); }

    friend constexpr Permissions operator|(Permissions a, Permissions b) noexcept { return from(a.bits_ | b.bits_); }
    friend constexpr Permissions operator&(Permissions a, Permissions b) noexcept { return from(a.bits_ & b.bits_); }
    friend constexpr Permissions operator-(Permissions a, Permissions b) noexcept { return from(a.bits_ & ~b.bits_); }
    friend constexpr bool operator==(Permissions, Permissions) noexcept = default;

    // Calls `visit` with each of them, in the order of the enumerators.
    template <class Visit>
    constexpr void for_each(const Visit& visit) const {
        for (auto i = static_cast<std::size_t>(first_of_a_role); i < permission_count; ++i) {
            if ((bits_ & (1U << i)) != 0) visit(static_cast<Permission>(i));
        }
    }

private:
    static constexpr std::uint32_t bit(Permission permission) noexcept {
        return permission < first_of_a_role ? 0U : 1U << static_cast<unsigned>(permission);
    }
    static constexpr Permissions from(std::uint32_t bits) noexcept {
        Permissions made;
        made.bits_ = bits;
        return made;
    }
    std::uint32_t bits_ = 0;
};

// What nobody can have without `read`: whoever changes or approves something is shown it.
inline constexpr Permissions reading_permissions{Permission::edit,    Permission::edit_protected,
                                                 Permission::archive, Permission::del,
                                                 Permission::approve, Permission::bypass_approval};
constexpr bool lacks_read(Permissions permissions) noexcept {
    return !permissions.has(Permission::read) && !(permissions & reading_permissions).empty();
}

// In the order of the enumerators: "read", "edit".
std::vector<std::string> names_of(Permissions permissions);
// Of what was stored. Names that are unknown, as of a later version of this program, are left out,
// and `read` is added where it is lacking, as in roles of an earlier one.
Permissions permissions_named(const std::vector<std::string>& names) noexcept;

// What changing an environment requires.
constexpr Permission permission_to_edit(bool is_protected) noexcept {
    return is_protected ? Permission::edit_protected : Permission::edit;
}

}  // namespace fanion::cp::access
