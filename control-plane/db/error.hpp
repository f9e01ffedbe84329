#pragma once

// What goes wrong between us and PostgreSQL: an exception, because the database being gone or refusing is a broken
// world to most callers. A caller that expects one refusal (a key that exists already) catches PgError and asks
// is_unique_violation().

#include <stdexcept>
#include <string>
#include <string_view>

namespace fanion::cp::db {

class PgError : public std::runtime_error {
public:
    enum class Kind {
        refused,          // the database answered with an error: see sqlstate()
        connection_lost,  // went away while we waited; whether a commit happened is unknown
        unavailable,      // no connection to be had within the deadline
        timed_out,        // no answer within the deadline; the connection was given up
    };

    PgError(Kind kind, std::string message, std::string sqlstate = "", std::string constraint = "");

    Kind kind() const noexcept { return kind_; }
    const std::string& sqlstate() const noexcept { return sqlstate_; }      // five characters, or empty
    const std::string& constraint() const noexcept { return constraint_; }  // the violated constraint's name, or empty

    // Try again later: HTTP 503. Everything else that is not expected is a bug: HTTP 500.
    bool is_unavailable() const noexcept;

    bool is_unique_violation() const noexcept { return sqlstate_ == "23505"; }
    bool is_foreign_key_violation() const noexcept { return sqlstate_ == "23503"; }
    bool is_check_violation() const noexcept { return sqlstate_ == "23514"; }
    bool is_insufficient_privilege() const noexcept { return sqlstate_ == "42501"; }  // row-level security too
    bool is_serialization_failure() const noexcept { return sqlstate_ == "40001" || sqlstate_ == "40P01"; }
    bool is_bad_text() const noexcept { return sqlstate_ == "22021"; }  // not UTF-8, or holds a NUL character

private:
    Kind kind_;
    std::string sqlstate_;
    std::string constraint_;
};

std::string_view name_of(PgError::Kind kind) noexcept;  // "refused", "connection_lost", ..

}  // namespace fanion::cp::db
