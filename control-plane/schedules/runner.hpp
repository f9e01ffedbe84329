#pragma once

// Carries out what schedules have due. Each replica has one. One thread (its I/O thread).
//
// Numbered invariants:
// 1. A time is carried out once: the schedule's row is locked, the change made and the row moved on
//    in one transaction. A replica that ends before its commit has done nothing, and another one
//    does it.
// 2. A schedule that missed its time is carried out once, late.
// 3. A change runs as the one who asked for it, with the permissions that they have then. Its audit
//    entries are in the group of the one of the run, which is the system's.
// 4. In a deleted environment nothing is changed: a time that comes is refused, and not made up for
//    when the environment is restored.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <string>

#include "common/base/error.hpp"
#include "control-plane/audit/entry.hpp"
#include "control-plane/http/enclosure.hpp"
#include "control-plane/http/services.hpp"
#include "control-plane/schedules/metrics.hpp"
#include "control-plane/schedules/schedule_store.hpp"

namespace fanion::cp::schedules {

struct RunnerConfig {
    std::chrono::milliseconds poll{1'000};
    std::size_t at_once = 20;  // of one round
};

class Runner {
public:
    Runner(http::Services& services, Metrics& metrics, RunnerConfig config = {})
        : services_(services), metrics_(metrics), config_(config) {}
    Runner(const Runner&) = delete;

    // Ends when it is cancelled.
    boost::asio::awaitable<void> run();
    // Carries out everything that is due now and that no other replica is carrying out; how many.
    // Throws PgError.
    boost::asio::awaitable<std::size_t> run_due();

private:
    struct Attempt {
        RunResult result = RunResult::done;
        std::string error = {};
        bool is_to_keep = true;  // what it has written
    };

    boost::asio::awaitable<std::size_t> round();
    boost::asio::awaitable<bool> run_one(DueSchedule due);
    boost::asio::awaitable<bool> refuse_in_deleted(db::Transaction tx, DueSchedule due);
    boost::asio::awaitable<void> note_unavailable(DueSchedule due, std::string reason);
    boost::asio::awaitable<void> put_off(DueSchedule due);
    boost::asio::awaitable<Attempt> attempt(const DueSchedule& due, const ClaimedSchedule& claimed,
                                            http::Enclosure& enclosure);
    boost::asio::awaitable<void> finish(http::Enclosure enclosure, const DueSchedule& due, ClaimedSchedule claimed,
                                        Attempt attempt);
    void count(const Schedule& before, const Schedule& after, RunResult result);
    boost::asio::awaitable<void> update_backlog();

    http::Services& services_;
    Metrics& metrics_;
    RunnerConfig config_;
    bool is_failing_ = false;
};

}  // namespace fanion::cp::schedules
