// Members, roles and permissions.

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::ApiFixture;
using test::web;

namespace {

const std::string members = "/api/v1/orgs/acme/members";
const std::string invitations = "/api/v1/orgs/acme/invitations";

class Team : public ApiFixture {
public:
    Team() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post("/api/v1/orgs/acme/projects", owner, R"({"key":"web"})").status == 201);
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
    }
    std::string join(const std::string& role) { return add_member(owner, "acme", role + "@example.com", role); }
    std::string id_of(const std::string& email) {
        const auto list = get(members, owner);
        for (int i = 0;; ++i) {
            const auto place = "/items/" + std::to_string(i);
            if (list.at(place + "/email") == email) return list.at(place + "/id");
            REQUIRE_FALSE(list.at(place).empty());
        }
    }
    std::string invite(const std::string& inviter, const std::string& email, const std::string& role) {
        const auto reply = post(members, inviter, R"({"email":")" + email + R"(","role":")" + role + "\"}");
        INFO(reply.body);
        REQUIRE(reply.status == 201);
        return reply.at("/setup_token");
    }
    test::Reply try_setup(const std::string& token, const std::string& password = default_password) {
        return post("/api/v1/auth/setup", "", R"({"token":")" + token + R"(","password":")" + password + "\"}");
    }
    // The e-mail addresses of the open invitations, in order.
    std::string invited(const std::string& token) {
        const auto list = get(invitations, token);
        REQUIRE(list.status == 200);
        std::string found;
        for (int i = 0; !list.at("/items/" + std::to_string(i) + "/email").empty(); ++i) {
            found += list.at("/items/" + std::to_string(i) + "/email") + ' ';
        }
        return found;
    }
    unsigned switch_on(const std::string& token, const std::string& env) {
        const auto place = web + "/flags/f/environments/" + env;
        return patch(place, token, R"({"enabled":true})", get(place, owner).etag()).status;
    }

    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(Team, "each role has exactly the permissions of the table") {
    const auto viewer = join("viewer");
    const auto developer = join("developer");
    const auto maintainer = join("maintainer");
    const auto admin = join("admin");

    CHECK(get(web + "/flags/f", viewer).status == 200);
    CHECK(switch_on(viewer, "development") == 403);
    CHECK(post(web + "/flags", viewer, R"({"key":"g","type":"boolean"})").status == 403);

    CHECK(switch_on(developer, "development") == 200);
    CHECK(switch_on(developer, "production") == 403);
    CHECK(post(web + "/flags", developer, R"({"key":"g","type":"boolean"})").status == 201);
    const auto in_production = R"({"key":"h","type":"boolean","environments":{"production":{"enabled":true}}})";
    CHECK(post(web + "/flags", developer, in_production).status == 403);
    CHECK(patch(web + "/flags/f", developer, R"({"name":"F"})").status == 200);
    CHECK(patch(web + "/flags/f", developer, R"({"client":true})", "\"2\"").status == 403);  // reaches production
    CHECK(patch(web + "/flags/f", developer, R"({"archived":true})", "\"2\"").status == 403);

    CHECK(switch_on(maintainer, "production") == 200);
    CHECK(post(web + "/flags", maintainer, in_production).status == 201);
    CHECK(patch(web + "/flags/f", maintainer, R"({"client":true})", "\"2\"").status == 200);
    CHECK(del(web + "/flags/g", maintainer, "\"1\"").status == 403);
    CHECK(post(web + "/environments/development/keys", maintainer, R"({"kind":"server"})").status == 403);

    CHECK(del(web + "/flags/g", admin, "\"1\"").status == 204);
    CHECK(post(web + "/environments/development/keys", admin, R"({"kind":"server"})").status == 201);
    CHECK(post("/api/v1/orgs", admin, R"({"key":"globex"})").status == 403);
    CHECK(post("/api/v1/orgs", owner, R"({"key":"globex"})").status == 201);
}

