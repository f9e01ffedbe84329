// Batches of events from the request to the rows, on a real PostgreSQL.

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <catch2/catch.hpp>

#include "common/base/compression.hpp"
#include "control-plane/events/count_store.hpp"
#include "tests/integration/control-plane/events/ingest_fixture.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using cp::access::EnvironmentId;
using cp::access::OrgId;
using namespace fanion::test;

TEST_CASE_METHOD(IngestFixture, "a batch is stored once, however often it comes") {
    const auto body = to_json(batch_of("r.b.1", {count("e_1", "f", "on", 3), count("e_1", "f", "off", 4)}));
    const auto first = post(key_a, body);
    CHECK(first.status == 200);
    CHECK(first.body == R"({"batch":"r.b.1","duplicate":false})");
    for (int i = 0; i < 3; ++i) {
        const auto again = post(key_a, body);
        CHECK(again.status == 200);
        CHECK(again.body == R"({"batch":"r.b.1","duplicate":true})");
    }
    CHECK(total() == "7");
    CHECK(counters.batches.value() == 1);
    CHECK(counters.duplicates.value() == 3);
    CHECK(counters.evaluations.value() == 7);
}

TEST_CASE_METHOD(IngestFixture, "what was counted before an environment was deleted is stored") {
    sql("UPDATE environments SET deleted_at = now() WHERE env_id IN ('e_2', 'e_9')");
    const auto both = to_json(batch_of("r.b.1", {count("e_1", "f", "on", 3), count("e_2", "f", "on", 4)}));
    CHECK(post(key_a, both).status == 200);
    CHECK(total() == "7");
    const auto other = to_json(batch_of("r.b.2", {count("e_1", "f", "on", 3), count("e_9", "f", "on", 4)}));
    CHECK(post(key_a, other).status == 422);
    sql("UPDATE orgs SET deleted_at = now() WHERE org_id = 'o_b'");
    CHECK(post(key_b, to_json(batch_of("r.b.3", {count("e_9", "f", "on", 1)}))).status == 200);
    sql("DELETE FROM environments WHERE env_id = 'e_2'");
    CHECK(post(key_a, to_json(batch_of("r.b.4", {count("e_2", "f", "on", 1)}))).status == 422);
}

TEST_CASE_METHOD(IngestFixture, "two posts of one batch at the same time have one effect") {
    using namespace boost::asio::experimental::awaitable_operators;
    for (int i = 0; i < 20; ++i) {
        const auto body = to_json(batch_of("r.b." + std::to_string(i), {count("e_1", "f", "on", 1)}));
        auto [one, two] = run(post_later(key_a, body) && post_later(key_a, body));
        CHECK(one.status == 200);
        CHECK(two.status == 200);
        CHECK((one.body.find("true") == std::string::npos) != (two.body.find("true") == std::string::npos));
    }
    CHECK(total() == "20");
}

TEST_CASE_METHOD(IngestFixture, "concurrent batches over the same rows all count") {
    using namespace boost::asio::experimental::awaitable_operators;
    std::vector<wire::CountEvent> up, down;
    for (int i = 0; i < 200; ++i) up.push_back(count("e_1", "flag-" + std::to_string(i), "on", 1));
    down.assign(up.rbegin(), up.rend());
    for (int i = 0; i < 5; ++i) {
        const auto id = std::to_string(i);
        auto [one, two, three] = run(post_later(key_a, to_json(batch_of("x." + id, up))) &&
                                     post_later(key_a, to_json(batch_of("y." + id, down))) &&
                                     post_later(key_a, to_json(batch_of("z." + id, up))));
        CHECK(one.status == 200);
        CHECK(two.status == 200);
        CHECK(three.status == 200);
    }
    CHECK(total() == "3000");
    CHECK(sql("SELECT count(*) FROM evaluation_counts") == "200");
}

