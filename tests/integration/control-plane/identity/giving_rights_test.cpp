// Nobody gives, changes or takes away rights that they do not have themselves, at the place and at
// the moment.

#include <catch2/catch.hpp>
#include <future>

#include "control-plane/app/make_owner.hpp"
#include "control-plane/db/connection.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/eventually.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::Reply;
using test::shop;
using test::web;

namespace {

// Ada is an admin, but only a viewer in the project web; Bob is a viewer.
class Giving : public ApiFixture {
public:
    Giving() : owner(bootstrap_owner("acme", "owner@example.com")) {
        for (const auto* key : {"web", "shop"})
            REQUIRE(post(acme + "/projects", owner, R"({"key":")" + std::string(key) + "\"}").status == 201);
        REQUIRE(post(acme + "/roles", owner, R"({"key":"lead","permissions":["read","edit"]})").status == 201);
        ada = add_member(owner, "acme", "ada@example.com", "admin");
        bob = add_member(owner, "acme", "bob@example.com", "viewer");
        assign(web, ada, "viewer");
    }
    std::string id_of(const std::string& token) { return get("/api/v1/auth/me", token).at("/user/id"); }
    void assign(const std::string& place, const std::string& token, const std::string& role) {
        const auto reply = put(place + "/assignments/" + id_of(token), owner, R"({"role":")" + role + "\"}");
        INFO(reply.body);
        REQUIRE(reply.status < 300);
    }
    void unassign(const std::string& place, const std::string& token) {
        REQUIRE(del(place + "/assignments/" + id_of(token), owner).status == 204);
    }
    std::string entry(const std::string& action, const std::string& member) {
        return get(acme + "/audit?limit=1&action=" + action, owner).at("/items/0/entry/" + member);
    }

    std::string owner;
    std::string ada;
    std::string bob;
};

// Holds the lock of the organisation's rights on a connection of its own, with a change that others
// see when it is released.
class HeldRights {
public:
    HeldRights(const ApiFixture& fixture, const std::string& change)
        : connection_(
              test::run_on(context_, cp::db::Connection::open(context_.get_executor(), fixture.owner_config()))) {
        run("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('access/' || org_id, 0)) FROM fanion.orgs "
            "WHERE key = 'acme'");
        run(change);
    }
    void await_waiter() {
        test::eventually("somebody waits for the lock", [this] {
            const auto rows = run("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
            return rows[0].u64(0) == 1;
        });
    }
    void release() { run("COMMIT"); }

private:
    cp::db::Rows run(const std::string& sql) { return test::run_on(context_, connection_->run_script(sql)); }

    boost::asio::io_context context_;
    std::unique_ptr<cp::db::Connection> connection_;
};

}  // namespace

TEST_CASE_METHOD(Giving, "a role is changed and deleted by who could give it wherever somebody has it") {
    const auto lead = acme + "/roles/lead";
    CHECK(patch(lead, ada, R"({"name":"Lead"})").status == 200);  // nobody has it
    assign(shop, bob, "lead");
    CHECK(patch(lead, ada, R"({"name":"Leader"})").status == 200);
    assign(web, bob, "lead");
    CHECK(patch(lead, ada, R"({"name":"L"})").status == 403);
    CHECK(patch(lead, ada, R"({"permissions":["read"]})").status == 403);
    CHECK(put(lead, ada, R"({"permissions":["read","edit","approve"]})").status == 403);
    CHECK(del(lead, ada).status == 403);
    CHECK(patch(lead, owner, R"({"name":"L"})").status == 200);
    unassign(web, bob);
    unassign(shop, bob);
    CHECK(del(lead, ada).status == 204);
}

TEST_CASE_METHOD(Giving, "an invitation gives a role in the whole organisation") {
    REQUIRE(post(acme + "/members", owner, R"({"email":"c@example.com","role":"lead"})").status == 201);
    CHECK(patch(acme + "/roles/lead", ada, R"({"name":"L"})").status == 403);
    assign(web, ada, "admin");
    CHECK(patch(acme + "/roles/lead", ada, R"({"name":"L"})").status == 200);
}

TEST_CASE_METHOD(Giving, "a member is removed by who could take away each of their roles") {
    assign(web, bob, "maintainer");
    const auto member = acme + "/members/" + id_of(bob);
    CHECK(del(web + "/assignments/" + id_of(bob), ada).status == 403);
    CHECK(del(member, ada).status == 403);
    CHECK(get(member, owner).status == 200);
    unassign(web, bob);
    assign(shop, bob, "maintainer");
    CHECK(del(member, ada).status == 204);
}

TEST_CASE_METHOD(Giving, "who loses their rights while their request waits gives none away") {
    assign(web, ada, "admin");
    struct Try {
        const char* path;
        const char* body;
    };
    const Try tries[] = {
        {"/members", R"({"email":"c@example.com","role":"admin"})"},
        {"/tokens", R"({"name":"n","role":"admin"})"},
        {"/roles", R"({"key":"r","permissions":["read"]})"},
        {"/projects/web/keys", R"({"kind":"relay"})"},
    };
    const auto id = id_of(ada);
    const auto set_to = [&](const std::string& role) {
        return "UPDATE fanion.memberships SET role = '" + role + "' WHERE user_id = '" + id + "'; " +
               "UPDATE fanion.role_assignments SET role = '" + role + "' WHERE user_id = '" + id + "'";
    };
    for (const auto& wanted : tries) {
        INFO(wanted.path);
        HeldRights held(*this, set_to("viewer"));
        auto reply = std::async(std::launch::async, [&] { return post(acme + wanted.path, ada, wanted.body); });
        held.await_waiter();
        held.release();
        CHECK(reply.get().status == 403);
        sql(set_to("admin"));
        CHECK(post(acme + wanted.path, ada, wanted.body).status == 201);
    }
}

TEST_CASE_METHOD(Giving, "who is removed while their request waits finds no organisation") {
    HeldRights held(*this, "DELETE FROM fanion.memberships WHERE user_id = '" + id_of(ada) + "'");
    auto reply = std::async(std::launch::async, [&] {
        return post(acme + "/members", ada, R"({"email":"c@example.com","role":"viewer"})");
    });
    held.await_waiter();
    held.release();
    CHECK(reply.get().status == 404);
}

TEST_CASE_METHOD(Giving, "an owner that the operator makes is invited as anybody else, with an entry in the log") {
    REQUIRE(post(acme + "/members", owner, R"({"email":"new@example.com","role":"viewer"})").status == 201);
    const auto first = entry("member.invited", "resource");
    const auto token = run(cp::app::promote_to_owner(pool, "new@example.com", "acme", clock.now()));
    REQUIRE(token);
    CHECK(entry("member.invited", "actor_kind") == "operator");
    CHECK(entry("member.invited", "after/role") == "owner");
    CHECK(entry("member.invited", "after/email") == "new@example.com");
    CHECK(entry("invitation.withdrawn", "resource") == first);
    CHECK(entry("invitation.withdrawn", "actor_kind") == "operator");
}

TEST_CASE_METHOD(Giving, "the own permissions list all projects, each with its environments") {
    const auto mine = get(acme + "/me/permissions", bob);
    CHECK(mine.at("/items/0/project") == "shop");
    CHECK(mine.at("/items/0/environments/2/environment") == "production");
    CHECK(mine.at("/items/1/project") == "web");
    CHECK(mine.at("/items/1/environments/0/environment") == "development");
    CHECK(mine.at("/items/1/environments/3").empty());
    CHECK(mine.at("/next") == "null");
}