TEST_CASE_METHOD(Team, "nobody can grant, change or remove a role above their own") {
    const auto admin = join("admin");
    CHECK(post(members, admin, R"({"email":"x@example.com","role":"owner"})").status == 403);
    CHECK(post(members, admin, R"({"email":"x@example.com","role":"admin"})").status == 201);
    CHECK(patch(members + "/" + id_of("owner@example.com"), admin, R"({"role":"viewer"})").status == 403);
    CHECK(del(members + "/" + id_of("owner@example.com"), admin).status == 403);
    CHECK(patch(members + "/" + id_of("admin@example.com"), admin, R"({"role":"owner"})").status == 403);
}

TEST_CASE_METHOD(Team, "an organisation keeps an owner") {
    const auto me = members + "/" + id_of("owner@example.com");
    CHECK(del(me, owner).status == 409);
    CHECK(patch(me, owner, R"({"role":"viewer"})").status == 409);
    add_member(owner, "acme", "second@example.com", "owner");
    CHECK(del(me, owner).status == 204);
}

TEST_CASE_METHOD(Team, "a changed role or a removal takes effect with the next request") {
    const auto developer = join("developer");
    const auto place = members + "/" + id_of("developer@example.com");
    CHECK(patch(place, owner, R"({"role":"viewer"})").status == 200);
    CHECK(switch_on(developer, "development") == 403);
    CHECK(del(place, owner).status == 204);
    CHECK(get(web + "/flags/f", developer).status == 404);
    CHECK(get("/api/v1/auth/me", developer).at("/orgs") == "[]");
}

TEST_CASE_METHOD(Team,
                 "an invitation makes a member only of the organisation that gave it, with the person's own password") {
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"globex"})").status == 201);
    const auto to_acme = post(members, owner, R"({"email":"new@example.com","role":"admin"})").at("/setup_token");
    const auto to_globex =
        post("/api/v1/orgs/globex/members", owner, R"({"email":"new@example.com","role":"viewer"})").at("/setup_token");
    const auto token = setup(to_globex, "the password of the new one");
    CHECK(get("/api/v1/orgs/globex", token).status == 200);
    CHECK(get("/api/v1/orgs/acme", token).status == 404);
    const auto guess =
        post("/api/v1/auth/setup", "", R"({"token":")" + to_acme + R"(","password":"a guess at the password"})");
    CHECK(guess.status == 401);
    CHECK(get("/api/v1/orgs/acme", setup(to_acme, "the password of the new one")).status == 200);
}

TEST_CASE_METHOD(Team, "errors in a member request are reported with their place") {
    CHECK(post(members, owner, R"({"email":"nonsense","role":"a king","age":3})").errors() ==
          std::vector<std::string>{"/role unknown_role", "/email bad_email", "/age unknown_field"});
    CHECK(post(members, owner, R"({"email":"x@example.com","role":"king"})").errors() ==
          std::vector<std::string>{"/role unknown_role"});
    CHECK(patch(members + "/u_nobody", owner, R"({"role":"viewer"})").status == 404);
}

TEST_CASE_METHOD(Team, "two people never overwrite each other's change of a member") {
    join("developer");
    const auto place = members + '/' + id_of("developer@example.com");
    const auto seen = get(place, owner);
    CHECK(seen.status == 200);
    CHECK(seen.at("/role") == "developer");
    REQUIRE_FALSE(seen.etag().empty());
    CHECK(send({net::Method::get, place, owner, "", {{"If-None-Match", seen.etag()}}}).status == 304);
    const auto first = patch(place, owner, R"({"role":"maintainer"})", seen.etag());
    CHECK(first.status == 200);
    CHECK(first.etag() != seen.etag());
    const auto second = patch(place, owner, R"({"role":"viewer"})", seen.etag());
    CHECK(second.status == 412);
    CHECK(second.at("/role") == "maintainer");
    CHECK(second.etag() == first.etag());
    CHECK(del(place, owner, seen.etag()).status == 412);
    CHECK(get(place, owner).at("/role") == "maintainer");
    CHECK(patch(place, owner, R"({"role":"viewer"})").status == 200);  // If-Match is optional
    CHECK(del(place, owner, get(place, owner).etag()).status == 204);
    CHECK(get(place, owner).status == 404);
}

