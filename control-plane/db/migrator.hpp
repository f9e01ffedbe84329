#pragma once

// Migrates a database to the schema that this program was built with, and reports whether it has
// that schema. The folders' migrations are part of the program. One thread. The connection works as
// the owner of the schema (role "") with a statement timeout that is long enough for a migration.

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

// The migrations of this program, by version: 1, 2, 3, .. without a gap.
std::span<const Migration> embedded_migrations();

enum class SchemaState {
    current,
    behind,   // migrations are missing: run `fanion-control-plane migrate`
    ahead,    // migrated by a newer program: this one must not use it
    altered,  // an applied migration differs from this program's
};

struct SchemaStatus {
    SchemaState state = SchemaState::current;
    int present = 0;     // the highest version applied; 0: none
    int wanted = 0;      // this program's version
    std::string detail;  // for the administrator; empty when current
};

// Throws PgError.
boost::asio::awaitable<SchemaStatus> check_schema(Connection& connection,
                                                  std::span<const Migration> migrations = embedded_migrations());

// Applies the missing migrations, each in a transaction of its own; an advisory lock makes programs
// take turns. Returns how many were applied. Error: unavailable when the database is ahead or
// altered. Throws PgError; the transaction that failed is rolled back when the connection is
// closed.
boost::asio::awaitable<Result<int>> migrate(Connection& connection, const Log& log,
                                            std::span<const Migration> migrations = embedded_migrations());

}  // namespace fanion::cp::db
