// Exposures and metric events from the request to rows in partitions, on a real PostgreSQL.

#include <catch2/catch.hpp>

#include "control-plane/events/retention.hpp"
#include "control-plane/events/retention_store.hpp"
#include "control-plane/events/series.hpp"
#include "control-plane/events/unit_store.hpp"
#include "tests/integration/control-plane/events/ingest_fixture.hpp"

using namespace fanion;
using namespace fanion::test;
using cp::access::OrgId;

namespace {

const std::string one(32, '1');
const std::string two(32, '2');
constexpr auto with_kinds =
    "SELECT string_agg(flag || ' ' || variation || ' ' || version || ' ' || replace(unit::text, '-', '') || ' ' || "
    "coalesce(attrs::text, '-') || ' ' || exp || ' ' || by, ', ' ORDER BY flag, unit) FROM exposures JOIN "
    "exposure_kinds k ON k.no = kind";

class ExposureFixture : public IngestFixture {
public:
    // The rows are of the day that the database has.
    UnixMillis now = std::stoll(sql("SELECT floor(extract(epoch FROM now()) * 1000)::bigint"));
    ExposureFixture() { clock.set(now); }

    wire::EventBatch batch(std::string id) const {
        auto batch = batch_of(std::move(id), {});
        batch.has_digests = true;
        return batch;
    }
    wire::ExposureEvent seen(std::string env, std::string flag, std::string unit) const {
        return {std::move(env), std::move(flag), "on", 3, std::move(unit), now - 1000};
    }
    wire::MetricEvent measured(std::string env, std::string key, std::string unit, std::string value) const {
        return {std::move(env), std::move(key), std::move(unit), now - 1000, std::move(value)};
    }
    std::string deliveries(const std::string& org = "o_a") {
        return sql(
            "SELECT coalesce(string_agg(relay_id || ' ' || kind || ' ' || n, ', ' ORDER BY relay_id, kind), '') "
            "FROM relay_deliveries WHERE org_id = '" +
            org + "'");
    }
};

}  // namespace

TEST_CASE_METHOD(ExposureFixture, "exposures and metrics are stored once, and deliveries are added up for each relay") {
    auto first = batch("r.b.1");
    first.counts = {count("e_1", "f", "on", 7)};
    first.exposures = {seen("e_1", "f", two), seen("e_1", "f", one), seen("e_2", "g", one)};
    first.exposures[2].exp = "x.1.2";
    first.exposures[2].by = "/org/id";
    first.exposures[2].attrs = R"({"plan": "pro"})";
    first.metrics = {measured("e_1", "purchase", one, "19.9")};
    for (const auto* duplicate : {"false", "true"}) {
        const auto answer = post(key_a, to_json(first));
        CHECK(answer.status == 200);
        CHECK(answer.body == R"({"batch":"r.b.1","duplicate":)" + std::string(duplicate) + "}");
    }
    CHECK(sql(with_kinds) == "f on 3 " + one + " -  targetingKey, f on 3 " + two + " -  targetingKey, g on 3 " + one +
                                 R"( {"plan": "pro"} x.1.2 /org/id)");
    CHECK(sql("SELECT key || ' ' || by || ' ' || value FROM metric_events JOIN metric_kinds k ON k.no = kind") ==
          "purchase targetingKey 19.9");
    CHECK(deliveries() == "eu-1a counts 7, eu-1a exposures 3, eu-1a metrics 1, eu-1a repeated 1");
    auto second = batch("r.b.2");
    second.exposures = {seen("e_1", "f", one)};
    CHECK(post(key_a, to_json(second)).status == 200);
    CHECK(deliveries() == "eu-1a counts 7, eu-1a exposures 4, eu-1a metrics 1, eu-1a repeated 1");
    CHECK(sql("SELECT count(*) FROM exposure_kinds") == "2");
    CHECK(counters.exposures.value() == 4);
    CHECK(counters.metrics.value() == 1);
}

