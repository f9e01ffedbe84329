#pragma once

// Counts, from time to time, how many sealed values are under which key. One thread; its gauges may
// be read by any.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <vector>

#include "common/base/log.hpp"
#include "common/base/sealing.hpp"
#include "common/telemetry/metrics.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/secrets/rewrap.hpp"

namespace fanion::cp::secrets {

struct KeyMetrics {
    explicit KeyMetrics(telemetry::Registry& registry);
    KeyMetrics(const KeyMetrics&) = delete;

    struct OfKind {
        telemetry::Gauge current;
        telemetry::Gauge older;
        telemetry::Gauge unknown;
    };
    std::vector<OfKind> kinds;  // in the order of sealed_kinds()
};

class KeyWatch {
public:
    // `keys` is what its owner assigns to when keys are replaced, on this thread.
    KeyWatch(db::Pool& pool, const SealingKeys& keys, KeyMetrics& metrics, const Log& log)
        : pool_(pool), keys_(keys), metrics_(metrics), log_(log) {}

    static constexpr std::chrono::seconds pause{10};
    // Where counting takes long, it takes this part of a connection's time.
    static constexpr int share = 100;

    // Counts once; nothing without keys. Throws PgError.
    boost::asio::awaitable<void> look();
    // Counts again and again, every `pause` or less often, until cancelled. Logs once what cannot
    // be opened.
    boost::asio::awaitable<void> run();

private:
    db::Pool& pool_;
    const SealingKeys& keys_;
    KeyMetrics& metrics_;
    const Log& log_;
    std::uint64_t unknown_ = 0;
};

}  // namespace fanion::cp::secrets
