// Segments changed as one, alone and together with flags.

#include <catch2/catch.hpp>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::Reply;
using test::web;
using Errors = std::vector<std::string>;

namespace {

class SegmentsInBulk : public ApiFixture {
public:
    SegmentsInBulk() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
        for (const auto* key : {"beta", "staff"})
            REQUIRE(post(web + "/segments", owner, std::string(R"({"key":")") + key + R"("})").status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"search","type":"boolean"})").status == 201);
    }
    Reply bulk(const std::string& changes, const std::string& token = "", const std::string& query = "") {
        return post(web + "/bulk" + query, token.empty() ? owner : token,
                    R"({"comment":"pilot","changes":)" + changes + "}");
    }
    std::string number_of(const std::string& environment) {
        return sql("SELECT version FROM fanion.environments WHERE key = '" + environment + "'");
    }
    std::string state() {
        return get(web + "/segments", owner).body + get(web + "/segments/beta/environments/development", owner).body +
               get(web + "/flags/search/environments/development", owner).body + number_of("development") +
               sql("SELECT count(*) FROM fanion.audit WHERE action <> 'request.refused'");
    }
    // The errors of a refusal that changed nothing.
    Errors refused(unsigned status, const std::string& changes, const std::string& token = "") {
        const auto before = state();
        const auto reply = bulk(changes, token);
        INFO(reply.body);
        CHECK(reply.status == status);
        CHECK(state() == before);
        return reply.errors();
    }
    std::string owner;
};

const std::string pilot = R"([{"segments":["beta","staff"],"environment":"development",)"
                          R"("instructions":[{"kind":"add_included","values":["ann"]}]},)"
                          R"({"segments":["beta"],"instructions":[{"kind":"set_name","name":"Beta"}]},)"
                          R"({"flags":["search"],"environment":"development","instructions":[{"kind":"turn_on"},)"
                          R"({"kind":"add_rule","when":"segment 'beta'","serve":{"variation":"off"}}]}])";

}  // namespace

TEST_CASE_METHOD(SegmentsInBulk, "segments and flags change as one version and one group of audit entries") {
    const auto development = std::stoi(number_of("development"));
    const auto staging = number_of("staging");
    const auto reply = bulk(pilot);
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    CHECK(reply.at("/changed/0/flag") == "search");
    CHECK(reply.at("/changed/1/segment") == "beta");
    CHECK(reply.at("/changed/1/version") == "2");
    CHECK(reply.at("/changed/1/environments/development") == "2");
    CHECK(reply.at("/changed/2/segment") == "staff");
    CHECK(reply.at("/changed/2/version") == "1");
    CHECK(reply.at("/unchanged_segments") == "[]");
    CHECK(number_of("development") == std::to_string(development + 1));
    CHECK(number_of("staging") == staging);
    CHECK(get(web + "/segments/beta", owner).at("/name") == "Beta");
    CHECK(get(web + "/segments/staff/environments/development", owner).at("/included/0/values") == R"(["ann"])");
    const auto entries = get(acme + "/audit?limit=4", owner);
    const Errors resources{"projects/web/segments/staff/environments/development",
                           "projects/web/segments/beta/environments/development", "projects/web/segments/beta",
                           "projects/web/flags/search/environments/development"};
    for (std::size_t i = 0; i < resources.size(); ++i) {
        const auto place = "/items/" + std::to_string(i) + "/entry";
        CHECK(entries.at(place + "/resource") == resources[i]);
        CHECK(entries.at(place + (i == 3 ? "/id" : "/group")) == reply.at("/group"));
        CHECK(entries.at(place + "/comment") == "pilot");
    }
    CHECK(entries.at("/items/1/entry/action") == "segment.configured");
    CHECK(entries.at("/items/2/entry/action") == "segment.updated");
    const auto again = bulk(R"([{"segments":["beta","staff"],"environment":"development",)"
                            R"("instructions":[{"kind":"add_included","values":["ann"]}]}])");
    CHECK(again.at("/changed") == "[]");
    CHECK(again.at("/unchanged_segments") == R"(["beta","staff"])");
}

