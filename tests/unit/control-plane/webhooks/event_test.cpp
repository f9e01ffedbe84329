#include "control-plane/webhooks/event.hpp"

#include <catch2/catch.hpp>

#include "control-plane/audit/entry.hpp"

using namespace fanion;
using namespace fanion::cp::webhooks;

namespace {

cp::audit::AuditEntry entry() {
    cp::audit::AuditEntry made;
    made.org_id = cp::access::OrgId("o_1");
    made.seq = 7;
    made.id = "a_7";
    made.at = 1'763'720'000'000;
    made.actor_id = "u_1";
    made.action = cp::audit::Action::flag_configured;
    made.resource = "projects/web/flags/checkout/environments/production";
    made.before = R"({"enabled":false})";
    made.after = R"({"enabled":true})";
    made.comment = "go";
    made.published = {{"production", "1.2"}};
    return made;
}

Event event(std::string type, std::string resource) {
    Event made;
    made.type = std::move(type);
    made.resource = std::move(resource);
    return made;
}

bool passes(std::vector<std::string> types, std::string_view type) {
    return matches({std::move(types), {}, {}}, event(std::string(type), ""));
}

}  // namespace

TEST_CASE("an event has what its audit entry says") {
    const auto read = event_of(cp::audit::canonical_bytes(entry()), "acme", "ada@example.com");
    REQUIRE(read);
    const auto& made = *read;
    CHECK(made.type == "flag.configured");
    CHECK(made.at == 1'763'720'000'000);
    CHECK(made.entry_id == "a_7");
    CHECK(made.seq == 7);
    CHECK(made.org == "acme");
    CHECK(made.actor_kind == "user");
    CHECK(made.actor_email == "ada@example.com");
    CHECK(made.before == R"({"enabled":false})");
    CHECK(made.after == R"({"enabled":true})");
    CHECK(made.patch.empty());
    CHECK(made.comment == "go");
    CHECK(made.published == std::vector<std::pair<std::string, std::string>>{{"production", "1.2"}});
    CHECK(project_of(made) == "web");
    CHECK(environment_of(made) == "production");
    CHECK(subject_of(made) == "flag checkout");
}

TEST_CASE("what is no audit entry is no event") {
    for (const auto* text : {"", "tampered", "[1]", "{\"action\":", "null"}) CHECK_FALSE(event_of(text, "acme", ""));
}

TEST_CASE("names are found at their place only, whatever they are called") {
    const auto odd = event("flag.configured", "projects/flags/flags/environments/environments/projects");
    CHECK(project_of(odd) == "flags");
    CHECK(environment_of(odd) == "projects");
    CHECK(subject_of(odd) == "flag environments");
    CHECK(order_key(odd.resource) == "projects/flags/flags/environments");
    CHECK(project_of(event("member.updated", "members/u_1")).empty());
    CHECK(environment_of(event("flag.updated", "projects/web/flags/a")).empty());
}

TEST_CASE("a flag or segment and its configurations are one resource; an environment and its keys are not") {
    CHECK(order_key("projects/web/flags/a/environments/production") == "projects/web/flags/a");
    CHECK(order_key("projects/web/flags/a") == "projects/web/flags/a");
    CHECK(order_key("projects/web/segments/a/environments/x") == "projects/web/segments/a");
    CHECK(order_key("projects/web/environments/production/keys/k1") == "projects/web/environments/production/keys/k1");
    CHECK(order_key("projects/web/environments/production") == "projects/web/environments/production");
    CHECK(order_key("members/u_1") == "members/u_1");
    CHECK(order_key("").empty());
}

TEST_CASE("a type is wanted by its name, its group, or as any change") {
    CHECK(passes({"flag.updated"}, "flag.updated"));
    CHECK_FALSE(passes({"flag.updated"}, "flag.created"));
    CHECK(passes({"flag.*"}, "flag.created"));
    CHECK_FALSE(passes({"flag.*"}, "segment.created"));
    CHECK_FALSE(passes({"fla.*"}, "flag.created"));
    CHECK(passes({"segment.created", "flag.*"}, "flag.deleted"));
    for (const auto* change :
         {"flag.created", "key.revoked", "member.updated", "webhook.disabled", "project.created"}) {
        CAPTURE(change);
        CHECK(passes({}, change));
        CHECK(passes({"*"}, change));
    }
    for (const auto* other :
         {"session.started", "request.refused", "password.reset", "webhook.tested", "webhook.replayed"}) {
        CAPTURE(other);
        CHECK_FALSE(passes({}, other));
        CHECK_FALSE(passes({"*"}, other));
        CHECK(passes({other}, other));
    }
    CHECK(passes({"session.*"}, "session.denied"));
}

TEST_CASE("projects and environments select; what is published in an environment belongs to it too") {
    const auto configured = event("flag.configured", "projects/web/flags/a/environments/production");
    CHECK(matches({{}, {"web"}, {"production"}}, configured));
    CHECK(matches({{}, {"shop", "web"}, {}}, configured));
    CHECK_FALSE(matches({{}, {"shop"}, {}}, configured));
    CHECK_FALSE(matches({{}, {"web"}, {"staging"}}, configured));
    auto updated = event("flag.updated", "projects/web/flags/a");
    CHECK_FALSE(matches({{}, {}, {"production"}}, updated));
    updated.published = {{"staging", "1.1"}, {"production", "1.2"}};
    CHECK(matches({{}, {}, {"production"}}, updated));
    CHECK_FALSE(matches({{}, {}, {"development"}}, updated));
    CHECK_FALSE(matches({{}, {"web"}, {}}, event("member.updated", "members/u_1")));
}

TEST_CASE("a type filter names an action or a group of actions") {
    for (const auto* good : {"*", "flag.*", "flag.updated", "webhook.disabled", "request.refused", "session.*"})
        CHECK(is_type_filter(good));
    for (const auto* bad : {"", ".", "flag", "flag.", "flags.*", "flag.exploded", "*.updated", "**", "flag.* ", ".*"})
        CHECK_FALSE(is_type_filter(bad));
}
