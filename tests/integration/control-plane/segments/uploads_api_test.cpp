// Files in parts: staged, bounded, expiring, applied as one change.

#include "tests/integration/control-plane/segments/listed.hpp"

using namespace fanion;
using test::Listed;
using Texts = std::vector<std::string>;

namespace {

class Uploading : public Listed {
public:
    std::string start(const std::string& body = R"({"format":"lines"})") {
        const auto made = post(members + "/uploads", owner, body);
        INFO(made.body);
        REQUIRE(made.status == 201);
        CHECK(made.header("Location") == members + "/uploads/" + made.at("/id"));
        return made.header("Location");
    }
    std::string uploads() { return sql("SELECT count(*) FROM fanion.segment_uploads"); }
};

}  // namespace

TEST_CASE_METHOD(Uploading, "parts may be cut anywhere and are applied as one change") {
    const auto path = start();
    CHECK(put_part(path + "/parts/2", "\xb6rg\ncid\n", "text/plain").status == 200);
    CHECK(upload(path + "/apply?mode=add", "").errors() == Texts{" missing_part"});
    const auto put = put_part(path + "/parts/1", "ann\nj\xc3", "text/plain");
    CHECK(put.at("/parts") == R"([{"part":1,"bytes":6},{"part":2,"bytes":8}])");
    const auto tried = upload(path + "/apply?mode=replace&dry_run=true", "");
    INFO(tried.body);
    CHECK(tried.at("/added") == "3");
    CHECK(get(path, owner).status == 200);
    const auto applied = upload(path + "/apply?mode=replace&comment=import", "");
    INFO(applied.body);
    REQUIRE(applied.status == 200);
    CHECK(applied.at("/total") == "3");
    CHECK(get(members, owner).at("/items") == "[\"ann\",\"cid\",\"j\xc3\xb6rg\"]");
    CHECK(get(path, owner).status == 404);
    CHECK(sql("SELECT count(*) FROM fanion.segment_upload_parts") == "0");
    const auto entry = get("/api/v1/orgs/acme/audit?limit=1", owner);
    CHECK(entry.at("/items/0/entry/resource") == "projects/web/segments/s/environments/development");
    CHECK(entry.at("/items/0/entry/comment") == "import");
}

TEST_CASE_METHOD(Uploading, "a part can be sent again, and bad lines have their numbers in the whole") {
    const auto path = start(R"({"format":"csv"})");
    CHECK(put_part(path + "/parts/1", "\"a\nb\",1\n").status == 200);
    CHECK(put_part(path + "/parts/1", "a,1\nb,2\n").status == 200);
    CHECK(put_part(path + "/parts/2", "c,3\n\"d\"x\n").status == 200);
    CHECK(upload(path + "/apply?mode=add", "").errors() == Texts{"line:4 malformed"});
    CHECK(put_part(path + "/parts/2", "c,3\n\"d\"\n").status == 200);
    CHECK(upload(path + "/apply?mode=add", "").at("/added") == "4");
}

TEST_CASE_METHOD(Uploading, "numbers, formats and the number of uploads are bounded") {
    const auto path = start();
    for (const auto* part : {"0", "17", "x"}) {
        const auto refused = put_part(path + "/parts/" + part, "a\n", "text/plain");
        CHECK(refused.status == 400);
        CHECK(refused.errors() == Texts{"{part} out_of_range"});
    }
    CHECK(put_part(path + "/parts/1", "a\n", "text/csv").status == 415);
    CHECK(put_part(path + "/parts/1", "a\n", "application/json").status == 415);
    CHECK(post(members + "/uploads", owner, R"({"format":"xml"})").errors() == Texts{"/format bad_value"});
    for (int i = 1; i < 10; ++i) start();
    const auto refused = post(members + "/uploads", owner, "{}");
    CHECK(refused.status == 409);
    CHECK(refused.errors() == Texts{" limit"});
    CHECK(del(path, owner).status == 204);
    CHECK(del(path, owner).status == 404);
    start();
}

TEST_CASE_METHOD(Uploading, "a repeated request begins no second upload") {
    const auto begin = [this] {
        return send({net::Method::post, members + "/uploads", owner, "{}", {{"Idempotency-Key", "0123456789abcdef"}}});
    };
    const auto made = begin();
    REQUIRE(made.status == 201);
    CHECK(begin().at("/id") == made.at("/id"));
    CHECK(uploads() == "1");
}

TEST_CASE_METHOD(Uploading, "an upload expires after a day") {
    const auto path = start();
    CHECK(put_part(path + "/parts/1", "a\n", "text/plain").status == 200);
    for (int i = 1; i < 10; ++i) start();
    clock.advance(24 * 60 * 60 * 1000);
    owner = post("/api/v1/auth/login", "",
                 R"({"email":"owner@example.com","password":")" + std::string(default_password) + "\"}")
                .at("/access_token");
    CHECK(get(path, owner).status == 404);
    CHECK(put_part(path + "/parts/1", "a\n", "text/plain").status == 404);
    CHECK(upload(path + "/apply?mode=add", "").status == 404);
    start();
    CHECK(uploads() == "1");
}

TEST_CASE_METHOD(Uploading, "an upload belongs to a segment in an environment, and takes the permission to change it") {
    REQUIRE(post(web + "/segments", owner, R"({"key":"t"})").status == 201);
    const auto path = start();
    auto other = path;
    other.replace(other.find("/s/"), 3, "/t/");
    CHECK(get(other, owner).status == 404);
    CHECK(del(other, owner).status == 404);
    const auto developer = add_member(owner, "acme", "dev@example.com", "developer");
    CHECK(post(in_production + "/members/uploads", developer, "{}").status == 403);
    CHECK(post(members + "/uploads", developer, "{}").status == 201);
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    CHECK(post(members + "/uploads", viewer, "{}").status == 403);
    CHECK(get(path, viewer).status == 200);
}

TEST_CASE_METHOD(Uploading, "an upload that changes nothing goes too") {
    REQUIRE(patch(members, owner, R"({"add":["a"]})").status == 200);
    const auto path = start();
    REQUIRE(put_part(path + "/parts/1", "a\n", "text/plain").status == 200);
    const auto entries = sql("SELECT count(*) FROM fanion.audit");
    CHECK(upload(path + "/apply?mode=add", "").at("/already_there") == "1");
    CHECK(get(path, owner).status == 404);
    CHECK(sql("SELECT count(*) FROM fanion.audit") == entries);
}

TEST_CASE_METHOD(Uploading, "an upload that cannot be applied stays") {
    auto path = in_production + "/members/uploads/" + post(in_production + "/members/uploads", owner, "{}").at("/id");
    REQUIRE(put_part(path + "/parts/1", "a\n").status == 200);
    CHECK(upload(path + "/apply?mode=add", "").status == 428);
    CHECK(upload(path + "/apply?mode=add", "", "text/csv", "\"7\"").status == 412);
    CHECK(get(path, owner).status == 200);
    CHECK(upload(path + "/apply?mode=add", "", "text/csv", "\"1\"").status == 200);
    CHECK(get(path, owner).status == 404);
}
