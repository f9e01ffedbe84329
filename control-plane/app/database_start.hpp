#pragma once

// From "there should be a database" to one that answers, has our schema and knows who we are. One thread.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "common/base/clock.hpp"
#include "common/base/log.hpp"
#include "control-plane/app/config.hpp"
#include "control-plane/db/migrator.hpp"
#include "control-plane/publish/instance_store.hpp"

namespace fanion::cp::app {

// As the user of the connection string, who may change the schema; with time for a migration.
db::ConnectionConfig owner_connection(const std::string& conninfo);
// As fanion_app.
db::ConnectionConfig app_connection(const std::string& conninfo, const Config& config);

// Tries until the database answers, with a growing pause up to 2 s, and logs when it begins and ends to be away. Error: what no
// waiting helps against (a schema that is missing or newer, a refused login).
boost::asio::awaitable<Result<publish::Instance>> open_database(boost::asio::any_io_executor executor,
                                                                std::string conninfo, const Config& config,
                                                                const Clock& clock, const Log& log);

}  // namespace fanion::cp::app