TEST_CASE_METHOD(ExposureFixture, "an organisation neither writes nor sees another's events") {
    auto foreign = batch("r.b.1");
    foreign.exposures = {seen("e_1", "f", one), seen("e_9", "f", one)};
    foreign.metrics = {measured("e_9", "k", one, "1")};
    const auto refused = post(key_a, to_json(foreign));
    CHECK(refused.status == 422);
    CHECK(refused.body.find(R"("pointer":"/exposures/1/env")") != std::string::npos);
    CHECK(refused.body.find(R"("pointer":"/metrics/0/env")") != std::string::npos);
    CHECK(sql("SELECT count(*) FROM exposures") == "0");
    auto own = batch("r.b.2");
    own.exposures = {seen("e_9", "f", one)};
    own.metrics = {measured("e_9", "k", one, "1")};
    CHECK(post(key_b, to_json(own)).status == 200);
    const auto seen_by = [this](const std::string& org) {
        return sql("BEGIN; SET LOCAL ROLE fanion_app; SET LOCAL fanion.org_id = '" + org +
                   "'; SELECT (SELECT count(*) FROM exposures) + (SELECT count(*) FROM metric_events) + "
                   "(SELECT count(*) FROM exposure_kinds) + (SELECT count(*) FROM metric_kinds)");
    };
    CHECK(seen_by("o_b") == "4");
    sql("ROLLBACK");
    CHECK(seen_by("o_a") == "0");
    sql("ROLLBACK");
    const auto list = [this](std::string org) -> boost::asio::awaitable<std::vector<cp::events::RelayLedger>> {
        auto tx = co_await pool.begin(cp::db::Scope::tenant(org));
        const OrgId org_id(org);
        co_return co_await cp::events::list_relay_ledgers(tx, org_id, "", 10);
    };
    CHECK(run(list("o_b")) == std::vector<cp::events::RelayLedger>{{{"eu-1a", 0, 1, 1}, {}}});
    CHECK(run(list("o_a")).empty());
}

TEST_CASE_METHOD(ExposureFixture, "attributes that the database cannot hold do not keep a batch from being stored") {
    auto odd = batch("r.b.1");
    for (const auto* attrs : {R"({"a":1e-20000})", R"({"a":"\u0000"})", R"({"a":1e-1000})"}) {
        odd.exposures.push_back(seen("e_1", "f", one));
        odd.exposures.back().attrs = attrs;
    }
    CHECK(post(key_a, to_json(odd)).status == 200);
    CHECK(sql("SELECT count(*) || ' ' || count(attrs) FROM exposures") == "3 1");
}

TEST_CASE_METHOD(ExposureFixture, "what is too old is delivered without a row") {
    auto old = batch("r.b.1");
    old.exposures = {seen("e_1", "f", one)};
    old.exposures[0].at = now - cp::events::oldest_event - 1;
    old.metrics = {measured("e_1", "k", one, "1")};
    old.metrics[0].at = 0;
    CHECK(post(key_a, to_json(old)).status == 200);
    CHECK(sql("SELECT count(*) FROM exposures") == "0");
    CHECK(deliveries() == "eu-1a exposures 1, eu-1a metrics 1");
    CHECK(counters.old_exposures.value() == 1);
    CHECK(counters.old_metrics.value() == 1);
}

TEST_CASE_METHOD(ExposureFixture, "names beyond the bound have no rows") {
    sql("INSERT INTO exposure_kinds (org_id, env_id, flag, variation, version, exp, by) "
        "SELECT 'o_a', 'e_1', 'f' || i, '', 1, '', '' FROM generate_series(1, " +
        std::to_string(cp::events::most_kinds) + ") i");
    auto more = batch("r.b.1");
    more.exposures = {seen("e_1", "new", one)};
    more.metrics = {measured("e_1", "k", one, "1")};
    CHECK(post(key_a, to_json(more)).status == 200);
    CHECK(sql("SELECT count(*) FROM exposures") == "0");
    CHECK(sql("SELECT count(*) FROM metric_events") == "1");
    CHECK(counters.unnamed_exposures.value() == 1);
    CHECK(counters.unnamed_metrics.value() == 0);
}

