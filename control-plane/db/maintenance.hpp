#pragma once

// Periodic work on the database that belongs to no resource. One thread.

#include <boost/asio/awaitable.hpp>

namespace fanion::cp::db {

class Pool;

// Deletes expired rows (the function purge_expired() of the schema says which), in a transaction of
// its own. Throws PgError. `pool` outlives the call.
boost::asio::awaitable<void> purge_expired(Pool& pool);

// How many days of history are kept; 0: all.
struct Retention {
    unsigned audit_days = 0;
    unsigned counts_days = 0;
    unsigned ruleset_days = 0;
};

// Deletes older audit entries and counts of evaluations (purge_history() of the schema), in
// transactions of bounded size. An organisation's newest audit entry stays. Throws PgError.
boost::asio::awaitable<void> purge_history(Pool& pool, Retention retention);

// How many versions of an environment are kept, whatever their age.
inline constexpr unsigned most_versions = 2'000;

// Deletes older versions (purge_versions() of the schema): those beyond `at_most`, and those that
// were replaced more than `ruleset_days` ago but for the newest thousand. Throws PgError.
boost::asio::awaitable<void> purge_versions(Pool& pool, Retention retention, unsigned at_most = most_versions);

}  // namespace fanion::cp::db
