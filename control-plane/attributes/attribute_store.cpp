#include "control-plane/attributes/attribute_store.hpp"

#include <algorithm>
#include <cstdint>

namespace fanion::cp::attributes {

using boost::asio::awaitable;

// Most reports bring nothing new; then no row is locked. In one order, so that reports do not lock each other out.
constexpr db::Statement record_attributes_sql{
    "record_attributes",
    "INSERT INTO context_attributes AS a (org_id, env_id, name, type, from_client, first_seen, last_seen) "
    "SELECT $1, s.env_id, s.name, s.type, s.from_client, s.day, s.day FROM ("
    "  SELECT env_id, name, type, is_client = 1 AS from_client, "
    "    (to_timestamp(at / 1000.0) AT TIME ZONE 'UTC')::date AS day "
    "  FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[]) "
    "    AS u (env_id, name, type, is_client, at)) AS s "
    "WHERE NOT EXISTS (SELECT FROM context_attributes k WHERE k.env_id = s.env_id AND k.name = s.name "
    "  AND k.type = s.type AND k.last_seen >= s.day AND (s.from_client OR NOT k.from_client)) "
    "ORDER BY s.env_id COLLATE \"C\", s.name COLLATE \"C\", s.type COLLATE \"C\" "
    "ON CONFLICT (env_id, name, type) DO UPDATE SET last_seen = greatest(a.last_seen, excluded.last_seen), "
    "  from_client = a.from_client AND excluded.from_client"};

// Another report may be writing what is to go: it stays until the next.
constexpr db::Statement trim_attributes_sql{
    "trim_attributes",
    "WITH ranked AS (SELECT env_id, name, type, row_number() OVER (PARTITION BY env_id, from_client "
    "    ORDER BY least(last_seen, ($2::timestamptz AT TIME ZONE 'UTC')::date - 7) DESC, first_seen, name, type) AS "
    "rank "
    "  FROM context_attributes WHERE env_id = ANY ($1::text[])), "
    "doomed AS (SELECT a.env_id, a.name, a.type FROM context_attributes a JOIN ranked USING (env_id, name, type) "
    "  WHERE rank > $3 FOR UPDATE OF a SKIP LOCKED) "
    "DELETE FROM context_attributes a USING doomed d "
    "WHERE a.env_id = d.env_id AND a.name = d.name AND a.type = d.type"};

awaitable<void> record_attributes(db::Transaction& tx, access::OrgId org_id, std::vector<wire::SeenAttribute> seen,
                                  UnixMillis now) {
    std::vector<std::string> env_ids, names, types;
    std::vector<std::int64_t> clients, times;
    const auto oldest = now - days_kept * UnixMillis{86'400'000};
    for (auto& attribute : seen) {
        if (attribute.at < oldest) continue;
        env_ids.push_back(std::move(attribute.env_id));
        names.push_back(std::move(attribute.name));
        types.emplace_back(wire::name_of(attribute.type));
        clients.push_back(attribute.from_client ? 1 : 0);
        times.push_back(std::min(attribute.at, now));
    }
    if (env_ids.empty()) co_return;
    const auto written = co_await tx.run(record_attributes_sql, org_id, env_ids, names, types, clients, times);
    if (written.affected() == 0) co_return;
    co_await tx.run(trim_attributes_sql, env_ids, db::Time{now}, most_of_source);
}

constexpr db::Statement list_attributes_sql{
    "list_attributes",
    "SELECT name, array_agg(type::text ORDER BY type), to_char(min(first_seen), 'YYYY-MM-DD'), "
    "  to_char(max(last_seen), 'YYYY-MM-DD') "
    "FROM context_attributes WHERE env_id = $1 AND name > $2 AND starts_with(lower(name), lower($3 COLLATE \"C\")) "
    "GROUP BY name ORDER BY name LIMIT $4"};

awaitable<std::vector<Attribute>> list_attributes(db::Transaction& tx, access::EnvironmentId env_id,
                                                  AttributePage page) {
    const auto rows = co_await tx.run(list_attributes_sql, env_id, page.after, page.prefix, page.limit);
    std::vector<Attribute> found;
    for (const auto row : rows) found.push_back({row.string(0), row.texts(1), row.string(2), row.string(3)});
    co_return found;
}

constexpr db::Statement purge_attributes_sql{"purge_attributes", "SELECT purge_attributes($1)"};

awaitable<void> purge_attributes(db::Pool& pool) {
    auto scope = db::Scope::none();
    co_await pool.run_once(std::move(scope), purge_attributes_sql, days_kept);
}

}  // namespace fanion::cp::attributes
