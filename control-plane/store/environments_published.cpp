#include "control-plane/store/environments_published.hpp"

namespace fanion::store {

using boost::asio::awaitable;

constexpr pg::Statement read_items_sql{"read_published_items", "SELECT item_key, body FROM items WHERE env_id = $1"};

awaitable<wire::ItemSet> read_items(pg::Transaction& tx, std::string env_id) {
    const auto rows = co_await tx.run(read_items_sql, env_id);
    wire::ItemSet items;
    for (const auto row : rows) items.put(row.text(0), std::make_shared<const std::string>(row.text(1)));
    co_return items;
}

constexpr pg::Statement read_signed_head_sql{
    "read_signed_head",
    "SELECT full_line0, full_manifest FROM manifests WHERE env_id = $1 AND epoch = $2 AND version = $3"};

awaitable<std::optional<SignedHead>> read_signed_head(pg::Transaction& tx, std::string env_id, wire::Version version) {
    const auto rows = co_await tx.run(read_signed_head_sql, env_id, version.epoch, version.number);
    if (rows.empty()) co_return std::nullopt;
    co_return SignedHead{rows[0].string(0), rows[0].string(1)};
}

constexpr pg::Statement read_removed_sql{
    "read_removed",
    "SELECT full_manifest FROM removed_environments WHERE env_id = ANY ($1) ORDER BY env_id COLLATE \"C\""};

awaitable<std::vector<std::string>> read_removed(pg::Transaction& tx, std::vector<std::string> env_ids) {
    const auto rows = co_await tx.run(read_removed_sql, env_ids);
    std::vector<std::string> found;
    for (const auto row : rows) found.push_back(row.string(0));
    co_return found;
}

constexpr pg::Statement list_relay_progress_sql{
    "list_relay_progress",
    "SELECT relay_id, epoch, version, state, code, detail, reported_at FROM relay_status WHERE env_id = $1 "
    "ORDER BY relay_id COLLATE \"C\""};

awaitable<std::vector<RelayProgress>> list_relay_progress(pg::Transaction& tx, std::string env_id) {
    const auto rows = co_await tx.run(list_relay_progress_sql, env_id);
    std::vector<RelayProgress> found;
    for (const auto row : rows) {
        found.push_back(
            {row.string(0), {row.u64(1), row.u64(2)}, row.string(3), row.string(4), row.string(5), row.time(6)});
    }
    co_return found;
}

}  // namespace fanion::store
