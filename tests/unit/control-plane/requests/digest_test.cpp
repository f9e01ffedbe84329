#include "control-plane/requests/digest.hpp"

#include <catch2/catch.hpp>

using namespace fanion::cp::requests;
using fanion::cp::schedules::Change;

namespace {

const std::vector<Change> changes{{"PATCH", "projects/web/flags/f", "application/json", R"({"enabled":true})", ""}};

std::shared_ptr<const std::string> body(std::string text) { return std::make_shared<const std::string>(text); }

ServedItems served(const std::string& text) { return {{"production", {{"flag/f", body(text)}}}}; }

const std::string flag =
    R"({"key":"f","version":3,"variations":{"a":{"version":1,"id":"x"}},"rules":[{"id":"r-1","when":{},"serve":"a"}]})";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a digest does not depend on versions and ids of rules") {
    const auto digest = digest_of(changes, served(flag));
    CHECK(digest.size() == 64);
    CHECK(digest_of(changes, served(replaced(flag, R"("version":3)", R"("version":4)"))) == digest);
    CHECK(digest_of(changes, served(replaced(flag, "r-1", "r-2"))) == digest);
}

TEST_CASE("a digest depends on everything else that is served, and on what is asked") {
    const auto digest = digest_of(changes, served(flag));
    for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
             {R"("serve":"a")", R"("serve":"b")"},
             {R"("when":{})", R"("when":{"x":1})"},
             {R"({"version":1,"id":"x"})", R"({"version":2,"id":"x"})"},  // of a variation's value
             {R"({"version":1,"id":"x"})", R"({"version":1,"id":"y"})"},
         }) {
        CAPTURE(from, to);
        CHECK(digest_of(changes, served(replaced(flag, from, to))) != digest);
    }
    CHECK(digest_of(changes, {}) != digest);
    CHECK(digest_of(changes, {{"staging", {{"flag/f", body(flag)}}}}) != digest);
    CHECK(digest_of(changes, {{"production", {{"flag/g", body(flag)}}}}) != digest);
    CHECK(digest_of(changes, {{"production", {{"flag/f", nullptr}}}}) != digest);
    auto more = served(flag);
    more["staging"]["flag/f"] = body(flag);
    CHECK(digest_of(changes, more) != digest);
    for (auto member : {&Change::method, &Change::path, &Change::media_type, &Change::body, &Change::comment}) {
        auto other = changes;
        other[0].*member = R"({"enabled":false})";
        CHECK(digest_of(other, served(flag)) != digest);
    }
    auto twice = changes;
    twice.push_back(changes[0]);
    CHECK(digest_of(twice, served(flag)) != digest);
}
