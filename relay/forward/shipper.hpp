#pragma once

// Sends the spool's batches to the control plane, oldest first, until each is settled.
//
// The coroutine runs on the control thread, which never takes the spool's lock: it may be held
// while a slow disk syncs. The spool is used on the blocking pool only. wake() must be called after
// each append to the spool.

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/log.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/net/http_client.hpp"
#include "common/telemetry/metrics.hpp"
#include "relay/forward/batcher.hpp"
#include "relay/spool/spool.hpp"

namespace fanion::relay::forward {

struct SharedSpool {
    std::mutex mutex;  // held for every use of `spool`
    spool::Spool spool;
    // Called under the lock after a batch or part was settled.
    std::function<void()> on_settled;
};

struct ShipperMetrics {
    telemetry::Counter posts;       // attempts
    telemetry::Counter failures;    // of these, without an answer, or with one that is to be retried
    telemetry::Counter delivered;   // batches, and parts of batches
    telemetry::Counter duplicates;  // of these, already stored by the control plane
    telemetry::Counter rejected;
    telemetry::Counter splits;
};

class Shipper {
public:
    struct Services {
        boost::asio::any_io_executor control;
        net::BlockingPool& pool;
        const Clock& clock;
        const Log& log;
    };
    // Error: invalid_input, an upstream that is not a valid URL. After a failure the next upstream
    // is tried.
    static Result<std::unique_ptr<Shipper>> make(Services services, std::vector<net::ClientConfig> upstreams,
                                                 std::string relay_key, SharedSpool& spool);

    // Ends when cancelled. Not without an upstream: the spool keeps what one will be sent.
    boost::asio::awaitable<void> run();
    void wake();
    void set_relay_key(std::string relay_key) { relay_key_ = std::move(relay_key); }  // from the next attempt on
    void set_tls(const net::ClientTls& tls);                                          // as net::HttpClient::set_tls

    const ShipperMetrics& metrics() const noexcept { return metrics_; }
    UnixMillis last_delivery_at() const noexcept { return last_delivery_at_.load(std::memory_order_relaxed); }
    std::string last_error() const;  // empty: the last attempt succeeded

private:
    struct OutgoingBatch;
    struct Reply;
    Shipper(Services services, std::vector<net::HttpClient> clients, std::string relay_key, SharedSpool& spool);

    struct Next {
        std::shared_ptr<OutgoingBatch> batch;  // null: the queue is empty, or the disk cannot be read now
        bool is_empty = false;                 // which of the two
    };
    // On the blocking pool.
    Next next_batch();
    // Error: invalid_input, the batch cannot be parsed.
    static Result<> select_part(OutgoingBatch& batch);
    void drop_unreadable(const OutgoingBatch& batch, const Error& error);
    boost::asio::awaitable<Reply> post(const OutgoingBatch& batch);
    Step decide(const OutgoingBatch& batch, const Reply& reply);
    void settle(const OutgoingBatch& batch, Decision decision);
    void settle_split(const OutgoingBatch& batch);
    void settle_as(const OutgoingBatch& batch, spool::Spool::Outcome outcome);
    boost::asio::awaitable<bool> wait_for_work(bool is_empty);
    void record_error(const std::string& error);
    double random() { return std::uniform_real_distribution<double>(0, 1)(engine_); }

    Services services_;
    std::vector<net::HttpClient> clients_;
    std::size_t selected_ = 0;
    std::string relay_key_;  // a secret
    SharedSpool& spool_;
    Batcher batcher_;
    boost::asio::steady_timer work_;
    bool woken_ = false;
    std::mt19937_64 engine_{std::random_device{}()};
    ShipperMetrics metrics_;
    std::atomic<UnixMillis> last_delivery_at_{0};
    mutable std::mutex error_mutex_;  // last_error_, read by any thread
    std::string last_error_;
};

}  // namespace fanion::relay::forward
