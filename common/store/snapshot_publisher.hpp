#pragma once

// Keeps the newest signed snapshots at a place from which relays can start (--publish-to). What is
// there already is left alone, so several programs may publish to one place, and what somebody
// removed is put again. What is new is put within about a second. One thread, which never waits for
// the store.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "common/base/log.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/store/object_store.hpp"
#include "common/telemetry/metrics.hpp"
#include "common/wire/bundle.hpp"

namespace fanion::store {

// What there is to publish. Called on the publisher's thread.
struct SnapshotSource {
    std::function<wire::Have()> held;
    std::function<std::map<std::uint64_t, std::string>()> trust;  // the trust documents, by version
    // In the full form; null: there is none now.
    std::function<boost::asio::awaitable<std::shared_ptr<const std::string>>(std::string env_id)> snapshot;
};

// Names and meanings: docs/metrics.md.
struct PublisherMetrics {
    telemetry::Counter puts;
    telemetry::Counter failures;
};
void register_metrics(telemetry::Registry& registry, const PublisherMetrics& metrics);

struct PublisherDeps {
    net::BlockingPool& pool;  // for stores alone: its work waits for the network
    PublisherMetrics& metrics;
    const Log& log;
};

class SnapshotPublisher {
public:
    // Error: invalid_input, a location that cannot be written.
    static Result<std::unique_ptr<SnapshotPublisher>> make(const Location& location, const Access& access,
                                                           SnapshotSource source, PublisherDeps deps);

    boost::asio::awaitable<void> run();  // until cancelled

private:
    SnapshotPublisher(std::string shown, std::unique_ptr<ObjectStore> store, SnapshotSource source, PublisherDeps deps);

    boost::asio::awaitable<Result<>> publish();
    boost::asio::awaitable<Result<>> refresh_names();
    boost::asio::awaitable<Result<>> put(std::string name, std::shared_ptr<const std::string> bytes);
    boost::asio::awaitable<Result<>> put_snapshot(std::string env_id);
    boost::asio::awaitable<void> remove_outdated(std::string env_id, wire::Version put);
    void record(const Result<>& published);

    std::string shown_;
    std::shared_ptr<ObjectStore> store_;  // shared with jobs on the pool
    SnapshotSource source_;
    PublisherDeps deps_;
    wire::StoredDocuments stored_;  // as listed last, and what was put since
    std::chrono::steady_clock::time_point list_at_{};
    std::string problem_;  // logged once
};

}  // namespace fanion::store
