#pragma once

// Carries out the rollouts of all organisations. Each replica has one; they share the work by
// leases in the database. One thread (its I/O thread).
//
// Numbered invariants:
// 1. A rollout is looked at by the holder of its lease, which is longer than a look.
// 2. What a look decides is applied in one transaction and only while its lease is the last one
//    that was taken and the flag is as the look found it. So each step is taken once, and a person
//    always wins: whoever slept past the lease changes nothing.
// 3. At most `at_once` looks run at a time. While Prometheus is asked, no lock is held.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>

#include "common/base/log.hpp"
#include "common/net/task_group.hpp"
#include "control-plane/rollouts/evidence.hpp"
#include "control-plane/rollouts/metrics.hpp"
#include "control-plane/rollouts/step_change.hpp"

namespace fanion::cp::rollouts {

struct RunnerConfig {
    std::size_t at_once = 8;
    std::chrono::milliseconds lease{30'000};
    std::chrono::milliseconds poll{1'000};
};

struct RunnerDeps {
    boost::asio::any_io_executor executor;
    EvidenceDeps evidence;
    ChangeDeps change;      // its pool and clock are used for everything else
    net::TaskGroup& tasks;  // of the looks
    Metrics& metrics;
    const Log& log;
};

class Runner {
public:
    Runner(RunnerDeps deps, RunnerConfig config = {});
    Runner(const Runner&) = delete;

    // Ends when it is cancelled.
    boost::asio::awaitable<void> run();
    // Looks at everything that is due now, and waits for the ends. The number of looks. Throws
    // PgError.
    boost::asio::awaitable<std::size_t> run_until_idle();

private:
    class Flight;  // a look, counted while it lives

    boost::asio::awaitable<std::size_t> begin_looks();
    boost::asio::awaitable<void> wait(std::chrono::milliseconds limit);
    boost::asio::awaitable<void> update_states();
    boost::asio::awaitable<void> look(LeasedRollout leased);
    boost::asio::awaitable<void> decide_and_carry_out(LeasedRollout leased);
    void note_error(std::string_view detail);

    RunnerDeps deps_;
    RunnerConfig config_;
    std::size_t flights_ = 0;
    boost::asio::steady_timer wake_;  // cancelled when a look has ended
    bool has_ended_ = false;          // a look, since the last round began
    bool is_failing_ = false;         // the database did not answer
    std::chrono::steady_clock::time_point states_at_{};
};

}  // namespace fanion::cp::rollouts
