#pragma once

// Projects. Functions run in the caller's transaction, whose scope is the organisation.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/access/grants.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/projects/settings.hpp"

namespace fanion::cp::projects {

struct Project {
    access::ProjectId project_id;
    std::string key;
    std::string name;
    std::string description;
    std::uint64_t version = 1;
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
    std::optional<UnixMillis> deleted_at;  // only where deleted ones are shown: see deletion_store.hpp
};

// Of those selected the first `limit` whose key comes after `after`, in the order of their keys'
// bytes.
boost::asio::awaitable<std::vector<Project>> list_projects(db::Transaction& tx, access::OrgId org_id,
                                                           access::Selection selected, std::string after,
                                                           std::size_t limit);
boost::asio::awaitable<std::optional<Project>> find_project(db::Transaction& tx, access::OrgId org_id, std::string key);
// Take this lock to add or remove flags, segments or environments, before locking any environment.
boost::asio::awaitable<std::optional<Project>> lock_project(db::Transaction& tx, access::OrgId org_id, std::string key);
// The same of those that were deleted by themselves after `since`; they need show_deleted() of
// deletion_store.hpp before.
boost::asio::awaitable<std::vector<Project>> list_deleted_projects(db::Transaction& tx, access::OrgId org_id,
                                                                   access::Selection selected, std::string after,
                                                                   std::size_t limit, UnixMillis since);
boost::asio::awaitable<std::optional<Project>> lock_deleted_project(db::Transaction& tx, access::OrgId org_id,
                                                                    std::string key, UnixMillis since);
// nullopt when the key is taken, perhaps by a deleted project.
boost::asio::awaitable<std::optional<Project>> insert_project(db::Transaction& tx, access::OrgId org_id,
                                                              NewProject made);
// Its name and description, version and updated_at.
boost::asio::awaitable<void> update_project(db::Transaction& tx, const Project& project);

}  // namespace fanion::cp::projects