TEST_CASE_METHOD(Team, "of two concurrent changes of a member, based on the same state, one is refused") {
    join("developer");
    const auto place = members + '/' + id_of("developer@example.com");
    const auto tag = get(place, owner).etag();
    std::vector<test::ApiRequest> requests;
    for (const auto* role : {"viewer", "maintainer"}) {
        requests.push_back(
            {net::Method::patch, place, owner, R"({"role":")" + std::string(role) + "\"}", {{"If-Match", tag}}});
    }
    const auto replies = send_at_once(std::move(requests));
    CHECK(std::min(replies[0].status, replies[1].status) == 200);
    CHECK(std::max(replies[0].status, replies[1].status) == 412);
}

TEST_CASE_METHOD(Team, "an admin who is removed or demoted does not come back by an invitation from before") {
    const auto admin = join("admin");
    const auto place = members + '/' + id_of("admin@example.com");
    const auto to_a_friend = invite(admin, "friend@example.com", "admin");
    CHECK(post(members, admin, R"({"email":"Admin@Example.com","role":"admin"})").errors() ==
          std::vector<std::string>{"/email already_member"});
    SECTION("removed") { CHECK(del(place, owner).status == 204); }
    SECTION("demoted") { CHECK(patch(place, owner, R"({"role":"viewer"})").status == 200); }
    CHECK(invited(owner) == "");
    CHECK(try_setup(to_a_friend).status == 401);
    CHECK(sql("SELECT string_agg(action, ' ' ORDER BY seq DESC) FROM (SELECT * FROM audit ORDER BY seq DESC LIMIT 2) "
              "AS a")
              .ends_with("invitation.withdrawn"));
}

TEST_CASE_METHOD(Team, "an invitation is void when whoever gave it could no longer give it") {
    join("admin");
    const auto admin_id = id_of("admin@example.com");
    const auto token = invite(owner, "friend@example.com", "admin");
    sql("UPDATE invitations SET invited_by = '" + admin_id +
        "'; UPDATE memberships SET role = 'developer' WHERE user_id = '" + admin_id + "'");
    CHECK(try_setup(token).status == 401);
    sql("UPDATE memberships SET role = 'admin' WHERE user_id = '" + admin_id + "'");
    CHECK(try_setup(token).status == 200);
}

TEST_CASE_METHOD(Team, "a person who is to be removed cannot be invited beforehand: members are no invitees") {
    const auto before = invite(owner, "late@example.com", "viewer");
    const auto token = setup(before);
    CHECK(get(members, token).status == 200);
    CHECK(post(members, owner, R"({"email":"late@example.com","role":"admin"})").status == 409);
}

TEST_CASE_METHOD(Team, "an invitation never changes the role of a member, not even of the last owner") {
    // Both were open before the person joined.
    const auto first = invite(owner, "new@example.com", "developer");
    sql("INSERT INTO invitations (invitation_id, token_sha256, org_id, email, email_key, role, expires_at) "
        "SELECT 'i_kept', sha256('kept'), org_id, email, email_key, 'admin', expires_at FROM invitations "
        "WHERE used_at IS NULL");
    sql("INSERT INTO invitations (invitation_id, token_sha256, org_id, email, email_key, role, expires_at) "
        "SELECT 'i_owner', sha256('owner'), org_id, 'owner@example.com', 'owner@example.com', 'viewer', expires_at "
        "FROM invitations WHERE invitation_id = 'i_kept'");
    setup(first);
    const auto again = try_setup("kept");
    CHECK(again.status == 409);
    CHECK(again.errors() == std::vector<std::string>{" already_member"});
    CHECK(get(members + '/' + id_of("new@example.com"), owner).at("/role") == "developer");
    CHECK(try_setup("owner").status == 409);
    CHECK(get(members + '/' + id_of("owner@example.com"), owner).at("/role") == "owner");
}

