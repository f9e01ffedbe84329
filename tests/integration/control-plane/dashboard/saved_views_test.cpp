// Named searches of a project's flags: whose they are, what they may say, and how many there are.

#include "tests/integration/control-plane/dashboard/project.hpp"

using namespace fanion;
using test::acme;
using test::Project;
using test::web;
using Texts = std::vector<std::string>;

namespace {

const std::string views = web + "/views";

class Views : public Project {
public:
    std::string make(const std::string& token, const std::string& body) {
        const auto made = post(views, token, body);
        INFO(made.body);
        REQUIRE(made.status == 201);
        return views + '/' + made.at("/id");
    }
    std::string names(const std::string& token) { return each(get(views, token), "name"); }
    Texts errors(const std::string& body) {
        const auto reply = post(views, owner, body);
        INFO(reply.body);
        CHECK((reply.status == 400 || reply.status == 422));
        return reply.errors();
    }
    std::string entries() { return sql("SELECT count(*) FROM fanion.audit WHERE action LIKE 'view.%'"); }
};

}  // namespace

TEST_CASE_METHOD(Views, "a view keeps a search of the flags") {
    const auto made = post(views, owner, R"({"name":"Stale","shared":true,"environment":"production","sort":"-updated",
        "filter":{"q":"till","tag":["web"],"owner":"","state":"active","enabled":true,"evaluated":"never"},
        "columns":["key","owner","environments"]})");
    INFO(made.body);
    REQUIRE(made.status == 201);
    CHECK(made.header("Location") == views + '/' + made.at("/id"));
    const auto got = get(views + '/' + made.at("/id"), owner);
    CHECK(got.etag() == "\"1\"");
    CHECK(got.at("/filter") ==
          R"({"q":"till","tag":["web"],"owner":"","state":"active","enabled":true,"evaluated":"never"})");
    CHECK(got.at("/sort") == "-updated");
    CHECK(got.at("/columns") == R"(["key","owner","environments"])");
    CHECK(got.at("/environment") == "production");
    CHECK(send({net::Method::get, views + '/' + made.at("/id"), owner, "", {{"If-None-Match", "\"1\""}}}).status ==
          304);

    const auto plain = get(make(owner, R"({"name":"All"})"), owner);
    CHECK(plain.at("/shared") == "false");
    CHECK(plain.at("/filter") == "{}");
    CHECK(plain.at("/sort") == "key");
    CHECK(plain.at("/environment") == "null");
}

TEST_CASE_METHOD(Views, "a view's mistakes are those of the search, at their places") {
    CHECK(errors("{}") == Texts{"/name missing"});
    CHECK(errors(R"({"name":""})") == Texts{"/name missing"});
    CHECK(errors(R"({"name":"a","filter":{"type":"colour","lifetime":"x","state":"on","evaluated":"once"}})") ==
          Texts{"/filter/state bad_value", "/filter/type bad_value", "/filter/lifetime bad_value",
                "/filter/evaluated bad_value"});
    CHECK(errors(R"({"name":"a","filter":{"enabled":true}})") == Texts{"/filter/enabled missing"});
    CHECK(errors(R"({"name":"a","filter":{"evaluated_before":"soon"}})") == Texts{"/filter/evaluated_before bad_time"});
    CHECK(errors(R"({"name":"a","sort":"colour"})") == Texts{"/sort bad_value"});
    CHECK(errors(R"({"name":"a","filter":{"colour":"red"}})") == Texts{"/filter/colour unknown_field"});
    CHECK(errors(R"({"name":"a","columns":["key","colour","key"]})") ==
          Texts{"/columns/1 bad_value", "/columns/2 duplicate"});
    CHECK(errors(R"({"name":"a","environment":"nowhere"})") == Texts{"/environment unknown_environment"});
    CHECK(errors(R"({"name":"a","query":"x"})") == Texts{"/query unknown_field"});
    CHECK(names(owner) == "");
}

TEST_CASE_METHOD(Views, "a personal view is its owner's, and a shared one the project's") {
    const auto viewer = add_member(owner, "acme", "viewer@example.com", "viewer");
    const auto developer = add_member(owner, "acme", "developer@example.com", "developer");
    const auto own = make(viewer, R"({"name":"Mine"})");
    const auto shared = make(developer, R"({"name":"Ours","shared":true})");
    CHECK(names(viewer) == "Mine Ours ");
    CHECK(names(owner) == "Ours ");
    CHECK(get(own, owner).status == 404);
    CHECK(put(own, owner, R"({"name":"Taken"})").status == 404);
    CHECK(del(own, owner).status == 404);

    CHECK(post(views, viewer, R"({"name":"Mine too","shared":true})").status == 403);
    CHECK(put(shared, viewer, R"({"name":"Theirs"})").status == 403);
    CHECK(del(shared, viewer).status == 403);
    CHECK(patch(shared, owner, R"({"name":"All of ours"})").at("/name") == "All of ours");
    CHECK(del(own, viewer).status == 204);
    CHECK(names(viewer) == "All of ours ");
    CHECK(patch(shared, owner, R"({"shared":false})").errors() == Texts{"/shared immutable"});
}

