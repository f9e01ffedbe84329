// PATCH by content type: merge patch, JSON Patch, instructions. What each refuses changes nothing.

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::ApiFixture;
using test::f_in_development;
using test::flag_f;
using test::Reply;
using test::web;
using Errors = std::vector<std::string>;

namespace {

const std::string json_patch = "application/json-patch+json";
const std::string instructions = "application/vnd.fanion.instructions+json";

class Patching : public ApiFixture {
public:
    Patching() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post("/api/v1/orgs/acme/projects", owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
        REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
    }

    Reply change(const std::string& path, const std::string& type, const std::string& body,
                 const std::string& if_match = "") {
        test::ApiRequest request{net::Method::patch, path, owner, body, {{"Content-Type", type}}};
        if (!if_match.empty()) request.headers.emplace_back("If-Match", if_match);
        return send(std::move(request));
    }
    Reply instruct(const std::string& path, const std::string& list, const std::string& if_match = "") {
        return change(path, instructions, R"({"instructions":[)" + list + "]}", if_match);
    }
    // The errors of a refusal that changed nothing.
    Errors refused(unsigned status, const std::string& path, const std::string& type, const std::string& body) {
        const auto before = get(path, owner).body + get("/api/v1/orgs/acme/audit?limit=1", owner).body;
        const auto reply = change(path, type, body);
        INFO(reply.body);
        CHECK(reply.status == status);
        CHECK(get(path, owner).body + get("/api/v1/orgs/acme/audit?limit=1", owner).body == before);
        return reply.errors();
    }

    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(Patching, "instructions change a configuration in one version, and the comment is the audit entry's") {
    const auto reply =
        change(f_in_development, instructions, R"({"comment":"pilot","instructions":[{"kind":"add_rule","id":"de",
        "when":"country is 'DE'","serve":{"variation":"on"}},{"kind":"set_weights","weights":[{"variation":"on",
        "weight":10}],"otherwise":"off"},{"kind":"turn_on"}]})");
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    CHECK(reply.at("/version") == "2");
    CHECK(reply.at("/enabled") == "true");
    CHECK(reply.at("/rules/0/id") == "de");
    CHECK(reply.at("/fallthrough/split/ranges") == R"([[0,10000,"on"]])");
    CHECK_FALSE(reply.header("Fanion-Ruleset-Version").empty());
    const auto entry = get("/api/v1/orgs/acme/audit?limit=1", owner);
    CHECK(entry.at("/items/0/entry/comment") == "pilot");
    CHECK(entry.at("/items/0/entry/action") == "flag.configured");
    CHECK(instruct(f_in_development, R"({"kind":"turn_on"})").header("Fanion-Ruleset-Version").empty());
    CHECK(get(f_in_development, owner).at("/version") == "2");
}

TEST_CASE_METHOD(Patching, "a JSON Patch changes a configuration if its tests hold") {
    const auto reply = change(f_in_development, json_patch, R"([{"op":"test","path":"/enabled","value":false},
        {"op":"replace","path":"/enabled","value":true},
        {"op":"add","path":"/rules/-","value":{"id":"de","when":"country is 'DE'","serve":{"variation":"on"}}}])");
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    CHECK(reply.at("/rules/0/when/attribute") == "country");
    CHECK(refused(409, f_in_development, json_patch, R"([{"op":"test","path":"/enabled","value":false}])") ==
          Errors{"/0/value test_failed"});
    CHECK(refused(422, f_in_development, json_patch, R"([{"op":"remove","path":"/rules/7"}])") ==
          Errors{"/0/path no_such_place"});
}

TEST_CASE_METHOD(Patching, "errors of the compiler point to the instruction that wrote the part") {
    CHECK(refused(422, f_in_development, instructions, R"({"instructions":[{"kind":"turn_on"},{"kind":"add_rule",
        "when":"segment 'nowhere'","serve":{"variation":"on"}}]})") ==
          Errors{"/instructions/1/when unknown_reference"});
    CHECK(refused(422, f_in_development, instructions, R"({"instructions":[{"kind":"add_rule","when":{"all":[]},
        "serve":{"variation":"blue"}}]})") == Errors{"/instructions/0/serve/variation unknown_reference"});
    CHECK(refused(422, f_in_development, instructions, R"({"instructions":[{"kind":"set_off","variation":"blue"}]})") ==
          Errors{"/instructions/0/variation unknown_reference"});
    CHECK(refused(422, f_in_development, instructions, R"({"instructions":[{"kind":"add_prerequisite","flag":"g",
        "variations":["on"]}]})") == Errors{"/instructions/0/flag unknown_reference"});
    CHECK(refused(422, f_in_development, instructions,
                  R"({"instructions":[{"kind":"set_weights","weights":[{"variation":"on",
        "weight":10}]}]})") == Errors{"/instructions/0 bad_range"});
    // A JSON Patch has no place for what it makes: the item has.
    const auto reply = change(f_in_development, json_patch, R"([{"op":"replace","path":"/off","value":"blue"}])");
    CHECK(reply.status == 422);
    CHECK(reply.at("/errors/0/item") == "flag/f");
    CHECK(reply.at("/errors/0/pointer") == "/off");
}

