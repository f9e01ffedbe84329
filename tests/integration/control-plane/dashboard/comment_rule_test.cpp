// Environments whose changes take a comment, and how people confirm them.

#include "common/base/text.hpp"
#include "tests/integration/control-plane/dashboard/project.hpp"

using namespace fanion;
using test::acme;
using test::Project;
using test::web;
using Texts = std::vector<std::string>;

namespace {

const std::string production = web + "/environments/production";
const std::string config = web + "/flags/f/environments/production";
const Texts refused{"?comment comment_required"};

class Commented : public Project {
public:
    Commented() {
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
        REQUIRE(patch(production, owner, R"({"protected":false,"comment_required":true})", "*").status == 200);
    }
};

}  // namespace

TEST_CASE_METHOD(Project, "an environment says how its changes are confirmed") {
    CHECK(get(web + "/environments/staging", owner).at("/confirmation") == "none");
    CHECK(get(web + "/environments/staging", owner).at("/comment_required") == "false");
    const auto made = post(web + "/environments", owner, R"({"key":"qa","confirmation":"type"})");
    INFO(made.body);
    CHECK(made.at("/confirmation") == "type");
    const auto qa = web + "/environments/qa";
    CHECK(put(qa, owner, R"({"protected":true})").at("/confirmation") == "confirm");
    CHECK(patch(qa, owner, R"({"confirmation":"type","comment_required":true})", "*").at("/confirmation") == "type");
    CHECK(patch(qa, owner, R"({"confirmation":"shout"})", "*").errors() == Texts{"/confirmation bad_value"});
    CHECK(patch(qa, owner, R"({"comment_required":"yes"})", "*").errors() == Texts{"/comment_required wrong_type"});
    CHECK(post(web + "/environments", owner, R"({"key":"pre","comment_required":true})").status == 201);
    CHECK(patch(qa, owner, R"({"comment_required":true,"order":9})", "*").status == 200);
    CHECK(get(acme + "/audit?limit=1", owner).at("/items/0/entry/after/comment_required") == "true");
}

TEST_CASE_METHOD(Commented, "a change of what the environment serves says why") {
    const std::string on = R"({"enabled":true})";
    const auto without = patch(config, owner, on);
    CHECK(without.status == 422);
    CHECK(without.errors() == refused);
    CHECK(patch(config + "?comment=%20", owner, on).errors() == refused);
    CHECK(get(config, owner).at("/enabled") == "false");
    CHECK(patch(config + "?comment=go", owner, on).status == 200);
    CHECK(patch(web + "/flags/f/environments/staging", owner, on).status == 200);
    CHECK(patch(config, owner, on).status == 200);  // nothing changes
}

TEST_CASE_METHOD(Commented, "the rule holds whatever the way") {
    const auto body = [](const std::string& more) {
        return R"({"changes":[{"flags":["f"],"environment":"production","instructions":[{"kind":"turn_on"}]}])" + more +
               "}";
    };
    const auto bulk = post(web + "/bulk", owner, body(""));
    INFO(bulk.body);
    CHECK(bulk.errors() == refused);
    CHECK(post(web + "/bulk", owner, body(R"(,"comment":"go")")).status == 200);
    const auto instructed = [&](const std::string& comment) {
        return send({net::Method::patch,
                     config,
                     owner,
                     R"({"instructions":[{"kind":"turn_off"}])" + comment + "}",
                     {{"Content-Type", "application/vnd.fanion.instructions+json"}}});
    };
    CHECK(instructed("").errors() == refused);
    CHECK(instructed(R"(,"comment":"stop")").status == 200);
    CHECK(patch(web + "/flags/f", owner, R"({"archived":true})").errors() == refused);
    CHECK(del(web + "/flags/f", owner, "*").errors() == refused);
    CHECK(patch(web + "/flags/f", owner, R"({"name":"Till"})").status == 200);  // is served as before
    const auto asked = post(production + "/requests", owner,
                            R"({"title":"t","changes":[{"method":"PATCH","path":"projects/web/flags/f/environments/)"
                            R"(production","body":{"enabled":true}}]})");
    INFO(asked.body);
    CHECK(asked.errors() == Texts{"/changes/0/comment comment_required"});
    const auto scheduled = [&](const std::string& comment) {
        return post(production + "/schedules", owner,
                    R"({"at":")" + format_rfc3339(clock.now() + 60'000) +
                        R"(","change":{"method":"PATCH","path":"projects/web/flags/f/environments/production",)"
                        R"("body":{"enabled":true})" +
                        comment + "}}");
    };
    CHECK(scheduled("").errors() == Texts{"/change/comment comment_required"});
    CHECK(scheduled(R"(,"comment":"launch")").status == 201);
}

TEST_CASE_METHOD(Commented, "a dry run warns of a missing comment, and new flags need none") {
    const auto tried = patch(config + "?dry_run=true", owner, R"({"enabled":true})");
    CHECK(tried.status == 200);
    CHECK(tried.at("/warnings/0/code") == "comment_required");
    CHECK(post(web + "/flags", owner, R"({"key":"g","type":"boolean"})").status == 201);
    const auto entry = get(acme + "/audit?action=flag.created", owner).at("/items/0/entry/id");
    CHECK(post(acme + "/audit/" + entry + "/revert", owner, "{}").status == 204);  // which says so by itself
}
