#include "control-plane/access/scopes.hpp"

#include <array>

namespace fanion::cp::access {
namespace {

// Every permission inside an organisation.
constexpr std::array scopes{Permission::read, Permission::edit, Permission::edit_protected, Permission::administer,
                            Permission::own};

std::uint32_t bit_of(Permission permission) noexcept { return std::uint32_t{1} << static_cast<unsigned>(permission); }

bool is_scope(Permission permission) noexcept { return permission >= Permission::read; }

}  // namespace

Scopes::Scopes(std::initializer_list<Permission> permissions) {
    for (const auto permission : permissions) add(permission);
}

Scopes Scopes::all() noexcept {
    Scopes found;
    for (const auto permission : scopes) found.add(permission);
    return found;
}

Scopes Scopes::of(Role role) noexcept {
    Scopes found;
    for (const auto permission : scopes) {
        if (role_has(role, permission)) found.add(permission);
    }
    return found;
}

bool Scopes::has(Permission permission) const noexcept {
    return !is_scope(permission) || (bits_ & bit_of(permission)) != 0;
}

void Scopes::add(Permission permission) noexcept {
    if (is_scope(permission)) bits_ |= bit_of(permission);
}

std::vector<std::string> Scopes::names() const {
    std::vector<std::string> found;
    for (const auto permission : scopes) {
        if (has(permission)) found.emplace_back(name_of(permission));
    }
    return found;
}

std::optional<Permission> parse_scope(std::string_view name) noexcept {
    for (const auto permission : scopes) {
        if (name_of(permission) == name) return permission;
    }
    return std::nullopt;
}

Scopes scopes_of(const std::vector<std::string>& names) {
    Scopes found;
    for (const auto& name : names) {
        if (const auto permission = parse_scope(name)) found.add(*permission);
    }
    return found;
}

std::string_view scope_list() noexcept { return "read, edit, edit_protected, administer, own"; }

}  // namespace fanion::cp::access
