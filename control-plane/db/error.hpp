#pragma once

// A failure of PostgreSQL or of the connection to it. It is an exception because most callers
// cannot go on without the database. A caller that expects a certain refusal (the key is taken
// already) catches PgError and asks is_unique_violation(). Immutable.

#include <stdexcept>
#include <string>
#include <string_view>

namespace fanion::cp::db {

class PgError : public std::runtime_error {
public:
    enum class Kind {
        refused,          // the server answered with an error: see sqlstate()
        connection_lost,  // while waiting for the answer; whether a COMMIT took effect is unknown
        unavailable,      // no connection within the deadline
        timed_out,        // no answer within the deadline; the connection is discarded
    };

    PgError(Kind kind, std::string message, std::string sqlstate = "", std::string constraint = "");

    Kind kind() const noexcept { return kind_; }
    const std::string& sqlstate() const noexcept { return sqlstate_; }      // five characters, or empty
    const std::string& constraint() const noexcept { return constraint_; }  // the violated constraint's name, or empty

    // Transient: the same request may succeed later (HTTP 503). Any other error that the caller
    // does not expect is a bug (HTTP 500).
    bool is_unavailable() const noexcept;

    bool is_unique_violation() const noexcept { return sqlstate_ == "23505"; }
    bool is_check_violation() const noexcept { return sqlstate_ == "23514"; }
    bool is_insufficient_privilege() const noexcept { return sqlstate_ == "42501"; }  // row-level security too
    bool is_serialization_failure() const noexcept { return sqlstate_ == "40001" || sqlstate_ == "40P01"; }
    bool is_lock_timeout() const noexcept { return sqlstate_ == "55P03"; }
    bool is_bad_text() const noexcept { return sqlstate_ == "22021"; }  // not UTF-8, or holds a NUL character

private:
    Kind kind_;
    std::string sqlstate_;
    std::string constraint_;
};

std::string_view name_of(PgError::Kind kind) noexcept;  // "refused", "connection_lost", ..

}  // namespace fanion::cp::db
