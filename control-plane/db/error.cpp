#include "control-plane/db/error.hpp"

#include <utility>

namespace fanion::cp::db {

PgError::PgError(Kind kind, std::string message, std::string sqlstate, std::string constraint)
    : std::runtime_error(std::move(message)),
      kind_(kind),
      sqlstate_(std::move(sqlstate)),
      constraint_(std::move(constraint)) {}

bool PgError::is_unavailable() const noexcept {
    return kind_ != Kind::refused || is_serialization_failure() || is_lock_timeout() ||
           sqlstate_ == "25006" /* a standby: read-only */ ||
           sqlstate_.starts_with("53") /* out of connections, disk or memory */;
}

std::string_view name_of(PgError::Kind kind) noexcept {
    switch (kind) {
        case PgError::Kind::refused:
            return "refused";
        case PgError::Kind::connection_lost:
            return "connection_lost";
        case PgError::Kind::unavailable:
            return "unavailable";
        case PgError::Kind::timed_out:
            return "timed_out";
    }
    return "unknown";
}

}  // namespace fanion::cp::db
