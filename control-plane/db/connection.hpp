#pragma once

// One connection to PostgreSQL over libpq's non-blocking calls. One thread, one operation at a time. Every wait has a
// deadline; after a deadline, a cancellation or a lost socket the connection is broken for good and only fit to be
// destroyed. The destructor closes the socket and never waits. Everything throws PgError, and system_error (operation_aborted) when the
// waiting coroutine is told to stop.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "control-plane/db/error.hpp"
#include "control-plane/db/rows.hpp"
#include "control-plane/db/statement.hpp"

namespace fanion::cp::db {

inline constexpr const char* app_role = "fanion_app";  // migrations/V001: owns nothing, row-level security applies

struct ConnectionConfig {
    std::string conninfo;         // libpq: "postgresql://.." or "host=/run/x dbname=fanion"
    std::string role = app_role;  // SET ROLE after connect; empty: stay who we are (migrations)
    std::string application_name = "fanion-control-plane";
    std::chrono::milliseconds connect_timeout{3'000};
    std::chrono::milliseconds statement_timeout{10'000};  // the server gives up first, we 2 s later
};

struct Notification {
    std::string channel;
    std::string payload;
};

class Connection {
public:
    static boost::asio::awaitable<std::unique_ptr<Connection>> open(boost::asio::any_io_executor executor,
                                                                    ConnectionConfig config);
    ~Connection();
    Connection(const Connection&) = delete;

    // Prepares the statement at its first use on this connection.
    boost::asio::awaitable<Rows> run(const Statement& statement, Params params);
    // Several statements separated by ';', no parameters; the last one's rows.
    boost::asio::awaitable<Rows> run_script(std::string sql);
    // The next notification of a channel that this connection LISTENs to; nothing within `wait`.
    boost::asio::awaitable<std::optional<Notification>> next_notification(std::chrono::milliseconds wait);

    bool is_broken() const noexcept;
    bool in_transaction() const noexcept;
    // Inside a transaction in which a statement was refused: COMMIT would roll back without an error.
    bool is_refusing() const noexcept;
    // Looks at the idle socket without waiting: false when the server went away meanwhile.
    bool is_alive() noexcept;
    // Text as an SQL literal with its quotes.
    std::string quote(std::string_view text) const;

private:
    struct Impl;
    explicit Connection(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace fanion::cp::db
