#pragma once

// Whether this program works with the schema that a database has. One thread.

#include <boost/asio/awaitable.hpp>
#include <span>
#include <string>

#include "control-plane/db/connection.hpp"
#include "control-plane/db/migration.hpp"

namespace fanion::cp::db {

class Pool;

// The migrations of this program, by version: 1, 2, 3, .. without a gap.
std::span<const Migration> embedded_migrations();

enum class SchemaState {
    current,
    newer,    // migrated by a newer program, by migrations that say that this one goes on working
    behind,   // migrations are missing: run `fanion-control-plane migrate`
    ahead,    // migrated by a newer program: this one must not use it
    altered,  // an applied migration differs from this program's
};

// Whether a program may use a database in this state.
constexpr bool is_usable(SchemaState state) noexcept {
    return state == SchemaState::current || state == SchemaState::newer;
}

struct SchemaStatus {
    SchemaState state = SchemaState::current;
    int present = 0;     // the highest version applied; 0: none
    int wanted = 0;      // this program's version
    int needed = 0;      // what a program must know at least to work with the newer migrations; 0: there are none
    std::string detail;  // for the administrator; empty when current
};

// Throws PgError.
boost::asio::awaitable<SchemaStatus> check_schema(Connection& connection,
                                                  std::span<const Migration> migrations = embedded_migrations());

// The same of the newer migrations only, for a program that runs: current, newer or ahead. Throws
// PgError. `pool` outlives the call.
boost::asio::awaitable<SchemaStatus> check_newer_schema(Pool& pool,
                                                        std::span<const Migration> migrations = embedded_migrations());

}  // namespace fanion::cp::db
