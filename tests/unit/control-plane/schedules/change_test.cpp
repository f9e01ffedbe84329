#include "control-plane/schedules/change.hpp"

#include <catch2/catch.hpp>

#include "control-plane/schedules/creator.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::schedules;

namespace {

struct Read {
    Change change;
    std::vector<std::string> codes;
};

Read read(const std::string& text) {
    json::Document document;
    REQUIRE(document.parse(text));
    std::vector<Finding> findings;
    json::Reader r(document.root(), findings);
    Read found{read_change(r, {"web", "production"}), {}};
    r.finish(json::UnknownFields::refuse);
    for (const auto& finding : findings) found.codes.push_back(finding.pointer + ' ' + finding.code);
    return found;
}

std::vector<std::string> codes(const std::string& method, const std::string& path, const std::string& more = "") {
    return read(R"({"method":")" + method + R"(","path":")" + path + "\"" + more + "}").codes;
}

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("what can be kept is a change of flags and segments of the place") {
    const std::string web = "projects/web/";
    for (const auto& [method, path] : std::vector<std::pair<std::string, std::string>>{
             {"PUT", "flags/f/environments/production"},
             {"PATCH", "flags/f/environments/production"},
             {"PATCH", "segments/s/environments/production"},
             {"POST", "flags"},
             {"PATCH", "flags/f"},
             {"DELETE", "flags/f"},
             {"POST", "flags/f/clone"},
             {"POST", "segments"},
             {"DELETE", "segments/s"},
             {"POST", "bulk"},
             {"POST", "environments/production/promote"},
             {"POST", "environments/production/rollback"},
         }) {
        CAPTURE(method, path);
        CHECK(codes(method, web + path) == Codes{});
    }
    for (const auto& [method, path] : std::vector<std::pair<std::string, std::string>>{
             {"GET", "flags/f"},
             {"DELETE", "flags/f/environments/production"},
             {"POST", "environments/production/keys"},
             {"POST", "environments/production/requests/cr_1/apply"},
             {"POST", "environments/production/requests/cr_1/bypass"},
             {"PUT", "environments/production/approvals"},
             {"PATCH", "flags/f/"},
             {"PATCH", "flags/../keys"},
             {"PATCH", "flags/f?dry_run=true"},
             {"PATCH POST", "flags/f"},
             {"", "flags"},
             {"POST", ""},
         }) {
        CAPTURE(method, path);
        CHECK(codes(method, web + path) == Codes{"/path unknown_change"});
    }
}

TEST_CASE("a change is of its own place") {
    CHECK(codes("PATCH", "projects/other/flags/f") == Codes{"/path elsewhere"});
    CHECK(codes("PATCH", "members/u_1") == Codes{"/path elsewhere"});
    CHECK(codes("PATCH", "projects/web/flags/f/environments/staging") == Codes{"/path elsewhere"});
    CHECK(codes("POST", "projects/web/environments/staging/promote") == Codes{"/path elsewhere"});
    CHECK(codes("POST", "projects/web/bulk", R"(,"body":{"changes":[{"environment":"production"},{}]})") == Codes{});
    CHECK(codes("POST", "projects/web/bulk", R"(,"body":{"changes":[{},{"environment":"staging"}]})") ==
          Codes{"/body elsewhere"});
}

TEST_CASE("a change is bounded") {
    CHECK(codes("PATCH", "projects/web/flags/f", R"(,"type":"text/plain")") == Codes{"/type unknown_type"});
    const std::string half(40'000, 'x');
    CHECK(codes("PATCH", "projects/web/flags/f", R"(,"body":[")" + half + R"(",")" + half + "\"]") ==
          Codes{"/body too_long"});
    CHECK(codes("PATCH", "projects/web/" + std::string(600, 'x')) == Codes{"/path too_long"});
    CHECK(codes("PATCH", "projects/web/flags/f", R"(,"comment":")" + std::string(1001, 'x') + "\"") ==
          Codes{"/comment too_long"});
}

TEST_CASE("changes and those who ask for them are stored as text") {
    const std::vector<Change> changes{{"DELETE", "projects/web/flags/f", "application/json", "", "bye"},
                                      {"PATCH", "projects/web/flags/g", "application/json-patch+json", "[]", ""}};
    CHECK(changes_of(to_text(changes)) == changes);
    Creator creator;
    creator.kind = cp::access::ActorKind::service;
    creator.id = "sa_1";
    creator.token_id = cp::access::TokenId("t1");
    creator.limit = {cp::access::Permission::read, cp::access::Permission::edit};
    CHECK(creator_of(to_text(creator)) == creator);
    CHECK(creator_of(to_text(Creator{})) == Creator{});
}
