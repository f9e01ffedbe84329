#pragma once

// A bounded set of connections. One thread: its executor's. Callers that wait are served in order;
// one that waits longer than the acquire timeout gets PgError (unavailable). A lost connection is
// replaced when one is needed again. Transactions may outlive the pool.
//
// Edits of an organisation (its scope, Mode::read_write) wait for each other's locks. They have
// connections of their own; reads, and what has no tenant, such as signing in, have others. Of
// edits that wait for the same lock, db/lock_waits.hpp bounds the number.

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
    std::size_t size = 8;                              // connections of edits; of everything if none are apart
    std::size_t apart = 0;                             // further ones of reads and of what has no tenant
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

    // One statement that only reads and needs no scope, in one round trip. It may be sent twice.
    template <class... Args>
    boost::asio::awaitable<Rows> read(const Statement& statement, const Args&... args) {
        return read_with(statement, make_params(args...));
    }
    boost::asio::awaitable<Rows> read_with(const Statement& statement, Params params);

    // A round trip to the database. Throws PgError.
    boost::asio::awaitable<void> ping();

    // Closes idle connections now and the others when they are returned. begin() throws from now
    // on.
    void close();

private:
    const std::shared_ptr<struct PoolState>& state_of(const Scope& scope, Mode mode) const;

    std::shared_ptr<struct PoolState> state_;  // shared with connections in use or being rolled back
    std::shared_ptr<struct PoolState> apart_;  // the same one if no connections are apart
};

}  // namespace fanion::cp::db
