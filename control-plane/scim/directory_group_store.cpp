#include "control-plane/scim/directory_group_store.hpp"

#include <utility>

#include "common/base/text.hpp"

namespace fanion::cp::scim {
namespace {

using boost::asio::awaitable;

DirectoryGroup to_directory_group(db::Row row) {
    return {row.string(0), row.string(1), row.optional_text(2), static_cast<std::size_t>(row.u64(3)),
            row.u64(4),    row.time(5),   row.time(6)};
}

std::vector<std::string> first_column(const db::Rows& rows) {
    std::vector<std::string> found;
    for (const auto row : rows) found.push_back(row.string(0));
    return found;
}

std::vector<GroupLink> to_links(const db::Rows& rows) {
    std::vector<GroupLink> found;
    for (const auto row : rows) found.push_back({row.string(0), row.string(1), row.string(2)});
    return found;
}

}  // namespace

constexpr db::Statement count_directory_groups_sql{
    "count_directory_groups",
    "SELECT count(*) FROM groups g WHERE org_id = $1 AND ($2 = '' OR group_id = $2) AND ($3 = '' OR name_key = $3) "
    "AND ($4 = '' OR external_id = $4) AND ($5 = '' OR EXISTS (SELECT FROM group_members m "
    "WHERE m.org_id = $1 AND m.group_id = g.group_id AND m.user_id = $5))"};

awaitable<std::size_t> count_directory_groups(db::Transaction& tx, access::OrgId org_id, GroupSelection selected) {
    const auto key = to_lower_ascii(selected.name);
    const auto rows =
        co_await tx.run(count_directory_groups_sql, org_id, selected.id, key, selected.external_id, selected.member);
    co_return static_cast<std::size_t>(rows[0].u64(0));
}

constexpr db::Statement list_directory_groups_sql{
    "list_directory_groups",
    "SELECT group_id, name, external_id, (SELECT count(*) FROM group_members m WHERE m.org_id = $1 "
    "AND m.group_id = g.group_id), version, created_at, updated_at FROM groups g "
    "WHERE org_id = $1 AND ($2 = '' OR group_id = $2) AND ($3 = '' OR name_key = $3) "
    "AND ($4 = '' OR external_id = $4) AND ($5 = '' OR EXISTS (SELECT FROM group_members m "
    "WHERE m.org_id = $1 AND m.group_id = g.group_id AND m.user_id = $5)) "
    "ORDER BY created_at, group_id COLLATE \"C\" LIMIT $7 OFFSET $6"};

awaitable<std::vector<DirectoryGroup>> list_directory_groups(db::Transaction& tx, access::OrgId org_id,
                                                             GroupSelection selected, std::size_t offset,
                                                             std::size_t limit) {
    const auto key = to_lower_ascii(selected.name);
    const auto rows = co_await tx.run(list_directory_groups_sql, org_id, selected.id, key, selected.external_id,
                                      selected.member, offset, limit);
    std::vector<DirectoryGroup> found;
    for (const auto row : rows) found.push_back(to_directory_group(row));
    co_return found;
}

constexpr db::Statement find_directory_group_sql{
    "find_directory_group",
    "SELECT group_id, name, external_id, (SELECT count(*) FROM group_members m WHERE m.org_id = $1 "
    "AND m.group_id = g.group_id), version, created_at, updated_at FROM groups g WHERE org_id = $1 AND group_id = $2"};

awaitable<std::optional<DirectoryGroup>> find_directory_group(db::Transaction& tx, access::OrgId org_id,
                                                              std::string group_id) {
    const auto rows = co_await tx.run(find_directory_group_sql, org_id, group_id);
    if (rows.empty()) co_return std::nullopt;
    co_return to_directory_group(rows[0]);
}

constexpr db::Statement insert_directory_group_sql{
    "insert_directory_group",
    "INSERT INTO groups (org_id, group_id, name, name_key, external_id, created_at, updated_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT DO NOTHING"};

awaitable<bool> insert_directory_group(db::Transaction& tx, access::OrgId org_id, DirectoryGroup group) {
    const auto key = to_lower_ascii(group.name);
    const auto rows = co_await tx.run(insert_directory_group_sql, org_id, group.group_id, group.name, key,
                                      group.external_id, db::Time{group.created_at});
    co_return rows.affected() == 1;
}

constexpr db::Statement update_directory_group_sql{
    "update_directory_group",
    "UPDATE groups g SET name = $3, name_key = $4, external_id = $5, version = $6, updated_at = $7 "
    "WHERE org_id = $1 AND group_id = $2 AND NOT EXISTS (SELECT FROM groups o WHERE o.org_id = $1 "
    "AND o.name_key = $4 AND o.group_id <> $2)"};

awaitable<bool> update_directory_group(db::Transaction& tx, access::OrgId org_id, DirectoryGroup group) {
    const auto key = to_lower_ascii(group.name);
    const auto rows = co_await tx.run(update_directory_group_sql, org_id, group.group_id, group.name, key,
                                      group.external_id, group.version, db::Time{group.updated_at});
    co_return rows.affected() == 1;
}

constexpr db::Statement delete_directory_group_sql{"delete_directory_group",
                                                   "DELETE FROM groups WHERE org_id = $1 AND group_id = $2"};

awaitable<void> delete_directory_group(db::Transaction& tx, access::OrgId org_id, std::string group_id) {
    co_await tx.run(delete_directory_group_sql, org_id, group_id);
}

constexpr db::Statement list_group_members_sql{
    "list_group_members",
    "SELECT user_id FROM group_members WHERE org_id = $1 AND group_id = $2 ORDER BY user_id COLLATE \"C\""};

awaitable<std::vector<std::string>> list_group_members(db::Transaction& tx, access::OrgId org_id,
                                                       std::string group_id) {
    const auto rows = co_await tx.run(list_group_members_sql, org_id, group_id);
    co_return first_column(rows);
}

constexpr db::Statement members_of_groups_sql{
    "members_of_groups",
    "SELECT m.group_id, m.user_id, d.user_name FROM group_members m JOIN directory_users d USING (org_id, user_id) "
    "WHERE m.org_id = $1 AND m.group_id = ANY($2) ORDER BY m.user_id COLLATE \"C\""};

awaitable<std::vector<GroupLink>> members_of_groups(db::Transaction& tx, access::OrgId org_id,
                                                    std::vector<std::string> group_ids) {
    const auto rows = co_await tx.run(members_of_groups_sql, org_id, group_ids);
    co_return to_links(rows);
}

constexpr db::Statement groups_of_members_sql{
    "groups_of_members",
    "SELECT m.group_id, m.user_id, g.name FROM group_members m JOIN groups g USING (org_id, group_id) "
    "WHERE m.org_id = $1 AND m.user_id = ANY($2) ORDER BY g.name COLLATE \"C\""};

awaitable<std::vector<GroupLink>> groups_of_members(db::Transaction& tx, access::OrgId org_id,
                                                    std::vector<std::string> user_ids) {
    const auto rows = co_await tx.run(groups_of_members_sql, org_id, user_ids);
    co_return to_links(rows);
}

constexpr db::Statement known_users_sql{
    "known_users",
    "SELECT user_id FROM directory_users WHERE org_id = $1 AND user_id = ANY($2) ORDER BY user_id COLLATE \"C\""};

awaitable<std::vector<std::string>> known_users(db::Transaction& tx, access::OrgId org_id,
                                                std::vector<std::string> user_ids) {
    const auto rows = co_await tx.run(known_users_sql, org_id, user_ids);
    co_return first_column(rows);
}

constexpr db::Statement add_group_members_sql{
    "add_group_members",
    "INSERT INTO group_members (org_id, group_id, user_id) SELECT $1, $2, unnest($3::text[]) ON CONFLICT DO NOTHING"};

awaitable<void> add_group_members(db::Transaction& tx, access::OrgId org_id, std::string group_id,
                                  std::vector<std::string> user_ids) {
    co_await tx.run(add_group_members_sql, org_id, group_id, user_ids);
}

constexpr db::Statement remove_group_members_sql{
    "remove_group_members", "DELETE FROM group_members WHERE org_id = $1 AND group_id = $2 AND user_id = ANY($3)"};

awaitable<void> remove_group_members(db::Transaction& tx, access::OrgId org_id, std::string group_id,
                                     std::vector<std::string> user_ids) {
    co_await tx.run(remove_group_members_sql, org_id, group_id, user_ids);
}

}  // namespace fanion::cp::scim
