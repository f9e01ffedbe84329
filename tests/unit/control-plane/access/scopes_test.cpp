#include "control-plane/access/scopes.hpp"

#include <catch2/catch.hpp>

using namespace fanion::cp::access;

TEST_CASE("scopes are the permissions inside an organisation, and have names") {
    for (const auto* name : {"read", "edit", "edit_protected", "administer", "own"}) {
        const auto permission = parse_scope(name);
        REQUIRE(permission);
        CHECK(name_of(*permission) == name);
        CHECK(Scopes{*permission}.names() == std::vector<std::string>{name});
    }
    for (const auto* name : {"open", "signed_in", "", "Read", "fly"}) CHECK_FALSE(parse_scope(name));
    CHECK(scopes_of({"edit", "fly", "read"}).names() == std::vector<std::string>{"read", "edit"});
}

TEST_CASE("a set has what was put into it, and what needs no organisation") {
    const Scopes some{Permission::read, Permission::edit};
    CHECK(some.has(Permission::read));
    CHECK_FALSE(some.has(Permission::administer));
    CHECK(some.has(Permission::signed_in));
    CHECK(Scopes().has(Permission::open));
    CHECK(Scopes().is_empty());
    CHECK(Scopes::all().has(Permission::own));
    CHECK(some.is_within(Scopes::all()));
    CHECK(Scopes().is_within(some));
    CHECK_FALSE(Scopes::all().is_within(some));
}

TEST_CASE("scopes cover a role when they have all that it has") {
    CHECK(Scopes::of(Role::developer) == Scopes{Permission::read, Permission::edit});
    for (const auto role : {Role::viewer, Role::developer, Role::maintainer, Role::admin, Role::owner}) {
        CHECK(Scopes::all().cover(role));
        CHECK(Scopes::of(role).cover(role));
    }
    CHECK(Scopes{Permission::read}.cover(Role::viewer));
    CHECK_FALSE(Scopes{Permission::administer}.cover(Role::viewer));
    CHECK_FALSE(Scopes::of(Role::admin).cover(Role::owner));
}