TEST_CASE_METHOD(Team, "open invitations are listed and withdrawn, by those who may give them") {
    const auto admin = join("admin");
    const auto viewer = join("viewer");
    const auto token = invite(owner, "new@example.com", "developer");
    clock.advance(1);
    invite(owner, "other@example.com", "owner");
    const auto list = get(invitations, admin);
    CHECK(list.at("/items/0/email") == "new@example.com");
    CHECK(list.at("/items/0/role") == "developer");
    CHECK(list.at("/items/0/invited_by") == id_of("owner@example.com"));
    CHECK(list.body.find(token) == std::string::npos);
    CHECK(get(invitations, viewer).status == 403);
    CHECK(del(invitations + '/' + list.at("/items/0/id"), viewer).status == 403);
    CHECK(del(invitations + '/' + list.at("/items/1/id"), admin).status == 403);  // of an owner
    CHECK(post(members, admin, R"({"email":"other@example.com","role":"viewer"})").status == 403);
    CHECK(del(invitations + '/' + list.at("/items/0/id"), admin).status == 204);
    CHECK(del(invitations + '/' + list.at("/items/0/id"), admin).status == 404);
    CHECK(try_setup(token).status == 401);
    CHECK(invited(owner) == "other@example.com ");
}

TEST_CASE_METHOD(Team, "open invitations come in pages, oldest first, also those of one moment") {
    std::string all;
    for (const auto* email : {"e@example.com", "d@example.com", "c@example.com", "b@example.com", "a@example.com"}) {
        invite(owner, email, "viewer");
        if (*email != 'c') clock.advance(1);
        all += std::string(email) + ' ';
    }
    const auto whole = invited(owner);
    CHECK(whole.size() == all.size());
    CHECK(whole.starts_with("e@example.com d@example.com "));
    std::string found, cursor;
    int pages = 0;
    do {
        const auto page = get(invitations + "?limit=1" + (cursor.empty() ? "" : "&cursor=" + cursor), owner);
        REQUIRE(page.status == 200);
        found += page.at("/items/0/email") + ' ';
        cursor = page.at("/next");
    } while (cursor != "null" && ++pages < 10);
    CHECK(found == whole);
    CHECK(get(invitations + "?cursor=x", owner).status != 500);
}

TEST_CASE_METHOD(Team, "the newest invitation of an address replaces the one before") {
    const auto first = invite(owner, "new@example.com", "admin");
    const auto second = invite(owner, "NEW@example.com", "viewer");
    CHECK(invited(owner) == "NEW@example.com ");
    CHECK(try_setup(first).status == 401);
    CHECK(get(members, setup(second)).status == 200);
    CHECK(get(members + '/' + id_of("NEW@example.com"), owner).at("/role") == "viewer");
}

TEST_CASE_METHOD(Team, "the name that one organisation gives a person is not shown in another") {
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"globex"})").status == 201);
    const auto to_acme =
        post(members, owner, R"({"email":"new@example.com","name":"Difficult customer","role":"viewer"})");
    const auto to_globex =
        post("/api/v1/orgs/globex/members", owner, R"({"email":"new@example.com","name":"Ada","role":"viewer"})");
    setup(to_acme.at("/setup_token"));
    const auto token = setup(to_globex.at("/setup_token"));
    const auto list = get("/api/v1/orgs/globex/members", token);
    CHECK((list.at("/items/0/name") + list.at("/items/1/name")) == "Ada");
    CHECK(list.body.find("Difficult") == std::string::npos);
    CHECK(get(members, owner).body.find("Difficult customer") != std::string::npos);
}

TEST_CASE_METHOD(Team, "what is wrong with a password does not tell whether there is an account") {
    join("viewer");
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"globex"})").status == 201);
    const auto of_account =
        post("/api/v1/orgs/globex/members", owner, R"({"email":"viewer@example.com","role":"viewer"})")
            .at("/setup_token");
    const auto of_none = post("/api/v1/orgs/globex/members", owner, R"({"email":"nobody@example.com","role":"viewer"})")
                             .at("/setup_token");
    for (const auto* password : {"short", "password1234"}) {
        const auto one = try_setup(of_account, password);
        const auto other = try_setup(of_none, password);
        const auto neither = try_setup("no token", password);
        CHECK(one.status == 400);
        CHECK(one.errors() == other.errors());
        CHECK(one.errors() == neither.errors());
    }
}
