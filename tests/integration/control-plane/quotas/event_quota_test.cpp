// Events beyond an organisation's quota of a day: all of them are stored, and the organisation is told once.

#include <catch2/catch.hpp>
#include <memory>

#include "common/base/ids.hpp"
#include "common/net/request_builder.hpp"
#include "common/wire/event_batch.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/events/ingest_routes.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/eventually.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
namespace quotas = cp::quotas;

namespace {

class EventQuota : public ApiFixture {
public:
    EventQuota() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
        key = post(acme + "/keys", owner, R"({"kind":"relay"})").at("/key");
        env = sql("SELECT env_id FROM fanion.environments WHERE key = 'production'");
        sql("INSERT INTO fanion.org_quotas SELECT org_id, 'events_per_day', 100 FROM fanion.orgs");
    }
    ~EventQuota() { threads.join(); }

    void report(const std::string& id, std::uint64_t evaluations) {
        post_batch(id, evaluations);
        wait_until_told();
    }
    void post_batch(const std::string& id, std::uint64_t evaluations) {
        wire::EventBatch batch;
        batch.batch = id;
        batch.relay = "r";
        batch.from = clock.now();
        batch.to = clock.now() + 10'000;
        batch.counts.push_back({env, "f", "on", 1, "SPLIT", "", evaluations});
        const auto body = to_json(batch);
        const auto authorization = "Bearer " + key;
        net::Request request;
        request.method = net::Method::post;
        request.body = body;
        net::RequestBuilder::add_header(request, "Authorization", authorization);
        net::RequestBuilder::add_header(request, "Content-Type", "application/json");
        CHECK(run(api.handle_events(request)).status == 200);
    }
    void wait_until_told() {
        test::eventually("the organisation was told", [this] {
            context.restart();
            context.poll();
            return tasks.size() == 0;
        });
    }
    // What an edit of the organisation holds until it ends.
    std::unique_ptr<cp::db::Transaction> begin_edit() {
        const cp::access::OrgId org_id(sql("SELECT org_id FROM fanion.orgs"));
        const auto begin = [this, &org_id]() -> boost::asio::awaitable<std::unique_ptr<cp::db::Transaction>> {
            auto tx = co_await pool.begin(cp::db::Scope::tenant(org_id.str()));
            co_await cp::audit::lock_audit_chain(tx, org_id);
            co_return std::make_unique<cp::db::Transaction>(std::move(tx));
        };
        return run(begin());
    }
    std::string stored() { return sql("SELECT sum(n) FROM fanion.evaluation_counts"); }
    std::string told() { return sql("SELECT count(*) FROM fanion.audit WHERE comment LIKE 'the events of the day%'"); }
    std::string usage() {
        const auto reply = get(acme + "/usage", owner);
        return reply.at("/quotas/6/used") + '/' + reply.at("/quotas/6/limit");
    }

    std::string owner;
    std::string key;
    std::string env;
    net::BlockingPool threads{1};
    net::TaskGroup tasks{context.get_executor(), log};
    telemetry::Registry ingest_registry;
    cp::events::IngestMetrics counters{ingest_registry};
    cp::keys::RelayKeys keys{pool};
    cp::events::BatchWriter writer{{pool, threads, clock, limits, pool, tasks, log, counters}};
    cp::events::IngestApi api{{keys, threads, clock, counters, writer}};
};

}  // namespace

TEST_CASE_METHOD(EventQuota, "events beyond the quota are stored, counted as such, and told once a day") {
    report("b.1", 60);
    CHECK(usage() == "60/100");
    CHECK(told() == "0");
    report("b.2", 60);
    CHECK(stored() == "120");
    CHECK(usage() == "120/100");
    CHECK(quota_metrics.events_beyond.value() == 20);
    REQUIRE(told() == "1");
    const auto entry = get(acme + "/audit?limit=1", owner);
    CHECK(entry.at("/items/0/entry/action") == "org.updated");
    CHECK(entry.at("/items/0/entry/actor_kind") == "system");
    CHECK(entry.at("/items/0/entry/after/events_per_day/limit") == "100");
    CHECK(entry.at("/items/0/entry/after/events_per_day/used") == "120");
    report("b.2", 60);  // known: nothing is added
    report("b.3", 7);
    CHECK(stored() == "127");
    CHECK(quota_metrics.events_beyond.value() == 27);
    CHECK(told() == "1");
    clock.advance(24LL * 60 * 60 * 1000);
    report("b.4", 101);
    CHECK(told() == "2");
    CHECK(stored() == "228");
}

TEST_CASE_METHOD(EventQuota, "an edit that takes long delays what is told, and no batch") {
    auto edit = begin_edit();
    for (int i = 0; i < 4; ++i) post_batch("b." + std::to_string(i), 101);
    CHECK(stored() == "404");
    context.restart();
    context.poll();
    CHECK(tasks.size() <= 1);  // each organisation is told by one task at a time
    CHECK(told() == "0");
    edit.reset();
    wait_until_told();
    report("b.4", 1);  // tells it if the edit took too long
    CHECK(told() == "1");
}

TEST_CASE_METHOD(EventQuota, "without a quota nothing is told, and the days are counted all the same") {
    sql("DELETE FROM fanion.org_quotas");
    report("b.1", 1'000'000);
    CHECK(usage() == "1000000/null");
    CHECK(told() == "0");
    CHECK(quota_metrics.events_beyond.value() == 0);
    sql("UPDATE fanion.event_days SET day = day - 400");
    run(quotas::purge_event_days(pool));
    CHECK(sql("SELECT count(*) FROM fanion.event_days") == "0");
}
