// Edits that race with the deletion of what they are in: nothing is written into what is gone.

#include <catch2/catch.hpp>
#include <future>
#include <optional>

#include "control-plane/audit/audit_store.hpp"
#include "control-plane/projects/deletion_store.hpp"
#include "control-plane/projects/project_store.hpp"
#include "tests/integration/control-plane/tenancy/tenancy.hpp"
#include "tests/support/eventually.hpp"

using namespace fanion;
using boost::asio::awaitable;
using test::ApiRequest;
using test::Reply;
using test::Tenancy;

namespace {

constexpr cp::db::Statement waiting_sql{"waiting", "SELECT count(*) FROM pg_locks WHERE NOT granted"};

enum class What { environment, project, organisation };

class Races : public Tenancy {
public:
    Races() : org_id(sql("SELECT org_id FROM fanion.orgs")) {}

    // Does what the routes do, up to the commit.
    awaitable<void> begin_deletion(What what) {
        using namespace cp::projects;
        const cp::access::OrgId org(org_id);
        deletion.emplace(co_await other_pool.begin(cp::db::Scope::tenant(org_id)));
        auto& tx = *deletion;
        if (what == What::organisation) {
            co_await show_deleted(tx);
            co_await delete_org(tx, org, 1, clock.now());
            co_return;
        }
        const auto project = co_await lock_project(tx, org, "web");
        if (what == What::project) {
            co_await lock_environments(tx, project->project_id);
            co_await show_deleted(tx);
            co_await delete_project(tx, project->project_id, clock.now());
        } else {
            const auto env = co_await lock_environment(tx, project->project_id, "staging");
            co_await show_deleted(tx);
            co_await delete_environment(tx, *env, clock.now());
        }
    }
    awaitable<void> begin_edit() {
        deletion.emplace(co_await other_pool.begin(cp::db::Scope::tenant(org_id)));
        const auto project = co_await cp::projects::lock_project(*deletion, cp::access::OrgId(org_id), "web");
        co_await cp::projects::lock_environment(*deletion, project->project_id, "staging");
    }
    awaitable<void> continue_to_audit() { co_await cp::audit::lock_audit_chain(*deletion, cp::access::OrgId(org_id)); }
    awaitable<std::uint64_t> count_waiting() {
        auto tx = co_await other_pool.begin(cp::db::Scope::none());
        const auto rows = co_await tx.run(waiting_sql);
        co_return rows[0].u64(0);
    }
    awaitable<void> commit_deletion() {
        co_await deletion->commit();
        deletion.reset();
    }

    // The statuses of edits that began before the deletion was committed, and wait for its locks.
    std::vector<unsigned> edits_during(What what, std::vector<ApiRequest> edits) {
        const auto count = edits.size();
        test::run_on(other, begin_deletion(what));
        auto replies = std::async(std::launch::async, [&] { return send_at_once(std::move(edits)); });
        test::eventually("the edits wait", [&] { return test::run_on(other, count_waiting()) >= count; });
        test::run_on(other, commit_deletion());
        std::vector<unsigned> statuses;
        for (const auto& reply : replies.get()) statuses.push_back(reply.status);
        return statuses;
    }
    ApiRequest request(net::Method method, const std::string& path, const std::string& body) {
        return {method, path, owner, body, {{"Content-Type", "application/json"}}};
    }
    std::string rows() {
        return sql(
            "SELECT (SELECT count(*) FROM fanion.flags) || ' ' || (SELECT count(*) FROM fanion.environments) || ' ' "
            "|| (SELECT count(*) FROM fanion.api_keys) || ' ' || (SELECT count(*) FROM fanion.audit) || ' ' || "
            "(SELECT count(*) FROM fanion.manifests) || ' ' || (SELECT count(*) FROM fanion.role_assignments)");
    }

    const std::string org_id;
    boost::asio::io_context other;
    cp::db::Pool other_pool{other.get_executor(), {.connection = app_config()}, metrics, log};
    std::optional<cp::db::Transaction> deletion;  // or another edit
};

using Statuses = std::vector<unsigned>;

}  // namespace

TEST_CASE_METHOD(Races, "a new upload waits for an edit of its environment and does not hold it up") {
    test::run_on(other, begin_edit());
    const auto uploads = web + "/segments/s/environments/staging/members/uploads";
    auto replies =
        std::async(std::launch::async, [&] { return send_at_once({request(net::Method::post, uploads, "{}")}); });
    test::eventually("the upload waits", [&] { return test::run_on(other, count_waiting()) >= 1; });
    test::run_on(other, continue_to_audit());  // held by the upload, this is a deadlock
    test::run_on(other, commit_deletion());
    CHECK(replies.get()[0].status == 201);
}

TEST_CASE_METHOD(Races, "an edit that waits for the deletion of its environment finds nothing") {
    const auto staging = web + "/environments/staging";
    const auto before = rows();
    const auto statuses = edits_during(
        What::environment, {request(net::Method::patch, web + "/flags/f/environments/staging", R"({"enabled":true})"),
                            request(net::Method::post, staging + "/keys", R"({"kind":"server"})"),
                            request(net::Method::patch, staging, R"({"name":"x"})")});
    CHECK(statuses == Statuses{404, 404, 404});
    CHECK(rows() == before);
}

TEST_CASE_METHOD(Races, "an edit that waits for the deletion of its project finds nothing") {
    const auto id = get("/api/v1/auth/me", add_member(owner, "acme", "ada@example.com", "viewer")).at("/user/id");
    const auto before = rows();
    const auto statuses = edits_during(
        What::project, {request(net::Method::post, web + "/flags", R"({"key":"g","type":"boolean"})"),
                        request(net::Method::patch, web + "/flags/f/environments/staging", R"({"enabled":true})"),
                        request(net::Method::put, web + "/assignments/" + id, R"({"role":"admin"})"),
                        request(net::Method::post, web + "/keys", R"({"kind":"relay"})")});
    CHECK(statuses == Statuses{404, 404, 404, 404});
    CHECK(rows() == before);
}

TEST_CASE_METHOD(Races, "no environment is made in a project while it is deleted, and its settings stay") {
    const auto before = rows();
    const auto statuses =
        edits_during(What::project, {request(net::Method::post, web + "/environments", R"({"key":"qa"})"),
                                     request(net::Method::put, web + "/environments/staging", R"({"name":"x"})"),
                                     request(net::Method::patch, web, R"({"name":"x"})")});
    CHECK(statuses == Statuses{404, 404, 404});
    CHECK(rows() == before);
}

TEST_CASE_METHOD(Races, "an edit that waits for the deletion of its organisation finds nothing") {
    const auto before = rows();
    const auto statuses = edits_during(
        What::organisation,
        {request(net::Method::post, acme + "/projects", R"({"key":"shop"})"),
         request(net::Method::post, acme + "/roles", R"({"key":"lead","permissions":["read"]})"),
         request(net::Method::patch, acme, R"({"name":"x"})"), request(net::Method::patch, web, R"({"name":"x"})")});
    CHECK(statuses == Statuses{404, 404, 404, 404});
    CHECK(rows() == before);
    CHECK(sql("SELECT count(*) FROM fanion.roles") == "0");
}
