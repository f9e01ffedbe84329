#include "control-plane/identity/membership_store.hpp"

#include <utility>

#include "control-plane/access/role_store.hpp"

namespace fanion::cp::identity {

using boost::asio::awaitable;

// Of each organisation, the row of the role in it comes first.
std::vector<access::Membership> to_memberships(const db::Rows& rows) {
    std::vector<access::Membership> found;
    for (std::size_t i = 0; i < rows.size();) {
        const auto first = rows[i];
        std::vector<access::Assignment> assignments;
        for (++i; i < rows.size() && !rows[i].text(3).empty(); ++i) {
            assignments.push_back({rows[i].string(3), rows[i].string(4), access::to_named_role(rows[i], 5, 6)});
        }
        access::Grants grants(access::to_named_role(first, 5, 6), std::move(assignments));
        found.push_back(
            {access::OrgId(first.string(0)), first.string(1), first.string(2), std::move(grants), first.boolean(7)});
    }
    return found;
}

constexpr db::Statement orgs_of_user_sql{
    "orgs_of_user",
    "SELECT org_id, key, name, project_key, env_key, role, permissions, lacks_factor FROM access_of_user($1, NULL)"};

awaitable<std::vector<access::Membership>> orgs_of_user(db::Transaction& tx, access::UserId user_id) {
    const auto rows = co_await tx.run(orgs_of_user_sql, user_id);
    co_return to_memberships(rows);
}

constexpr db::Statement find_membership_sql{
    "find_membership",
    "SELECT org_id, key, name, project_key, env_key, role, permissions, lacks_factor FROM access_of_user($1, $2)"};

awaitable<std::optional<access::Membership>> find_membership(db::Transaction& tx, access::UserId user_id,
                                                             std::string org_key) {
    const auto rows = co_await tx.run(find_membership_sql, user_id, org_key);
    auto found = to_memberships(rows);
    if (found.empty()) co_return std::nullopt;
    co_return std::move(found.front());
}

constexpr db::Statement deleted_places_of_user_sql{
    "deleted_places_of_user", "SELECT org_id, project_key, env_key FROM deleted_places_of_user($1)"};

awaitable<std::vector<DeletedPlace>> deleted_places_of_user(db::Transaction& tx, access::UserId user_id) {
    const auto rows = co_await tx.run(deleted_places_of_user_sql, user_id);
    std::vector<DeletedPlace> found;
    for (const auto row : rows) found.push_back({access::OrgId(row.string(0)), row.string(1), row.string(2)});
    co_return found;
}

}  // namespace fanion::cp::identity
