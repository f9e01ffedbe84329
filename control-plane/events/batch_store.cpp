#include "control-plane/events/batch_store.hpp"

namespace fanion::cp::events {

// In the order of the primary key, so that replicas that got the same batches cannot deadlock.
constexpr db::Statement insert_batches_sql{
    "insert_event_batches",
    "INSERT INTO event_batches (org_id, batch_id, relay_id) "
    "SELECT $1, batch_id, relay_id FROM unnest($2::text[], $3::text[]) AS t (batch_id, relay_id) ORDER BY batch_id "
    "ON CONFLICT DO NOTHING RETURNING batch_id"};

boost::asio::awaitable<std::vector<std::string>> insert_batches(db::Transaction& tx, access::OrgId org_id,
                                                                std::vector<BatchKey> keys) {
    std::vector<std::string> ids, relays;
    for (auto& key : keys) {
        ids.push_back(std::move(key.batch_id));
        relays.push_back(std::move(key.relay));
    }
    const auto rows = co_await tx.run(insert_batches_sql, org_id, ids, relays);
    std::vector<std::string> inserted;
    for (const auto row : rows) inserted.push_back(row.string(0));
    co_return inserted;
}

}  // namespace fanion::cp::events
