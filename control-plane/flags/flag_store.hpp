#pragma once

// Flags and their configuration per environment. Functions run in the caller's transaction, whose
// scope is the organisation. Callers that write a definition must hold the project's lock.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/flags/flag.hpp"
#include "control-plane/items/configured.hpp"
#include "control-plane/items/item_page.hpp"
#include "control-plane/projects/environment_store.hpp"

namespace fanion::cp::flags {

struct Flag {
    access::FlagId flag_id;
    FlagDefinition definition;
    bool is_deleted = false;  // a tombstone: its key stays taken
};

// From the columns that find_flag selects, for the statements of this folder.
Flag to_flag(db::Row row);

// Of a flag in one environment.
struct ConfiguredState {
    bool enabled = false;
    std::uint64_t version = 0;  // 0: it has no configuration there
};

// In the order of their keys' bytes. No tombstones.
boost::asio::awaitable<items::FoundPage<Flag>> list_flags(db::Transaction& tx, access::ProjectId project_id,
                                                          items::ItemPage page);
// For each of the flags, one for each of the environments.
boost::asio::awaitable<std::vector<std::vector<ConfiguredState>>> configured_states(
    db::Transaction& tx, const std::vector<Flag>& flags, const std::vector<access::EnvironmentId>& environments);
// The same of their last evaluations. None: it has not been evaluated there.
boost::asio::awaitable<std::vector<std::vector<std::optional<UnixMillis>>>> last_evaluations(
    db::Transaction& tx, const std::vector<Flag>& flags, const std::vector<access::EnvironmentId>& environments);
// Also returns a tombstone.
boost::asio::awaitable<std::optional<Flag>> find_flag(db::Transaction& tx, access::ProjectId project_id,
                                                      std::string key);

// Throws PgError (unique violation) when the key is or was taken.
boost::asio::awaitable<Flag> insert_flag(db::Transaction& tx, access::OrgId org_id, access::ProjectId project_id,
                                         const FlagDefinition& definition);
boost::asio::awaitable<void> update_flag(db::Transaction& tx, const Flag& flag);
boost::asio::awaitable<void> delete_flag(db::Transaction& tx, const Flag& flag, UnixMillis now);

boost::asio::awaitable<std::optional<FlagEnvironment>> find_flag_config(db::Transaction& tx, const Flag& flag,
                                                                        access::EnvironmentId env_id);
// Both, in one statement. Also of a tombstone.
using ConfiguredFlag = items::Configured<Flag, FlagEnvironment>;
boost::asio::awaitable<std::optional<ConfiguredFlag>> find_configured_flag(db::Transaction& tx,
                                                                           const projects::Environment& env,
                                                                           std::string key);
// Inserts or replaces.
boost::asio::awaitable<void> put_flag_config(db::Transaction& tx, const Flag& flag,
                                             const projects::LockedEnvironment& env, const FlagEnvironment& config,
                                             std::string updated_by);

}  // namespace fanion::cp::flags
