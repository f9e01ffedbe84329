#pragma once

// Environments: their rows, and the lock that every change of an environment's ruleset takes.
// Functions run in the caller's transaction, whose scope is the organisation. Order of locks: the
// project (lock_project), then its environments.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "common/wire/manifest.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/projects/settings.hpp"

namespace fanion::cp::projects {

struct Environment {
    access::EnvironmentId env_id;
    access::OrgId org_id;
    std::string org_key;
    access::ProjectId project_id;
    std::string project_key;
    std::string key;
    std::string name;
    std::string description;
    bool is_protected = false;
    int position = 0;    // lists are in this order
    std::string colour;  // "#3b82f6"; empty: none
    Confirmation confirmation = Confirmation::none;
    bool is_comment_required = false;
    unsigned required_approvals = 0;  // of a change of its flags and segments; 0: it needs no request
    std::optional<StagingSettings> staging;
    wire::Version version;                  // the published one; number 0 when there is none yet
    std::optional<wire::Version> released;  // what most relays have while `version` is held; none: nothing is held
    std::optional<Sha256> root;
    std::optional<Sha256> manifest_sha256;  // of the full manifest at `version`: `prev` of the next
    UnixMillis created_at = 0;
    UnixMillis updated_at = 0;
    std::optional<UnixMillis> deleted_at;  // only where deleted ones are shown: see deletion_store.hpp
};

// A row read FOR UPDATE: until the transaction ends nobody else changes or publishes this
// environment. Whatever publishes takes this type, so that it cannot be called without the lock.
struct LockedEnvironment : Environment {
    bool skips_stages = false;  // what is published by this goes to all relays at once, whatever is held
};

// All of a project's environments in their order.
boost::asio::awaitable<std::vector<Environment>> list_environments(db::Transaction& tx, access::ProjectId project_id);
// The same of several projects, one project's after another's.
boost::asio::awaitable<std::vector<Environment>> list_environments_of(db::Transaction& tx,
                                                                      std::vector<access::ProjectId> project_ids);
boost::asio::awaitable<std::optional<Environment>> find_environment(db::Transaction& tx, access::ProjectId project_id,
                                                                    std::string key);

// Locks in the order of env_id, so that two changes cannot deadlock.
boost::asio::awaitable<std::vector<LockedEnvironment>> lock_environments(db::Transaction& tx,
                                                                         access::ProjectId project_id);
boost::asio::awaitable<std::optional<LockedEnvironment>> lock_environment(db::Transaction& tx,
                                                                          access::ProjectId project_id,
                                                                          std::string key);
// The same by the keys of both.
boost::asio::awaitable<std::optional<LockedEnvironment>> lock_environment_at(db::Transaction& tx, access::OrgId org_id,
                                                                             std::string project, std::string key);

// nullopt when the key is taken in the project, perhaps by a deleted environment. The row counts as
// locked.
boost::asio::awaitable<std::optional<LockedEnvironment>> insert_environment(db::Transaction& tx, access::OrgId org_id,
                                                                            access::ProjectId project_id,
                                                                            NewEnvironment made);
// What EnvironmentSettings has, the approvals, and updated_at.
boost::asio::awaitable<void> update_environment(db::Transaction& tx, const LockedEnvironment& environment);

}  // namespace fanion::cp::projects
