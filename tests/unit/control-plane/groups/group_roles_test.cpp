#include "control-plane/groups/group_roles.hpp"

#include <catch2/catch.hpp>

#include "common/json/document.hpp"
#include "control-plane/body/json_text.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::groups;

namespace {

Result<GroupRoles> read(const std::string& text) {
    json::Document document;
    REQUIRE(document.parse(text, cp::body::composed_limits()));
    return read_group_roles(document.root());
}

std::string first_fault(const std::string& text) {
    const auto roles = read(text);
    REQUIRE(!roles);
    REQUIRE(!roles.error().findings.empty());
    return roles.error().findings[0].pointer + ' ' + roles.error().findings[0].code;
}

}  // namespace

TEST_CASE("rules are read with their places, and written as they were") {
    const auto roles =
        read(R"({"rules":[{"group":"platform","role":"admin"},)"
             R"({"group":"web","role":"developer","project":"web","environment":"production"},)"
             R"({"group":"web","role":"viewer","project":"web","environment":null}],"default_role":null})");
    REQUIRE(roles);
    REQUIRE(roles->rules.size() == 3);
    CHECK(roles->rules[1] == Rule{"web", "developer", "web", "production"});
    CHECK(roles->rules[2] == Rule{"web", "viewer", "web", ""});
    CHECK(!roles->default_role);
    CHECK(parse_rules(rules_text(roles->rules)) == roles->rules);
}

TEST_CASE("each mistake of the rules has its place") {
    CHECK(first_fault(R"({"default_role":null})") == "/rules missing");
    CHECK(first_fault(R"({"rules":[]})") == "/default_role missing");
    CHECK(first_fault(R"({"rules":[{"group":"","role":"viewer"}],"default_role":null})") == "/rules/0/group missing");
    CHECK(first_fault(R"({"rules":[{"group":"a","role":"No Role"}],"default_role":null})") ==
          "/rules/0/role unknown_role");
    CHECK(first_fault(R"({"rules":[{"group":"a","role":"viewer","environment":"e"}],"default_role":null})") ==
          "/rules/0/project missing");
    CHECK(
        first_fault(R"({"rules":[{"group":"a","role":"viewer"},{"group":"a","role":"admin"}],"default_role":null})") ==
        "/rules/1 duplicate");
    CHECK(first_fault(R"({"rules":[{"group":"a","role":"viewer","team":1}],"default_role":null})") ==
          "/rules/0/team unknown_field");
    CHECK(first_fault(R"({"rules":[{"group":")" + std::string(257, 'a') +
                      R"(","role":"viewer"}],"default_role":null})") == "/rules/0/group too_long");
    std::string many;
    for (int i = 0; i < 201; ++i)
        many += (i ? "," : "") + (R"({"group":"g)" + std::to_string(i) + R"(","role":"viewer"})");
    CHECK(first_fault("{\"rules\":[" + many + "],\"default_role\":null}") == "/rules too_many");
}

TEST_CASE("the names of groups are sorted, each once, and bounded") {
    CHECK(normalised({"b", "a", "", "b", std::string(257, 'x')}) == std::vector<std::string>{"a", "b"});
    std::vector<std::string> many;
    for (int i = 0; i < 2'000; ++i) many.push_back("group " + std::to_string(i));
    CHECK(normalised(many).size() == max_names);
}

TEST_CASE("rules match groups byte by byte, in their order") {
    const GroupRoles roles{{{"b", "viewer", "", ""}, {"a", "admin", "", ""}, {"A", "owner", "", ""}}, {}};
    const auto found = matching(roles, {"a", "b"});
    REQUIRE(found.size() == 2);
    CHECK(found[0].role == "viewer");
    CHECK(found[1].role == "admin");
    CHECK(matching(roles, {}).empty());
}
