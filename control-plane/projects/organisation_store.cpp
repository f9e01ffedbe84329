#include "control-plane/projects/organisation_store.hpp"

namespace fanion::cp::projects {

using boost::asio::awaitable;

constexpr db::Statement org_id_of_key_sql{"org_id_of_key", "SELECT org_of_key($1)"};

awaitable<std::optional<access::OrgId>> org_id_of_key(db::Transaction& tx, std::string key) {
    const auto rows = co_await tx.run(org_id_of_key_sql, key);
    auto found = rows[0].optional_text(0);
    if (!found) co_return std::nullopt;
    co_return access::OrgId(std::move(*found));
}

constexpr db::Statement find_org_sql{
    "find_org", "SELECT org_id, key, name, version, created_at, updated_at FROM orgs WHERE org_id = $1"};

awaitable<std::optional<Org>> find_org(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(find_org_sql, org_id);
    if (rows.empty()) co_return std::nullopt;
    const auto row = rows[0];
    co_return Org{access::OrgId(row.string(0)), row.string(1), row.string(2), row.u64(3), row.time(4), row.time(5)};
}

constexpr db::Statement insert_org_sql{"insert_org", "INSERT INTO orgs (org_id, key, name) VALUES ($1, $2, $3)"};

awaitable<void> insert_org(db::Transaction& tx, access::OrgId org_id, std::string key, std::string name) {
    co_await tx.run(insert_org_sql, org_id, key, name);
}

}  // namespace fanion::cp::projects
