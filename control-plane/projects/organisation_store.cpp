#include "control-plane/projects/organisation_store.hpp"

namespace fanion::cp::projects {

using boost::asio::awaitable;

namespace {

std::optional<Org> first_org(const db::Rows& rows) {
    if (rows.empty()) return std::nullopt;
    const auto row = rows[0];
    return Org{access::OrgId(row.string(0)), row.string(1), row.string(2), row.u64(3), row.time(4), row.time(5),
               row.optional_time(6)};
}

}  // namespace

constexpr db::Statement org_id_of_key_sql{"org_id_of_key", "SELECT org_of_key($1)"};

awaitable<std::optional<access::OrgId>> org_id_of_key(db::Transaction& tx, std::string key) {
    const auto rows = co_await tx.run(org_id_of_key_sql, key);
    auto found = rows[0].optional_text(0);
    if (!found) co_return std::nullopt;
    co_return access::OrgId(std::move(*found));
}

constexpr db::Statement find_org_sql{
    "find_org", "SELECT org_id, key, name, version, created_at, updated_at, deleted_at FROM orgs WHERE org_id = $1"};

awaitable<std::optional<Org>> find_org(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(find_org_sql, org_id);
    co_return first_org(rows);
}

constexpr db::Statement lock_org_sql{"lock_org",
                                     "SELECT org_id, key, name, version, created_at, updated_at, deleted_at FROM orgs "
                                     "WHERE org_id = $1 FOR NO KEY UPDATE"};

awaitable<std::optional<Org>> lock_org(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(lock_org_sql, org_id);
    co_return first_org(rows);
}

constexpr db::Statement update_org_sql{"update_org",
                                       "UPDATE orgs SET name = $2, version = $3, updated_at = $4 WHERE org_id = $1"};

awaitable<void> update_org(db::Transaction& tx, const Org& org) {
    co_await tx.run(update_org_sql, org.org_id, org.name, org.version, db::Time{org.updated_at});
}

constexpr db::Statement insert_org_sql{"insert_org", "INSERT INTO orgs (org_id, key, name) VALUES ($1, $2, $3)"};

awaitable<void> insert_org(db::Transaction& tx, access::OrgId org_id, std::string key, std::string name) {
    co_await tx.run(insert_org_sql, org_id, key, name);
}

}  // namespace fanion::cp::projects