TEST_CASE_METHOD(ExposureFixture, "names that are not used any more make room for others") {
    auto events = batch("r.b.1");
    events.exposures = {seen("e_1", "f", one), seen("e_1", "g", one)};
    events.metrics = {measured("e_1", "k", one, "1"), measured("e_1", "l", one, "1")};
    CHECK(post(key_a, to_json(events)).status == 200);
    const auto number = sql("SELECT no FROM exposure_kinds WHERE flag = 'g'");
    sql("UPDATE exposure_kinds SET used = used - 100; UPDATE metric_kinds SET used = used - 100");
    events.batch = "r.b.2";
    events.exposures.erase(events.exposures.begin());
    events.metrics.erase(events.metrics.begin());
    CHECK(post(key_a, to_json(events)).status == 200);
    run(cp::events::keep_partitions(pool, 45));
    CHECK(sql("SELECT string_agg(flag || ' ' || no, ', ') FROM exposure_kinds") == "g " + number);
    CHECK(sql("SELECT string_agg(key, ', ') FROM metric_kinds") == "l");
    CHECK(sql("SELECT count(*) FROM exposures JOIN exposure_kinds ON no = kind") == "2");
}

TEST_CASE_METHOD(ExposureFixture, "partitions are made ahead, take over what came without them, and are dropped") {
    const auto parts = [this](const std::string& of) {
        return sql("SELECT count(*) FROM pg_inherits WHERE inhparent = 'fanion." + of + "'::regclass");
    };
    CHECK(parts("exposures") == "16");  // a week before, today, a week ahead, and that of other days
    CHECK(parts("metric_events") == "16");
    sql("INSERT INTO exposures SELECT 'o_a', 1, gen_random_uuid(), now() + d * interval '1 day', now() "
        "FROM unnest('{-100, -50, 0, 7}'::int[]) d");
    CHECK(sql("SELECT count(*) FROM fanion_days.exposures_other") == "2");
    sql("DROP TABLE fanion_days.metric_events_" + sql("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD')"));
    sql("INSERT INTO metric_events VALUES ('o_a', 1, gen_random_uuid(), now(), 1)");
    CHECK(sql("SELECT count(*) FROM fanion_days.metric_events_other") == "1");
    sql("CREATE TABLE fanion_days.exposures_20010203 PARTITION OF exposures FOR VALUES FROM ('2001-02-03 00:00Z') TO "
        "('2001-02-04 00:00Z'); ALTER TABLE fanion_days.exposures_20010203 OWNER TO fanion_lookup");
    run(cp::events::keep_partitions(pool, 45));
    CHECK(parts("exposures") == "16");
    CHECK(parts("metric_events") == "16");
    CHECK(sql("SELECT count(*) FROM fanion_days.metric_events_other") == "0");
    CHECK(sql("SELECT count(*) FROM metric_events") == "1");
    CHECK(sql("SELECT count(*) FROM fanion_days.exposures_other") == "0");
    CHECK(sql("SELECT count(*) FROM exposures") == "2");
}

TEST_CASE_METHOD(ExposureFixture, "the events of one organisation are found by an index, in partitions to come too") {
    sql("INSERT INTO exposures SELECT 'o_b', 1, gen_random_uuid(), now(), now() FROM generate_series(1, 20000); "
        "INSERT INTO metric_events SELECT 'o_b', 1, gen_random_uuid(), now(), 1 FROM generate_series(1, 20000); "
        "ANALYZE exposures; ANALYZE metric_events");
    for (const std::string table : {"exposures", "metric_events"}) {
        const auto plan = sql("EXPLAIN (FORMAT JSON) SELECT ctid FROM " + table +
                              " WHERE org_id = 'o_a' AND at >= date_trunc('day', now(), 'UTC') LIMIT 20000");
        INFO(plan);
        CHECK(plan.find("org_id") != std::string::npos);
        CHECK(plan.find("Index") != std::string::npos);
        CHECK(sql("SELECT count(*) FROM pg_inherits i WHERE inhparent = 'fanion." + table +
                  "'::regclass AND NOT EXISTS (SELECT FROM pg_indexes x WHERE x.tablename = "
                  "(SELECT relname FROM pg_class WHERE oid = i.inhrelid) AND x.indexdef LIKE '%(org_id)')") == "0");
    }
}

