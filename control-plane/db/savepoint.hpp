#pragma once

// A part of a transaction that can be undone alone: set, and then released or undone. They nest.
// What fails with a PgError is not undone but ends the transaction.

#include <boost/asio/awaitable.hpp>

#include "control-plane/db/transaction.hpp"

namespace fanion::cp::db {

void set_savepoint(Transaction& tx);
void release_savepoint(Transaction& tx);
// The locks that were taken since are released.
boost::asio::awaitable<void> undo_to_savepoint(Transaction& tx);

}  // namespace fanion::cp::db
