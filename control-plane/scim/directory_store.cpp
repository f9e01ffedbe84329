#include "control-plane/scim/directory_store.hpp"

#include <utility>

#include "common/base/text.hpp"

namespace fanion::cp::scim {
namespace {

using boost::asio::awaitable;

// Columns: user_id, email, attributes, is_active, created_at, updated_at. The directory's word on whether somebody is active is
// a column of its own: removing a member ends it.
DirectoryUser to_directory_user(db::Row row) {
    DirectoryUser user;
    user.user_id = access::UserId(row.string(0));
    user.email = row.string(1);
    user.attributes = read_user(json::Tree::parse(row.text(2)).value()).value();
    user.attributes.is_active = row.boolean(3);
    user.created_at = row.time(4);
    user.updated_at = row.time(5);
    return user;
}

}  // namespace

constexpr db::Statement count_directory_users_sql{
    "count_directory_users",
    "SELECT count(*) FROM directory_users WHERE org_id = $1 AND ($2 = '' OR user_id = $2) "
    "AND ($3 = '' OR user_name_key = $3) AND ($4 = '' OR external_id = $4)"};

awaitable<std::size_t> count_directory_users(db::Transaction& tx, access::OrgId org_id, UserSelection selected) {
    const auto key = to_lower_ascii(selected.user_name);
    const auto rows = co_await tx.run(count_directory_users_sql, org_id, selected.id, key, selected.external_id);
    co_return static_cast<std::size_t>(rows[0].u64(0));
}

constexpr db::Statement list_directory_users_sql{
    "list_directory_users",
    "SELECT d.user_id, u.email, d.attributes, d.is_active, d.created_at, d.updated_at FROM directory_users d "
    "JOIN users u USING (user_id) WHERE d.org_id = $1 AND ($2 = '' OR d.user_id = $2) "
    "AND ($3 = '' OR d.user_name_key = $3) AND ($4 = '' OR d.external_id = $4) "
    "ORDER BY d.created_at, d.user_id COLLATE \"C\" LIMIT $6 OFFSET $5"};

awaitable<std::vector<DirectoryUser>> list_directory_users(db::Transaction& tx, access::OrgId org_id,
                                                           UserSelection selected, std::size_t offset,
                                                           std::size_t limit) {
    const auto key = to_lower_ascii(selected.user_name);
    const auto rows =
        co_await tx.run(list_directory_users_sql, org_id, selected.id, key, selected.external_id, offset, limit);
    std::vector<DirectoryUser> found;
    for (const auto row : rows) found.push_back(to_directory_user(row));
    co_return found;
}

constexpr db::Statement find_directory_user_sql{
    "find_directory_user",
    "SELECT d.user_id, u.email, d.attributes, d.is_active, d.created_at, d.updated_at FROM directory_users d "
    "JOIN users u USING (user_id) WHERE d.org_id = $1 AND d.user_id = $2"};

awaitable<std::optional<DirectoryUser>> find_directory_user(db::Transaction& tx, access::OrgId org_id,
                                                            access::UserId user_id) {
    const auto rows = co_await tx.run(find_directory_user_sql, org_id, user_id);
    if (rows.empty()) co_return std::nullopt;
    co_return to_directory_user(rows[0]);
}

constexpr db::Statement insert_directory_user_sql{
    "insert_directory_user",
    "INSERT INTO directory_users (org_id, user_id, user_name, user_name_key, external_id, is_active, attributes, "
    "created_at, updated_at, name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9) ON CONFLICT DO NOTHING"};

awaitable<bool> insert_directory_user(db::Transaction& tx, access::OrgId org_id, DirectoryUser user) {
    const auto& attributes = user.attributes;
    const auto key = to_lower_ascii(attributes.user_name);
    const auto text = to_tree(attributes).to_text();
    const auto rows = co_await tx.run(insert_directory_user_sql, org_id, user.user_id, attributes.user_name, key,
                                      attributes.external_id, attributes.is_active, text, db::Time{user.created_at},
                                      shown_name(attributes));
    co_return rows.affected() == 1;
}

constexpr db::Statement update_directory_user_sql{
    "update_directory_user",
    "UPDATE directory_users d SET user_name = $3, user_name_key = $4, external_id = $5, is_active = $6, "
    "attributes = $7, updated_at = $8, name = $9, version = version + 1 WHERE org_id = $1 AND user_id = $2 AND NOT "
    "EXISTS ("
    "SELECT FROM directory_users o WHERE o.org_id = $1 AND o.user_name_key = $4 AND o.user_id <> $2)"};

awaitable<bool> update_directory_user(db::Transaction& tx, access::OrgId org_id, DirectoryUser user) {
    const auto& attributes = user.attributes;
    const auto key = to_lower_ascii(attributes.user_name);
    const auto text = to_tree(attributes).to_text();
    const auto rows = co_await tx.run(update_directory_user_sql, org_id, user.user_id, attributes.user_name, key,
                                      attributes.external_id, attributes.is_active, text, db::Time{user.updated_at},
                                      shown_name(attributes));
    co_return rows.affected() == 1;
}

constexpr db::Statement delete_directory_user_sql{
    "delete_directory_user",
    "WITH left_groups AS (UPDATE groups SET version = version + 1 WHERE org_id = $1 AND group_id IN ("
    "SELECT group_id FROM group_members WHERE org_id = $1 AND user_id = $2)) "
    "DELETE FROM directory_users WHERE org_id = $1 AND user_id = $2"};

awaitable<void> delete_directory_user(db::Transaction& tx, access::OrgId org_id, access::UserId user_id) {
    co_await tx.run(delete_directory_user_sql, org_id, user_id);
}

constexpr db::Statement set_member_name_sql{"set_member_name",
                                            "UPDATE memberships SET name = $3 WHERE org_id = $1 AND user_id = $2"};

awaitable<void> set_member_name(db::Transaction& tx, access::OrgId org_id, access::UserId user_id, std::string name) {
    co_await tx.run(set_member_name_sql, org_id, user_id, name);
}

}  // namespace fanion::cp::scim
