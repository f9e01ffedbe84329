#pragma once

// Long-lived coroutines with one stop. spawn() and join() from the group's own thread;
// request_stop() from any: it cancels every task (terminal cancellation); join() waits for them up
// to a limit. A task that throws is logged with its name and counted; it does not take the process
// down. Destructor never waits: the group must be empty or its io_context stopped.
//
// Cancellation ends a task's current wait, and from then on each co_await in it throws
// operation_aborted; that is its normal end and not logged. A task that must still wait during
// shutdown calls `co_await boost::asio::this_coro::throw_if_cancelled(false)` first.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "common/base/log.hpp"
#include "common/telemetry/metrics.hpp"

namespace fanion::net {

class TaskGroup {
public:
    TaskGroup(boost::asio::any_io_executor executor, const Log& log);
    ~TaskGroup();
    TaskGroup(const TaskGroup&) = delete;

    // After request_stop() the task is dropped without being started.
    void spawn(std::string name, boost::asio::awaitable<void> task);
    void request_stop();
    bool stop_requested() const noexcept;
    std::size_t size() const noexcept;
    std::uint64_t failures() const noexcept;  // tasks that threw
    // False when tasks were still running at the limit.
    boost::asio::awaitable<bool> join(std::chrono::milliseconds limit);

private:
    struct State;
    std::shared_ptr<State> state_;  // tasks may outlive the group by one turn of the loop
};

// Sleeps on the calling coroutine's executor; false when cancelled.
boost::asio::awaitable<bool> sleep_for(std::chrono::milliseconds duration);

}  // namespace fanion::net
