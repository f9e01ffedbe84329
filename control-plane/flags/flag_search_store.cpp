#include "control-plane/flags/flag_search_store.hpp"

#include "common/model/json.hpp"
#include "control-plane/items/item_page.hpp"

namespace fanion::cp::flags {

using boost::asio::awaitable;

// `v` and `k` are the position in the list, `had` the bytes of the flags before: the first one is always on the page. The
// total is there even if the page is empty.
constexpr db::Statement search_flags_sql{
    "search_flags",
    "WITH last AS (SELECT flag, max(last_at) AS at FROM flag_answers WHERE env_id = ANY ($10::text[]) GROUP BY flag), "
    "matching AS (SELECT f.flag_id, f.key COLLATE \"C\" AS k, octet_length(f.variations) + octet_length(f.description) "
    "AS bytes, (CASE $14::text WHEN 'key' THEN '' WHEN 'name' THEN lower(f.name) "
    "WHEN 'created' THEN to_char(f.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') "
    "WHEN 'updated' THEN to_char(f.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') "
    "ELSE coalesce(to_char(last.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '') END) COLLATE \"C\" AS v "
    "FROM flags f LEFT JOIN last ON last.flag = f.key COLLATE \"C\" WHERE f.project_id = $1 AND f.deleted_at IS NULL "
    "AND ($2 = '' OR strpos(lower(f.key), lower($2)) > 0 OR strpos(lower(f.name), lower($2)) > 0 "
    "OR strpos(lower(f.description), lower($2)) > 0) AND f.tags @> $3::text[] "
    "AND ($4::text IS NULL OR f.owner = $4) AND ($5::text IS NULL OR f.type = $5) "
    "AND ($6::text IS NULL OR coalesce(f.lifetime, '') = $6) "
    "AND ($7::boolean IS NULL OR (f.archived_at IS NOT NULL) = $7) "
    "AND ($9::boolean IS NULL OR EXISTS (SELECT FROM flag_configs c WHERE c.flag_id = f.flag_id AND c.env_id = "
    "$8::text "
    "AND c.enabled = $9)) AND ($11::timestamptz IS NULL OR last.at >= $11) "
    "AND ($12::timestamptz IS NULL OR last.at IS NULL OR last.at < $12) AND (NOT $13::boolean OR last.at IS NULL)), "
    "page AS (SELECT *, row_number() OVER (ORDER BY CASE WHEN $15::boolean THEN v END DESC, CASE WHEN NOT $15 THEN v "
    "END, CASE WHEN $15 THEN k END DESC, k) AS place FROM matching WHERE $16::text IS NULL "
    "OR CASE WHEN $15 THEN (v, k) < ($16, $17::text) ELSE (v, k) > ($16, $17) END ORDER BY place LIMIT $18), "
    "sized AS (SELECT *, sum(bytes) OVER (ORDER BY place) - bytes AS had FROM page) "
    "SELECT f.flag_id, f.key, f.type, f.name, f.description, f.tags, f.owner, f.salt, f.client, f.track, f.variations, "
    "f.version, f.created_at, f.updated_at, f.archived_at IS NOT NULL, f.deleted_at IS NOT NULL, f.lifetime, s.v, "
    "(SELECT count(*) FROM page), CASE WHEN $20::boolean THEN (SELECT count(*) FROM matching) ELSE 0 END "
    "FROM (VALUES (1)) AS one LEFT JOIN (sized s JOIN flags f USING (flag_id)) ON s.had < $19 ORDER BY s.place"};

namespace {

// All flags in the order of their keys, which an index has.
bool is_plain(const FlagSearch& search) {
    return search.order == "key" && !search.is_descending && !search.wants_total && search.text.empty() &&
           search.filter == FlagFilter();
}

awaitable<items::FoundList<Flag>> list_all(db::Transaction& tx, access::ProjectId project_id, FlagSearch search) {
    items::ItemPage wanted{search.after ? search.after->key : std::string(), search.limit};
    auto page = co_await list_flags(tx, std::move(project_id), std::move(wanted));
    items::FoundList<Flag> found;
    found.rows = std::move(page.rows);
    if (page.has_more) found.next = items::ListPosition{"", found.rows.back().definition.key};
    co_return found;
}

}  // namespace

awaitable<items::FoundList<Flag>> search_flags(db::Transaction& tx, access::ProjectId project_id, FlagSearch search,
                                               std::vector<access::EnvironmentId> environments,
                                               std::optional<access::EnvironmentId> environment) {
    if (is_plain(search)) co_return co_await list_all(tx, std::move(project_id), std::move(search));
    const auto& filter = search.filter;
    const auto time = [](const std::optional<UnixMillis>& at) {
        return at ? std::optional(db::Time{*at}) : std::nullopt;
    };
    const auto type = filter.type ? std::optional(std::string(model::name_of(*filter.type))) : std::nullopt;
    const auto after = search.after.value_or(items::ListPosition{});
    const auto value = search.after ? std::optional(after.value) : std::nullopt;
    auto params =
        db::make_params(project_id, search.text, filter.tags, filter.owner, type, filter.lifetime, filter.is_archived,
                        environment, filter.is_enabled, environments, time(filter.evaluated_after),
                        time(filter.evaluated_before), filter.is_never_evaluated, search.order, search.is_descending,
                        value, after.key, search.limit + 1, items::page_bytes, search.wants_total);
    const auto rows = co_await tx.run_with(search_flags_sql, std::move(params));
    items::FoundList<Flag> found;
    found.total = rows[0].u64(19);
    std::string last;
    for (const auto row : rows) {
        if (row.is_null(0) || found.rows.size() == search.limit) break;
        found.rows.push_back(to_flag(row));
        last = row.string(17);
    }
    if (!found.rows.empty() && rows[0].u64(18) > found.rows.size())
        found.next = items::ListPosition{std::move(last), found.rows.back().definition.key};
    co_return found;
}

}  // namespace fanion::cp::flags
