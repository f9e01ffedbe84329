#include "control-plane/identity/membership_store.hpp"

namespace fanion::cp::identity {
namespace {

using boost::asio::awaitable;

access::Membership to_membership(db::Row row) {
    const auto role = access::parse_role(row.text(3));
    return {access::OrgId(row.string(0)), row.string(1), row.string(2), role.value_or(access::Role::viewer)};
}

}  // namespace

constexpr db::Statement orgs_of_user_sql{"orgs_of_user", "SELECT org_id, key, name, role FROM orgs_of_user($1)"};

awaitable<std::vector<access::Membership>> orgs_of_user(db::Transaction& tx, access::UserId user_id) {
    const auto rows = co_await tx.run(orgs_of_user_sql, user_id);
    std::vector<access::Membership> found;
    for (const auto row : rows) found.push_back(to_membership(row));
    co_return found;
}

constexpr db::Statement find_membership_sql{"find_membership",
                                            "SELECT org_id, key, name, role FROM orgs_of_user($1) WHERE key = $2"};

awaitable<std::optional<access::Membership>> find_membership(db::Transaction& tx, access::UserId user_id,
                                                             std::string org_key) {
    const auto rows = co_await tx.run(find_membership_sql, user_id, org_key);
    if (rows.empty()) co_return std::nullopt;
    co_return to_membership(rows[0]);
}

}  // namespace fanion::cp::identity