TEST_CASE_METHOD(ExposureFixture, "an organisation that keeps events for fewer days loses its own, and only those") {
    const auto plant = [this](const std::string& org) {
        sql("INSERT INTO exposures SELECT '" + org +
            "', 1, gen_random_uuid(), "
            "date_trunc('day', now(), 'UTC') - d * interval '1 day', now() FROM generate_series(0, 30) d; "
            "INSERT INTO metric_events SELECT '" +
            org +
            "', 1, gen_random_uuid(), "
            "date_trunc('day', now(), 'UTC') - d * interval '1 day', 1 FROM generate_series(0, 30) d");
    };
    const auto kept = [this](const std::string& org) {
        return sql("SELECT (SELECT count(*) FROM exposures WHERE org_id = '" + org +
                   "') || ' ' || "
                   "(SELECT count(*) FROM metric_events WHERE org_id = '" +
                   org + "')");
    };
    const auto set = [this](std::string org, std::optional<int> days) -> boost::asio::awaitable<void> {
        auto tx = co_await pool.begin(cp::db::Scope::tenant(org));
        const OrgId org_id(org);
        const cp::events::EventSettings settings{days, 1, now};
        co_await cp::events::put_event_settings(tx, org_id, settings);
        co_await tx.commit();
    };
    // Partitions of the days past, as a relay that came every day has left them.
    sql("DO $$ DECLARE d date; t text; BEGIN FOREACH t IN ARRAY ARRAY['exposures', 'metric_events'] LOOP "
        "FOR d IN SELECT (now() AT TIME ZONE 'UTC')::date - i FROM generate_series(8, 30) i LOOP "
        "EXECUTE format('CREATE TABLE fanion_days.%s_%s PARTITION OF fanion.%s FOR VALUES FROM (%L) TO (%L)', "
        "t, to_char(d, 'YYYYMMDD'), t, d || ' 00:00Z', (d + 1) || ' 00:00Z'); "
        "EXECUTE format('ALTER TABLE fanion_days.%s_%s OWNER TO fanion_lookup', t, to_char(d, 'YYYYMMDD')); "
        "END LOOP; END LOOP; END $$");
    plant("o_a");
    plant("o_b");
    run(cp::events::purge_events(pool, 45));
    CHECK(kept("o_a") == "31 31");
    run(set("o_a", 20));
    run(cp::events::purge_events(pool, 20));  // what the installation keeps no longer is dropped with its partitions
    CHECK(kept("o_a") == "31 31");
    run(cp::events::purge_events(pool, 45));
    CHECK(kept("o_a") == "21 21");
    CHECK(kept("o_b") == "31 31");
    CHECK(sql("SELECT kept_from = (now() AT TIME ZONE 'UTC')::date - 20 FROM event_settings") == "t");
    run(set("o_a", 7));
    run(cp::events::purge_events(pool, 45));
    CHECK(kept("o_a") == "8 8");
    // Of days whose partitions were never made, or are gone.
    const auto plant_old = [this](const std::string& org) {
        sql("INSERT INTO exposures SELECT '" + org +
            "', 1, gen_random_uuid(), now() - d * interval '1 day', now() FROM unnest('{33, 40}'::int[]) d; "
            "INSERT INTO metric_events VALUES ('" +
            org + "', 1, gen_random_uuid(), now() - interval '42 days', 1)");
    };
    plant_old("o_a");
    plant_old("o_b");
    CHECK(sql("SELECT count(*) FROM fanion_days.exposures_other") == "4");
    run(cp::events::purge_events(pool, 45));
    CHECK(kept("o_a") == "8 8");
    CHECK(kept("o_b") == "33 32");
    CHECK(sql("SELECT kept_from = (now() AT TIME ZONE 'UTC')::date - 7 FROM event_settings WHERE org_id = 'o_a'") ==
          "t");
    run(set("o_a", std::nullopt));
    run(cp::events::purge_events(pool, 45));
    CHECK(kept("o_a") == "8 8");
    run(cp::events::keep_partitions(pool, 10));
    CHECK(kept("o_b") == "11 11");
}

TEST_CASE_METHOD(ExposureFixture, "events of a day are deleted a part at a time") {
    sql("INSERT INTO event_settings (org_id, retention_days) VALUES ('o_a', 7)");
    sql("INSERT INTO exposures SELECT 'o_a', 1, gen_random_uuid(), now(), now() FROM generate_series(1, 3)");
    const auto delete_two = [this]() -> boost::asio::awaitable<bool> {
        auto tx = co_await pool.begin(cp::db::Scope::tenant("o_a"));
        const OrgId org_id("o_a");
        const auto day = now - now % (24LL * 60 * 60 * 1000);
        const bool is_all = co_await cp::events::delete_events_of_day(tx, org_id, day, 2);
        co_await tx.commit();
        co_return is_all;
    };
    CHECK_FALSE(run(delete_two()));
    CHECK(sql("SELECT count(*) FROM exposures") == "1");
    CHECK(sql("SELECT count(kept_from) FROM event_settings") == "0");
    CHECK(run(delete_two()));
    CHECK(sql("SELECT count(*) FROM exposures") == "0");
    CHECK(sql("SELECT kept_from = (now() AT TIME ZONE 'UTC')::date + 1 FROM event_settings") == "t");
}

