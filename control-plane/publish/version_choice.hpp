#pragma once

// A past version as a request names it: by number, or by the moment at which it was the newest. One
// thread; functions run in the caller's transaction.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/clock.hpp"
#include "common/base/error.hpp"
#include "common/wire/item_set.hpp"
#include "common/wire/manifest.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/projects/environment_store.hpp"

namespace fanion::cp::publish {

// "<epoch>.<number>", or the number alone (then epoch is 0). Error: invalid_input at `pointer`.
Result<wire::Version> read_version(std::string_view text, std::string pointer);

// The version that is meant, with its epoch. Error: not_found at `pointer`.
boost::asio::awaitable<Result<wire::Version>> require_version(db::Transaction& tx, const projects::Environment& env,
                                                              wire::Version wanted, std::string pointer);
boost::asio::awaitable<Result<wire::Version>> require_version_at(db::Transaction& tx, const projects::Environment& env,
                                                                 UnixMillis at, std::string pointer);
// The items of a version. Error: not_found at `pointer`: it is older than what is kept whole.
boost::asio::awaitable<Result<wire::ItemSet>> require_items_at(db::Transaction& tx, const projects::Environment& env,
                                                               wire::Version version, std::string pointer);

}  // namespace fanion::cp::publish
