#pragma once

// One connection to PostgreSQL, by libpq's non-blocking calls. One thread, one operation at a time.
//
// Every wait has a deadline. After a missed deadline, a cancellation or a lost socket the
// connection is broken: it can only be destroyed. The destructor closes the socket and never waits.
// Functions throw PgError; coroutines throw system_error (operation_aborted) when they are
// cancelled.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/db/error.hpp"
#include "control-plane/db/rows.hpp"
#include "control-plane/db/statement.hpp"

namespace fanion::cp::db {

inline constexpr const char* app_role = "fanion_app";  // V001__schema.sql: owns nothing, row-level security applies

struct ConnectionConfig {
    std::string conninfo;         // libpq: "postgresql://.." or "host=/run/x dbname=fanion"
    std::string role = app_role;  // SET ROLE after connecting; empty: the connecting user (migrations)
    std::string application_name = "fanion-control-plane";
    std::chrono::milliseconds connect_timeout{3'000};
    std::chrono::milliseconds statement_timeout{10'000};  // the server's; see run_all()
    std::chrono::milliseconds lock_timeout{0};            // for one lock; 0: as long as the statement may take
};

// What came of statements that were sent together.
struct Answers {
    std::vector<Rows> rows;        // of those that were carried out
    std::optional<PgError> error;  // those after the one that failed were skipped
    std::size_t failed = 0;        // its index
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

    // Sends the statements together, and returns when all of them are answered. Each is carried
    // out after the one before it, and sees what that has done. A statement is prepared when this
    // connection runs it for the first time. All but the last return few rows. The server times
    // each statement; the client waits for 64 of them together 2 s longer than one may take.
    // Throws what is not the server's refusal of a statement.
    boost::asio::awaitable<Answers> run_all(const std::vector<Bound>& statements);
    boost::asio::awaitable<Rows> run(const Statement& statement, Params params);
    // Statements separated by ';', without parameters. Returns the last one's rows.
    boost::asio::awaitable<Rows> run_script(std::string sql);
    // The next notification of a channel that this connection LISTENs to; nullopt if none came
    // within `wait`.
    boost::asio::awaitable<std::optional<Notification>> next_notification(std::chrono::milliseconds wait);

    bool is_broken() const noexcept;
    bool in_transaction() const noexcept;
    // Reads what has arrived on the idle connection, without waiting. False: the server has closed
    // it.
    bool is_alive() noexcept;
    // `text` as an SQL literal, quotes included. Throws PgError when it is not UTF-8.
    std::string quote(std::string_view text) const;

private:
    struct Impl;
    explicit Connection(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace fanion::cp::db
