// Roles of an organisation's own, roles in projects and environments, and what the caller may do.

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::shop;
using test::web;

namespace {

const std::string roles = acme + "/roles";

using Codes = std::vector<std::string>;

class Company : public ApiFixture {
public:
    Company() : owner(bootstrap_owner("acme", "owner@example.com")) {
        for (const auto* key : {"web", "shop"}) {
            REQUIRE(post(acme + "/projects", owner, R"({"key":")" + std::string(key) + "\"}").status == 201);
        }
        REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201);
    }
    // A person with a role in the organisation, by that name.
    std::string join(const std::string& role) { return add_member(owner, "acme", role + "@example.com", role); }
    void make_role(const std::string& key, const std::string& permissions) {
        const auto made = post(roles, owner, R"({"key":")" + key + R"(","permissions":[)" + permissions + "]}");
        INFO(made.body);
        REQUIRE(made.status == 201);
    }
    std::string id_of(const std::string& token) { return get("/api/v1/auth/me", token).at("/user/id"); }
    std::string assignment(const std::string& place, const std::string& token) {
        return place + "/assignments/" + id_of(token);
    }
    void assign(const std::string& place, const std::string& token, const std::string& role) {
        const auto reply = put(assignment(place, token), owner, R"({"role":")" + role + "\"}");
        INFO(reply.body);
        REQUIRE((reply.status == 201 || reply.status == 200));
    }
    // The keys, or other members, of a list's items.
    std::string listed(const std::string& path, const std::string& token, const std::string& member = "key") {
        const auto list = get(path, token);
        if (list.status != 200) return std::to_string(list.status);
        std::string found;
        for (int i = 0; !list.at("/items/" + std::to_string(i)).empty(); ++i) {
            found += list.at("/items/" + std::to_string(i) + '/' + member) + ' ';
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

TEST_CASE_METHOD(Company, "a role is created, shown, changed and deleted, each with an audit entry") {
    const auto made = post(roles, owner, R"({"key":"lead","name":"Lead","permissions":["edit","read"]})");
    CHECK(made.status == 201);
    CHECK(made.header("Location") == roles + "/lead");
    CHECK(made.at("/permissions") == R"(["read","edit"])");
    CHECK(made.at("/built_in") == "false");
    CHECK(get(roles + "/lead", owner).body == made.body);
    CHECK(post(roles, owner, R"({"key":"lead"})").errors() == Codes{"/key taken"});
    CHECK(post(roles, owner, R"({"key":"owner"})").errors() == Codes{"/key taken"});
    CHECK(listed(roles, owner) == "admin developer lead maintainer owner viewer ");
    CHECK(listed(roles + "?limit=2", owner) == "admin developer ");
    const auto page = get(roles + "?limit=2", owner).at("/next");
    CHECK(listed(roles + "?limit=2&cursor=" + page, owner) == "lead maintainer ");

    const auto changed = patch(roles + "/lead", owner, R"({"permissions":["read"]})", made.etag());
    CHECK(changed.status == 200);
    CHECK(changed.at("/permissions") == R"(["read"])");
    CHECK(changed.at("/version") == "2");
    CHECK(put(roles + "/lead", owner, R"({"name":"L"})", made.etag()).status == 412);
    CHECK(put(roles + "/lead", owner, R"({"name":"L"})", changed.etag()).at("/permissions") == "[]");
    CHECK(del(roles + "/lead", owner, changed.etag()).status == 412);
    CHECK(del(roles + "/lead", owner).status == 204);
    CHECK(get(roles + "/lead", owner).status == 404);
    CHECK(sql("SELECT string_agg(action, ' ' ORDER BY seq) FROM audit WHERE resource = 'roles/lead'") ==
          "role.created role.updated role.updated role.deleted");
}

TEST_CASE_METHOD(Company, "built-in roles are shown and stay as they are") {
    const auto role = get(roles + "/maintainer", owner);
    CHECK(role.at("/permissions") == R"(["read","edit","edit_protected","archive","approve"])");
    CHECK(role.at("/built_in") == "true");
    CHECK(put(roles + "/viewer", owner, R"({"permissions":["edit"]})").errors() == Codes{" built_in"});
    CHECK(patch(roles + "/viewer", owner, R"({"permissions":["edit"]})").status == 409);
    CHECK(del(roles + "/viewer", owner).status == 409);
}

TEST_CASE_METHOD(Company, "bad input to roles changes nothing") {
    CHECK(post(roles, owner, R"({"key":"lead","permissions":["fly"],"x":1})").errors() ==
          Codes{"/permissions/0 unknown_permission", "/x unknown_field"});
    CHECK(post(roles, owner, R"({"key":"lead","name":")" + std::string(201, 'x') + "\"}").errors() ==
          Codes{"/name too_long"});
    CHECK(post(roles, owner, "{\"key\":\"lead\",\"name\":\"a\\u0000b\"}").errors() == Codes{"/name bad_character"});
    CHECK(post(roles, owner, "{\"key\":\"lead\",\"name\":\"\xff\"}").status == 400);
    CHECK(post(roles, owner, "[]").status == 400);
    CHECK(get(roles + "/%00", owner).status == 400);
    CHECK(get(roles + "/nobodys", owner).status == 404);
    CHECK(listed(roles, owner) == "admin developer maintainer owner viewer ");
}

TEST_CASE_METHOD(Company, "nobody makes, changes or gives a role with a permission that they lack") {
    make_role("boss", R"("read","manage_organisation")");
    make_role("lead", R"("read","edit")");
    const auto admin = join("admin");
    CHECK(post(roles, admin, R"({"key":"x","permissions":["manage_organisation"]})").status == 403);
    CHECK(post(roles, admin, R"({"key":"x","permissions":["read","delete"]})").status == 201);
    CHECK(patch(roles + "/lead", admin, R"({"permissions":["manage_organisation"]})").status == 403);
    CHECK(patch(roles + "/boss", admin, R"({"permissions":["read"]})").status == 403);
    CHECK(del(roles + "/boss", admin).status == 403);
    CHECK(post(acme + "/members", admin, R"({"email":"x@example.com","role":"boss"})").status == 403);
    CHECK(post(acme + "/members", admin, R"({"email":"x@example.com","role":"lead"})").status == 201);
    const auto viewer = join("viewer");
    CHECK(patch(acme + "/members/" + id_of(viewer), admin, R"({"role":"boss"})").status == 403);
    CHECK(patch(acme + "/members/" + id_of(viewer), admin, R"({"role":"lead"})").status == 200);
    CHECK(put(assignment(web, viewer), admin, R"({"role":"boss"})").status == 403);
    CHECK(post(roles, viewer, R"({"key":"y"})").status == 403);
}

TEST_CASE_METHOD(Company, "a member of a custom role may do what it permits, as it is at the moment") {
    make_role("lead", R"("read","edit","delete")");
    const auto lead = join("lead");
    CHECK(get("/api/v1/auth/me", lead).at("/orgs/0/role") == "lead");
    CHECK(post(web + "/flags", lead, R"({"key":"g","type":"boolean"})").status == 201);
    CHECK(switch_on(lead, "development") == 200);
    CHECK(switch_on(lead, "production") == 403);
    CHECK(patch(web + "/flags/g", lead, R"({"archived":true})", "\"1\"").status == 403);
    CHECK(del(web + "/flags/g", lead, "\"1\"").status == 204);
    CHECK(post(web + "/environments/development/keys", lead, R"({"kind":"server"})").status == 403);
    REQUIRE(patch(roles + "/lead", owner, R"({"permissions":["read","archive","edit","edit_protected"]})").status ==
            200);
    CHECK(switch_on(lead, "production") == 200);
    const auto tag = get(web + "/flags/f", lead).etag();
    CHECK(patch(web + "/flags/f", lead, R"({"archived":true})", tag).status == 200);
    CHECK(del(web + "/flags/f", lead).status == 403);
}

TEST_CASE_METHOD(Company, "a role in use is not deleted, and who has it is said") {
    make_role("lead", R"("read")");
    const auto lead = join("lead");
    const auto viewer = join("viewer");
    assign(web, viewer, "lead");
    assign(web + "/environments/staging", viewer, "lead");
    REQUIRE(post(acme + "/members", owner, R"({"email":"new@example.com","role":"lead"})").status == 201);
    const auto refused = del(roles + "/lead", owner);
    CHECK(refused.status == 409);
    CHECK(refused.at("/errors/0/detail") == "lead@example.com has this role");
    CHECK(refused.at("/errors/1/detail") == "new@example.com is invited with this role");
    CHECK(refused.at("/errors/2/detail") == "viewer@example.com has this role in projects/web");
    CHECK(refused.at("/errors/3/detail") == "viewer@example.com has this role in projects/web/environments/staging");
    CHECK(refused.at("/errors/4").empty());

    CHECK(patch(acme + "/members/" + id_of(lead), owner, R"({"role":"viewer"})").status == 200);
    CHECK(del(assignment(web, viewer), owner).status == 204);
    CHECK(del(assignment(web + "/environments/staging", viewer), owner).status == 204);
    const auto invitation = get(acme + "/invitations", owner).at("/items/0/id");
    CHECK(del(acme + "/invitations/" + invitation, owner).status == 204);
    CHECK(del(roles + "/lead", owner).status == 204);
}

TEST_CASE_METHOD(Company, "a deleted role and one that is being given exclude each other") {
    make_role("lead", R"("read")");
    const auto viewer = join("viewer");
    std::vector<test::ApiRequest> requests;
    requests.push_back({net::Method::put, assignment(web, viewer), owner, R"({"role":"lead"})"});
    requests.push_back({net::Method::del, roles + "/lead", owner});
    const auto replies = send_at_once(std::move(requests));
    const bool is_given = replies[0].status == 201;
    CHECK(is_given == (replies[1].status == 409));
    CHECK((is_given || replies[0].status == 400));
    CHECK((is_given || replies[1].status == 204));
}

TEST_CASE_METHOD(Company, "an invitation to a role that has grown beyond the inviter is void") {
    make_role("lead", R"("read")");
    const auto admin = join("admin");
    const auto token = post(acme + "/members", admin, R"({"email":"n@example.com","role":"lead"})").at("/setup_token");
    REQUIRE(patch(roles + "/lead", owner, R"({"permissions":["read","manage_organisation"]})").status == 200);
    const auto body = R"({"token":")" + token + R"(","password":")" + default_password + "\"}";
    CHECK(post("/api/v1/auth/setup", "", body).status == 401);
    REQUIRE(patch(roles + "/lead", owner, R"({"permissions":["read"]})").status == 200);
    CHECK(post("/api/v1/auth/setup", "", body).status == 200);
}

