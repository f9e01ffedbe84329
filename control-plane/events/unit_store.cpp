#include "control-plane/events/unit_store.hpp"

#include <utility>

namespace fanion::cp::events {
namespace {

using boost::asio::awaitable;

// Numbers of the kinds, 0 for those that there is no room for.
using Numbers = std::vector<std::int64_t>;

Numbers numbers_in(const db::Rows& rows, std::size_t kinds) {
    Numbers numbers(kinds);
    for (const auto row : rows) numbers[static_cast<std::size_t>(row.i64(0)) - 1] = row.i64(1);
    return numbers;
}

}  // namespace

// Not ON CONFLICT alone: each attempt would use up a number, and write the row. One that was used within a week stays as it
// is; the bound is for new ones.
constexpr db::Statement add_exposure_kinds_sql{
    "add_exposure_kinds",
    "INSERT INTO exposure_kinds (org_id, env_id, flag, variation, version, exp, by) "
    "SELECT $1, w.* FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[]) "
    "AS w (env_id, flag, variation, version, exp, by) LEFT JOIN exposure_kinds k "
    "ON k.org_id = $1 AND k.env_id = w.env_id AND k.flag = w.flag AND k.variation = w.variation "
    "AND k.version = w.version AND k.exp = w.exp AND k.by = w.by "
    "WHERE k.used < (now() AT TIME ZONE 'UTC')::date - 7 "
    "OR k.no IS NULL AND (SELECT count(*) FROM exposure_kinds o WHERE o.org_id = $1) < $8 "
    "ORDER BY w.env_id, w.flag, w.variation, w.version, w.exp, w.by "
    "ON CONFLICT (org_id, env_id, flag, variation, version, exp, by) DO UPDATE SET used = excluded.used"};
constexpr db::Statement find_exposure_kinds_sql{
    "find_exposure_kinds",
    "SELECT w.place, k.no FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[]) "
    "WITH ORDINALITY AS w (env_id, flag, variation, version, exp, by, place) JOIN exposure_kinds k "
    "ON k.org_id = $1 AND k.env_id = w.env_id AND k.flag = w.flag AND k.variation = w.variation "
    "AND k.version = w.version AND k.exp = w.exp AND k.by = w.by"};

static awaitable<Numbers> number_exposure_kinds(db::Transaction& tx, access::OrgId org_id,
                                                const std::vector<ExposureKind>& kinds) {
    std::vector<std::string> envs, flags, variations, experiments, attributes;
    std::vector<std::int64_t> versions;
    for (const auto& kind : kinds) {
        envs.push_back(kind.env_id.str());
        flags.push_back(kind.flag);
        variations.push_back(kind.variation);
        versions.push_back(kind.version);
        experiments.push_back(kind.exp);
        attributes.push_back(kind.by);
    }
    tx.post(add_exposure_kinds_sql, org_id, envs, flags, variations, versions, experiments, attributes, most_kinds);
    const auto rows =
        co_await tx.run(find_exposure_kinds_sql, org_id, envs, flags, variations, versions, experiments, attributes);
    co_return numbers_in(rows, kinds.size());
}

constexpr db::Statement add_exposures_sql{
    "add_exposures",
    "INSERT INTO exposures (org_id, kind, unit, at, received_at, attrs) "
    "SELECT $1, kind, unit, to_timestamp(at / 1000.0), $2, nullif(attrs, '')::jsonb "
    "FROM unnest($3::int[], $4::uuid[], $5::bigint[], $6::text[]) AS t (kind, unit, at, attrs)"};

static awaitable<std::uint64_t> add_exposures(db::Transaction& tx, access::OrgId org_id, const UnitRows& rows,
                                              UnixMillis received_at) {
    if (rows.exposures.empty()) co_return 0;
    const auto numbers = co_await number_exposure_kinds(tx, org_id, rows.exposure_kinds);
    std::vector<std::int64_t> kinds, times;
    std::vector<std::string> units, attrs;
    for (const auto& row : rows.exposures) {
        if (numbers[row.kind] == 0) continue;
        kinds.push_back(numbers[row.kind]);
        units.push_back(row.unit);
        times.push_back(row.at);
        attrs.push_back(row.attrs);
    }
    const db::Time received{received_at};
    co_await tx.run(add_exposures_sql, org_id, received, kinds, units, times, attrs);
    co_return rows.exposures.size() - kinds.size();
}

constexpr db::Statement add_metric_kinds_sql{
    "add_metric_kinds",
    "INSERT INTO metric_kinds (org_id, env_id, key, by) SELECT $1, w.* FROM unnest($2::text[], $3::text[], $4::text[]) "
    "AS w (env_id, key, by) LEFT JOIN metric_kinds k "
    "ON k.org_id = $1 AND k.env_id = w.env_id AND k.key = w.key AND k.by = w.by "
    "WHERE k.used < (now() AT TIME ZONE 'UTC')::date - 7 "
    "OR k.no IS NULL AND (SELECT count(*) FROM metric_kinds o WHERE o.org_id = $1) < $5 "
    "ORDER BY w.env_id, w.key, w.by ON CONFLICT (org_id, env_id, key, by) DO UPDATE SET used = excluded.used"};
constexpr db::Statement find_metric_kinds_sql{
    "find_metric_kinds",
    "SELECT w.place, k.no FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS w (env_id, key, by, "
    "place) "
    "JOIN metric_kinds k ON k.org_id = $1 AND k.env_id = w.env_id AND k.key = w.key AND k.by = w.by"};
constexpr db::Statement add_metric_events_sql{
    "add_metric_events",
    "INSERT INTO metric_events (org_id, kind, unit, at, value) SELECT $1, kind, unit, to_timestamp(at / 1000.0), value "
    "FROM unnest($2::int[], $3::uuid[], $4::bigint[], $5::double precision[]) AS t (kind, unit, at, value)"};

static awaitable<std::uint64_t> add_metrics(db::Transaction& tx, access::OrgId org_id, const UnitRows& rows) {
    if (rows.metrics.empty()) co_return 0;
    std::vector<std::string> envs, keys, attributes;
    for (const auto& kind : rows.metric_kinds) {
        envs.push_back(kind.env_id.str());
        keys.push_back(kind.key);
        attributes.push_back(kind.by);
    }
    tx.post(add_metric_kinds_sql, org_id, envs, keys, attributes, most_kinds);
    const auto found = co_await tx.run(find_metric_kinds_sql, org_id, envs, keys, attributes);
    const auto numbers = numbers_in(found, rows.metric_kinds.size());
    std::vector<std::int64_t> kinds, times;
    std::vector<std::string> units;
    std::vector<double> values;
    for (const auto& row : rows.metrics) {
        if (numbers[row.kind] == 0) continue;
        kinds.push_back(numbers[row.kind]);
        units.push_back(row.unit);
        times.push_back(row.at);
        values.push_back(row.value);
    }
    co_await tx.run(add_metric_events_sql, org_id, kinds, units, times, values);
    co_return rows.metrics.size() - kinds.size();
}

awaitable<LeftOut> add_unit_rows(db::Transaction& tx, access::OrgId org_id, UnitRows rows, UnixMillis received_at) {
    LeftOut left_out{rows.old_exposures, rows.old_metrics};
    left_out.unnamed_exposures = co_await add_exposures(tx, org_id, rows, received_at);
    left_out.unnamed_metrics = co_await add_metrics(tx, org_id, rows);
    co_return left_out;
}

constexpr db::Statement add_deliveries_sql{
    "add_relay_deliveries",
    "INSERT INTO relay_deliveries (org_id, relay_id, kind, n) "
    "SELECT $1, name, kind, least(sum(n), 9223372036854775807)::bigint FROM "
    "(SELECT CASE WHEN EXISTS (SELECT FROM relay_deliveries d WHERE d.org_id = $1 AND d.relay_id = t.relay_id) "
    "OR (SELECT count(DISTINCT relay_id) FROM relay_deliveries WHERE org_id = $1) < $5 THEN relay_id ELSE '(other)' "
    "END "
    "AS name, kind, n FROM unnest($2::text[], $3::text[], $4::bigint[]) AS t (relay_id, kind, n) WHERE n > 0) AS named "
    "GROUP BY name, kind ORDER BY name, kind "
    "ON CONFLICT (org_id, relay_id, kind) DO UPDATE "
    "SET n = least(relay_deliveries.n::numeric + excluded.n, 9223372036854775807)::bigint"};

void add_deliveries(db::Transaction& tx, const access::OrgId& org_id, const std::vector<Delivery>& deliveries) {
    if (deliveries.empty()) return;
    std::vector<std::string> relays, kinds;
    std::vector<std::int64_t> numbers;
    for (const auto& delivery : deliveries) {
        const std::pair<const char*, std::int64_t> parts[] = {{"counts", delivery.counts},
                                                              {"exposures", delivery.exposures},
                                                              {"metrics", delivery.metrics},
                                                              {"repeated", delivery.repeated}};
        for (const auto& [kind, n] : parts) {
            relays.push_back(delivery.relay);
            kinds.emplace_back(kind);
            numbers.push_back(n);
        }
    }
    tx.post(add_deliveries_sql, org_id, relays, kinds, numbers, most_named_relays);
}

constexpr db::Statement list_relay_ledgers_sql{
    "list_relay_ledgers",
    "SELECT relay_id, coalesce(sum(n) FILTER (WHERE kind = 'counts'), 0)::bigint, "
    "coalesce(sum(n) FILTER (WHERE kind = 'exposures'), 0)::bigint, "
    "coalesce(sum(n) FILTER (WHERE kind = 'metrics'), 0)::bigint, "
    "coalesce(sum(n) FILTER (WHERE kind = 'repeated'), 0)::bigint, "
    "coalesce(sum(n) FILTER (WHERE kind = 'dropped counts'), 0)::bigint, "
    "coalesce(sum(n) FILTER (WHERE kind = 'dropped exposures'), 0)::bigint, "
    "coalesce(sum(n) FILTER (WHERE kind = 'dropped metrics'), 0)::bigint, max(ledger), max(reported_at) FROM "
    "(SELECT relay_id, kind, n, NULL AS ledger, NULL::timestamptz AS reported_at FROM relay_deliveries "
    "WHERE org_id = $1 UNION ALL SELECT relay_id, 'dropped ' || kind, n, NULL, NULL FROM relay_drops WHERE org_id = $1 "
    "UNION ALL SELECT relay_id, 'reported', 0, ledger, reported_at FROM relay_ledgers WHERE org_id = $1) AS "
    "entries WHERE relay_id > $2 GROUP BY relay_id ORDER BY relay_id LIMIT $3"};

awaitable<std::vector<RelayLedger>> list_relay_ledgers(db::Transaction& tx, access::OrgId org_id,
                                                       std::string after_relay, std::size_t at_most) {
    const auto rows = co_await tx.run(list_relay_ledgers_sql, org_id, after_relay, at_most);
    std::vector<RelayLedger> ledgers;
    for (const auto row : rows) {
        auto& ledger = ledgers.emplace_back();
        ledger.delivered = {row.string(0), row.i64(1), row.i64(2), row.i64(3), row.i64(4)};
        ledger.dropped = {row.i64(5), row.i64(6), row.i64(7)};
        if (!row.is_null(8)) ledger.reported = {row.string(8), row.time(9)};
    }
    co_return ledgers;
}

constexpr db::Statement keep_partitions_sql{"keep_partitions", "SELECT keep_partitions($1)"};

awaitable<void> keep_partitions(db::Pool& pool, unsigned days) {
    auto scope = db::Scope::none();
    co_await pool.run_once(std::move(scope), keep_partitions_sql, days);
}

}  // namespace fanion::cp::events
