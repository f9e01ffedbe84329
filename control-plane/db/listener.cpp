#include "control-plane/db/listener.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace fanion::cp::db {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds first_pause{100};
constexpr std::chrono::milliseconds longest_pause{2'000};

awaitable<void> sleep_until(asio::any_io_executor executor, steady_clock::time_point when) {
    asio::steady_timer timer(executor, when);
    const auto [ec] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (ec) throw boost::system::system_error(ec);
}

}  // namespace

Listener::Listener(asio::any_io_executor executor, ConnectionConfig config, std::vector<std::string> channels,
                   const Log& log)
    : executor_(std::move(executor)), config_(std::move(config)), channels_(std::move(channels)), log_(log) {}

awaitable<std::optional<ListenerEvent>> Listener::next(std::chrono::milliseconds wait) {
    const auto deadline = steady_clock::now() + wait;
    if (!connection_) {
        const bool connected = co_await connect(deadline);
        if (!connected) co_return std::nullopt;
        co_return std::optional<ListenerEvent>(ListenerEvent{ListenerEvent::Kind::connected, "", ""});
    }
    try {
        auto notification = co_await connection_->next_notification(wait);
        if (!notification) co_return std::nullopt;
        co_return std::optional<ListenerEvent>(ListenerEvent{
            ListenerEvent::Kind::notified, std::move(notification->channel), std::move(notification->payload)});
    } catch (const PgError& error) {
        log_lost(error);
    }
    co_return std::nullopt;
}

// False when there is no connection at the deadline.
awaitable<bool> Listener::connect(steady_clock::time_point deadline) {
    if (next_attempt_ > deadline) {
        co_await sleep_until(executor_, deadline);
        co_return false;
    }
    if (next_attempt_ > steady_clock::now()) co_await sleep_until(executor_, next_attempt_);
    try {
        auto settings = config_;
        auto connection = co_await Connection::open(executor_, std::move(settings));
        for (const auto& channel : channels_) {
            std::string listen = "LISTEN \"" + channel + "\"";
            co_await connection->run_script(std::move(listen));
        }
        connection_ = std::move(connection);
        if (was_lost_) log_.info("db_listener_connected");
        pause_ = {};
        was_lost_ = false;
        co_return true;
    } catch (const PgError& error) {
        log_lost(error);
    }
    if (steady_clock::now() < deadline) co_await sleep_until(executor_, std::min(deadline, next_attempt_));
    co_return false;
}

void Listener::log_lost(const PgError& error) {
    if (!was_lost_) log_.warn("db_listener_lost", {{"kind", name_of(error.kind())}, {"detail", error.what()}});
    was_lost_ = true;
    connection_.reset();
    pause_ = std::clamp(pause_ * 2, first_pause, longest_pause);
    next_attempt_ = steady_clock::now() + pause_;
}

}  // namespace fanion::cp::db
