#include "control-plane/saved/saved_store.hpp"

namespace fanion::cp::saved {
namespace {

using boost::asio::awaitable;

Saved to_saved(db::Row row) {
    Saved saved;
    saved.saved_id = SavedId(row.string(0));
    saved.content.name = row.string(1);
    saved.content.is_shared = row.boolean(2);
    saved.content.environment = row.string(3);
    saved.content.members = row.string(4);
    saved.created_by = row.string(5);
    saved.created_at = row.time(6);
    saved.updated_at = row.time(7);
    saved.version = row.u64(8);
    return saved;
}

// Whose it is; none: shared.
std::optional<std::string> owner_of(const Shelf& shelf, bool is_shared) {
    if (is_shared) return std::nullopt;
    return shelf.viewer.str();
}

}  // namespace

constexpr db::Statement list_saved_sql{
    "list_saved",
    "SELECT saved_id, name, owner_id IS NULL, environment, CASE WHEN kind = 'view' THEN content ELSE '{}' END, "
    "created_by, created_at, updated_at, version FROM saved "
    "WHERE org_id = $1 AND project_id = $2 AND kind = $3 AND (owner_id IS NULL OR owner_id = $4) "
    "AND (name, saved_id) > ($5, $6) ORDER BY name, saved_id LIMIT $7"};

awaitable<std::vector<Saved>> list_saved(db::Transaction& tx, const Shelf& shelf, ShelfPage page) {
    const auto rows = co_await tx.run(list_saved_sql, shelf.org_id, shelf.project_id, name_of(shelf.kind), shelf.viewer,
                                      page.after_name, page.after_id, page.limit);
    std::vector<Saved> found;
    for (const auto row : rows) found.push_back(to_saved(row));
    co_return found;
}

constexpr db::Statement count_saved_sql{
    "count_saved",
    "SELECT count(*) FROM saved WHERE org_id = $1 AND project_id = $2 AND kind = $3 "
    "AND owner_id IS NOT DISTINCT FROM $4"};

awaitable<std::size_t> count_saved(db::Transaction& tx, const Shelf& shelf, bool is_shared) {
    const auto rows = co_await tx.run(count_saved_sql, shelf.org_id, shelf.project_id, name_of(shelf.kind),
                                      owner_of(shelf, is_shared));
    co_return static_cast<std::size_t>(rows[0].u64(0));
}

constexpr db::Statement find_saved_sql{
    "find_saved",
    "SELECT saved_id, name, owner_id IS NULL, environment, content, created_by, created_at, updated_at, version "
    "FROM saved WHERE org_id = $1 AND project_id = $2 AND kind = $3 AND (owner_id IS NULL OR owner_id = $4) "
    "AND saved_id = $5"};

awaitable<std::optional<Saved>> find_saved(db::Transaction& tx, const Shelf& shelf, SavedId saved_id) {
    const auto rows =
        co_await tx.run(find_saved_sql, shelf.org_id, shelf.project_id, name_of(shelf.kind), shelf.viewer, saved_id);
    if (rows.empty()) co_return std::nullopt;
    co_return to_saved(rows[0]);
}

constexpr db::Statement lock_saved_sql{
    "lock_saved",
    "SELECT saved_id, name, owner_id IS NULL, environment, content, created_by, created_at, updated_at, version "
    "FROM saved WHERE org_id = $1 AND project_id = $2 AND kind = $3 AND (owner_id IS NULL OR owner_id = $4) "
    "AND saved_id = $5 FOR NO KEY UPDATE"};

awaitable<std::optional<Saved>> lock_saved(db::Transaction& tx, const Shelf& shelf, SavedId saved_id) {
    const auto rows =
        co_await tx.run(lock_saved_sql, shelf.org_id, shelf.project_id, name_of(shelf.kind), shelf.viewer, saved_id);
    if (rows.empty()) co_return std::nullopt;
    co_return to_saved(rows[0]);
}

constexpr db::Statement is_saved_name_taken_sql{
    "is_saved_name_taken",
    "SELECT FROM saved WHERE org_id = $1 AND project_id = $2 AND kind = $3 AND owner_id IS NOT DISTINCT FROM $4 "
    "AND name = $5 AND saved_id <> $6"};

awaitable<bool> is_name_taken(db::Transaction& tx, const Shelf& shelf, const Saved& saved) {
    const auto rows = co_await tx.run(is_saved_name_taken_sql, shelf.org_id, shelf.project_id, name_of(shelf.kind),
                                      owner_of(shelf, saved.content.is_shared), saved.content.name, saved.saved_id);
    co_return !rows.empty();
}

constexpr db::Statement insert_saved_sql{
    "insert_saved",
    "INSERT INTO saved (saved_id, org_id, project_id, kind, owner_id, name, content, environment, created_by, "
    "created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)"};

awaitable<void> insert_saved(db::Transaction& tx, const Shelf& shelf, const Saved& saved) {
    const auto& content = saved.content;
    co_await tx.run(insert_saved_sql, saved.saved_id, shelf.org_id, shelf.project_id, name_of(shelf.kind),
                    owner_of(shelf, content.is_shared), content.name, content.members, content.environment,
                    saved.created_by, db::Time{saved.created_at});
}

constexpr db::Statement update_saved_sql{
    "update_saved",
    "UPDATE saved SET name = $2, content = $3, environment = $4, updated_at = $5, version = $6 WHERE saved_id = $1"};

awaitable<void> update_saved(db::Transaction& tx, const Saved& saved) {
    const auto& content = saved.content;
    co_await tx.run(update_saved_sql, saved.saved_id, content.name, content.members, content.environment,
                    db::Time{saved.updated_at}, saved.version);
}

constexpr db::Statement delete_saved_sql{"delete_saved", "DELETE FROM saved WHERE saved_id = $1"};

awaitable<void> delete_saved(db::Transaction& tx, SavedId saved_id) { co_await tx.run(delete_saved_sql, saved_id); }

}  // namespace fanion::cp::saved
