#include "control-plane/publish/published_store.hpp"

namespace fanion::cp::publish {

using boost::asio::awaitable;

constexpr db::Statement read_items_sql{"read_published_items", "SELECT item_key, body FROM items WHERE env_id = $1"};

awaitable<wire::ItemSet> read_items(db::Transaction& tx, access::EnvironmentId env_id) {
    const auto rows = co_await tx.run(read_items_sql, env_id);
    wire::ItemSet items;
    for (const auto row : rows) items.put(row.text(0), std::make_shared<const std::string>(row.text(1)));
    co_return items;
}

constexpr db::Statement read_signed_head_sql{
    "read_signed_head",
    "SELECT full_line0, full_manifest FROM manifests WHERE env_id = $1 AND epoch = $2 AND version = $3"};

awaitable<std::optional<SignedHead>> read_signed_head(db::Transaction& tx, access::EnvironmentId env_id,
                                                      wire::Version version) {
    const auto rows = co_await tx.run(read_signed_head_sql, env_id, version.epoch, version.number);
    if (rows.empty()) co_return std::nullopt;
    co_return SignedHead{rows[0].string(0), rows[0].string(1)};
}

constexpr db::Statement read_newest_manifests_sql{
    "read_newest_manifests",
    "SELECT m.full_manifest FROM environments e JOIN manifests m USING (env_id, epoch, version) WHERE e.org_id = $1 "
    "ORDER BY env_id"};

awaitable<std::vector<std::string>> read_newest_manifests(db::Transaction& tx, access::OrgId org_id) {
    const auto rows = co_await tx.run(read_newest_manifests_sql, org_id);
    std::vector<std::string> found;
    for (const auto row : rows) found.push_back(row.string(0));
    co_return found;
}

constexpr db::Statement read_removed_sql{
    "read_removed",
    "SELECT full_manifest FROM ("
    "SELECT env_id, full_manifest FROM deleted_environments WHERE env_id = ANY ($1) "
    "UNION ALL (SELECT DISTINCT ON (env_id) env_id, full_manifest FROM manifests m WHERE env_id = ANY ($1) "
    "AND NOT EXISTS (SELECT FROM environments e WHERE e.env_id = m.env_id) ORDER BY env_id, epoch DESC, version DESC)) "
    "d "
    "ORDER BY env_id COLLATE \"C\""};

awaitable<std::vector<std::string>> read_removed(db::Transaction& tx, std::vector<access::EnvironmentId> env_ids) {
    const auto rows = co_await tx.run(read_removed_sql, env_ids);
    std::vector<std::string> found;
    for (const auto row : rows) found.push_back(row.string(0));
    co_return found;
}

}  // namespace fanion::cp::publish