TEST_CASE_METHOD(Patching, "what is wrong with a body of either form has its pointer and changes nothing") {
    CHECK(refused(400, f_in_development, instructions, R"([])") == Errors{" wrong_type"});
    CHECK(refused(400, f_in_development, json_patch, R"({})") == Errors{" wrong_type"});
    CHECK(refused(400, f_in_development, instructions, R"({"instructions":[{"kind":"jump"}]})") ==
          Errors{"/instructions/0/kind unknown_kind"});
    CHECK(refused(400, f_in_development, instructions, R"({"instructions":[{"kind":"turn_on"}],"comment":7})") ==
          Errors{"/comment wrong_type"});
    CHECK(refused(400, f_in_development, instructions,
                  R"({"instructions":[{"kind":"turn_on"}],"comment":")" + std::string(1001, 'x') + "\"}") ==
          Errors{"/comment too_long"});
    CHECK(refused(400, f_in_development, instructions, R"({"instructions":[{"kind":"add_targets","variation":"on",
        "values":["a\u0000b"]}]})") == Errors{"/instructions/0/values/0 bad_character"});
    CHECK(refused(400, f_in_development, json_patch, "[{\"op\":\"add\",\"op\":\"add\",\"path\":\"/a\",\"value\":1}]") ==
          Errors{"/0/op duplicate_field"});
    CHECK(refused(400, f_in_development, json_patch, "[\"\xff\"]").size() == 1);
    CHECK(refused(415, f_in_development, "application/xml", "<a/>") == Errors{"Content-Type unsupported_type"});
    const auto both =
        change(f_in_development + "?comment=a", instructions, R"({"instructions":[{"kind":"turn_on"}],"comment":"b"})");
    CHECK(both.status == 400);
    CHECK(both.errors() == Errors{"/comment malformed"});
}

TEST_CASE_METHOD(Patching, "only the four resources take these forms, and only in a PATCH") {
    const auto body = R"({"instructions":[{"kind":"turn_on"}]})";
    const auto me = get("/api/v1/auth/me", owner).at("/user/id");
    CHECK(change("/api/v1/orgs/acme/members/" + me, instructions, body).status == 415);
    CHECK(send({net::Method::put, f_in_development, owner, body, {{"Content-Type", instructions}}}).status == 415);
    CHECK(send({net::Method::post, web + "/flags", owner, body, {{"Content-Type", json_patch}}}).status == 415);
}

TEST_CASE_METHOD(Patching, "If-Match holds for every form, and a protected environment wants it") {
    CHECK(instruct(f_in_development, R"({"kind":"turn_on"})", "\"9\"").status == 412);
    CHECK(
        change(f_in_development, json_patch, R"([{"op":"replace","path":"/enabled","value":true}])", "\"9\"").status ==
        412);
    const auto production = flag_f + "/environments/production";
    CHECK(instruct(production, R"({"kind":"turn_on"})").status == 428);
    CHECK(instruct(production, R"({"kind":"turn_on"})", get(production, owner).etag()).status == 200);
    CHECK(get(f_in_development, owner).at("/enabled") == "false");
}

