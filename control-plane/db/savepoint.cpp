#include "control-plane/db/savepoint.hpp"

namespace fanion::cp::db {

using boost::asio::awaitable;

constexpr Statement set_savepoint_sql{"set_savepoint", "SAVEPOINT part"};

void set_savepoint(Transaction& tx) { tx.post(set_savepoint_sql); }

constexpr Statement release_savepoint_sql{"release_savepoint", "RELEASE SAVEPOINT part"};

void release_savepoint(Transaction& tx) { tx.post(release_savepoint_sql); }

constexpr Statement undo_to_savepoint_sql{"undo_to_savepoint", "ROLLBACK TO SAVEPOINT part"};

// Of several savepoints with one name, the last is meant; releasing it brings the one before back.
awaitable<void> undo_to_savepoint(Transaction& tx) {
    co_await tx.run(undo_to_savepoint_sql);
    release_savepoint(tx);
}

}  // namespace fanion::cp::db
