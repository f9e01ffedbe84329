#include "control-plane/audit/inverse.hpp"

#include <catch2/catch.hpp>

#include "control-plane/audit/entry.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using cp::audit::changed_since;
using cp::audit::Inverse;
using cp::audit::inverse_of;

namespace {

json::Tree tree(const std::string& text) { return json::Tree::parse(text).value(); }

json::Tree entry(const std::string& action, const std::string& before, const std::string& after,
                 const std::string& more = "") {
    return tree(R"({"action":")" + action + R"(","resource":"projects/web/flags/f","before":)" + before +
                R"(,"after":)" + after + more + '}');
}

std::string code_of(const json::Tree& of) {
    const auto made = inverse_of(of);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == Errc::conflict);
    return made.error().findings.at(0).code;
}

}  // namespace

TEST_CASE("a change is undone by the state before, a creation by removal") {
    const auto change = inverse_of(entry("flag.updated", R"({"n":1})", R"({"n":2})")).value();
    CHECK(change.kind == Inverse::Kind::restore);
    CHECK(change.resource == "projects/web/flags/f");
    CHECK(change.before == tree(R"({"n":1})"));
    CHECK(inverse_of(entry("flag.created", "null", R"({"n":2})")).value().kind == Inverse::Kind::remove);
    CHECK(inverse_of(entry("member.invited", "null", R"({"n":2})")).value().kind == Inverse::Kind::remove);
}

TEST_CASE("what cannot be undone says why") {
    CHECK(code_of(entry("flag.deleted", R"({"n":1})", "null")) == "not_revertible");
    CHECK(code_of(entry("session.started", "null", "null")) == "not_revertible");
    CHECK(code_of(entry("request.refused", "null", R"({"status":403})")) == "not_revertible");
    CHECK(code_of(entry("segment.configured", "null", "null", R"(,"before_sha256":"x","after_sha256":"y")")) ==
          "state_not_kept");
    CHECK(code_of(tree("{}")) == "not_revertible");
}

TEST_CASE("what changed since is found by its place; versions and dates do not count") {
    const auto left = tree(R"({"enabled":true,"rules":[1],"version":3,"updated_at":"a"})");
    CHECK(changed_since(left, tree(R"({"enabled":true,"rules":[1],"version":5,"updated_at":"b"})")).empty());
    const auto found = changed_since(left, tree(R"({"enabled":false,"rules":[1,2]})"));
    REQUIRE(found.size() == 2);
    CHECK(found[0].pointer == "/enabled");
    CHECK(found[1].pointer == "/rules/1");
    CHECK(found[0].code == "changed_since");
    CHECK_FALSE(changed_since(left, json::Tree()).empty());  // gone
}

TEST_CASE("a patch back has what differs, and null for what was not there") {
    CHECK(cp::audit::merge_patch_to(tree(R"({"role":"viewer","name":"x","version":1})"),
                                    tree(R"({"role":"admin","name":"x","note":"n","version":2})")) ==
          R"({"role":"viewer","note":null})");
}

TEST_CASE("a patch back names what an object within it must lose") {
    CHECK(cp::audit::merge_patch_to(tree(R"({"a":{"x":1,"y":{"k":1}}})"),
                                    tree(R"({"a":{"x":1,"y":{"k":2,"l":3},"z":4}})")) ==
          R"({"a":{"y":{"k":1,"l":null},"z":null}})");
}

TEST_CASE("differences are found in states as deep and as large as they come, and so many are named") {
    std::string deep = "1";
    for (int i = 0; i < 31; ++i) deep = R"({"n":)" + deep + '}';
    CHECK(changed_since(tree(R"({"a":1})"), cp::audit::parse_state(R"({"a":)" + deep + '}')).size() == 1);
    const auto large = cp::audit::parse_state(R"({"text":")" + std::string(5'000'000, 'x') + R"("})");
    CHECK(changed_since(tree(R"({"a":1})"), large).size() == 2);
    std::string many = "{";
    for (int i = 0; i < 1'000; ++i) many += (i > 0 ? ",\"m" : "\"m") + std::to_string(i) + "\":0";
    CHECK(changed_since(tree("{}"), tree(many + '}')).size() == cp::audit::most_differences);
}
