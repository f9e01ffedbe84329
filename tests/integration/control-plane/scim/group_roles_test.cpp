// The roles that groups give: the rules, and what follows for members.

#include <catch2/catch.hpp>

#include "control-plane/access/assignment_store.hpp"
#include "control-plane/groups/apply.hpp"
#include "tests/integration/control-plane/scim/directory.hpp"

using namespace fanion;
using namespace fanion::cp;
using test::Directory;

namespace {

class Mapping : public Directory {
public:
    Mapping() {
        REQUIRE(post(home + "/projects", owner, R"({"key":"web"})").status == 201);
        ada = provision("ada");
        web = make_group("web", {ada});
    }
    std::string placed_role(const std::string& place) {
        return get(home + "/projects/web" + place + "/assignments/" + ada, owner).at("/role");
    }

    std::string ada;
    std::string web;
};

// What single sign-on does.
boost::asio::awaitable<groups::Standing> sign_in(db::Pool& pool, std::string org, groups::KnownPerson person,
                                                 std::vector<std::string> names) {
    auto scope = db::Scope::tenant(org);
    auto tx = co_await pool.begin(std::move(scope));
    co_await access::lock_access(tx, access::OrgId(org), access::AccessLock::exclusive);
    const auto quotas = quotas::usual_quotas();
    audit::AuditEntry by;
    by.org_id = access::OrgId(org);
    by.actor_kind = access::ActorKind::system;
    by.at = 1'700'000'000'000;
    const groups::Work work{tx, quotas, std::move(by)};
    const auto standing = co_await groups::apply_sign_in(work, std::move(person), std::move(names));
    co_await tx.commit();
    co_return standing.value();
}

}  // namespace

TEST_CASE_METHOD(Mapping, "rules are shown, replaced by If-Match, and their mistakes have places") {
    const auto first = get(home + "/group-roles", owner);
    CHECK(first.at("/default_role") == "viewer");
    CHECK(first.at("/rules") == "[]");
    const std::string rules = R"({"rules":[{"group":"web","role":"developer"}],"default_role":"viewer"})";
    CHECK(put(home + "/group-roles", owner, rules, "\"9\"").status == 412);
    const auto changed = put(home + "/group-roles", owner, rules, first.etag());
    REQUIRE(changed.status == 200);
    CHECK(changed.etag() != first.etag());
    CHECK(put(home + "/group-roles", owner, changed.body).etag() == changed.etag());
    CHECK(audited("group_roles.updated") == "1");
    const auto fault = [&](const std::string& rule) {
        return put(home + "/group-roles", owner, "{\"rules\":[" + rule + "],\"default_role\":null}").errors();
    };
    CHECK(fault(R"({"group":"a","role":"nobody"})") == std::vector<std::string>{"/rules/0/role unknown_role"});
    CHECK(fault(R"({"group":"a","role":"viewer","project":"none"})") ==
          std::vector<std::string>{"/rules/0/project unknown_project"});
    CHECK(fault(R"({"group":"a","role":"viewer","project":"web","environment":"none"})") ==
          std::vector<std::string>{"/rules/0/environment unknown_environment"});
    const auto admin = add_member(owner, "acme", "admin@example.com", "admin");
    CHECK(get(home + "/group-roles", admin).status == 403);
    CHECK(put(home + "/group-roles", admin, rules).status == 403);
    CHECK(get(home + "/groups", admin).at("/items/0/name") == "web");
}

TEST_CASE_METHOD(Mapping, "the first rule that matches gives the role, and losing the group takes it") {
    set_group_roles(R"([{"group":"platform","role":"admin"},{"group":"web","role":"developer"}])");
    CHECK(role_of(ada) == "developer");
    CHECK(audited("member.updated") != "0");
    const auto platform = make_group("platform", {ada});
    CHECK(role_of(ada) == "admin");
    REQUIRE(patch_members(platform, "remove", {ada}).status == 204);
    CHECK(role_of(ada) == "developer");
    REQUIRE(scim(net::Method::put, "/Groups/" + web, R"({"displayName":"platform two","members":)" + list({ada}) + "}")
                .status == 200);
    CHECK(role_of(ada) == "viewer");  // renamed: no rule is for it
    set_group_roles("[]", "\"maintainer\"");
    CHECK(role_of(ada) == "maintainer");
}

