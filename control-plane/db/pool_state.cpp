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
        pool->keep_or_hand_over(std::move(connection));
    }
}

// A place in `total`, given up unless a connection comes of it.
class Place {
public:
    explicit Place(PoolState& pool) : pool_(&pool) {}
    Place(const Place&) = delete;
    ~Place() {
        if (pool_ != nullptr) pool_->discard(nullptr);
    }
    void keep() { pool_ = nullptr; }

private:
    PoolState* pool_;
};

}  // namespace

void PoolState::count() {
    metrics.connections.set(static_cast<double>(total));
    metrics.in_use.set(static_cast<double>(total - idle.size()));
    metrics.waiting.set(static_cast<double>(waiters.size()));
}

awaitable<std::unique_ptr<Connection>> PoolState::acquire(AcquireDeadline deadline) {
    if (closed) throw PgError(Kind::unavailable, "the pool is closed");
    if (auto connection = take_idle()) co_return connection;
    if (total < config.size) {
        ++total;
        co_return co_await connect();
    }
    co_return co_await queue(deadline);
}

std::unique_ptr<Connection> PoolState::take_idle() {
    while (!idle.empty()) {
        auto connection = std::move(idle.back());
        idle.pop_back();
        if (connection->is_alive()) {
            count();
            return connection;
        }
        discard(std::move(connection));
    }
    return nullptr;
}

// The place in `total` is already taken.
awaitable<std::unique_ptr<Connection>> PoolState::connect() {
    Place place(*this);
    count();
    try {
        auto settings = config.connection;
        settings.connect_timeout = std::min(settings.connect_timeout, config.acquire_timeout);
        auto connection = co_await Connection::open(executor, std::move(settings));
        metrics.connects.add();
        if (is_down) log.info("db_connected");
        is_down = false;
        place.keep();
        co_return connection;
    } catch (const PgError& error) {
        metrics.connect_errors.add();
        if (!is_down) log.warn("db_unreachable", {{"kind", name_of(error.kind())}, {"detail", error.what()}});
        is_down = true;
        throw;
    }
}

awaitable<std::unique_ptr<Connection>> PoolState::queue(AcquireDeadline deadline) {
    metrics.waits.add();
    const auto waiter = std::make_shared<Waiter>(executor);
    waiters.push_back(waiter);
    count();
    waiter->timer.expires_at(deadline);
    const auto [ec] = co_await waiter->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (waiter->granted) {
        if (waiter->connection) co_return std::move(waiter->connection);
        co_return co_await connect();
    }
    waiters.remove(waiter);
    count();
    if (ec) throw boost::system::system_error(ec);  // told to stop
    metrics.acquire_timeouts.add();
    throw PgError(Kind::unavailable, "no free connection to the database in time");
}

void PoolState::give_back(std::unique_ptr<Connection> connection) {
    if (connection->is_broken()) {
        metrics.connections_lost.add();
        discard(std::move(connection));
    } else if (connection->in_transaction()) {
        metrics.rollbacks.add();
        asio::co_spawn(executor, roll_back(shared_from_this(), std::move(connection)), asio::detached);
    } else {
        keep_or_hand_over(std::move(connection));
    }
}

void PoolState::keep_or_hand_over(std::unique_ptr<Connection> connection) {
    if (closed) return discard(std::move(connection));
    if (!grant_next(connection)) idle.push_back(std::move(connection));
    count();
}

// Its place goes to whoever waits.
void PoolState::discard(std::unique_ptr<Connection> connection) {
    connection.reset();
    if (!grant_next(connection)) --total;
    count();
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
