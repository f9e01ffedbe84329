#pragma once

// Brings a database to the schema this program was built with, and tells whether it is there. The .sql files beside this one
// are part of the program. One thread; the connection must work as the user that owns the schema (role ""), with a
// statement timeout that a migration may need.

#include <boost/asio/awaitable.hpp>
#include <span>
#include <string>
#include <string_view>

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "control-plane/db/connection.hpp"

namespace fanion::cp::db {

struct Migration {
    int version;
    std::string_view name;
    std::string_view sql;
};

// The program's own, by version from 1 without a gap.
std::span<const Migration> embedded_migrations();

enum class SchemaState {
    current,
    behind,   // migrations are missing: run `fanion-control-plane migrate`
    ahead,    // a newer program has migrated it: this one must not touch it
    altered,  // a migration that was applied is not the one this program knows
};

struct SchemaStatus {
    SchemaState state = SchemaState::current;
    int present = 0;  // highest version applied, 0: none
    int wanted = 0;
    std::string detail;  // for a person; empty when current
};

// Throws PgError.
boost::asio::awaitable<SchemaStatus> check_schema(Connection& connection,
                                                  std::span<const Migration> migrations = embedded_migrations());

// Applies what is missing, each migration in a transaction of its own, one process at a time (advisory lock). The number
// applied, or unavailable when the database is ahead or altered. Throws PgError: what was not committed is undone when
// the connection ends.
boost::asio::awaitable<Result<int>> migrate(Connection& connection, const Log& log,
                                            std::span<const Migration> migrations = embedded_migrations());

}  // namespace fanion::cp::db
