#pragma once

// What the pool and its transactions share (private to this folder). One thread.

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "control-plane/db/lock_waits.hpp"
#include "control-plane/db/pool.hpp"

namespace fanion::cp::db {

using AcquireDeadline = std::chrono::steady_clock::time_point;

// Invariants:
// 1. There are no idle connections while somebody waits.
// 2. `total` counts the connections that are idle, in use, being rolled back or being opened; it
//    never exceeds the pool's size.
struct PoolState : std::enable_shared_from_this<PoolState> {
    struct Waiter {
        explicit Waiter(const boost::asio::any_io_executor& executor) : timer(executor) {}
        boost::asio::steady_timer timer;
        bool granted = false;  // proceeds with `connection`, or opens one when that is null
        std::unique_ptr<Connection> connection;
    };

    PoolState(boost::asio::any_io_executor e, PoolConfig c, Metrics& m, const Log& l)
        : executor(std::move(e)), config(std::move(c)), metrics(m), log(l) {}

    boost::asio::awaitable<std::unique_ptr<Connection>> acquire(AcquireDeadline deadline);
    void give_back(std::unique_ptr<Connection> connection);

    std::unique_ptr<Connection> take_idle();
    boost::asio::awaitable<std::unique_ptr<Connection>> connect();
    boost::asio::awaitable<std::unique_ptr<Connection>> wait_in_queue(AcquireDeadline deadline);
    void reuse(std::unique_ptr<Connection> connection);
    void discard(std::unique_ptr<Connection> connection);
    bool grant_next(std::unique_ptr<Connection>& connection);
    void update_gauges();
    void close();

    boost::asio::any_io_executor executor;
    PoolConfig config;
    Metrics& metrics;
    const Log& log;
    std::vector<std::unique_ptr<Connection>> idle;
    std::list<std::shared_ptr<Waiter>> waiters;  // shared: a waiter may be cancelled while it is being granted
    LockWaits lock_waits;
    std::size_t total = 0;
    double reported_total = 0;  // our share of the gauges, which other states have too
    double reported_in_use = 0;
    double reported_waiting = 0;
    bool closed = false;
    bool is_down = false;  // the last attempt to connect failed; logged once
};

// Returns its connection to the pool.
struct PooledConnection {
    using Clock = std::chrono::steady_clock;

    PooledConnection(std::shared_ptr<PoolState> p, std::unique_ptr<Connection> c, std::string org)
        : pool(std::move(p)), connection(std::move(c)), org_id(std::move(org)) {}
    ~PooledConnection() {
        if (connection) pool->give_back(std::move(connection));
    }
    PooledConnection(const PooledConnection&) = delete;

    // The statement is sent with those that are run next.
    void post(const Statement& statement, Params params);
    // Runs what is posted, and returns the rows of the last; refuses all if what one of them waits
    // for is locked. Nothing can be run after a failure.
    boost::asio::awaitable<Rows> run_posted();

    std::shared_ptr<PoolState> pool;
    std::unique_ptr<Connection> connection;  // null where the loss of one could not be made up for
    std::string org_id;                      // the transaction's scope
    std::vector<Bound> posted;
    // Until then a connection is replaced that turns out to have been lost while it was idle:
    // nothing has been run on it. Zero afterwards.
    AcquireDeadline replace_until{};
    bool has_failed = false;

private:
    boost::asio::awaitable<Answers> send(const std::vector<Bound>& flight, bool is_commit);
    bool admit(const std::vector<Bound>& flight);
    // `failed`: the number of the one that failed, or of none.
    void note_end(const std::vector<Bound>& flight, std::size_t failed, const PgError* error, Clock::duration took);
};

}  // namespace fanion::cp::db