TEST_CASE_METHOD(Company, "the nearest assignment applies, and the one above it when it is taken away") {
    const auto viewer = join("viewer");
    CHECK(switch_on(viewer, "development") == 403);
    assign(web, viewer, "developer");
    CHECK(switch_on(viewer, "development") == 200);
    CHECK(switch_on(viewer, "production") == 403);
    assign(web + "/environments/production", viewer, "maintainer");
    CHECK(switch_on(viewer, "production") == 200);
    CHECK(post(shop + "/flags", viewer, R"({"key":"g","type":"boolean"})").status == 403);
    assign(web + "/environments/development", viewer, "viewer");
    const auto off = patch(web + "/flags/f/environments/development", viewer, R"({"enabled":false})");
    CHECK(off.status == 403);
    CHECK(off.at("/detail") == "your role or your token lacks the permission edit");
    CHECK(del(assignment(web + "/environments/development", viewer), owner).status == 204);
    CHECK(patch(web + "/flags/f/environments/development", viewer, R"({"enabled":false})").status == 200);
    CHECK(del(assignment(web, viewer), owner).status == 204);
    CHECK(post(web + "/flags", viewer, R"({"key":"g","type":"boolean"})").status == 403);
    const auto entries =
        "SELECT string_agg(action, ' ' ORDER BY seq) FROM audit WHERE resource = 'projects/web/assignments/";
    CHECK(sql(entries + id_of(viewer) + "'") == "assignment.created assignment.deleted");
}

