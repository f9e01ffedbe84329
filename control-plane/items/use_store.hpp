#pragma once

// Which configurations of a project use a flag or a segment, from the stored configurations, and so
// archived flags too. Functions run in the caller's transaction, whose scope is the organisation.

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/items/uses.hpp"

namespace fanion::cp::items {

inline constexpr std::size_t max_uses = 1000;

struct FoundUses {
    std::vector<Use> uses;
    bool has_more = false;  // than max_uses
};

// In the order of keys' bytes and then of environments: of flags, then of segments. `environment`:
// a key, or empty for all. `variation`: of the flag, or empty for the flag itself; the flag's own
// configurations are not searched.
boost::asio::awaitable<FoundUses> find_flag_uses(db::Transaction& tx, access::ProjectId project_id, std::string flag,
                                                 std::string variation, std::string environment);
boost::asio::awaitable<FoundUses> find_segment_uses(db::Transaction& tx, access::ProjectId project_id,
                                                    std::string segment, std::string environment);

}  // namespace fanion::cp::items
