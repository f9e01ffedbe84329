#pragma once

// What is kept under names in a project. Functions run in the caller's transaction, whose scope is
// the organisation; a person finds what is shared and their own, a service account (`viewer` is
// empty) what is shared. Throw PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/db/transaction.hpp"
#include "control-plane/saved/saved.hpp"

namespace fanion::cp::saved {

// Where things of one kind are, for whom.
struct Shelf {
    access::OrgId org_id;
    access::ProjectId project_id;
    Kind kind = Kind::view;
    access::UserId viewer;
};

struct ShelfPage {
    std::string after_name;  // both empty: the beginning
    std::string after_id;
    std::size_t limit = 0;
};

// By name. Contexts without their members.
boost::asio::awaitable<std::vector<Saved>> list_saved(db::Transaction& tx, const Shelf& shelf, ShelfPage page);
// How many there are of those that are shared, or of the viewer's own.
boost::asio::awaitable<std::size_t> count_saved(db::Transaction& tx, const Shelf& shelf, bool is_shared);
boost::asio::awaitable<std::optional<Saved>> find_saved(db::Transaction& tx, const Shelf& shelf, SavedId saved_id);
boost::asio::awaitable<std::optional<Saved>> lock_saved(db::Transaction& tx, const Shelf& shelf, SavedId saved_id);
// Whether another of the shared ones, or of the viewer's own, has the name.
boost::asio::awaitable<bool> is_name_taken(db::Transaction& tx, const Shelf& shelf, const Saved& saved);
boost::asio::awaitable<void> insert_saved(db::Transaction& tx, const Shelf& shelf, const Saved& saved);
// What Content has, but for is_shared; version and updated_at.
boost::asio::awaitable<void> update_saved(db::Transaction& tx, const Saved& saved);
boost::asio::awaitable<void> delete_saved(db::Transaction& tx, SavedId saved_id);

}  // namespace fanion::cp::saved
