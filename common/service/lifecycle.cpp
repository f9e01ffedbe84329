#include "common/service/lifecycle.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>

namespace fanion::service {

namespace asio = boost::asio;

namespace {

void log_failure(const std::exception_ptr& failure, const Log& log) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        log.error("life_failed", {{"error", error.what()}});
    } catch (...) {
        log.error("life_failed", {{"error", "not a std::exception"}});
    }
}

}  // namespace

StopRequest::StopRequest(const asio::any_io_executor& executor) : signals_(executor, SIGTERM, SIGINT) {}

asio::awaitable<int> StopRequest::wait() {
    int signal = 0;
    if (!requested_) {
        const auto token = asio::as_tuple(asio::use_awaitable);
        const auto [ec, number] = co_await signals_.async_wait(token);
        if (!ec) signal = number;
    }
    boost::system::error_code ignored;  // if a handler stays, a second signal has no effect
    signals_.clear(ignored);
    co_return signal;
}

void StopRequest::request() {
    requested_ = true;
    boost::system::error_code ignored;
    signals_.cancel(ignored);
}

void run_life(net::Workers& workers, asio::awaitable<void> life, const Log& log) {
    auto on_end = [&](const std::exception_ptr& failure) {
        if (failure) {
            log_failure(failure, log);
            finish(false, log);
        }
        workers.stop();
    };
    asio::co_spawn(workers.context(0), std::move(life), std::move(on_end));
    workers.start();
    workers.join();
}

int finish(bool clean, const Log& log) {
    log.info("stopped", {{"clean", clean}});
    if (clean) return EXIT_SUCCESS;
    log.warn("exit_without_cleanup", {{"action", "exiting at once; what was written is safe"}});
    std::_Exit(EXIT_FAILURE);
}

}  // namespace fanion::service