TEST_CASE_METHOD(Views, "only what is shared is in the audit log") {
    const auto own = make(owner, R"({"name":"Mine"})");
    CHECK(put(own, owner, R"({"name":"Still mine"})").status == 200);
    CHECK(del(own, owner).status == 204);
    CHECK(entries() == "0");
    const auto made = post(views + "?comment=for%20all", owner, R"({"name":"Ours","shared":true})");
    REQUIRE(made.status == 201);
    CHECK(entries() == "1");
    const auto entry = get(acme + "/audit?action=view.created", owner);
    CHECK(entry.at("/items/0/entry/comment") == "for all");
    CHECK(entry.at("/items/0/entry/resource") == "projects/web/views/" + made.at("/id"));
    const auto filtered = get(acme + "/audit?resource=projects/web/views/" + made.at("/id"), owner);
    CHECK(filtered.at("/items/0/entry/action") == "view.created");

    const auto undone = post(acme + "/audit/" + entry.at("/items/0/entry/id") + "/revert", owner, "{}");
    CHECK(undone.status == 204);
    CHECK(names(owner) == "");
}

TEST_CASE_METHOD(Views, "service accounts have shared views only, and tokens that only read write none") {
    const auto robot = service("developer", R"(["read","edit"])");
    const auto refused = post(views, robot, R"({"name":"Mine"})");
    CHECK(refused.status == 403);
    CHECK(refused.errors() == Texts{" person_required"});
    make(robot, R"({"name":"Robots","shared":true})");
    make(owner, R"({"name":"Mine"})");
    CHECK(names(robot) == "Robots ");
    const auto reading = post("/api/v1/auth/tokens", owner, R"({"name":"reading","scopes":["read"]})").at("/token");
    CHECK(names(reading) == "Mine Robots ");
    CHECK(post(views, reading, R"({"name":"Another"})").status == 403);
}

TEST_CASE_METHOD(Views, "a view changes by its version, and its name is its own") {
    const auto view = make(owner, R"({"name":"One","filter":{"q":"a","owner":"ann"}})");
    CHECK(put(view, owner, R"({"name":"Two"})", "\"7\"").status == 412);
    const auto merged = patch(view, owner, R"({"filter":{"q":null,"type":"json"}})", "\"1\"");
    CHECK(merged.at("/filter") == R"({"owner":"ann","type":"json"})");
    CHECK(merged.etag() == "\"2\"");
    const auto same = put(view, owner, get(view, owner).body);
    CHECK(same.status == 200);
    CHECK(same.etag() == "\"2\"");
    const auto taken = post(views, owner, R"({"name":"One"})");
    CHECK(taken.status == 409);
    CHECK(taken.errors() == Texts{"/name taken"});
    const auto shared = make(owner, R"({"name":"One","shared":true})");
    make(owner, R"({"name":"Two","shared":true})");
    CHECK(put(shared, owner, R"({"name":"Two"})").errors() == Texts{"/name taken"});
}

TEST_CASE_METHOD(Views, "what may not be read is not shown") {
    const auto outsider = add_member(owner, "acme", "out@example.com", "viewer");
    REQUIRE(post(acme + "/roles", owner, R"({"key":"none","name":"None","permissions":[]})").status == 201);
    const auto id = sql("SELECT user_id FROM fanion.users WHERE email = 'out@example.com'");
    REQUIRE(patch(acme + "/members/" + id, owner, R"({"role":"none"})").status == 200);
    const auto view = make(owner, R"({"name":"Production","shared":true,"environment":"production"})");
    make(owner, R"({"name":"Staging","shared":true,"environment":"staging"})");
    CHECK(get(views, outsider).status == 404);
    CHECK(post(views, outsider, R"({"name":"Mine"})").status == 404);
    REQUIRE(put(web + "/environments/staging/assignments/" + id, owner, R"({"role":"developer"})").status == 201);
    CHECK(get(view, outsider).status == 404);
    const auto page = get(views + "?limit=1", outsider);
    CHECK(each(page, "name") == "Staging ");
    CHECK(page.at("/next") == "null");
}

TEST_CASE_METHOD(Views, "views come in pages, by name, and are bounded") {
    for (int i = 0; i < 100; ++i) {
        REQUIRE(post(views, owner, R"({"name":"n)" + std::to_string(1000 + i) + "\"}").status == 201);
    }
    const auto over = post(views, owner, R"({"name":"one more"})");
    CHECK(over.status == 409);
    CHECK(over.errors() == Texts{" limit"});
    make(owner, R"({"name":"shared","shared":true})");
    const auto first = get(views + "?limit=99", owner);
    const auto second = get(views + "?limit=99&cursor=" + first.at("/next"), owner);
    CHECK(each(second, "name") == "n1099 shared ");
    CHECK(second.at("/next") == "null");
    CHECK(get(views + "?limit=0", owner).status == 400);
}

TEST_CASE_METHOD(Views, "a person's own views go with their membership, and all with the project") {
    const auto ann = add_member(owner, "acme", "ann@example.com", "developer");
    make(ann, R"({"name":"Mine"})");
    make(ann, R"({"name":"Ours","shared":true})");
    const auto id = sql("SELECT user_id FROM fanion.users WHERE email = 'ann@example.com'");
    REQUIRE(del(acme + "/members/" + id, owner).status == 204);
    CHECK(sql("SELECT string_agg(name, ' ') FROM fanion.saved") == "Ours");
    REQUIRE(del(web + "?confirm=web", owner).status == 204);
    CHECK(get(views, owner).status == 404);
    sql("SELECT fanion.purge_deleted(now() + interval '1 day', 1000) FROM generate_series(1, 50)");
    CHECK(sql("SELECT count(*) FROM fanion.saved") == "0");
}
