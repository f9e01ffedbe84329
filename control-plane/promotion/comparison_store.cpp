#include "control-plane/promotion/comparison_store.hpp"

namespace fanion::cp::promotion {

using boost::asio::awaitable;

// `had` are the bytes of the items before: the first one is always on the page.
constexpr db::Statement list_differing_sql{
    "list_differing",
    "WITH differing AS ("
    "  SELECT 'flag/' || f.key AS item, a.config AS before, b.config AS after, f.archived_at IS NOT NULL AS archived "
    "  FROM flags f JOIN flag_configs a ON a.flag_id = f.flag_id AND a.env_id = $2 "
    "  JOIN flag_configs b ON b.flag_id = f.flag_id AND b.env_id = $3 "
    "  WHERE f.project_id = $1 AND f.deleted_at IS NULL AND a.config <> b.config "
    "  UNION ALL SELECT 'segment/' || s.key, a.members, b.members, s.archived_at IS NOT NULL "
    "  FROM segments s JOIN segment_configs a ON a.segment_id = s.segment_id AND a.env_id = $2 "
    "  JOIN segment_configs b ON b.segment_id = s.segment_id AND b.env_id = $3 "
    "  WHERE s.project_id = $1 AND s.deleted_at IS NULL AND a.members <> b.members), "
    "page AS (SELECT item, before, after, archived, octet_length(before) + octet_length(after) AS bytes FROM differing "
    "  WHERE item COLLATE \"C\" > $4 AND ($5 = '' OR item = $5) ORDER BY item COLLATE \"C\" LIMIT $6), "
    "sized AS (SELECT *, sum(bytes) OVER (ORDER BY item COLLATE \"C\") - bytes AS had FROM page) "
    "SELECT item, before, after, archived, (SELECT count(*) FROM page) FROM sized WHERE had < $7 "
    "ORDER BY item COLLATE \"C\""};

awaitable<items::FoundPage<DifferingItem>> list_differing(db::Transaction& tx, access::ProjectId project_id,
                                                          access::EnvironmentId from, access::EnvironmentId to,
                                                          ComparisonPage page) {
    const auto rows = co_await tx.run(list_differing_sql, project_id, from, to, page.after, page.item, page.limit + 1,
                                      items::page_bytes);
    items::FoundPage<DifferingItem> found;
    for (const auto row : rows) {
        if (found.rows.size() == page.limit) break;
        found.rows.push_back({row.string(0), row.string(1), row.string(2), row.boolean(3)});
    }
    found.has_more = !rows.empty() && rows[0].u64(4) > found.rows.size();
    co_return found;
}

constexpr db::Statement list_differing_keys_sql{
    "list_differing_keys",
    "SELECT item FROM ("
    "  SELECT 'flag/' || f.key AS item FROM flags f JOIN flag_configs a ON a.flag_id = f.flag_id AND a.env_id = $2 "
    "  JOIN flag_configs b ON b.flag_id = f.flag_id AND b.env_id = $3 WHERE f.project_id = $1 "
    "  AND f.deleted_at IS NULL AND f.archived_at IS NULL AND a.config <> b.config "
    "  UNION ALL SELECT 'segment/' || s.key FROM segments s "
    "  JOIN segment_configs a ON a.segment_id = s.segment_id AND a.env_id = $2 "
    "  JOIN segment_configs b ON b.segment_id = s.segment_id AND b.env_id = $3 "
    "  WHERE s.project_id = $1 AND s.deleted_at IS NULL AND s.archived_at IS NULL AND a.members <> b.members) "
    "differing "
    "ORDER BY item COLLATE \"C\" LIMIT $4"};

awaitable<std::vector<std::string>> list_differing_keys(db::Transaction& tx, access::ProjectId project_id,
                                                        access::EnvironmentId from, access::EnvironmentId to,
                                                        std::size_t limit) {
    const auto rows = co_await tx.run(list_differing_keys_sql, project_id, from, to, limit);
    std::vector<std::string> found;
    for (const auto row : rows) found.push_back(row.string(0));
    co_return found;
}

}  // namespace fanion::cp::promotion
