#pragma once

// A role by its key, with what it permits: a built-in one, or one of an organisation's own. Plain
// value.

#include <optional>
#include <string>
#include <string_view>

#include "control-plane/access/access.hpp"

namespace fanion::cp::access {

struct NamedRole {
    std::string key;  // never that of a built-in role for one of an organisation's own
    Permissions permissions;
    friend bool operator==(const NamedRole&, const NamedRole&) = default;
};

inline NamedRole built_in(Role role) { return {std::string(name_of(role)), permissions_of(role)}; }
// nullopt: no built-in role has this key.
inline std::optional<NamedRole> find_built_in(std::string_view key) {
    const auto role = parse_role(key);
    if (!role) return std::nullopt;
    return built_in(*role);
}

inline bool is_owner(const NamedRole& role) noexcept { return role.key == name_of(Role::owner); }

}  // namespace fanion::cp::access