TEST_CASE_METHOD(Mapping, "rules with a place give assignments, and take back only what they gave") {
    REQUIRE(
        put(home + "/projects/web/environments/staging/assignments/" + ada, owner, R"({"role":"maintainer"})").status ==
        201);
    set_group_roles(R"([{"group":"web","role":"developer","project":"web"},)"
                    R"({"group":"web","role":"admin","project":"web","environment":"production"},)"
                    R"({"group":"web","role":"admin","project":"web","environment":"staging"}])");
    CHECK(placed_role("") == "developer");
    CHECK(placed_role("/environments/production") == "admin");
    CHECK(placed_role("/environments/staging") == "maintainer");  // by hand
    CHECK(audited("assignment.created") == "3");
    set_group_roles(R"([{"group":"web","role":"maintainer","project":"web"}])");
    CHECK(placed_role("") == "maintainer");
    CHECK(placed_role("/environments/production").empty());
    REQUIRE(patch_members(web, "remove", {ada}).status == 204);
    CHECK(placed_role("").empty());
    CHECK(placed_role("/environments/staging") == "maintainer");
    CHECK(audited("assignment.deleted") == "2");
}

TEST_CASE_METHOD(Mapping, "without a default role, who has no group is no member") {
    const auto bob = provision("bob");
    set_group_roles(R"([{"group":"web","role":"developer"}])", "null");
    CHECK(role_of(ada) == "developer");
    CHECK(role_of(bob).empty());
    CHECK(read("/Users/" + bob).at("/active") == "true");  // the directory's word
    REQUIRE(patch_members(web, "add", {bob}).status == 204);
    CHECK(role_of(bob) == "developer");
    CHECK(get(home + "/members/" + bob, owner).at("/name") == "bob");
    REQUIRE(scim(net::Method::del, "/Groups/" + web).status == 204);
    CHECK(role_of(ada).empty());
    CHECK(role_of(bob).empty());
}

TEST_CASE_METHOD(Mapping, "an owner whom a person made stays, and so does the last owner") {
    set_group_roles(R"([{"group":"web","role":"owner"}])");
    CHECK(role_of(ada) == "owner");
    const auto me = get("/api/v1/auth/me", owner).at("/user/id");
    REQUIRE(scim(net::Method::post, "/Users", R"({"userName":"owner@example.com"})").status == 201);
    CHECK(role_of(me) == "owner");
    sql("UPDATE fanion.memberships SET role = 'viewer' WHERE user_id = '" + me + "'");
    REQUIRE(patch_members(web, "remove", {ada}).status == 204);
    CHECK(role_of(ada) == "owner");
}

TEST_CASE_METHOD(Mapping, "single sign-on: groups are stored, join with the directory's, and replace the last ones") {
    const auto org = sql("SELECT org_id FROM fanion.orgs WHERE key = 'acme'");
    set_group_roles(R"([{"group":"platform","role":"admin"},{"group":"web","role":"developer"}])", "null");
    const groups::KnownPerson person{access::UserId(ada), "ada@example.com", "ada"};
    CHECK(run(sign_in(pool, org, person, {"platform", "platform", ""})) == groups::Standing::member);
    CHECK(role_of(ada) == "admin");
    CHECK(get(home + "/groups", owner).at("/items/0") == R"({"name":"platform","source":"sign_in","members":1})");
    CHECK(run(sign_in(pool, org, person, {})) == groups::Standing::member);
    CHECK(role_of(ada) == "developer");  // of the directory's group
    REQUIRE(patch_members(web, "remove", {ada}).status == 204);
    CHECK(run(sign_in(pool, org, person, {"other"})) == groups::Standing::no_role);
    CHECK(role_of(ada).empty());
    CHECK(run(sign_in(pool, org, person, {"web"})) == groups::Standing::member);
    CHECK(role_of(ada) == "developer");
    REQUIRE(patch_user(ada, R"([{"op":"replace","path":"active","value":false}])").status == 200);
    CHECK(run(sign_in(pool, org, person, {"web"})) == groups::Standing::no_role);  // the directory says no
    REQUIRE(patch_user(ada, R"([{"op":"replace","path":"active","value":true}])").status == 200);
    CHECK(run(sign_in(pool, org, person, {"web"})) == groups::Standing::member);
    CHECK(sql("SELECT array_to_string(sign_in_groups, ',') FROM fanion.memberships WHERE user_id = '" + ada + "'") ==
          "web");
}

TEST_CASE_METHOD(Mapping, "a role that a person gives replaces what a group gave until the groups change") {
    set_group_roles(R"([{"group":"web","role":"developer"}])");
    REQUIRE(patch(home + "/members/" + ada, owner, R"({"role":"maintainer"})").status == 200);
    const auto other = make_group("other", {ada});
    CHECK(role_of(ada) == "maintainer");  // no rule is for the group
    REQUIRE(patch_members(web, "remove", {ada}).status == 204);
    CHECK(role_of(ada) == "maintainer");  // a person gave it
    REQUIRE(patch_members(web, "add", {ada}).status == 204);
    CHECK(role_of(ada) == "developer");
}
