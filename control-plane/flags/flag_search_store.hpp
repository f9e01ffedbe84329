#pragma once

// Searches the flags of a project. Functions run in the caller's transaction, whose scope is the
// organisation.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/flags/flag_search.hpp"
#include "control-plane/flags/flag_store.hpp"

namespace fanion::cp::flags {

// No tombstones. `environments`: in which evaluations count; `environment`: the one that the filter
// names. A page ends as items::page_bytes says.
boost::asio::awaitable<items::FoundList<Flag>> search_flags(db::Transaction& tx, access::ProjectId project_id,
                                                            FlagSearch search,
                                                            std::vector<access::EnvironmentId> environments,
                                                            std::optional<access::EnvironmentId> environment);

}  // namespace fanion::cp::flags
