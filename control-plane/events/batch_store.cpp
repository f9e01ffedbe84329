#include "control-plane/events/batch_store.hpp"

namespace fanion::cp::events {

constexpr db::Statement insert_batch_sql{
    "insert_event_batch",
    "INSERT INTO event_batches (org_id, batch_id, relay_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"};

boost::asio::awaitable<bool> insert_batch(db::Transaction& tx, BatchKey key) {
    const auto rows = co_await tx.run(insert_batch_sql, key.org_id, key.batch_id, key.relay);
    co_return rows.affected() == 1;
}

}  // namespace fanion::cp::events
