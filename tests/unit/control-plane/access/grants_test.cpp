#include "control-plane/access/grants.hpp"

#include <catch2/catch.hpp>
#include <utility>

using namespace fanion::cp::access;

namespace {

NamedRole custom(std::string key, Permissions permissions) { return {std::move(key), permissions}; }

Assignment in(std::string project, std::string environment, Role role) {
    return {std::move(project), std::move(environment), built_in(role)};
}

// Developer in the organisation, admin in `shop` but viewer in its production, maintainer in web's production, nothing in
// `secret` but for its development.
Grants developer() {
    return Grants(built_in(Role::developer), {in("secret", "development", Role::viewer),
                                              {"secret", "", custom("nothing", {})},
                                              in("shop", "", Role::admin),
                                              in("shop", "production", Role::viewer),
                                              in("web", "production", Role::maintainer)});
}

// Nothing in the organisation, viewer of one project.
Grants guest() { return Grants(custom("guest", {}), {in("web", "", Role::viewer)}); }

}  // namespace

TEST_CASE("the nearest role applies alone") {
    const auto grants = developer();
    CHECK(grants.role_at("").key == "developer");
    CHECK(grants.role_at("web").key == "developer");
    CHECK(grants.role_at("web", "production").key == "maintainer");
    CHECK(grants.role_at("web", "staging").key == "developer");
    CHECK(grants.role_at("shop").key == "admin");
    CHECK(grants.role_at("shop", "staging").key == "admin");
    CHECK(grants.role_at("shop", "production").key == "viewer");
    CHECK(grants.at("shop", "production") == permissions_of(Role::viewer));
    CHECK(grants.at("nowhere") == permissions_of(Role::developer));
    CHECK(grants.role_at("nowhere", "production").key == "developer");
}

TEST_CASE("an owner is owner everywhere, whatever was assigned before") {
    const Grants grants(built_in(Role::owner), {in("web", "", Role::viewer), {"shop", "", custom("none", {})}});
    CHECK(grants.at("web") == Permissions::all());
    CHECK(grants.at("shop", "production") == Permissions::all());
    CHECK(grants.throughout() == Permissions::all());
    CHECK(grants.assignments().empty());
}

TEST_CASE("whoever reads an environment reads its project, and no more of it") {
    const auto grants = developer();
    CHECK(grants.at("secret") == Permissions{Permission::read});
    CHECK(grants.at("secret", "development") == permissions_of(Role::viewer));
    CHECK(grants.at("secret", "production").empty());
    CHECK(grants.throughout("secret").empty());
}

TEST_CASE("what reaches several places takes the permission in all of them") {
    const auto grants = developer();
    CHECK(grants.throughout("web") == permissions_of(Role::developer));
    CHECK(grants.throughout("shop") == permissions_of(Role::viewer));
    CHECK(grants.throughout("shop", "production") == permissions_of(Role::viewer));
    CHECK(grants.throughout("shop", "staging") == permissions_of(Role::admin));
    CHECK(grants.throughout().empty());
    CHECK(Grants(built_in(Role::admin), {}).throughout() == permissions_of(Role::admin));
}

TEST_CASE("lists of projects have those that may be read") {
    const auto some = developer().readable_projects();
    for (const auto* project : {"web", "shop", "secret", "other"}) CHECK(some.has(project));
    const auto one = guest().readable_projects();
    CHECK(one.has("web"));
    CHECK_FALSE(one.has("shop"));
    const Grants hidden(built_in(Role::viewer), {{"secret", "", custom("none", {})}});
    CHECK_FALSE(hidden.readable_projects().has("secret"));
    CHECK(hidden.readable_projects().has("web"));
    const Grants twice(custom("none", {}), {in("web", "", Role::viewer), in("web", "staging", Role::viewer)});
    CHECK(twice.readable_projects().except.size() == 1);
}

TEST_CASE("a resource is read at its place") {
    const auto grants = developer();
    CHECK_FALSE(grants.may_read_all());
    for (const auto* resource :
         {"", "members/u_1", "keys/k", "projects", "projects/web", "projects/web/flags/f", "projects/secret",
          "projects/secret/flags/f", "projects/secret/environments/development",
          "projects/secret/flags/f/environments/development", "projects/secret/segments/s/environments/development"}) {
        INFO(resource);
        CHECK(grants.may_read_resource(resource));
    }
    for (const auto* resource :
         {"projects/secret/environments/production", "projects/secret/environments/production/keys/k",
          "projects/secret/flags/f/environments/production"}) {
        INFO(resource);
        CHECK_FALSE(grants.may_read_resource(resource));
    }
    CHECK(guest().may_read_resource("projects/web/environments/production"));
    for (const auto* resource : {"", "members/u_1", "projects", "projects/shop", "projects/webshop/flags/f"}) {
        INFO(resource);
        CHECK_FALSE(guest().may_read_resource(resource));
    }
}
