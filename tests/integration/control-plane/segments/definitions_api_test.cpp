// Segments as a whole: tags and owners, archiving, searching, cloning; and the list of uploads.

#include "tests/integration/control-plane/segments/listed.hpp"

using namespace fanion;
using test::ApiRequest;
using test::Listed;
using test::Reply;
using Texts = std::vector<std::string>;

namespace {

class Defined : public Listed {
public:
    Defined() {
        REQUIRE(patch(members, owner, R"({"add":["ann"]})").status == 200);
        REQUIRE(post(web + "/segments", owner, R"({"key":"t","tags":["eu","beta"],"owner":"web-team"})").status == 201);
    }
    Reply archive(const std::string& query = "") { return edit(R"({"archived":true})", query); }
    Reply restore() { return edit(R"({"archived":false})"); }
    Reply edit(const std::string& body, const std::string& query = "") {
        return send({net::Method::patch, segment + query, owner, body, {{"If-Match", "*"}}});
    }
    std::string ruleset() { return get(web + "/environments/development/ruleset?form=plain", owner).at("/segments"); }
    std::string keys(const std::string& query) {
        const auto found = get(web + "/segments?total=true" + query, owner);
        INFO(found.body);
        REQUIRE(found.status == 200);
        return found.at("/total") + ' ' + (found.at("/total") == "0" ? "" : found.at("/items/0/key"));
    }
    // A flag with a rule about the segment, in development.
    Reply use() {
        return post(web + "/flags", owner, R"({"key":"f","type":"boolean","environments":{"development":
            {"rules":[{"when":"segment 's'","serve":{"variation":"on"}}]}}})");
    }
};

}  // namespace

TEST_CASE_METHOD(Defined, "an archived segment is in no ruleset until it is restored") {
    const auto tried = archive("?dry_run=true");
    CHECK(tried.at("/changes/0") == "Archives the segment: no environment has it any more.");
    CHECK(ruleset().find(R"("key":"s")") != std::string::npos);
    const auto archived = archive();
    INFO(archived.body);
    REQUIRE(archived.status == 200);
    CHECK(archived.at("/archived") == "true");
    CHECK_FALSE(archived.header("Fanion-Ruleset-Version").empty());
    CHECK(ruleset().find(R"("key":"s")") == std::string::npos);
    CHECK(get(members, owner).at("/items") == R"(["ann"])");
    CHECK(restore().status == 200);
    CHECK(ruleset().find("ann") != std::string::npos);
    CHECK(get("/api/v1/orgs/acme/audit?limit=1", owner).at("/items/0/entry/action") == "segment.updated");
}

TEST_CASE_METHOD(Defined, "what is used cannot be archived, and what is archived cannot be used") {
    REQUIRE(use().status == 201);
    const auto refused = archive();
    INFO(refused.body);
    CHECK(refused.status == 409);
    CHECK(refused.body.find("flag/f") != std::string::npos);
    CHECK(get(segment, owner).at("/archived") == "false");
    REQUIRE(del(web + "/flags/f", owner, "*").status == 204);
    REQUIRE(archive().status == 200);
    const auto unknown = post(web + "/flags", owner, R"({"key":"g","type":"boolean","environments":{"development":
        {"rules":[{"when":"segment 's'","serve":{"variation":"on"}}]}}})");
    INFO(unknown.body);
    CHECK(unknown.status == 422);
    CHECK(unknown.body.find("unknown_reference") != std::string::npos);
}

TEST_CASE_METHOD(Defined, "members of an archived segment change without a publication") {
    REQUIRE(archive().status == 200);
    const auto changed = patch(members, owner, R"({"add":["bob"]})");
    INFO(changed.body);
    CHECK(changed.status == 200);
    CHECK(changed.header("Fanion-Ruleset-Version").empty());
    const auto replaced = put(config, owner, R"({"included":[{"attribute":"targetingKey","values":["cid"]}]})");
    INFO(replaced.body);
    CHECK(replaced.status == 200);
    CHECK(ruleset().find("cid") == std::string::npos);
    REQUIRE(restore().status == 200);
    CHECK(ruleset().find("cid") != std::string::npos);
}

TEST_CASE_METHOD(Defined, "archiving takes its permission") {
    const auto developer = add_member(owner, "acme", "developer@example.com", "developer");
    const ApiRequest request{net::Method::patch, segment, developer, R"({"archived":true})", {{"If-Match", "*"}}};
    CHECK(send(request).status == 403);
    CHECK(patch(segment, developer, R"({"owner":"me","tags":["a"]})").status == 200);
}

