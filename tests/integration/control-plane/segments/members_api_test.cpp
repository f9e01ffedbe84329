// The values of a segment's lists: read in pages, changed in parts, from a body or a file.

#include "tests/integration/control-plane/segments/listed.hpp"

using namespace fanion;
using test::Listed;
using test::Reply;
using Texts = std::vector<std::string>;

namespace {

// {"added","removed","already_there","not_there","total"}
std::string counts(const Reply& reply) {
    std::string text;
    for (const auto* name : {"/added", "/removed", "/already_there", "/not_there", "/total"})
        text += (text.empty() ? "" : " ") + reply.at(name);
    return text;
}

}  // namespace

TEST_CASE_METHOD(Listed, "a list is changed in parts and published, with the whole configuration in the log") {
    const auto made = patch(members, owner, R"({"add":["ann","bob","cid"]})");
    INFO(made.body);
    REQUIRE(made.status == 200);
    CHECK(counts(made) == "3 0 0 0 3");
    CHECK(made.etag() == "\"2\"");
    CHECK(made.header("Fanion-Ruleset-Version").starts_with("development="));
    const auto changed = patch(members, owner, R"({"add":["ann","dan"],"remove":["bob","eve"]})", made.etag());
    CHECK(counts(changed) == "1 1 1 1 3");
    CHECK(get(config, owner).at("/included") == R"([{"attribute":"targetingKey","values":["ann","cid","dan"]}])");
    CHECK(get(config, owner).etag() == changed.etag());
    CHECK(get(web + "/environments/development/ruleset", owner).body.find("cid") != std::string::npos);

    const auto entry = get("/api/v1/orgs/acme/audit?limit=1", owner);
    CHECK(entry.at("/items/0/entry/action") == "segment.configured");
    CHECK(entry.at("/items/0/entry/resource") == "projects/web/segments/s/environments/development");
    CHECK(entry.at("/items/0/entry/before/included/0/values") == R"(["ann","bob","cid"])");
    CHECK(entry.at("/items/0/entry/after/included/0/values") == R"(["ann","cid","dan"])");
    CHECK(entry.at("/items/0/entry/patch/0") == R"({"op":"remove","path":"/included/0/values/1"})");
    CHECK(entry.at("/items/0/entry/patch/1/value") == "dan");
}

TEST_CASE_METHOD(Listed, "a configuration is read without its values, with the same tag, and is not written so") {
    REQUIRE(patch(members, owner, R"({"add":["ann","bob","cid"]})").status == 200);
    const auto whole = get(config, owner);
    const auto rules = get(config + "?lists=false", owner);
    INFO(rules.body);
    CHECK(rules.at("/included") == R"([{"attribute":"targetingKey","total":3}])");
    CHECK(rules.at("/excluded") == "[]");
    CHECK(rules.at("/rules") == whole.at("/rules"));
    CHECK(rules.etag() == whole.etag());
    CHECK(get(config + "?lists=true", owner).body == whole.body);
    CHECK(put(config, owner, rules.body, rules.etag()).status == 400);
    CHECK(get(config + "?lists=none", owner).errors() == Texts{"?lists bad_value"});
}

TEST_CASE_METHOD(Listed, "a change of a list can be undone") {
    REQUIRE(patch(members, owner, R"({"add":["ann","bob"]})").status == 200);
    REQUIRE(patch(members, owner, R"({"remove":["ann"]})").status == 200);
    const auto id = get("/api/v1/orgs/acme/audit?limit=1", owner).at("/items/0/entry/id");
    const auto undone = send({net::Method::post, "/api/v1/orgs/acme/audit/" + id + "/revert", owner});
    INFO(undone.body);
    CHECK(undone.status == 200);
    CHECK(get(members, owner).at("/items") == R"(["ann","bob"])");
}

TEST_CASE_METHOD(Listed, "a change that changes nothing makes no version and no entry") {
    REQUIRE(patch(members, owner, R"({"add":["ann"]})").status == 200);
    const auto entries = sql("SELECT count(*) FROM fanion.audit");
    const auto same = patch(members, owner, R"({"add":["ann"],"remove":["bob"]})");
    CHECK(same.status == 200);
    CHECK(counts(same) == "0 0 1 1 1");
    CHECK(same.etag() == "\"2\"");
    CHECK(same.header("Fanion-Ruleset-Version").empty());
    CHECK(sql("SELECT count(*) FROM fanion.audit") == entries);
}

TEST_CASE_METHOD(Listed, "pages are in the order of the values, by prefix, and stable under changes") {
    REQUIRE(patch(members + "?attribute=email", owner, R"({"add":["b3","b1","a","b2"]})").status == 200);
    REQUIRE(patch(members + "?list=excluded", owner, R"({"add":["x"]})").status == 200);
    auto page = get(members + "?attribute=email&q=b&limit=2", owner);
    CHECK(page.at("/items") == R"(["b1","b2"])");
    CHECK(page.at("/total") == "4");
    CHECK(page.at("/lists") == R"([{"list":"included","attribute":"email","values":4},)"
                               R"({"list":"excluded","attribute":"targetingKey","values":1}])");
    REQUIRE(patch(members + "?attribute=email", owner, R"({"remove":["b2"]})").status == 200);
    page = get(members + "?attribute=email&q=b&limit=2&cursor=" + page.at("/next"), owner);
    CHECK(page.at("/items") == R"(["b3"])");
    CHECK(page.at("/next") == "null");
    CHECK(get(members, owner).at("/items") == "[]");
    const auto known = send({net::Method::get, members, owner, "", {{"If-None-Match", page.etag()}}});
    CHECK(known.status == 304);
}

