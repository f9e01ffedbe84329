#pragma once

// Batches that wait for sinks, and who delivers to which sink. Throw PgError. Scope of those with a
// pool: any.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/sinks/lines.hpp"
#include "control-plane/sinks/sent_batch.hpp"

namespace fanion::cp::sinks {

// Each batch for each sink, in their order. In the caller's transaction, whose scope is the
// organisation.
boost::asio::awaitable<void> add_to_outbox(db::Transaction& tx, const std::vector<std::string>& sinks,
                                           access::OrgId org_id, std::vector<const SentBatch*> batches);

// True: `holder` delivers to the sink, and nobody else until `lease` has passed.
boost::asio::awaitable<bool> lease_sink(db::Pool& pool, std::string sink, std::string holder,
                                        std::chrono::milliseconds lease);

struct WaitingBatch {
    std::int64_t position = 0;
    access::OrgId org_id;
    std::string batch_id;
    UnixMillis received_at = 0;
    std::string encoding;
    std::string body;
};
// The oldest: as many as unpack to about `most_bytes`, and at least one if there is any.
boost::asio::awaitable<std::vector<WaitingBatch>> next_batches(db::Pool& pool, std::string sink, std::size_t at_most,
                                                               std::size_t most_bytes);

boost::asio::awaitable<Places> find_places(db::Pool& pool, std::vector<access::EnvironmentId> env_ids);

boost::asio::awaitable<void> delete_batches(db::Pool& pool, std::string sink, std::vector<std::int64_t> positions);

// Gives up the oldest while all have more than `most_bytes`, and those older than `days_kept`. How
// many.
inline constexpr int days_kept = 7;
boost::asio::awaitable<std::uint64_t> trim_outbox(db::Pool& pool, std::string sink, std::uint64_t most_bytes);

struct Backlog {
    std::uint64_t batches = 0;
    std::uint64_t bytes = 0;
    double oldest_seconds = 0;  // 0: none waits
};
boost::asio::awaitable<Backlog> read_backlog(db::Pool& pool, std::string sink);

// Forgets what waits for sinks that nobody delivers to any more.
boost::asio::awaitable<void> purge_outbox(db::Pool& pool);

}  // namespace fanion::cp::sinks
