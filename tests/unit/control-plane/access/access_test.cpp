#include "control-plane/access/access.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/catch_result.hpp"

using namespace fanion::cp::access;

namespace {

struct Line {
    Permission permission;
    std::string_view name;
    Role least;
};

// docs/admin-api.md, Who may do what.
constexpr Line table[] = {
    {Permission::read, "read", Role::viewer},
    {Permission::edit, "edit", Role::developer},
    {Permission::edit_protected, "edit_protected", Role::maintainer},
    {Permission::archive, "archive", Role::maintainer},
    {Permission::del, "delete", Role::admin},
    {Permission::approve, "approve", Role::maintainer},
    {Permission::bypass_approval, "bypass_approval", Role::admin},
    {Permission::manage_projects, "manage_projects", Role::admin},
    {Permission::manage_environments, "manage_environments", Role::admin},
    {Permission::manage_keys, "manage_keys", Role::admin},
    {Permission::manage_tokens, "manage_tokens", Role::admin},
    {Permission::manage_webhooks, "manage_webhooks", Role::admin},
    {Permission::manage_members, "manage_members", Role::admin},
    {Permission::manage_roles, "manage_roles", Role::admin},
    {Permission::manage_organisation, "manage_organisation", Role::owner},
};

constexpr Role roles[] = {Role::viewer, Role::developer, Role::maintainer, Role::admin, Role::owner};

constexpr Permission no_permissions[] = {Permission::open, Permission::signed_in, Permission::member};

}  // namespace

TEST_CASE("each built-in role holds the permissions of the table and no others") {
    Permissions listed;
    for (const auto& line : table) {
        INFO(name_of(line.permission));
        for (const auto role : roles) CHECK(permissions_of(role).has(line.permission) == (role >= line.least));
        listed = listed | Permissions{line.permission};
    }
    CHECK(listed == Permissions::all());
    CHECK(listed.size() == std::size(table));
}

TEST_CASE("permissions are read by their names and by nothing else") {
    for (const auto& line : table) {
        CHECK(name_of(line.permission) == line.name);
        CHECK(parse_permission(line.name) == line.permission);
    }
    for (const auto permission : no_permissions) CHECK_FALSE(parse_permission(name_of(permission)));
    for (const auto* name : {"", "Read", "read ", "del", "own", "administer"}) CHECK_FALSE(parse_permission(name));
}

TEST_CASE("every set lets through what is no permission, and is none of it") {
    for (const auto permission : no_permissions) {
        CHECK(Permissions().has(permission));
        CHECK(Permissions{permission}.empty());
    }
    CHECK_FALSE(Permissions().has(Permission::read));
}

TEST_CASE("sets of permissions are joined, cut and compared as sets") {
    const Permissions a{Permission::read, Permission::edit};
    const Permissions b{Permission::edit, Permission::archive};
    CHECK((a | b) == Permissions{Permission::archive, Permission::read, Permission::edit});
    CHECK((a & b) == Permissions{Permission::edit});
    CHECK((a - b) == Permissions{Permission::read});
    CHECK((a | b).contains(a));
    CHECK_FALSE(a.contains(b));
    CHECK(a.contains(Permissions()));
    std::vector<Permission> seen;
    (a | b).for_each([&](Permission permission) { seen.push_back(permission); });
    CHECK(seen == std::vector{Permission::read, Permission::edit, Permission::archive});
}

TEST_CASE("changing a protected environment takes more than changing another") {
    CHECK(permission_to_edit(false) == Permission::edit);
    CHECK(permission_to_edit(true) == Permission::edit_protected);
}

TEST_CASE("sets of permissions are written by names and read again") {
    const Permissions some{Permission::edit, Permission::del, Permission::read};
    CHECK(names_of(some) == std::vector<std::string>{"read", "edit", "delete"});
    CHECK(permissions_named(names_of(some)) == some);
    CHECK(permissions_named(names_of(Permissions::all())) == Permissions::all());
    CHECK(permissions_named({"read", "of_a_later_release", "open"}) == Permissions{Permission::read});
    CHECK(permissions_named({"edit"}) == Permissions{Permission::read, Permission::edit});
    CHECK(permissions_named({"manage_members"}) == Permissions{Permission::manage_members});
}

TEST_CASE("roles are read by their names and by nothing else") {
    for (const auto role : roles) CHECK(parse_role(name_of(role)) == role);
    for (const auto* name : {"", "Owner", "root", "owner "}) CHECK_FALSE(parse_role(name));
}
