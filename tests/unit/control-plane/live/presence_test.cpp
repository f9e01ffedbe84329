#include "control-plane/live/presence.hpp"

#include <catch2/catch.hpp>

using namespace fanion;
using cp::access::OrgId;
using cp::access::UserId;
using cp::live::parse_sighting;
using cp::live::PresenceTable;
using cp::live::Sighting;
using Noted = PresenceTable::Noted;
using namespace std::chrono_literals;

namespace {

const PresenceTable::Time start{1h};
const std::string flag = "projects/web/flags/f";

Sighting seen(const std::string& user, const std::string& resource = flag, bool is_editing = false) {
    return {OrgId("o_a"), UserId(user), resource, is_editing};
}

std::string people(const PresenceTable& table, PresenceTable::Time now, const std::string& resource = flag) {
    std::string text;
    for (const auto& person : table.at(OrgId("o_a"), resource, now))
        text += person.user_id.str() + (person.is_editing ? "* " : " ");
    return text;
}

}  // namespace

TEST_CASE("people are where they were last seen, for half a minute") {
    PresenceTable table;
    CHECK(table.note(seen("u_1"), start) == Noted::changed);
    CHECK(table.note(seen("u_2", flag, true), start + 10s) == Noted::changed);
    CHECK(people(table, start + 10s) == "u_1 u_2* ");
    CHECK(table.note(seen("u_1"), start + 20s) == Noted::same);
    CHECK(people(table, start + 40s) == "u_1 ");
    CHECK(people(table, start + 50s).empty());
    CHECK(table.note(seen("u_1"), start + 50s) == Noted::changed);
}

TEST_CASE("whoever begins or ends to edit changes what is shown") {
    PresenceTable table;
    table.note(seen("u_1"), start);
    CHECK(table.note(seen("u_1", flag, true), start) == Noted::changed);
    CHECK(people(table, start) == "u_1* ");
    CHECK(table.note(seen("u_1"), start) == Noted::changed);
}

TEST_CASE("resources and organisations are apart") {
    PresenceTable table;
    table.note(seen("u_1"), start);
    table.note(seen("u_2", flag + "2"), start);
    table.note({OrgId("o_b"), UserId("u_3"), flag, false}, start);
    CHECK(people(table, start) == "u_1 ");
    CHECK(people(table, start, "projects/web/flags") == "");
}

TEST_CASE("what is over is forgotten, and each resource told once") {
    PresenceTable table;
    table.note(seen("u_1"), start);
    table.note(seen("u_2"), start);
    table.note(seen("u_1", "projects/web"), start + 5s);
    CHECK(table.expire(start + 29s).empty());
    CHECK(table.expire(start + 30s) == std::vector<PresenceTable::Place>{{OrgId("o_a"), flag}});
    CHECK(table.expire(start + 30s).empty());
    CHECK(table.expire(start + 35s) == std::vector<PresenceTable::Place>{{OrgId("o_a"), "projects/web"}});
}

TEST_CASE("a person is at so many resources, and an organisation has so many people there") {
    PresenceTable table;
    for (std::size_t i = 0; i < cp::live::most_places_of_a_person; ++i)
        CHECK(table.note(seen("u_1", flag + std::to_string(i)), start) == Noted::changed);
    CHECK(table.note(seen("u_1"), start) == Noted::full);
    CHECK(table.note(seen("u_1", flag + "0"), start) == Noted::same);
    CHECK(table.note(seen("u_1"), start + 30s) == Noted::changed);

    PresenceTable crowd;
    for (std::size_t i = 0; i < cp::live::most_people_present; ++i) crowd.note(seen("u_" + std::to_string(i)), start);
    CHECK(crowd.note(seen("late"), start) == Noted::full);
    CHECK(crowd.note({OrgId("o_b"), UserId("late"), flag, false}, start) == Noted::changed);
}

TEST_CASE("replicas understand each other, and ignore what they do not") {
    const auto sighting = seen("u_1", "projects/web/flags/\"f\"", true);
    CHECK(parse_sighting(to_text(sighting)) == sighting);
    for (const auto* text : {"", "{", "[]", "{}", R"({"org":"o","user":1,"resource":"r","editing":true})"})
        CHECK_FALSE(parse_sighting(text));
}
