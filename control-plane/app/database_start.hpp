#pragma once

// Waits for the database, checks or migrates its schema, and reads which installation it holds. One
// thread.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <optional>

#include "common/base/clock.hpp"
#include "common/base/log.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/db/migrator.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/publish/instance_store.hpp"

namespace fanion::cp::app {

// Connects as the user of the connection string, who may change the schema; the statement timeout
// leaves time for a migration.
db::ConnectionConfig owner_connection(const std::string& conninfo);
// Connects with the role fanion_app.
db::ConnectionConfig app_connection(const std::string& conninfo, const Config& config);
// A pool of such connections.
db::PoolConfig app_pool(const std::string& conninfo, const Config& config, std::size_t size);
// The pools of one I/O thread, which have its share of --pool-size connections: half of them for
// edits, a quarter for the other requests to the admin API, and a quarter for relays; at least one
// for each.
db::PoolConfig admin_pool(const std::string& conninfo, const Config& config);
db::PoolConfig relay_pool(const std::string& conninfo, const Config& config);
// The connections of all threads' pools.
std::size_t pool_connections(const Config& config);

// Retries until the database answers, with a pause that grows to 2 s, and logs when it becomes
// unavailable and available. Errors (unavailable): a failure that waiting cannot fix (a schema that
// is missing or newer, a rejected login), or no answer within `patience`, if that is given;
// not_found and invalid_input of the file of --trust, which names a new installation.
boost::asio::awaitable<Result<publish::Instance>> open_database(
    boost::asio::any_io_executor executor, std::string conninfo, const Config& config, const Clock& clock,
    const Log& log, std::optional<std::chrono::milliseconds> patience = std::nullopt);

}  // namespace fanion::cp::app
