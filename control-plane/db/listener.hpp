#pragma once

// A connection that LISTENs. It reconnects by itself, with a growing pause between attempts. A
// notification is a hint and can be missed: the caller also polls. One thread.
//
//     for (;;) {
//         auto event = co_await listener.next(1s);   // nullopt: time to poll
//         ...                                        // connected: anything may have been missed; read all
//     }

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/log.hpp"
#include "control-plane/db/connection.hpp"

namespace fanion::cp::db {

struct ListenerEvent {
    enum class Kind {
        connected,  // (again) listening: notifications before this moment may have been missed
        notified,
    } kind = Kind::notified;
    std::string channel;  // notified
    std::string payload;  // notified
};

class Listener {
public:
    Listener(boost::asio::any_io_executor executor, ConnectionConfig config, std::vector<std::string> channels,
             const Log& log);

    // The next event; nullopt if there was none within `wait`. Connects if necessary; the pause
    // between attempts counts towards `wait`. Throws nothing but system_error, when the coroutine
    // is cancelled.
    boost::asio::awaitable<std::optional<ListenerEvent>> next(std::chrono::milliseconds wait);

    bool is_connected() const noexcept { return connection_ != nullptr; }

private:
    boost::asio::awaitable<bool> connect(std::chrono::steady_clock::time_point deadline);
    void log_lost(const PgError& error);

    boost::asio::any_io_executor executor_;
    ConnectionConfig config_;
    std::vector<std::string> channels_;
    const Log& log_;
    std::unique_ptr<Connection> connection_;
    std::chrono::milliseconds pause_{0};
    std::chrono::steady_clock::time_point next_attempt_{};
    bool was_lost_ = false;
};

}  // namespace fanion::cp::db
