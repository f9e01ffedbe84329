#include "control-plane/db/pool_state.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace fanion::cp::db {

namespace asio = boost::asio;
using asio::awaitable;
using Kind = PgError::Kind;

namespace {

awaitable<void> roll_back(std::shared_ptr<PoolState> pool, std::unique_ptr<Connection> connection) {
    try {
        co_await connection->run_script("ROLLBACK");
    } catch (const PgError& error) {
        pool->log.warn("db_rollback_failed", {{"kind", name_of(error.kind())}, {"detail", error.what()}});
    }
    if (connection->is_broken() || connection->in_transaction()) {
        pool->discard(std::move(connection));
    } else {
        pool->reuse(std::move(connection));
    }
}

// A slot of `total`, given back unless a connection was opened for it.
class Slot {
public:
    explicit Slot(PoolState& pool) : pool_(&pool) {}
    Slot(const Slot&) = delete;
    ~Slot() {
        if (pool_ != nullptr) pool_->discard(nullptr);
    }
    void keep() { pool_ = nullptr; }

private:
    PoolState* pool_;
};

}  // namespace

void PoolState::update_gauges() {
    const auto set_share = [](telemetry::Gauge& gauge, double& reported, std::size_t present) {
        const auto share = static_cast<double>(present);
        gauge.set(gauge.value() + share - reported);
        reported = share;
    };
    set_share(metrics.connections, reported_total, total);
    set_share(metrics.in_use, reported_in_use, total - idle.size());
    set_share(metrics.waiting, reported_waiting, waiters.size());
}

void PoolState::close() {
    closed = true;
    while (!idle.empty()) {
        auto connection = std::move(idle.back());
        idle.pop_back();
        discard(std::move(connection));
    }
}

awaitable<std::unique_ptr<Connection>> PoolState::acquire(AcquireDeadline deadline) {
    if (closed) throw PgError(Kind::unavailable, "the pool is closed");
    if (auto connection = take_idle()) co_return connection;
    if (total < config.size) {
        ++total;
        Slot slot(*this);
        auto connection = co_await connect();
        slot.keep();
        co_return connection;
    }
    co_return co_await wait_in_queue(deadline);
}

std::unique_ptr<Connection> PoolState::take_idle() {
    while (!idle.empty()) {
        auto connection = std::move(idle.back());
        idle.pop_back();
        if (connection->is_alive()) {
            update_gauges();
            return connection;
        }
        discard(std::move(connection));
    }
    return nullptr;
}

// The caller has a slot for the new connection.
awaitable<std::unique_ptr<Connection>> PoolState::connect() {
    update_gauges();
    try {
        auto settings = config.connection;
        settings.connect_timeout = std::min(settings.connect_timeout, config.acquire_timeout);
        auto connection = co_await Connection::open(executor, std::move(settings));
        metrics.connects.add();
        if (is_down) log.info("db_connected");
        is_down = false;
        co_return connection;
    } catch (const PgError& error) {
        metrics.connect_errors.add();
        if (!is_down) log.warn("db_unreachable", {{"kind", name_of(error.kind())}, {"detail", error.what()}});
        is_down = true;
        throw;
    }
}

awaitable<std::unique_ptr<Connection>> PoolState::wait_in_queue(AcquireDeadline deadline) {
    metrics.waits.add();
    const auto waiter = std::make_shared<Waiter>(executor);
    waiters.push_back(waiter);
    update_gauges();
    waiter->timer.expires_at(deadline);
    const auto [ec] = co_await waiter->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (waiter->granted) {
        if (waiter->connection) co_return std::move(waiter->connection);
        Slot slot(*this);  // a caller that is cancelled by now does not even begin to connect
        auto connection = co_await connect();
        slot.keep();
        co_return connection;
    }
    waiters.remove(waiter);
    update_gauges();
    if (ec) throw boost::system::system_error(ec);  // cancelled
    metrics.acquire_timeouts.add();
    throw PgError(Kind::unavailable, "no connection of the pool became free in time");
}

void PoolState::give_back(std::unique_ptr<Connection> connection) {
    if (connection->is_broken()) {
        metrics.connections_lost.add();
        discard(std::move(connection));
    } else if (connection->in_transaction()) {
        metrics.rollbacks.add();
        asio::co_spawn(executor, roll_back(shared_from_this(), std::move(connection)), asio::detached);
    } else {
        reuse(std::move(connection));
    }
}

void PoolState::reuse(std::unique_ptr<Connection> connection) {
    if (closed) return discard(std::move(connection));
    if (!grant_next(connection)) idle.push_back(std::move(connection));
    update_gauges();
}

// A waiter, if any, opens a connection in its place.
void PoolState::discard(std::unique_ptr<Connection> connection) {
    connection.reset();
    if (!grant_next(connection)) --total;
    update_gauges();
}

bool PoolState::grant_next(std::unique_ptr<Connection>& connection) {
    if (waiters.empty()) return false;
    const auto waiter = waiters.front();
    waiters.pop_front();
    waiter->granted = true;
    waiter->connection = std::move(connection);
    waiter->timer.cancel();
    return true;
}

}  // namespace fanion::cp::db
