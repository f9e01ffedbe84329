#include "control-plane/events/series_store.hpp"

namespace fanion::cp::events {

using boost::asio::awaitable;

constexpr db::Statement read_series_sql{
    "read_series",
    "WITH counted AS (SELECT CASE $7::text WHEN 'variation' THEN variation WHEN 'version' THEN version::text "
    "WHEN 'reason' THEN reason WHEN 'sdk' THEN sdk WHEN 'rule' THEN rule ELSE '' END AS label, "
    "date_trunc($6, minute AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS step, sum(n) AS n FROM evaluation_counts "
    "WHERE org_id = $1 AND env_id = $2 AND minute >= $3 AND minute < $4 AND ($5::text IS NULL OR flag = $5) "
    "GROUP BY 1, 2), "
    "largest AS (SELECT label, sum(n) AS total FROM counted GROUP BY label "
    "ORDER BY total DESC, label COLLATE \"C\" LIMIT $8) "
    "SELECT label, least(total, 9223372036854775807)::bigint, step, least(n, 9223372036854775807)::bigint "
    "FROM counted JOIN largest USING (label) ORDER BY total DESC, label COLLATE \"C\", step"};

awaitable<std::vector<SeriesPoint>> read_series(db::Transaction& tx, SeriesQuery query) {
    const db::Time from{query.range.from};
    const db::Time to{query.range.to};
    const auto rows = co_await tx.run(read_series_sql, query.org_id, query.env_id, from, to, query.flag,
                                      name_of(query.step), query.by, query.series);
    std::vector<SeriesPoint> points;
    points.reserve(rows.size());
    for (const auto row : rows) points.push_back({row.string(0), row.i64(1), row.time(2), row.i64(3)});
    co_return points;
}

constexpr db::Statement read_sparks_sql{
    "read_sparks",
    "SELECT flag, date_trunc('hour', minute AT TIME ZONE 'UTC') AT TIME ZONE 'UTC', "
    "least(sum(n), 9223372036854775807)::bigint FROM evaluation_counts "
    "WHERE org_id = $1 AND env_id = $2 AND flag = ANY ($5::text[]) AND minute >= $3 AND minute < $4 GROUP BY 1, 2"};

awaitable<std::vector<SparkPoint>> read_sparks(db::Transaction& tx, SparkQuery query) {
    const auto rows = co_await tx.run(read_sparks_sql, query.org_id, query.env_id, db::Time{query.range.from},
                                      db::Time{query.range.to}, query.flags);
    std::vector<SparkPoint> points;
    points.reserve(rows.size());
    for (const auto row : rows) points.push_back({row.string(0), row.time(1), row.i64(2)});
    co_return points;
}

constexpr db::Statement thin_counts_sql{"thin_counts", "SELECT thin_counts($1, $2, $3)"};

awaitable<std::uint64_t> thin_counts(db::Transaction& tx, UnixMillis now, int at_most) {
    const db::Time minutes{kept_since(Step::minute, now)};
    const db::Time hours{kept_since(Step::hour, now)};
    const auto rows = co_await tx.run(thin_counts_sql, minutes, hours, at_most);
    co_return rows[0].u64(0);
}

constexpr db::Statement purge_evaluations_sql{"purge_evaluations", "SELECT purge_evaluations($1)"};

awaitable<void> purge_evaluations(db::Transaction& tx, unsigned days) { co_await tx.run(purge_evaluations_sql, days); }

}  // namespace fanion::cp::events