TEST_CASE_METHOD(IngestFixture, "bodies may be packed, and bombs are too large") {
    CHECK(post(key_a, compress(Encoding::gzip, to_json(batch_of("r.b.1", {count("e_1", "f", "on", 3)}))), "gzip")
              .status == 200);
    CHECK(post(key_a, compress(Encoding::zstd, to_json(batch_of("r.b.2", {count("e_1", "f", "on", 4)}))), "zstd")
              .status == 200);
    CHECK(total() == "7");
    CHECK(post(key_a, compress(Encoding::zstd, std::string(50'000'000, ' ')), "zstd").status == 413);
    CHECK(post(key_a, "not packed", "gzip").status == 400);
    CHECK(post(key_a, "{}", "br").status == 415);
    CHECK(post(key_a, "{}", "", "text/plain").status == 415);
}

TEST_CASE_METHOD(IngestFixture, "what is malformed or not granted is refused as a whole") {
    CHECK(post(key_a, "{").status == 400);
    CHECK(post(key_a, R"({"batch":"r.b.1"})").status == 400);
    const auto foreign =
        post(key_a, to_json(batch_of("r.b.1", {count("e_1", "f", "on", 3), count("e_9", "f", "on", 4)})));
    CHECK(foreign.status == 422);
    CHECK(foreign.body.find("/counts/1/env") != std::string::npos);
    auto batch = batch_of("r.b.2", {count("e_1", "f", "on", 3)});
    batch.metrics.push_back({"e_9", "purchase", "u1", noon, "1"});
    CHECK(post(key_a, to_json(batch)).status == 422);
    CHECK(total() == "0");
    CHECK(sql("SELECT count(*) FROM event_batches") == "0");
}

TEST_CASE_METHOD(IngestFixture, "only a valid relay key may post") {
    const auto body = to_json(batch_of("r.b.1", {count("e_1", "f", "on", 3)}));
    const auto anonymous = post("", body);
    CHECK(anonymous.status == 401);
    CHECK(anonymous.headers.at(0) == std::pair<std::string_view, std::string>("WWW-Authenticate", "Bearer"));
    CHECK(post("nonsense", body).status == 401);
    CHECK(post(make_api_key("rly").text, body).status == 401);
    CHECK(post(add_key("o_a", "'p_a'", "server", "srv"), body).status == 403);
    CHECK(post(add_key("o_a", "NULL", "relay", "rly", "NULL, NULL, now()"), body).status == 401);
    CHECK(post(add_key("o_a", "NULL", "relay", "rly", "NULL, '2025-01-01', NULL"), body).status == 401);
    CHECK(post(add_key("o_a", "NULL", "relay", "rly", "'2099-01-01', NULL, NULL"), body).status == 401);
    CHECK(total() == "0");
}

