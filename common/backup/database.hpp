#pragma once

// One session with PostgreSQL for work outside of the control plane: backups and checks. Blocking;
// one thread.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/error.hpp"

struct pg_conn;
struct pg_result;

namespace fanion::backup {

using Row = std::vector<std::optional<std::string>>;  // nullopt: NULL

class Database {
public:
    // `url`: as libpq reads it, a connection string or URL; what it leaves out comes from
    // PostgreSQL's environment variables. Errors: invalid_input (malformed), unavailable with the
    // server's words. No message has the password.
    static Result<Database> connect(const std::string& url);

    // The variables by which PostgreSQL's programs connect to the same database: a password in
    // their arguments would be seen by everybody.
    const std::map<std::string, std::string>& environment() const noexcept { return environment_; }
    // "fanion on db.example:5432", for messages.
    const std::string& shown() const noexcept { return shown_; }
    std::string server_version() const;  // "15.8"

    // Errors of all: forbidden (no privilege), unavailable (the connection is lost), internal; with
    // the server's words.
    Result<std::vector<Row>> query(const std::string& sql, const std::vector<std::string>& parameters = {});
    // The first column of the only row; "" if it is NULL or there is no row.
    Result<std::string> value(const std::string& sql, const std::vector<std::string>& parameters = {});
    // Row by row, so that memory holds one. An error of `take` ends it.
    Result<> each(const std::string& sql, const std::vector<std::string>& parameters,
                  const std::function<Result<>(const Row&)>& take);

private:
    struct Close {
        void operator()(pg_conn* connection) const noexcept;
    };
    Database() = default;
    Error failure(const pg_result* result) const;
    bool send(const std::string& sql, const std::vector<std::string>& parameters);

    std::unique_ptr<pg_conn, Close> connection_;
    std::map<std::string, std::string> environment_;
    std::string shown_;
};

// `text` as an identifier and as a literal of SQL.
std::string quote_name(std::string_view text);
std::string quote_text(std::string_view text);

}  // namespace fanion::backup