TEST_CASE_METHOD(Company, "a change that reaches several environments takes the permission in each") {
    const auto maintainer = join("maintainer");
    assign(web + "/environments/staging", maintainer, "viewer");
    const auto tag = get(web + "/flags/f", owner).etag();
    const auto refused = patch(web + "/flags/f", maintainer, R"({"client":true})", tag);
    CHECK(refused.status == 403);
    CHECK(refused.at("/detail") == "your role lacks the permission edit in the environment staging");
    CHECK(patch(web + "/flags/f", maintainer, R"({"archived":true})", tag).status == 403);
    const auto in_staging = R"({"key":"h","type":"boolean","environments":{"staging":{"enabled":true}}})";
    CHECK(post(web + "/flags", maintainer, in_staging).status == 403);
    CHECK(patch(web + "/flags/f", maintainer, R"({"name":"F"})", tag).status == 200);

    const auto admin = join("admin");
    assign(web + "/environments/staging", admin, "maintainer");
    CHECK(del(web + "/flags/f", admin, get(web + "/flags/f", owner).etag()).status == 403);
    CHECK(post(web + "/keys", admin, R"({"kind":"relay"})").status == 403);
    CHECK(post(acme + "/keys", admin, R"({"kind":"relay"})").status == 403);
    CHECK(post(web + "/environments/production/keys", admin, R"({"kind":"server"})").status == 201);
    CHECK(post(shop + "/keys", admin, R"({"kind":"relay"})").status == 201);
}