TEST_CASE_METHOD(SegmentsInBulk, "one refusal refuses all; its place is in the whole body") {
    CHECK(refused(422, R"([{"segments":["beta","nothing"],"instructions":[{"kind":"set_name","name":"x"}]}])") ==
          Errors{"/changes/0/segments/1 unknown_segment"});
    CHECK(refused(422, R"([{"segments":["search"],"instructions":[{"kind":"set_name","name":"x"}]}])") ==
          Errors{"/changes/0/segments/0 unknown_segment"});
    CHECK(refused(422, R"([{"segments":["beta"],"environment":"development",
        "instructions":[{"kind":"add_included","values":["ann"]}]},
        {"segments":["beta"],"environment":"development","instructions":[{"kind":"remove_rule","at":0}]}])") ==
          Errors{"/changes/1/instructions/0/at unknown_rule"});
    CHECK(refused(400, R"([{"segments":["beta"],"instructions":[{"kind":"turn_on"}]}])") ==
          Errors{"/changes/0/instructions/0/kind unknown_kind"});
    const auto circle = bulk(R"([{"segments":["beta"],"environment":"development",
        "instructions":[{"kind":"add_rule","when":"segment 'staff'"}]},
        {"segments":["staff"],"environment":"development",
        "instructions":[{"kind":"add_rule","when":"segment 'beta'"}]}])");
    INFO(circle.body);
    CHECK(circle.status == 422);
    CHECK(circle.at("/errors/0/item").starts_with("segment/"));
}

TEST_CASE_METHOD(SegmentsInBulk, "a protected environment wants the versions, and the permission") {
    const auto include = [](const std::string& versions) {
        return R"([{"segments":["beta","staff"],"environment":"production",)" + versions +
               R"("instructions":[{"kind":"add_included","values":["ann"]}]}])";
    };
    CHECK(refused(428, include("")) == Errors{"/changes missing_version"});
    CHECK(refused(428, include(R"("versions":{"beta":1},)")) == Errors{"/changes missing_version"});
    CHECK(refused(412, include(R"("versions":{"beta":1,"staff":7},)")) ==
          Errors{"/changes/0/versions/staff stale_version"});
    const auto developer = add_member(owner, "acme", "dev@example.com", "developer");
    CHECK(refused(403, include(R"("versions":{"beta":1,"staff":1},)"), developer) == Errors{"Authorization forbidden"});
    CHECK(bulk(include(R"("versions":{"beta":1,"staff":1},)")).status == 200);
    // A name is in no ruleset, so it reaches no protected environment.
    CHECK(bulk(R"([{"segments":["beta"],"instructions":[{"kind":"set_name","name":"B"}]}])", developer).status == 200);
}

TEST_CASE_METHOD(SegmentsInBulk, "an environment that wants approvals refuses segments in bulk") {
    REQUIRE(put(web + "/environments/development/approvals", owner, R"({"required":1})").status == 200);
    const auto reply = bulk(pilot);
    CHECK(reply.status == 409);
    CHECK(reply.errors() == Errors{" approval_required"});
    CHECK(get(web + "/segments/beta", owner).at("/name").empty());
}

TEST_CASE_METHOD(SegmentsInBulk, "a dry run says what would change") {
    const auto before = state();
    const auto tried = bulk(pilot, "", "?dry_run=true");
    INFO(tried.body);
    CHECK(tried.status == 200);
    CHECK(tried.at("/changes").find(R"("`beta`: Sets the name to `Beta`.")") != std::string::npos);
    CHECK(tried.at("/changes").find(R"("`staff`: In development: includes 1 value: `ann`.")") != std::string::npos);
    CHECK(tried.at("/publishes") == R"(["development"])");
    CHECK(state() == before);
}
