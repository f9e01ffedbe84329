#pragma once

// The life of a service: one coroutine on one thread, from the start to the last line of the log.
//
//     StopRequest stop(workers.context(0).get_executor());      // before anything that takes long
//     run_life(workers, run_until_stopped(), log);               // awaits stop.wait(), then ends everything in order
//     return finish(clean, log);

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/signal_set.hpp>

#include "common/base/log.hpp"
#include "common/net/server.hpp"

namespace fanion::service {

// SIGTERM, SIGINT, or the service itself asks for the end. Signals are caught from construction on,
// so that one that comes during the start is not lost. Once wait() has returned, both have their
// default effect again: the next one kills the process. One thread.
class StopRequest {
public:
    explicit StopRequest(const boost::asio::any_io_executor& executor);

    // Returns the number of the signal, or 0 after request(). Call it once.
    boost::asio::awaitable<int> wait();
    // Asks for the end without a signal, for instance because the start failed. May be called
    // before wait().
    void request();

private:
    boost::asio::signal_set signals_;
    bool requested_ = false;
};

// Starts the threads of `workers`, runs `life` on the first one, and when it ends stops and joins
// them all. Blocks until then. If `life` throws, this logs `life_failed` and exits with 1 as
// finish() does.
void run_life(net::Workers& workers, boost::asio::awaitable<void> life, const Log& log);

// Logs `stopped` and returns the exit status of a stop: 0 if everything ended in time (`clean`).
// Otherwise it does not return but exits with 1 without calling destructors, because what did not
// end still refers to what they would destroy.
int finish(bool clean, const Log& log);

}  // namespace fanion::service
