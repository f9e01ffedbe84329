#include "control-plane/access/permission.hpp"

#include <array>

namespace fanion::cp::access {
namespace {

constexpr std::array<std::string_view, permission_count> permission_names{
    "open",         "signed_in",          "member",          "read",
    "edit",         "edit_protected",     "archive",         "delete",
    "approve",      "bypass_approval",    "manage_projects", "manage_environments",
    "manage_keys",  "manage_tokens",      "manage_webhooks", "manage_members",
    "manage_roles", "manage_organisation"};

static_assert(permission_count == static_cast<std::size_t>(Permission::manage_organisation) + 1);

}  // namespace

std::string_view name_of(Permission permission) noexcept {
    return permission_names[static_cast<std::size_t>(permission)];
}

std::optional<Permission> parse_permission(std::string_view name) noexcept {
    for (auto i = static_cast<std::size_t>(first_of_a_role); i < permission_count; ++i) {
        if (permission_names[i] == name) return static_cast<Permission>(i);
    }
    return std::nullopt;
}

std::vector<std::string> names_of(Permissions permissions) {
    std::vector<std::string> names;
    permissions.for_each([&](Permission permission) { names.emplace_back(name_of(permission)); });
    return names;
}

Permissions permissions_named(const std::vector<std::string>& names) noexcept {
    Permissions found;
    for (const auto& name : names) {
        if (const auto permission = parse_permission(name)) found = found | Permissions{*permission};
    }
    return lacks_read(found) ? found | Permissions{Permission::read} : found;
}

}  // namespace fanion::cp::access