TEST_CASE_METHOD(Company, "lists have what the person may read, and the rest is not found") {
    make_role("guest", "");
    const auto guest = join("guest");
    CHECK(listed(acme + "/projects", guest) == "");
    CHECK(get(acme, guest).status == 200);
    CHECK(get(web, guest).status == 404);
    CHECK(get(acme + "/projects/nowhere", guest).status == 404);
    CHECK(get(acme + "/members", guest).status == 403);
    CHECK(listed(acme + "/audit", guest, "seq") == "");

    assign(web + "/environments/staging", guest, "developer");
    CHECK(listed(acme + "/projects", guest) == "web ");
    CHECK(listed(web + "/environments", guest) == "staging ");
    CHECK(get(web + "/environments/production", guest).at("/detail") == "there is no such environment");
    CHECK(get(shop, guest).at("/detail") == "there is no such project");
    const auto flags = get(web + "/flags", guest);
    CHECK(flags.at("/items/0/environments/staging/enabled") == "false");
    CHECK(flags.at("/items/0/environments/production") == "");
    CHECK(get(web + "/flags/f/environments/staging", guest).status == 200);
    CHECK(get(web + "/flags/f/environments/production", guest).status == 404);
    CHECK(switch_on(guest, "staging") == 200);
    CHECK(switch_on(guest, "development") == 404);
    CHECK(patch(web + "/flags/f", guest, R"({"name":"F"})").status == 403);
    CHECK(
        post(web + "/environments/staging/evaluate", guest, R"({"flag":"f","context":{"targetingKey":"a"}})").status ==
        200);
    REQUIRE(switch_on(owner, "production") == 200);
    const auto audit = get(acme + "/audit?limit=200", guest).body;
    CHECK(audit.find("projects/web/flags/f/environments/staging") != std::string::npos);
    CHECK(audit.find("projects/web/flags/f/environments/production") == std::string::npos);
    CHECK(audit.find("projects/shop") == std::string::npos);
    CHECK(audit.find("member.joined") == std::string::npos);
    CHECK(get(acme + "/audit?resource=projects/shop", guest).errors() == Codes{"?resource unknown_resource"});

    const auto viewer = join("viewer");
    assign(shop, viewer, "guest");
    CHECK(listed(acme + "/projects", viewer) == "web ");
    CHECK(get(shop + "/flags", viewer).status == 404);
    CHECK(listed(acme + "/projects?limit=1", owner) == "shop ");
}

TEST_CASE_METHOD(Company, "an admin of a project manages its members, up to their own role there") {
    const auto lead = join("viewer");
    const auto admin = join("admin");
    const auto developer = join("developer");
    assign(web, lead, "admin");
    CHECK(put(assignment(web, developer), lead, R"({"role":"maintainer"})").status == 201);
    CHECK(put(assignment(web, developer), lead, R"({"role":"owner"})").status == 403);
    CHECK(put(assignment(shop, developer), lead, R"({"role":"viewer"})").status == 403);
    CHECK(post(acme + "/members", lead, R"({"email":"x@example.com","role":"viewer"})").status == 403);
    CHECK(put(assignment(web + "/environments/production", developer), lead, R"({"role":"viewer"})").status == 201);
    CHECK(listed(web + "/assignments", lead, "role").find("maintainer") != std::string::npos);

    make_role("boss", R"("read","manage_members","manage_organisation")");
    assign(web, admin, "boss");
    CHECK(put(assignment(web, admin), lead, R"({"role":"viewer"})").status == 403);
    CHECK(del(assignment(web, admin), lead).status == 403);
    // Taking away a role must not give one that the caller lacks.
    const auto boss = join("boss");
    assign(web, boss, "viewer");
    CHECK(del(assignment(web, boss), lead).status == 403);
    CHECK(del(assignment(web, boss), owner).status == 204);
}