TEST_CASE_METHOD(Defined, "segments are found by tag, owner and state") {
    REQUIRE(archive().status == 200);
    CHECK(keys("&tag=eu&tag=beta") == "1 t");
    CHECK(keys("&tag=us") == "0 ");
    CHECK(keys("&owner=web-team") == "1 t");
    CHECK(keys("&owner=") == "1 s");
    CHECK(keys("&state=archived") == "1 s");
    CHECK(keys("&state=active") == "1 t");
    CHECK(get(web + "/segments?state=gone", owner).errors() == Texts{"?state bad_value"});
    const auto page = get(web + "/segments?limit=1&owner=", owner);
    CHECK(page.at("/items/0/tags") == "[]");
    CHECK(page.at("/next") == "null");
}

TEST_CASE_METHOD(Defined, "instructions change tags and owner, and archive") {
    const ApiRequest request{
        net::Method::patch,
        web + "/segments/t",
        owner,
        R"({"instructions":[{"kind":"add_tags","tags":["new"]},{"kind":"remove_tags","tags":["eu"]},
                                 {"kind":"set_owner","owner":""},{"kind":"archive"}]})",
        {{"If-Match", "*"}, {"Content-Type", "application/vnd.fanion.instructions+json"}}};
    const auto changed = send(request);
    INFO(changed.body);
    REQUIRE(changed.status == 200);
    CHECK(changed.at("/tags") == R"(["beta","new"])");
    CHECK(changed.at("/owner") == "");
    CHECK(changed.at("/archived") == "true");
}

TEST_CASE_METHOD(Defined, "a bulk change archives in every environment") {
    const auto changed = post(web + "/bulk", owner, R"({"changes":[{"segments":["s"],"versions":{"s":1},
        "instructions":[{"kind":"archive"}]}]})");
    INFO(changed.body);
    REQUIRE(changed.status == 200);
    CHECK(ruleset().find(R"("key":"s")") == std::string::npos);
    CHECK(restore().status == 200);
    CHECK(ruleset().find("ann") != std::string::npos);
}

TEST_CASE_METHOD(Defined, "a clone has the definition, and the members where it is told") {
    const auto made = post(web + "/segments/t/clone", owner, R"({"key":"u","name":"U"})");
    INFO(made.body);
    REQUIRE(made.status == 201);
    CHECK(made.header("Location") == web + "/segments/u");
    CHECK(made.at("/tags") == R"(["eu","beta"])");
    CHECK(made.at("/owner") == "web-team");
    CHECK(post(segment + "/clone", owner, R"({"key":"all"})").status == 201);
    CHECK(get(web + "/segments/all/environments/development/members", owner).at("/items") == R"(["ann"])");
    CHECK(post(segment + "/clone", owner, R"({"key":"none","environments":["staging"]})").status == 201);
    CHECK(get(web + "/segments/none/environments/development/members", owner).at("/items") == "[]");
    CHECK(post(segment + "/clone", owner, R"({"key":"s"})").status == 409);
    const auto unknown = post(segment + "/clone", owner, R"({"key":"v","environments":["moon"]})");
    CHECK(unknown.errors() == Texts{"/environments/0 unknown_environment"});
}

TEST_CASE_METHOD(Defined, "uploads are listed with their places, where the caller may read") {
    const auto id = post(members + "/uploads", owner, R"({"format":"lines"})").at("/id");
    REQUIRE(put_part(members + "/uploads/" + id + "/parts/1", "a\n", "text/plain").status == 200);
    const auto all = get("/api/v1/orgs/acme/uploads", owner);
    INFO(all.body);
    CHECK(all.at("/items/0/id") == id);
    CHECK(all.at("/items/0/segment") == "s");
    CHECK(all.at("/items/0/environment") == "development");
    CHECK(all.at("/items/0/parts") == R"([{"part":1,"bytes":2}])");
    const auto developer = add_member(owner, "acme", "developer@example.com", "developer");
    CHECK(get("/api/v1/orgs/acme/uploads", developer).at("/items/0/id") == id);
    REQUIRE(post("/api/v1/orgs/acme/roles", owner, R"({"key":"none","permissions":[]})").status == 201);
    const auto place =
        web + "/environments/development/assignments/" + get("/api/v1/auth/me", developer).at("/user/id");
    REQUIRE(put(place, owner, R"({"role":"none"})").status < 300);
    CHECK(get("/api/v1/orgs/acme/uploads", developer).at("/items") == "[]");
    const auto staged =
        post(segment + "/environments/staging/members/uploads", owner, R"({"format":"lines"})").at("/id");
    const auto page = get("/api/v1/orgs/acme/uploads?limit=1", developer);
    CHECK(page.at("/items/0/id") == staged);
    CHECK(page.at("/next") == "null");  // nothing of the one in development
    REQUIRE(del(segment + "/environments/staging/members/uploads/" + staged, owner).status == 204);
    REQUIRE(del(members + "/uploads/" + id, owner).status == 204);
    CHECK(get("/api/v1/orgs/acme/uploads", owner).at("/items") == "[]");
}
