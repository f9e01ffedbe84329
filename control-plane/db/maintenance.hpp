#pragma once

// Periodic work on the database that belongs to no resource. One thread.

#include <boost/asio/awaitable.hpp>

namespace fanion::cp::db {

class Pool;

// Deletes expired rows (the function purge_expired() of the schema says which), in a transaction of
// its own. Throws PgError. `pool` outlives the call.
boost::asio::awaitable<void> purge_expired(Pool& pool);

// Deletes counts of evaluations that are older than `days` (0: none), in transactions of bounded
// size. Throws PgError.
boost::asio::awaitable<void> purge_counts(Pool& pool, unsigned days);

// How many versions of an environment are kept, whatever their age.
inline constexpr unsigned most_versions = 2'000;

// Deletes older versions (purge_versions() of the schema): those beyond `at_most`, and those that
// were replaced more than `days` ago (0: none) but for the newest thousand. Throws PgError.
boost::asio::awaitable<void> purge_versions(Pool& pool, unsigned days, unsigned at_most = most_versions);

}  // namespace fanion::cp::db