TEST_CASE_METHOD(Listed, "a file adds, removes and replaces") {
    const auto added =
        upload(members + "?attribute=email&mode=add", "id,email\r\n1,ann@x.org\r\n2,\"bob@x.org\"\r\n3,ann@x.org\r\n");
    INFO(added.body);
    REQUIRE(added.status == 200);
    CHECK(counts(added) == "2 0 0 0 2");
    CHECK(added.at("/repeated") == "1");
    CHECK(added.at("/column") == "email");
    const auto removed = upload(members + "?attribute=email&mode=remove", "ann@x.org\nnobody\n", "text/plain");
    CHECK(counts(removed) == "0 1 0 1 1");
    const auto replaced = upload(members + "?attribute=email&mode=replace", "c@x.org\nbob@x.org", "text/plain");
    CHECK(counts(replaced) == "1 0 1 0 2");
    CHECK(get(members + "?attribute=email", owner).at("/items") == R"(["bob@x.org","c@x.org"])");
}

TEST_CASE_METHOD(Listed, "a dry run says what a file would do, and does nothing") {
    REQUIRE(patch(members, owner, R"({"add":["ann","bob"]})").status == 200);
    REQUIRE(patch(members + "?list=excluded", owner, R"({"add":["cid"]})").status == 200);
    const auto tried = upload(members + "?mode=replace&dry_run=true", "bob\ncid\n dan", "text/plain");
    INFO(tried.body);
    CHECK(tried.status == 200);
    CHECK(tried.at("/dry_run") == "true");
    CHECK(counts(tried) == "2 1 1 0 3");
    CHECK(tried.header("Fanion-Ruleset-Version").empty());
    Texts codes;
    for (const auto* at : {"/warnings/0/code", "/warnings/1/code"}) codes.push_back(tried.at(at));
    CHECK(codes == Texts{"surrounding_space", "shadowed_exclusion"});
    CHECK(tried.at("/warnings/0/pointer") == "line:3");
    CHECK(get(members, owner).at("/items") == R"(["ann","bob"])");
    CHECK(upload(members + "?mode=replace&strict=true", "bob\ncid\n dan", "text/plain").status == 422);
    CHECK(get(members, owner).at("/items") == R"(["ann","bob"])");
}

TEST_CASE_METHOD(Listed, "bad lines and bad parameters are named, and nothing is changed") {
    CHECK(upload(members + "?mode=add",
                 "fine\nb\x01"
                 "d\n\xff\n",
                 "text/plain")
              .errors() == Texts{"line:2 bad_character", "line:3 bad_character"});
    CHECK(upload(members + "?mode=add&column=mail", "id,email\n1,a\n").errors() == Texts{"line:1 unknown_column"});
    CHECK(upload(members + "?mode=replace", "", "text/plain").errors() == Texts{" empty"});
    CHECK(upload(members + "?mode=all", "a\n").errors() == Texts{"?mode malformed"});
    CHECK(upload(members + "?mode=add&list=all", "a\n").errors() == Texts{"?list malformed"});
    CHECK(upload(members + "?mode=add&attribute=", "a\n").errors() == Texts{"?attribute malformed"});
    CHECK(upload(members + "?mode=add", "{}", "application/json").status == 415);
    CHECK(patch(members, owner, "{}").errors() == Texts{" missing"});
    CHECK(patch(members, owner, R"({"add":["a"],"remove":["a"]})").errors() == Texts{"/remove/0 malformed"});
    CHECK(patch(members, owner, R"({"add":"a"})").errors() == Texts{"/add wrong_type"});
    CHECK(get(config, owner).etag() == "\"1\"");
}

TEST_CASE_METHOD(Listed, "a protected environment wants its version and the permission") {
    const auto path = in_production + "/members";
    CHECK(patch(path, owner, R"({"add":["a"]})").status == 428);
    CHECK(upload(path + "?mode=add", "a\n").status == 428);
    CHECK(upload(path + "?mode=add", "a\n", "text/csv", "\"9\"").status == 412);
    CHECK(upload(path + "?mode=add", "a\n", "text/csv", "\"1\"").status == 200);
    const auto developer = add_member(owner, "acme", "dev@example.com", "developer");
    CHECK(patch(path, developer, R"({"add":["b"]})", "*").status == 403);
    CHECK(patch(members, developer, R"({"add":["b"]})").status == 200);
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    CHECK(get(path, viewer).at("/items") == R"(["a"])");
    CHECK(patch(members, viewer, R"({"add":["c"]})").status == 403);
}

TEST_CASE_METHOD(Listed, "a list has at most 100,000 values, whose changes leave small entries") {
    std::string text;
    for (int i = 100'000; i < 200'000; ++i) text += "user-" + std::to_string(i) + '\n';
    const auto full = upload(members + "?mode=replace", text, "text/plain");
    INFO(full.body);
    REQUIRE(full.status == 200);
    CHECK(full.at("/total") == "100000");
    const auto over = patch(members, owner, R"({"add":["one more"]})");
    CHECK(over.status == 422);
    CHECK(over.errors() == Texts{" limit"});
    const auto edited = patch(members, owner, R"({"add":["one more"],"remove":["user-150000"]})");
    REQUIRE(edited.status == 200);
    CHECK(get(members + "?q=user-15000", owner).at("/items/0") == "user-150001");
    CHECK(sql("SELECT octet_length(canonical) < 2000 FROM fanion.audit ORDER BY seq DESC LIMIT 1") == "t");
    const auto entry = get("/api/v1/orgs/acme/audit?limit=1", owner);
    CHECK(entry.at("/items/0/entry/patch/0/path") == "/included/0/values/50000");
    CHECK(entry.at("/items/0/entry/after_sha256").size() == 64);
}
