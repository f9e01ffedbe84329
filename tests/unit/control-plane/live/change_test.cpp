#include "control-plane/live/change.hpp"

#include <catch2/catch.hpp>

using namespace fanion;

namespace {

cp::audit::ChainLink link(const cp::audit::AuditEntry& entry) {
    return {entry.seq, cp::audit::canonical_bytes(entry), {}, {}};
}

cp::audit::AuditEntry entry() {
    cp::audit::AuditEntry made;
    made.org_id = cp::access::OrgId("o_1");
    made.seq = 42;
    made.id = "a_42";
    made.at = 1'763'720'000'000;
    made.actor_id = "u_1";
    made.action = cp::audit::Action::flag_configured;
    made.resource = "projects/web/flags/f/environments/production";
    made.before = R"({"enabled":false,"version":6})";
    made.after = R"({"enabled":true,"version":7})";
    made.comment = "two\nlines";
    made.published = {{"production", "1763719200.4711"}};
    return made;
}

}  // namespace

TEST_CASE("a change is one event: what, by whom and the new version, without the states") {
    const auto change = cp::live::make_change(link(entry()), "ada@example.com");
    CHECK(change->seq == 42);
    CHECK(cp::live::data_of(*change).starts_with(R"({"seq":42,)"));
    CHECK(cp::live::data_of(*change).ends_with("}}"));
    CHECK(change->resource == "projects/web/flags/f/environments/production");
    CHECK(*change->event ==
          "event: change\nid: 42\ndata: "
          R"({"seq":42,"id":"a_42","at":"2025-11-21T10:13:20.000Z","action":"flag.configured",)"
          R"("resource":"projects/web/flags/f/environments/production","project":"web","environment":"production",)"
          R"("group":"a_42","actor":{"kind":"user","id":"u_1","email":"ada@example.com"},"comment":"two\nlines",)"
          R"("version":7,"published":{"production":"1763719200.4711"}})"
          "\n\n");
}

TEST_CASE("what has no version, place or address says so") {
    auto made = entry();
    made.resource = "members/u_2";
    made.after.reset();
    made.published.clear();
    made.group = "a_40";
    const auto event = *cp::live::make_change(link(made), "")->event;
    for (const auto* part : {R"("project":null,"environment":null)", R"("group":"a_40")", R"("email":null)",
                             R"("version":null)", R"("published":{})"}) {
        INFO(part);
        CHECK(event.find(part) != std::string::npos);
    }
}

TEST_CASE("a reset has the number up to which changes are not kept") {
    CHECK(cp::live::reset_event(7) == "event: reset\nid: 7\ndata: {\"seq\":7}\n\n");
}

TEST_CASE("what may change the rights of a person is known by the resource") {
    using cp::live::is_about_rights;
    for (const auto* resource : {"", "members/u_1", "roles/lead", "projects/web/assignments/u_1",
                                 "projects/web/environments/production/assignments/u_1"}) {
        INFO(resource);
        CHECK(is_about_rights(resource, "u_1"));
    }
    for (const auto* resource : {"members/u_11", "members/u_2", "projects/web/assignments/u_2", "u_1", "projects/u_1",
                                 "projects/web/flags/roles"}) {
        INFO(resource);
        CHECK_FALSE(is_about_rights(resource, "u_1"));
    }
}

TEST_CASE("what is no audit entry is no change") {
    auto damaged = link(entry());
    for (const auto* text : {"", "tampered", "[1]", "null"}) {
        damaged.canonical = text;
        CHECK_FALSE(cp::live::make_change(damaged, ""));
    }
}