TEST_CASE_METHOD(ExposureFixture, "one transaction at a time deletes old events, and none once they are to be kept") {
    sql("INSERT INTO event_settings (org_id, retention_days) VALUES ('o_a', 7), ('o_b', 7)");
    const auto today = now - now % cp::events::one_day;
    const auto eight_days_ago = today - 8 * cp::events::one_day;
    const auto check = [&]() -> boost::asio::awaitable<void> {
        const OrgId org_id("o_a");
        auto first = co_await pool.begin(cp::db::Scope::tenant("o_a"));
        auto second = co_await pool.begin(cp::db::Scope::tenant("o_a"));
        const bool is_locked = co_await cp::events::lock_old_events(first, org_id, eight_days_ago);
        CHECK(is_locked);
        const bool is_locked_twice = co_await cp::events::lock_old_events(second, org_id, eight_days_ago);
        CHECK_FALSE(is_locked_twice);
        co_await first.commit();
        const bool is_last_kept_due =
            co_await cp::events::lock_old_events(second, org_id, eight_days_ago + cp::events::one_day);
        CHECK_FALSE(is_last_kept_due);
        const bool is_locked_then = co_await cp::events::lock_old_events(second, org_id, eight_days_ago);
        CHECK(is_locked_then);
        co_await second.commit();
    };
    run(check());
    sql("UPDATE event_settings SET retention_days = NULL WHERE org_id = 'o_a'");
    const auto lock = [&](std::string org) -> boost::asio::awaitable<bool> {
        auto tx = co_await pool.begin(cp::db::Scope::tenant(org));
        const OrgId org_id(org);
        co_return co_await cp::events::lock_old_events(tx, org_id, eight_days_ago);
    };
    CHECK_FALSE(run(lock("o_a")));
    CHECK(run(lock("o_b")));
}

TEST_CASE_METHOD(ExposureFixture, "old events of one organisation that cannot be deleted keep no others") {
    sql("INSERT INTO event_settings (org_id, retention_days) VALUES ('o_a', 7), ('o_b', 7)");
    sql("DO $$ DECLARE d date := (now() AT TIME ZONE 'UTC')::date - 9; BEGIN "
        "EXECUTE format('CREATE TABLE fanion_days.exposures_%s PARTITION OF fanion.exposures FOR VALUES FROM (%L) TO "
        "(%L)', to_char(d, 'YYYYMMDD'), d || ' 00:00Z', (d + 1) || ' 00:00Z'); END $$");
    for (const std::string org : {"o_a", "o_b"})
        sql("INSERT INTO exposures SELECT '" + org + "', 1, gen_random_uuid(), now() - interval '9 days', now()");
    sql("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;"
        "CREATE TRIGGER refused BEFORE DELETE ON exposures FOR EACH ROW WHEN (OLD.org_id = 'o_a') "
        "EXECUTE FUNCTION refuse()");
    CHECK_THROWS_AS(run(cp::events::purge_events(pool, 45)), cp::db::PgError);
    CHECK(sql("SELECT string_agg(org_id, ' ') FROM exposures") == "o_a");
    sql("DROP TRIGGER refused ON exposures");
    run(cp::events::purge_events(pool, 45));
    CHECK(sql("SELECT count(*) FROM exposures") == "0");
}

TEST_CASE_METHOD(ExposureFixture, "names of purged environments are forgotten") {
    auto events = batch("r.b.1");
    events.exposures = {seen("e_1", "f", one), seen("e_2", "f", one)};
    events.metrics = {measured("e_2", "k", one, "1")};
    CHECK(post(key_a, to_json(events)).status == 200);
    sql("DELETE FROM environments WHERE env_id = 'e_2'");
    run(cp::events::keep_partitions(pool, 45));
    CHECK(sql("SELECT string_agg(env_id, ' ') FROM exposure_kinds") == "e_1");
    CHECK(sql("SELECT count(*) FROM metric_kinds") == "0");
}