TEST_CASE_METHOD(Patching, "a renamed variation is renamed wherever the flag serves it, in one change") {
    REQUIRE(instruct(f_in_development, R"({"kind":"add_targets","variation":"on","values":["ann"]})").status == 200);
    const auto renamed =
        instruct(flag_f, R"({"kind":"rename_variation","variation":"on","to":"shown"})", get(flag_f, owner).etag());
    INFO(renamed.body);
    REQUIRE(renamed.status == 200);
    CHECK(renamed.at("/variations/0/key") == "shown");
    CHECK(get(f_in_development, owner).at("/targets/0/variation") == "shown");
    CHECK(get(f_in_development, owner).at("/fallthrough/variation") == "shown");
    CHECK(get(flag_f + "/environments/production", owner).at("/fallthrough/variation") == "shown");
    CHECK(renamed.header("Fanion-Ruleset-Version").find("production=") != std::string::npos);
    const auto entries = get("/api/v1/orgs/acme/audit?limit=4", owner);
    std::vector<std::string> configured;
    for (const auto* index : {"0", "1", "2"}) {
        const auto entry = std::string("/items/") + index + "/entry";
        CHECK(entries.at(entry + "/action") == "flag.configured");
        CHECK(entries.at(entry + "/group") == entries.at("/items/3/entry/id"));
        CHECK(entries.at(entry + "/before/fallthrough/variation") == "on");
        CHECK(entries.at(entry + "/after/fallthrough/variation") == "shown");
        configured.push_back(entries.at(entry + "/resource"));
    }
    CHECK(std::count(configured.begin(), configured.end(), "projects/web/flags/f/environments/production") == 1);
    CHECK(entries.at("/items/3/entry/action") == "flag.updated");
}

TEST_CASE_METHOD(Patching, "what instructions change is stored even where the definition ends as it began") {
    const auto texts = R"({"key":"g","type":"string","variations":[{"key":"a","value":"1"},{"key":"b","value":"2"}]})";
    REQUIRE(post(web + "/flags", owner, texts).status == 201);
    const auto exchanged = R"({"kind":"rename_variation","variation":"a","to":"x"},
        {"kind":"add_variation","variation":"a","value":"1","at":0},{"kind":"remove_variation","variation":"b"},
        {"kind":"rename_variation","variation":"x","to":"b"},{"kind":"set_value","variation":"b","value":"2"})";
    const auto before = get(web + "/flags/g", owner);
    CHECK(instruct(web + "/flags/g", exchanged).status == 428);
    const auto changed = instruct(web + "/flags/g", exchanged, before.etag());
    INFO(changed.body);
    REQUIRE(changed.status == 200);
    CHECK(changed.at("/variations") == before.at("/variations"));
    CHECK(get(web + "/flags/g/environments/development", owner).at("/fallthrough/variation") == "b");
}

TEST_CASE_METHOD(Patching, "a variation that another flag requires can be neither renamed nor removed") {
    REQUIRE(post(web + "/flags", owner, R"({"key":"g","type":"boolean"})").status == 201);
    REQUIRE(instruct(web + "/flags/g/environments/development",
                     R"({"kind":"add_prerequisite","flag":"f","variations":["on"]})")
                .status == 200);
    const auto refused =
        instruct(flag_f, R"({"kind":"rename_variation","variation":"on","to":"shown"})", get(flag_f, owner).etag());
    CHECK(refused.status == 422);
    CHECK(refused.at("/errors/0/item") == "flag/g");
    CHECK(get(flag_f, owner).at("/variations/0/key") == "on");
    const auto removed = instruct(flag_f, R"({"kind":"remove_variation","variation":"on"})");
    CHECK(removed.status == 422);
    CHECK(removed.errors().front() == "/instructions/0/variation still_served");
}

TEST_CASE_METHOD(Patching, "an archived flag keeps its configurations in order when a variation is renamed") {
    REQUIRE(instruct(flag_f, R"({"kind":"archive"})", get(flag_f, owner).etag()).status == 200);
    REQUIRE(instruct(flag_f, R"({"kind":"rename_variation","variation":"on","to":"shown"})", "*").status == 200);
    REQUIRE(instruct(flag_f, R"({"kind":"restore"})", "*").status == 200);
    CHECK(get(f_in_development, owner).at("/fallthrough/variation") == "shown");
}

TEST_CASE_METHOD(Patching, "segments take all forms too") {
    const auto segment = web + "/segments/s";
    const auto members = segment + "/environments/development";
    CHECK(instruct(segment, R"({"kind":"set_name","name":"Staff"})").at("/name") == "Staff");
    CHECK(change(segment, json_patch, R"([{"op":"replace","path":"/name","value":"Crew"}])").at("/name") == "Crew");
    CHECK(instruct(members, R"({"kind":"add_included","values":["ann"]})").at("/included/0/values") == R"(["ann"])");
    CHECK(change(members, json_patch, R"([{"op":"add","path":"/included/0/values/-","value":"bob"}])")
              .at("/included/0/values") == R"(["ann","bob"])");
    CHECK(refused(422, members, instructions, R"({"instructions":[{"kind":"add_rule","when":"segment 'nowhere'"}]})") ==
          Errors{"/instructions/0/when unknown_reference"});
}
