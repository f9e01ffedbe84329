#pragma once

// The configurations that differ between two environments of a project. Functions run in the
// caller's transaction, whose scope is the organisation.

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/items/item_page.hpp"

namespace fanion::cp::promotion {

struct DifferingItem {
    std::string item;  // "flag/<key>" or "segment/<key>"
    std::string from;  // configurations as they are stored, JSON
    std::string to;
    bool is_archived = false;
};

struct ComparisonPage {
    std::string after;  // an item; empty: from the first
    std::size_t limit = 50;
    std::string item;  // only this one; empty: all
};

// In the order of their items' bytes, flags first. No deleted ones. A page ends with the item with
// which it reaches items::page_bytes, at the latest. The texts are compared: they are written in
// one way, so that equal configurations are not found but for those written by an older program.
boost::asio::awaitable<items::FoundPage<DifferingItem>> list_differing(db::Transaction& tx,
                                                                       access::ProjectId project_id,
                                                                       access::EnvironmentId from,
                                                                       access::EnvironmentId to, ComparisonPage page);

// The items that list_differing() finds and that are not archived, at most `limit`.
boost::asio::awaitable<std::vector<std::string>> list_differing_keys(db::Transaction& tx, access::ProjectId project_id,
                                                                     access::EnvironmentId from,
                                                                     access::EnvironmentId to, std::size_t limit);

}  // namespace fanion::cp::promotion
