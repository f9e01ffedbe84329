#include "control-plane/segments/segment_store.hpp"

#include "common/base/ids.hpp"
#include "common/json/reader.hpp"
#include "common/model/json.hpp"
#include "control-plane/body/json_text.hpp"

namespace fanion::cp::segments {
namespace {

using boost::asio::awaitable;

model::Segment parse_members(std::string_view text) {
    return body::read_stored(text,
                             [](json::Reader& r) { return model::read_segment_body(r, json::UnknownFields::ignore); });
}

Segment to_segment(db::Row row) {
    Segment segment;
    segment.segment_id = access::SegmentId(row.string(0));
    auto& d = segment.definition;
    d.key = row.string(1);
    d.name = row.string(2);
    d.description = row.string(3);
    d.tags = row.texts(4);
    d.owner = row.string(5);
    d.version = row.u64(6);
    d.created_at = row.time(7);
    d.updated_at = row.time(8);
    d.archived = row.boolean(9);
    segment.is_deleted = row.boolean(10);
    d.client = row.boolean(11);
    return segment;
}

}  // namespace

constexpr db::Statement list_segments_sql{
    "list_segments",
    "SELECT segment_id, key, name, description, tags, owner, version, created_at, updated_at, "
    "archived_at IS NOT NULL, deleted_at IS NOT NULL, client FROM segments "
    "WHERE project_id = $1 AND deleted_at IS NULL AND key COLLATE \"C\" > $2 "
    "ORDER BY key COLLATE \"C\" LIMIT $3"};

// Definitions are bounded, and so is the size of a page.
awaitable<items::FoundPage<Segment>> list_segments(db::Transaction& tx, access::ProjectId project_id,
                                                   items::ItemPage page) {
    const auto rows = co_await tx.run(list_segments_sql, project_id, page.after, page.limit + 1);
    items::FoundPage<Segment> found;
    for (const auto row : rows) {
        if (found.rows.size() == page.limit) break;
        found.rows.push_back(to_segment(row));
    }
    found.has_more = rows.size() > found.rows.size();
    co_return found;
}

// `v` and `k` are the position in the list. The total is there even if the page is empty.
constexpr db::Statement search_segments_sql{
    "search_segments",
    "WITH matching AS (SELECT *, key COLLATE \"C\" AS k, (CASE $3::text WHEN 'key' THEN '' WHEN 'name' THEN "
    "lower(name) "
    "WHEN 'created' THEN to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') "
    "ELSE to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') END) COLLATE \"C\" AS v FROM segments "
    "WHERE project_id = $1 AND deleted_at IS NULL AND ($2 = '' OR strpos(lower(key), lower($2)) > 0 "
    "OR strpos(lower(name), lower($2)) > 0 OR strpos(lower(description), lower($2)) > 0) "
    "AND tags @> $9::text[] AND ($10::text IS NULL OR owner = $10) "
    "AND ($11::boolean IS NULL OR (archived_at IS NOT NULL) = $11)), "
    "page AS (SELECT *, row_number() OVER (ORDER BY CASE WHEN $4::boolean THEN v END DESC, CASE WHEN NOT $4 THEN v "
    "END, "
    "CASE WHEN $4 THEN k END DESC, k) AS place FROM matching WHERE $5::text IS NULL "
    "OR CASE WHEN $4 THEN (v, k) < ($5, $6::text) ELSE (v, k) > ($5, $6) END ORDER BY place LIMIT $7) "
    "SELECT segment_id, key, name, description, tags, owner, version, created_at, updated_at, "
    "archived_at IS NOT NULL, deleted_at IS NOT NULL, client, v, "
    "CASE WHEN $8::boolean THEN (SELECT count(*) FROM matching) ELSE 0 END "
    "FROM (VALUES (1)) AS one LEFT JOIN page ON true ORDER BY place"};

awaitable<items::FoundList<Segment>> search_segments(db::Transaction& tx, access::ProjectId project_id,
                                                     SegmentSearch search) {
    const auto after = search.after.value_or(items::ListPosition{});
    const auto value = search.after ? std::optional(after.value) : std::nullopt;
    const auto& filter = search.filter;
    const auto rows =
        co_await tx.run(search_segments_sql, project_id, search.text, search.order, search.is_descending, value,
                        after.key, search.limit + 1, search.wants_total, filter.tags, filter.owner, filter.is_archived);
    items::FoundList<Segment> found;
    found.total = rows[0].u64(13);
    std::string last;
    for (const auto row : rows) {
        if (row.is_null(0) || found.rows.size() == search.limit) break;
        found.rows.push_back(to_segment(row));
        last = row.string(12);
    }
    if (rows.size() > search.limit) found.next = items::ListPosition{std::move(last), found.rows.back().definition.key};
    co_return found;
}

constexpr db::Statement find_segment_sql{
    "find_segment",
    "SELECT segment_id, key, name, description, tags, owner, version, created_at, updated_at, "
    "archived_at IS NOT NULL, deleted_at IS NOT NULL, client FROM segments WHERE project_id = $1 AND key = $2"};

awaitable<std::optional<Segment>> find_segment(db::Transaction& tx, access::ProjectId project_id, std::string key) {
    const auto rows = co_await tx.run(find_segment_sql, project_id, key);
    if (rows.empty()) co_return std::nullopt;
    co_return to_segment(rows[0]);
}

constexpr db::Statement insert_segment_sql{"insert_segment",
                                           "INSERT INTO segments (segment_id, org_id, project_id, key, name, "
                                           "description, tags, owner, created_at, updated_at, client) "
                                           "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)"};

awaitable<Segment> insert_segment(db::Transaction& tx, access::OrgId org_id, access::ProjectId project_id,
                                  const SegmentDefinition& definition) {
    Segment segment{access::SegmentId(random_id("s_")), definition, false};
    const auto& d = segment.definition;
    co_await tx.run(insert_segment_sql, segment.segment_id, org_id, project_id, d.key, d.name, d.description, d.tags,
                    d.owner, db::Time{d.created_at}, d.client);
    co_return segment;
}

constexpr db::Statement update_segment_sql{
    "update_segment",
    "UPDATE segments SET name = $2, description = $3, tags = $4, owner = $5, version = $6, "
    "updated_at = $7::timestamptz, archived_at = CASE WHEN $8::boolean THEN coalesce(archived_at, $7::timestamptz) "
    "END, "
    "client = $9 "
    "WHERE segment_id = $1"};

awaitable<void> update_segment(db::Transaction& tx, const Segment& segment) {
    const auto& d = segment.definition;
    co_await tx.run(update_segment_sql, segment.segment_id, d.name, d.description, d.tags, d.owner, d.version,
                    db::Time{d.updated_at}, d.archived, d.client);
}

constexpr db::Statement delete_segment_sql{"delete_segment",
                                           "UPDATE segments SET deleted_at = $2 WHERE segment_id = $1"};

awaitable<void> delete_segment(db::Transaction& tx, const Segment& segment, UnixMillis now) {
    co_await tx.run(delete_segment_sql, segment.segment_id, db::Time{now});
}

constexpr db::Statement find_segment_config_sql{
    "find_segment_config",
    "SELECT e.key, c.members, c.version, c.updated_at FROM segment_configs c JOIN environments e USING (env_id) "
    "WHERE c.segment_id = $1 AND c.env_id = $2"};

awaitable<std::optional<SegmentEnvironment>> find_segment_config(db::Transaction& tx, const Segment& segment,
                                                                 access::EnvironmentId env_id) {
    const auto rows = co_await tx.run(find_segment_config_sql, segment.segment_id, env_id);
    if (rows.empty()) co_return std::nullopt;
    const auto row = rows[0];
    co_return SegmentEnvironment{row.string(0), parse_members(row.text(1)), row.u64(2), row.time(3)};
}

constexpr db::Statement find_configured_segment_sql{
    "find_configured_segment",
    "SELECT s.segment_id, s.key, s.name, s.description, s.tags, s.owner, s.version, s.created_at, s.updated_at, "
    "s.archived_at IS NOT NULL, s.deleted_at IS NOT NULL, s.client, c.members, c.version, c.updated_at "
    "FROM segments s "
    "JOIN segment_configs c ON c.segment_id = s.segment_id AND c.env_id = $3 WHERE s.project_id = $1 AND s.key = $2"};

awaitable<std::optional<ConfiguredSegment>> find_configured_segment(db::Transaction& tx,
                                                                    const projects::Environment& env, std::string key) {
    const auto rows = co_await tx.run(find_configured_segment_sql, env.project_id, key, env.env_id);
    if (rows.empty()) co_return std::nullopt;
    const auto row = rows[0];
    co_return ConfiguredSegment{to_segment(row), {env.key, parse_members(row.text(12)), row.u64(13), row.time(14)}};
}

constexpr db::Statement put_segment_config_sql{
    "put_segment_config",
    "INSERT INTO segment_configs (segment_id, env_id, org_id, version, members, updated_at, updated_by) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (segment_id, env_id) DO UPDATE "
    "SET version = $4, members = $5, updated_at = $6, updated_by = $7"};

awaitable<void> put_segment_members(db::Transaction& tx, const Segment& segment, const projects::LockedEnvironment& env,
                                    const SegmentEnvironment& config, std::string members, std::string updated_by) {
    tx.post(put_segment_config_sql, segment.segment_id, env.env_id, env.org_id, config.version, members,
            db::Time{config.updated_at}, updated_by);
    co_return;
}

awaitable<void> put_segment_config(db::Transaction& tx, const Segment& segment, const projects::LockedEnvironment& env,
                                   const SegmentEnvironment& config, std::string updated_by) {
    auto members = segment_config_json(config.members);
    co_await put_segment_members(tx, segment, env, config, std::move(members), std::move(updated_by));
}

}  // namespace fanion::cp::segments