TEST_CASE_METHOD(Company, "an owner is owner everywhere, so that no project is left without one") {
    const auto second = add_member(owner, "acme", "second@example.com", "owner");
    const auto refused = put(assignment(web, second), owner, R"({"role":"viewer"})");
    CHECK(refused.status == 409);
    CHECK(refused.errors() == Codes{" owner_everywhere"});
    const auto admin = join("admin");
    assign(web, admin, "viewer");
    CHECK(post(web + "/flags", admin, R"({"key":"g","type":"boolean"})").status == 403);
    CHECK(del(assignment(web, admin), admin).status == 403);
    REQUIRE(patch(acme + "/members/" + id_of(admin), owner, R"({"role":"owner"})").status == 200);
    CHECK(post(web + "/flags", admin, R"({"key":"g","type":"boolean"})").status == 201);
    CHECK(patch(acme + "/members/" + id_of(second), owner, R"({"role":"viewer"})").status == 200);
}

TEST_CASE_METHOD(Company, "assignments are changed on what was seen, and end with the membership") {
    const auto viewer = join("viewer");
    const auto place = assignment(web, viewer);
    CHECK(put(place, owner, R"({"role":"developer"})", "\"0\"").status == 412);
    const auto made = put(place, owner, R"({"role":"developer"})");
    CHECK(made.status == 201);
    CHECK(made.header("Location") == place);
    CHECK(put(place, owner, R"({"role":"developer"})").status == 200);
    CHECK(put(place, owner, R"({"role":"maintainer"})", made.etag()).status == 200);
    const auto stale = put(place, owner, R"({"role":"viewer"})", made.etag());
    CHECK(stale.status == 412);
    CHECK(stale.at("/role") == "maintainer");
    CHECK(del(place, owner, made.etag()).status == 412);
    CHECK(put(place, owner, R"({"role":"nobodys"})").errors() == Codes{"/role unknown_role"});
    CHECK(put(place, owner, R"({"role":"viewer","until":1})").errors() == Codes{"/until unknown_field"});
    CHECK(put(web + "/assignments/u_nobody", owner, R"({"role":"viewer"})").status == 404);
    CHECK(put(acme + "/projects/nowhere/assignments/u_nobody", owner, R"({"role":"viewer"})").status == 404);
    CHECK(sql("SELECT count(*) FROM role_assignments") == "1");
    CHECK(del(acme + "/members/" + id_of(viewer), owner).status == 204);
    CHECK(sql("SELECT count(*) FROM role_assignments") == "0");
}

TEST_CASE_METHOD(Company, "a person is told what they may do, at each place") {
    const auto viewer = join("viewer");
    assign(web, viewer, "developer");
    assign(web + "/environments/production", viewer, "maintainer");
    const auto mine = get(acme + "/me/permissions", viewer);
    CHECK(mine.at("/role") == "viewer");
    CHECK(mine.at("/permissions") == R"(["read"])");
    CHECK(mine.at("/items/0/project") == "shop");
    CHECK(mine.at("/items/0/permissions") == R"(["read"])");
    CHECK(mine.at("/items/1/project") == "web");
    CHECK(mine.at("/items/1/role") == "developer");
    CHECK(mine.at("/items/1/permissions") == R"(["read","edit"])");
    CHECK(mine.at("/items/1/environments/0/environment") == "development");
    CHECK(mine.at("/items/1/environments/0/permissions") == R"(["read","edit"])");
    CHECK(mine.at("/items/1/environments/2/environment") == "production");
    CHECK(mine.at("/items/1/environments/2/protected") == "true");
    CHECK(mine.at("/items/1/environments/2/role") == "maintainer");
    CHECK(send({net::Method::get, acme + "/me/permissions", viewer, "", {{"If-None-Match", mine.etag()}}}).status ==
          304);
    CHECK(get(acme + "/me/permissions?limit=1", viewer).at("/items/1").empty());

    const auto me = get("/api/v1/auth/me", viewer);
    CHECK(me.at("/orgs/0/permissions") == R"(["read"])");
    CHECK(me.at("/orgs/0/assignments/0/project") == "web");
    CHECK(me.at("/orgs/0/assignments/0/environment") == "null");
    CHECK(me.at("/orgs/0/assignments/1/environment") == "production");
    CHECK(me.at("/orgs/0/assignments/1/role") == "maintainer");
    CHECK(get("/api/v1/auth/me", owner).at("/orgs/0/permissions").find("manage_organisation") != std::string::npos);
}