TEST_CASE_METHOD(IngestFixture, "the use of a key is written beside the requests, at most once a minute") {
    const auto last_used = [this] {
        return sql("SELECT (extract(epoch FROM max(last_used_at)) * 1000)::bigint FROM api_keys");
    };
    const auto start = clock.now();
    REQUIRE(run(keys.authenticate(key_a, start)));
    CHECK(last_used().empty());  // the request did not write
    run(keys.write_uses());
    CHECK(last_used() == std::to_string(start));
    REQUIRE(run(keys.authenticate(key_a, start + 59'000)));
    run(keys.write_uses());
    CHECK(last_used() == std::to_string(start));
    REQUIRE(run(keys.authenticate(key_a, start + 61'000)));
    run(keys.write_uses());
    CHECK(last_used() == std::to_string(start + 61'000));
    sql("UPDATE api_keys SET last_used_at = NULL");
    run(keys.write_uses());  // not used since
    CHECK(last_used().empty());
}

TEST_CASE_METHOD(IngestFixture, "a key grants its project only, and is noted as used") {
    const auto key = add_key("o_a", "'p_a2'", "relay", "rly");
    CHECK(post(key, to_json(batch_of("r.b.1", {count("e_1", "f", "on", 3)}))).status == 422);
    CHECK(post(key, to_json(batch_of("r.b.1", {count("e_2", "f", "on", 3)}))).status == 200);
    run(keys.write_uses());
    CHECK(sql("SELECT count(*) FROM api_keys WHERE last_used_at IS NOT NULL") == "1");
    const auto identity = run(keys.authenticate(key_a, clock.now()));
    REQUIRE(identity);
    CHECK(identity->org_id == OrgId("o_a"));
    CHECK(identity->env_ids == std::vector{EnvironmentId("e_1"), EnvironmentId("e_2")});
    CHECK(run(keys.refresh(*identity, clock.now())));
    sql("UPDATE api_keys SET revoked_at = now()");
    const auto revoked = run(keys.refresh(*identity, clock.now()));
    REQUIRE_FALSE(revoked);
    CHECK(revoked.error().code == Errc::unauthenticated);
}

TEST_CASE_METHOD(IngestFixture, "the same batch id in another organisation is another batch") {
    CHECK(post(key_a, to_json(batch_of("r.b.1", {count("e_1", "f", "on", 3)}))).body.find("false") !=
          std::string::npos);
    CHECK(post(key_b, to_json(batch_of("r.b.1", {count("e_9", "f", "on", 4)}))).body.find("false") !=
          std::string::npos);
    CHECK(total() == "7");
}

TEST_CASE_METHOD(IngestFixture, "totals are per flag and variation, inside the window and the tenant") {
    post(key_a, to_json(batch_of("r.b.1", {count("e_1", "f", "on", 3), count("e_1", "f", "off", 4)})));
    post(key_a, to_json(batch_of("r.b.2",
                                 {count("e_1", "f", "on", 5), count("e_1", "g", "", 1), count("e_2", "f", "on", 9)})));
    auto later = batch_of("r.b.3", {count("e_1", "f", "on", 100)});
    later.from += 60'000;
    clock.advance(60'000);
    post(key_a, to_json(later));
    const auto totals = [&](cp::events::StatsQuery query) {
        const auto read =
            [](cp::db::Pool& from,
               cp::events::StatsQuery asked) -> boost::asio::awaitable<std::vector<cp::events::VariationTotal>> {
            auto tx = co_await from.begin(cp::db::Scope::tenant(asked.org_id.str()));
            auto found = co_await cp::events::total_counts(tx, asked);
            co_await tx.commit();
            co_return found;
        };
        return run(read(pool, std::move(query)));
    };
    using Totals = std::vector<cp::events::VariationTotal>;
    CHECK(totals({OrgId("o_a"), EnvironmentId("e_1"), noon, noon + 60'000, {}}) ==
          Totals{{"f", "off", 4}, {"f", "on", 8}, {"g", "", 1}});
    CHECK(totals({OrgId("o_a"), EnvironmentId("e_1"), noon, noon + 120'000, "f"}) ==
          Totals{{"f", "off", 4}, {"f", "on", 108}});
    CHECK(totals({OrgId("o_a"), EnvironmentId("e_1"), noon + 60'000, noon + 120'000, {}}) == Totals{{"f", "on", 100}});
    CHECK(totals({OrgId("o_b"), EnvironmentId("e_1"), noon, noon + 120'000, {}}).empty());
}

TEST_CASE_METHOD(IngestFixture, "drops that a relay reports are summed") {
    auto batch = batch_of("r.b.1", {});
    batch.dropped = {5, 0, 1};
    CHECK(post(key_a, to_json(batch)).status == 200);
    batch.batch = "r.b.2";
    CHECK(post(key_a, to_json(batch)).status == 200);
    CHECK(sql("SELECT string_agg(kind || ' ' || n, ', ' ORDER BY kind) FROM relay_drops") == "counts 10, metrics 2");
}

TEST_CASE_METHOD(IngestFixture, "a sum that would not fit stays at the largest number") {
    post(key_a, to_json(batch_of("r.b.1", {count("e_1", "f", "on", 1)})));
    sql("UPDATE evaluation_counts SET n = 9223372036854775806");
    CHECK(post(key_a, to_json(batch_of("r.b.2", {count("e_1", "f", "on", 10)}))).status == 200);
    CHECK(total() == "9223372036854775807");
}

TEST_CASE_METHOD(IngestFixture, "batch ids are forgotten after seven days") {
    post(key_a, to_json(batch_of("r.b.1", {count("e_1", "f", "on", 1)})));
    sql("UPDATE event_batches SET received_at = now() - interval '8 days'");
    post(key_a, to_json(batch_of("r.b.2", {count("e_1", "f", "on", 1)})));
    sql("SELECT purge_expired()");
    CHECK(sql("SELECT string_agg(batch_id, ' ') FROM event_batches") == "r.b.2");
}
