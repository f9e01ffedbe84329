#include "control-plane/access/access.hpp"

#include <array>
#include <cstddef>

namespace fanion::cp::access {
namespace {

constexpr std::array<std::string_view, 5> role_names{"viewer", "developer", "maintainer", "admin", "owner"};

}  // namespace

std::string_view name_of(Role role) noexcept { return role_names[static_cast<std::size_t>(role)]; }

std::optional<Role> parse_role(std::string_view name) noexcept {
    for (std::size_t i = 0; i < role_names.size(); ++i) {
        if (role_names[i] == name) return static_cast<Role>(i);
    }
    return std::nullopt;
}

}  // namespace fanion::cp::access
