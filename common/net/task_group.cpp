#include "common/net/task_group.hpp"

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <list>

namespace fanion::net {

namespace asio = boost::asio;

struct TaskGroup::State : std::enable_shared_from_this<TaskGroup::State> {
    struct Task {
        std::string name;
        asio::cancellation_signal cancel;
    };

    State(asio::any_io_executor ex, const Log& l) : executor(std::move(ex)), log(l), ended(executor) {}

    void start(std::string name, asio::awaitable<void> body) {
        auto& task = tasks.emplace_back();
        task.name = std::move(name);
        ++size;
        const auto place = std::prev(tasks.end());
        auto done = [self = shared_from_this(), place](const std::exception_ptr& failure) {
            self->on_done(place, failure);
        };
        asio::co_spawn(executor, std::move(body), asio::bind_cancellation_slot(task.cancel.slot(), std::move(done)));
    }

    void on_done(std::list<Task>::iterator place, const std::exception_ptr& failure) {
        if (failure) note(place->name, failure);
        tasks.erase(place);
        if (--size == 0) ended.cancel();
    }

    void note(const std::string& name, const std::exception_ptr& failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const boost::system::system_error& error) {
            if (stop_requested && error.code() == asio::error::operation_aborted) return;
            log.error("task_failed", {{"task", name}, {"error", error.what()}});
        } catch (const std::exception& error) {
            log.error("task_failed", {{"task", name}, {"error", error.what()}});
        } catch (...) {
            log.error("task_failed", {{"task", name}, {"error", "not a std::exception"}});
        }
        failures.add();
    }

    void stop() {
        stop_requested = true;
        for (auto task = tasks.begin(); task != tasks.end();) (task++)->cancel.emit(asio::cancellation_type::terminal);
    }

    const asio::any_io_executor executor;
    const Log log;
    asio::steady_timer ended;  // cancelled when the last task has ended
    std::list<Task> tasks;
    std::atomic<std::size_t> size{0};
    std::atomic<bool> stop_requested{false};
    telemetry::Counter failures;
};

TaskGroup::TaskGroup(asio::any_io_executor executor, const Log& log)
    : state_(std::make_shared<State>(std::move(executor), log)) {}

TaskGroup::~TaskGroup() = default;

void TaskGroup::spawn(std::string name, asio::awaitable<void> task) {
    if (state_->stop_requested) return;
    state_->start(std::move(name), std::move(task));
}

void TaskGroup::request_stop() {
    state_->stop_requested = true;
    asio::dispatch(state_->executor, [state = state_] { state->stop(); });
}

bool TaskGroup::stop_requested() const noexcept { return state_->stop_requested; }

std::size_t TaskGroup::size() const noexcept { return state_->size; }

std::uint64_t TaskGroup::failures() const noexcept { return state_->failures.value(); }

asio::awaitable<bool> TaskGroup::join(std::chrono::milliseconds limit) {
    const auto state = state_;  // the group may be destroyed during the wait
    const auto token = asio::as_tuple(asio::use_awaitable);
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (state->size != 0 && std::chrono::steady_clock::now() < deadline) {
        state->ended.expires_at(deadline);
        co_await state->ended.async_wait(token);
    }
    co_return state->size == 0;
}

asio::awaitable<bool> sleep_for(std::chrono::milliseconds duration) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, duration);
    const auto token = asio::as_tuple(asio::use_awaitable);
    const auto [ec] = co_await timer.async_wait(token);
    co_return !ec;
}

}  // namespace fanion::net
