#pragma once

// Delivers to one sink what waits for it in the database. Each process has one for each sink that
// it is configured with.
//
// 1. Of all processes the holder of the sink's lease delivers, in the order of positions. Its
//    lease is longer than a delivery takes, so that nobody else delivers the same meanwhile; should
//    one take longer, batches are repeated.
// 2. A batch is deleted after the sink has it: at least once.
// 3. A sink that fails is tried again, after up to a minute; what waits for it is bounded
//    (`most_waiting_bytes` and sinks::days_kept), also while a delivery hangs, and what is given up
//    then is counted.
//
// One thread (its I/O thread); the sink has a thread of its own. stop() may come from any thread.
// Must be destroyed after its coroutines have ended.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "common/base/log.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/wire/backoff.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/sinks/metrics.hpp"
#include "control-plane/sinks/outbox_store.hpp"
#include "control-plane/sinks/sink.hpp"

namespace fanion::cp::sinks {

struct RunnerConfig {
    std::uint64_t most_waiting_bytes = 1024ull * 1024 * 1024;  // in the database
    std::size_t batches_at_once = 500;
    std::size_t bytes_at_once = 8u * 1024 * 1024;  // unpacked
    std::chrono::milliseconds lease{60'000};
    std::chrono::milliseconds poll{500};
    std::chrono::milliseconds lease_poll{5'000};  // while another process has the lease
    std::chrono::milliseconds bounds_interval{5'000};
    wire::BackoffParameters backoff{std::chrono::milliseconds(1'000), std::chrono::milliseconds(60'000)};
};

struct RunnerDeps {
    db::Pool& pool;
    telemetry::Registry& registry;
    const Log& log;
};

class Runner {
public:
    Runner(RunnerDeps deps, EventSink& sink, RunnerConfig config);
    ~Runner();
    Runner(const Runner&) = delete;

    // Ends when it is cancelled.
    boost::asio::awaitable<void> run();
    // Keeps the bounds while a delivery takes long. Beside run(); ends when it is cancelled.
    boost::asio::awaitable<void> run_bounds();
    // The batches delivered; 0 when none waits or another process has the lease. Error: the sink's.
    // Throws PgError.
    boost::asio::awaitable<Result<std::size_t>> deliver();
    void stop() noexcept { sink_.stop(); }

    const Metrics& metrics() const noexcept { return metrics_; }

private:
    boost::asio::awaitable<bool> hold_lease();
    boost::asio::awaitable<void> keep_bounds();
    boost::asio::awaitable<Result<>> write(std::vector<WaitingBatch> waiting);
    void note_failure(const std::string& detail);

    db::Pool& pool_;
    const Log& log_;
    EventSink& sink_;
    RunnerConfig config_;
    Metrics metrics_;
    net::BlockingPool thread_{1};
    std::string holder_;
    bool is_holder_ = false;
    bool is_failing_ = false;
    bool is_writing_ = false;
    std::chrono::steady_clock::time_point renewed_at_{};
    std::chrono::steady_clock::time_point bounds_at_{};
    wire::Backoff backoff_;
    std::mt19937_64 random_;
};

}  // namespace fanion::cp::sinks
