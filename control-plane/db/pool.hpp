#pragma once

// A bounded set of connections. One thread: its executor's. Callers that wait are served in order;
// one that waits longer than the acquire timeout gets PgError (unavailable). A lost connection is
// replaced when one is needed again. Transactions may outlive the pool.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>

#include "common/base/log.hpp"
#include "control-plane/db/connection.hpp"
#include "control-plane/db/metrics.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::db {

struct PoolConfig {
    ConnectionConfig connection;
    std::size_t size = 8;
    std::chrono::milliseconds acquire_timeout{3'000};  // covers waiting for a connection and connecting
};

class Pool {
public:
    Pool(boost::asio::any_io_executor executor, PoolConfig config, Metrics& metrics, const Log& log);
    ~Pool();
    Pool(const Pool&) = delete;

    boost::asio::awaitable<Transaction> begin(Scope scope, Mode mode = Mode::read_write);

    // One statement in a transaction of its own.
    template <class... Args>
    boost::asio::awaitable<Rows> run_once(Scope scope, const Statement& statement, const Args&... args) {
        return run_once_with(std::move(scope), statement, make_params(args...));
    }
    boost::asio::awaitable<Rows> run_once_with(Scope scope, const Statement& statement, Params params);

    // A round trip to the database. Throws PgError.
    boost::asio::awaitable<void> ping();

    // Closes idle connections now and the others when they are returned. begin() throws from now
    // on.
    void close();

private:
    std::shared_ptr<struct PoolState> state_;  // shared with connections in use or being rolled back
};

}  // namespace fanion::cp::db
