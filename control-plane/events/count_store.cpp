#include "control-plane/events/count_store.hpp"

namespace fanion::cp::events {

using boost::asio::awaitable;

// A sum that would not fit stays at the largest number.
constexpr db::Statement add_counts_sql{
    "add_evaluation_counts",
    "INSERT INTO evaluation_counts (org_id, env_id, flag, variation, version, reason, sdk, minute, n, rule) "
    "SELECT $1, env_id, flag, variation, version, reason, sdk, to_timestamp(minute / 1000.0), n, rule "
    "FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::bigint[], $9::bigint[], "
    "$10::text[]) AS t (env_id, flag, variation, version, reason, sdk, minute, n, rule) "
    "ON CONFLICT (org_id, env_id, flag, minute, variation, version, reason, sdk, rule) DO UPDATE "
    "SET n = least(evaluation_counts.n::numeric + excluded.n, 9223372036854775807)::bigint"};

void add_counts(db::Transaction& tx, const access::OrgId& org_id, const std::vector<CountRow>& rows) {
    if (rows.empty()) return;
    std::vector<std::string> envs, flags, variations, reasons, sdks, rules;
    std::vector<std::int64_t> versions, minutes, numbers;
    for (const auto& row : rows) {
        envs.push_back(row.env_id.str());
        flags.push_back(row.flag);
        variations.push_back(row.variation);
        versions.push_back(row.version);
        reasons.push_back(row.reason);
        sdks.push_back(row.sdk);
        minutes.push_back(row.minute);
        numbers.push_back(row.n);
        rules.push_back(row.rule);
    }
    tx.post(add_counts_sql, org_id, envs, flags, variations, versions, reasons, sdks, minutes, numbers, rules);
}

constexpr db::Statement add_drops_sql{
    "add_relay_drops",
    "INSERT INTO relay_drops (org_id, relay_id, kind, n) "
    "SELECT $1, name, kind, least(sum(n), 9223372036854775807)::bigint FROM "
    "(SELECT CASE WHEN EXISTS (SELECT FROM relay_drops d WHERE d.org_id = $1 AND d.relay_id = t.relay_id) "
    "OR (SELECT count(DISTINCT relay_id) FROM relay_drops WHERE org_id = $1) < $5 THEN relay_id ELSE '(other)' END "
    "AS name, kind, n FROM unnest($2::text[], $3::text[], $4::bigint[]) AS t (relay_id, kind, n) WHERE n > 0) AS named "
    "GROUP BY name, kind ORDER BY name, kind "
    "ON CONFLICT (org_id, relay_id, kind) DO UPDATE "
    "SET n = least(relay_drops.n::numeric + excluded.n, 9223372036854775807)::bigint"};

void add_drops(db::Transaction& tx, const access::OrgId& org_id, const std::vector<DropNote>& notes) {
    if (notes.empty()) return;
    std::vector<std::string> relays, kinds;
    std::vector<std::int64_t> numbers;
    const auto add = [&](const std::string& relay, const char* kind, std::int64_t n) {
        relays.push_back(relay);
        kinds.push_back(kind);
        numbers.push_back(n);
    };
    for (const auto& [relay, drops] : notes) {
        add(relay, "counts", drops.counts);
        add(relay, "exposures", drops.exposures);
        add(relay, "metrics", drops.metrics);
    }
    tx.post(add_drops_sql, org_id, relays, kinds, numbers, most_named_relays);
}

constexpr db::Statement total_counts_sql{
    "total_evaluation_counts",
    "SELECT flag, variation, least(sum(n), 9223372036854775807)::bigint FROM evaluation_counts "
    "WHERE org_id = $1 AND env_id = $2 AND minute >= $3 AND minute < $4 AND flag IN (SELECT flag FROM "
    "evaluation_counts "
    "WHERE org_id = $1 AND env_id = $2 AND minute >= $3 AND minute < $4 AND ($5::text IS NULL OR flag = $5) "
    "AND flag COLLATE \"C\" > $6 GROUP BY flag ORDER BY flag COLLATE \"C\" LIMIT $7) "
    "GROUP BY flag, variation ORDER BY flag COLLATE \"C\", variation COLLATE \"C\""};

awaitable<std::vector<VariationTotal>> total_counts(db::Transaction& tx, StatsQuery query) {
    const db::Time from{query.from};
    const db::Time to{query.to};
    const auto rows =
        co_await tx.run(total_counts_sql, query.org_id, query.env_id, from, to, query.flag, query.after, query.flags);
    std::vector<VariationTotal> totals;
    for (const auto row : rows) totals.push_back({row.string(0), row.string(1), row.i64(2)});
    co_return totals;
}

constexpr db::Statement count_matching_sql{
    "count_matching_evaluations",
    "SELECT least(coalesce(sum(n) FILTER (WHERE ($6::text IS NULL OR variation = $6) "
    "AND ($7::text IS NULL OR reason = $7)), 0), 9223372036854775807)::bigint, "
    "least(coalesce(sum(n), 0), 9223372036854775807)::bigint FROM evaluation_counts "
    "WHERE org_id = $1 AND env_id = $2 AND flag = $3 AND minute >= $4 AND minute < $5 AND version >= $8"};

awaitable<Counted> count_matching(db::Transaction& tx, CountedQuery query) {
    const db::Time from{query.from};
    const db::Time to{query.to};
    const auto rows = co_await tx.run(count_matching_sql, query.org_id, query.env_id, query.flag, from, to,
                                      query.variation, query.reason, query.least_version);
    co_return Counted{rows[0].i64(0), rows[0].i64(1)};
}

}  // namespace fanion::cp::events
