#include "control-plane/audit/resource.hpp"

#include <catch2/catch.hpp>

using namespace fanion;
using cp::audit::parse_resource;
using cp::audit::ResourceNames;

TEST_CASE("the path of a resource or of a collection has names at fixed places") {
    CHECK(parse_resource("members") == ResourceNames{});
    CHECK(parse_resource("members/u_1")->member == "u_1");
    CHECK(parse_resource("members/u_1/tokens/t1")->member == "u_1");
    CHECK(parse_resource("members/u_1/tokens/t1")->token.empty());
    CHECK(parse_resource("tokens") == ResourceNames{});
    CHECK(parse_resource("tokens/t1")->token == "t1");
    CHECK(parse_resource("keys/k1")->key == "k1");
    CHECK(parse_resource("invitations") == ResourceNames{});
    CHECK(parse_resource("invitations/i_1")->invitation == "i_1");
    CHECK(parse_resource("roles/lead")->role == "lead");
    CHECK(parse_resource("projects/web/assignments/u_1")->member == "u_1");
    CHECK(parse_resource("projects/web/environments/staging/assignments/u_1")->environment == "staging");
    CHECK(parse_resource("prometheus/main")->source == "main");
    CHECK(parse_resource("projects/web/environments/staging/rollouts")->environment == "staging");
    CHECK(parse_resource("projects/web/environments/staging/rollouts/ro_1")->rollout == "ro_1");
    CHECK_FALSE(parse_resource("projects/web/rollouts/ro_1"));
    CHECK(parse_resource("projects") == ResourceNames{});
    CHECK(parse_resource("projects/web")->project == "web");
    CHECK(parse_resource("projects/web/flags")->project == "web");
    const auto config = parse_resource("projects/web/flags/f/environments/production");
    REQUIRE(config);
    CHECK(config->project == "web");
    CHECK(config->flag == "f");
    CHECK(config->environment == "production");
    CHECK(parse_resource("projects/web/segments/s/environments")->segment == "s");
    CHECK(parse_resource("projects/web/keys/k1")->key == "k1");
    const auto key = parse_resource("projects/web/environments/staging/keys/k1");
    REQUIRE(key);
    CHECK(key->environment == "staging");
    CHECK(key->key == "k1");
}

TEST_CASE("other paths are no resources") {
    for (const auto* path :
         {"", "/", "flags", "flags/f", "projects/", "projects//flags", "projects/web/", "projects/web/flag/f",
          "projects/web/flags/f/envs/production", "projects/web/flags/f/environments/production/x",
          "projects/web/environments/staging/ruleset", "members/u_1/x", "members/u_1/keys/k1",
          "members/u_1/tokens/t1/x", "tokens/t1/x", "/projects/web"}) {
        INFO(path);
        CHECK_FALSE(parse_resource(path));
    }
}

TEST_CASE("a resource stands in a project and an environment, whatever it is") {
    using cp::audit::place_of;
    using cp::audit::ResourcePlace;
    CHECK(place_of("projects/web/flags/f/environments/production") == ResourcePlace{"web", "production"});
    CHECK(place_of("projects/web/environments/staging/keys/k") == ResourcePlace{"web", "staging"});
    CHECK(place_of("projects/web/things/t/environments/staging") == ResourcePlace{"web", "staging"});
    CHECK(place_of("projects/web/flags/environments") == ResourcePlace{"web", ""});
    CHECK(place_of("projects/web") == ResourcePlace{"web", ""});
    for (const auto* none : {"projects", "members/u_1", "", "audit/settings"}) CHECK(place_of(none) == ResourcePlace{});
}

TEST_CASE("the path of a saved view or context is that of a resource") {
    CHECK(parse_resource("projects/web/views")->project == "web");
    CHECK(parse_resource("projects/web/views/view_1")->project == "web");
    CHECK(parse_resource("projects/web/rollout-policies/tier-1")->project == "web");
    CHECK(parse_resource("projects/web/contexts/ctx_1")->project == "web");
    CHECK_FALSE(parse_resource("projects/web/views/view_1/more"));
}
