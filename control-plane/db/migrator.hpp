#pragma once

// Migrates a database to the schema that this program was built with, while programs use it. The
// folders' migrations are part of the program. One thread. The connection works as the owner of the
// schema (role "") with a statement timeout that is long enough for a migration.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <span>

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "control-plane/db/connection.hpp"
#include "control-plane/db/schema.hpp"

namespace fanion::cp::db {

// How long a migration waits for locks. Whoever needs a table after a migration that waits for it
// waits behind the migration: so it gives up soon, lets the others pass, and tries again.
struct LockPatience {
    std::chrono::milliseconds lock{1'000};  // for one lock; programs wait up to 2 s
    std::chrono::milliseconds pause{1'000};
    int attempts = 150;
};

// Applies the missing migrations. Each is committed by itself, in a transaction unless its marks
// say otherwise; programs take turns. Returns how many were applied: 0 also when the database is
// newer and this program goes on working with it. Error: unavailable when the database is ahead or
// altered, another program migrates for half an hour, or a table is in use all the time. Throws
// PgError; a transaction that failed is rolled back when the connection is closed.
boost::asio::awaitable<Result<int>> migrate(Connection& connection, const Log& log,
                                            std::span<const Migration> migrations = embedded_migrations(),
                                            LockPatience patience = {});

}  // namespace fanion::cp::db
