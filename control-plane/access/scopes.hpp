#pragma once

// What a token may do at most: a set of permissions. What it may do in fact is the intersection
// with what its person or service account may do at that moment. Pure, immutable value.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "control-plane/access/access.hpp"

namespace fanion::cp::access {

class Scopes {
public:
    Scopes() = default;  // none
    Scopes(std::initializer_list<Permission> permissions);
    static Scopes all() noexcept;
    static Scopes of(Role role) noexcept;

    // Permissions that need no organisation (open, signed_in) are always there.
    bool has(Permission permission) const noexcept;
    bool is_empty() const noexcept { return bits_ == 0; }
    bool is_within(const Scopes& other) const noexcept { return (bits_ & ~other.bits_) == 0; }
    // Whether everything that the role may do is in the set.
    bool cover(Role role) const noexcept { return of(role).is_within(*this); }

    void add(Permission permission) noexcept;
    // In the order of the permissions: "read", "edit".
    std::vector<std::string> names() const;

    friend bool operator==(const Scopes&, const Scopes&) = default;

private:
    std::uint32_t bits_ = 0;
};

// "read", "edit", ..; nullopt for what is no permission in an organisation.
std::optional<Permission> parse_scope(std::string_view name) noexcept;
// Names that are unknown, as of a later version of this program, are left out.
Scopes scopes_of(const std::vector<std::string>& names);
// "read, edit, edit_protected, administer, own": for messages.
std::string_view scope_list() noexcept;

}  // namespace fanion::cp::access
