#pragma once

// One look at a rollout: what the database and Prometheus say of it, gathered without holding a
// lock. One thread.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <optional>

#include "common/base/clock.hpp"
#include "common/base/sealing.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/rollouts/prometheus_client.hpp"
#include "control-plane/rollouts/rollout_store.hpp"

namespace fanion::cp::rollouts {

struct EvidenceDeps {
    db::Pool& pool;
    const SealingKeys& sealing;
    PrometheusClient& prometheus;
    const Clock& clock;
    // Queries that have not begun after this time are left out, as without data.
    std::chrono::milliseconds patience{15'000};
};

struct Look {
    PlacedRollout placed;
    Evidence evidence;
    std::uint64_t flag_version = 0;  // of its configuration; 0: the flag is gone
};

// Nothing if the lease is over. Throws PgError.
boost::asio::awaitable<std::optional<Look>> look_at(EvidenceDeps deps, LeasedRollout leased);

}  // namespace fanion::cp::rollouts
