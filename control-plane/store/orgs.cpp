#include "control-plane/store/orgs.hpp"

namespace fanion::store {
namespace {

using boost::asio::awaitable;

Membership to_membership(pg::Row row) {
    const auto role = domain::parse_role(row.text(3));
    return {row.string(0), row.string(1), row.string(2), role.value_or(domain::Role::viewer)};
}

}  // namespace

constexpr pg::Statement orgs_of_user_sql{"orgs_of_user", "SELECT org_id, key, name, role FROM orgs_of_user($1)"};

awaitable<std::vector<Membership>> orgs_of_user(pg::Transaction& tx, std::string user_id) {
    const auto rows = co_await tx.run(orgs_of_user_sql, user_id);
    std::vector<Membership> found;
    for (const auto row : rows) found.push_back(to_membership(row));
    co_return found;
}

constexpr pg::Statement find_membership_sql{"find_membership",
                                            "SELECT org_id, key, name, role FROM orgs_of_user($1) WHERE key = $2"};

awaitable<std::optional<Membership>> find_membership(pg::Transaction& tx, std::string user_id, std::string org_key) {
    const auto rows = co_await tx.run(find_membership_sql, user_id, org_key);
    if (rows.empty()) co_return std::nullopt;
    co_return to_membership(rows[0]);
}

constexpr pg::Statement org_id_of_key_sql{"org_id_of_key", "SELECT org_of_key($1)"};

awaitable<std::optional<std::string>> org_id_of_key(pg::Transaction& tx, std::string key) {
    const auto rows = co_await tx.run(org_id_of_key_sql, key);
    co_return rows[0].optional_text(0);
}

constexpr pg::Statement find_org_sql{
    "find_org", "SELECT org_id, key, name, version, created_at, updated_at FROM orgs WHERE org_id = $1"};

awaitable<std::optional<Org>> find_org(pg::Transaction& tx, std::string org_id) {
    const auto rows = co_await tx.run(find_org_sql, org_id);
    if (rows.empty()) co_return std::nullopt;
    const auto row = rows[0];
    co_return Org{row.string(0), row.string(1), row.string(2), row.u64(3), row.time(4), row.time(5)};
}

constexpr pg::Statement insert_org_sql{"insert_org", "INSERT INTO orgs (org_id, key, name) VALUES ($1, $2, $3)"};

awaitable<void> insert_org(pg::Transaction& tx, std::string org_id, std::string key, std::string name) {
    co_await tx.run(insert_org_sql, org_id, key, name);
}

}  // namespace fanion::store
