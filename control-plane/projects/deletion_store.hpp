#pragma once

// Deleting and restoring organisations, projects and environments. A deleted one is a marked row,
// which row-level security hides from every statement: to the program it does not exist. Its key
// stays taken until it is purged. Projects and environments are marked, and restored, with what
// they are in, unless they were deleted before.
//
// Functions run in the caller's transaction, whose scope is the organisation unless noted, and
// throw PgError. Those that mark, restore or find what is marked need show_deleted() before.
// Order of locks: projects, then environments, then the organisation (which append_audit() locks).

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/access/named_role.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/projects/environment_store.hpp"

namespace fanion::cp::projects {

// How long what was deleted can be restored. It is purged an hour later, so that no purge meets a
// restoration.
inline constexpr UnixMillis restorable_for = 7LL * 24 * 3600 * 1000;
inline constexpr UnixMillis purged_after = restorable_for + 3600 * 1000;

// From now on the transaction's statements see deleted organisations, projects and environments.
boost::asio::awaitable<void> show_deleted(db::Transaction& tx);

// What goes with one. Without what was deleted before.
struct Contents {
    std::uint64_t projects = 0;  // of an organisation; 0 otherwise
    std::uint64_t environments = 0;
    std::uint64_t flags = 0;
    std::uint64_t segments = 0;
    std::uint64_t keys = 0;  // valid ones
};
boost::asio::awaitable<Contents> contents_of_org(db::Transaction& tx, access::OrgId org_id, UnixMillis now);
boost::asio::awaitable<Contents> contents_of_project(db::Transaction& tx, access::ProjectId project_id, UnixMillis now);

// The caller has locked the environment.
boost::asio::awaitable<void> delete_environment(db::Transaction& tx, const LockedEnvironment& environment,
                                                UnixMillis now);
// The caller has locked the project and then its environments.
boost::asio::awaitable<void> delete_project(db::Transaction& tx, access::ProjectId project_id, UnixMillis now);
// Locks all of the organisation's projects and environments. False when the organisation is at
// another version by then, or deleted.
boost::asio::awaitable<bool> delete_org(db::Transaction& tx, access::OrgId org_id, std::uint64_t version,
                                        UnixMillis now);

// Those that were deleted by themselves after `since`; of projects, see project_store.hpp.
boost::asio::awaitable<std::vector<Environment>> list_deleted_environments(db::Transaction& tx,
                                                                           access::ProjectId project_id,
                                                                           UnixMillis since);
boost::asio::awaitable<std::optional<LockedEnvironment>> lock_deleted_environment(db::Transaction& tx,
                                                                                  access::ProjectId project_id,
                                                                                  std::string key, UnixMillis since);

// Of a project, deleted ones among them.
boost::asio::awaitable<std::uint64_t> count_environments(db::Transaction& tx, access::ProjectId project_id);

boost::asio::awaitable<void> restore_environment(db::Transaction& tx, access::EnvironmentId env_id);
boost::asio::awaitable<void> restore_project(db::Transaction& tx, access::ProjectId project_id);
// False when the organisation is not deleted, or was so before `since`.
boost::asio::awaitable<bool> restore_org(db::Transaction& tx, access::OrgId org_id, UnixMillis since);

// The deleted organisations of a person, in the order of their keys, with their role there. Any
// scope; needs no show_deleted().
struct DeletedOrg {
    access::OrgId org_id;
    std::string key;
    std::string name;
    access::NamedRole role;
    UnixMillis deleted_at = 0;
};
boost::asio::awaitable<std::vector<DeletedOrg>> deleted_orgs_of_user(db::Transaction& tx, access::UserId user_id);

// Deletes at most about `at_most` rows of what was deleted before a time. To be repeated in
// transactions of their own until it returns 0. Any scope; needs no show_deleted().
boost::asio::awaitable<std::uint64_t> purge_deleted(db::Transaction& tx, UnixMillis before, int at_most);

}  // namespace fanion::cp::projects
