#include "control-plane/access/access.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion::cp::access;

namespace {

struct Line {
    Permission permission;
    bool viewer, developer, maintainer, admin, owner;
};

// docs/admin-api.md, Who may do what.
constexpr Line table[] = {
    {Permission::read, true, true, true, true, true},
    {Permission::edit, false, true, true, true, true},
    {Permission::edit_protected, false, false, true, true, true},
    {Permission::administer, false, false, false, true, true},
    {Permission::own, false, false, false, false, true},
};

constexpr Role roles[] = {Role::viewer, Role::developer, Role::maintainer, Role::admin, Role::owner};

}  // namespace

TEST_CASE("each role holds the permissions of the table and no others") {
    for (const auto& line : table) {
        INFO(name_of(line.permission));
        CHECK(role_has(Role::viewer, line.permission) == line.viewer);
        CHECK(role_has(Role::developer, line.permission) == line.developer);
        CHECK(role_has(Role::maintainer, line.permission) == line.maintainer);
        CHECK(role_has(Role::admin, line.permission) == line.admin);
        CHECK(role_has(Role::owner, line.permission) == line.owner);
    }
}

TEST_CASE("changing a protected environment takes more than changing another") {
    CHECK(permission_to_edit(false) == Permission::edit);
    CHECK(permission_to_edit(true) == Permission::edit_protected);
}

TEST_CASE("nobody assigns a role above their own, and only admins and owners assign at all") {
    for (const auto actor : roles) {
        for (const auto assigned : roles) {
            const bool expected = actor >= Role::admin && assigned <= actor;
            INFO(name_of(actor) << " assigns " << name_of(assigned));
            CHECK(may_assign(actor, assigned) == expected);
        }
    }
}

TEST_CASE("roles are read by their names and by nothing else") {
    for (const auto role : roles) CHECK(parse_role(name_of(role)) == role);
    for (const auto* name : {"", "Owner", "root", "owner "}) CHECK_FALSE(parse_role(name));
}
