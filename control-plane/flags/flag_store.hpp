#pragma once

// Flags and their configuration per environment. Functions run in the caller's transaction, whose scope is the organisation.
// Whoever writes holds the environments' locks.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "control-plane/db/transaction.hpp"
#include "control-plane/flags/flag.hpp"

namespace fanion::cp::flags {

struct Flag {
    std::string flag_id;
    FlagDefinition definition;
    bool is_deleted = false;  // a tombstone: its key stays taken
};

// What lists say of a flag in each environment.
struct FlagSummary {
    std::string environment;
    bool enabled = false;
    std::uint64_t version = 1;
};

struct FlagPage {
    std::string after;  // key; empty: from the first
    std::size_t limit = 50;
    std::string contains;  // in key or name, ASCII case folded; empty: all
};

// In the order of their keys' bytes; one more than `limit` where there are more. No tombstones.
boost::asio::awaitable<std::vector<Flag>> list_flags(db::Transaction& tx, std::string project_id, FlagPage page);
// For each of the flags, its environments in their order.
boost::asio::awaitable<std::vector<std::vector<FlagSummary>>> summarise_flags(db::Transaction& tx,
                                                                              const std::vector<Flag>& flags);
// Also a tombstone: the caller asks is_deleted.
boost::asio::awaitable<std::optional<Flag>> find_flag(db::Transaction& tx, std::string project_id, std::string key);

// Throws PgError (unique violation) when the key is or was taken.
boost::asio::awaitable<Flag> insert_flag(db::Transaction& tx, std::string org_id, std::string project_id,
                                         const FlagDefinition& definition);
boost::asio::awaitable<void> update_flag(db::Transaction& tx, const Flag& flag);
boost::asio::awaitable<void> delete_flag(db::Transaction& tx, std::string flag_id, UnixMillis now);

boost::asio::awaitable<std::optional<FlagEnvironment>> find_flag_config(db::Transaction& tx, std::string flag_id,
                                                                        std::string env_id);
// Inserts or replaces.
boost::asio::awaitable<void> put_flag_config(db::Transaction& tx, std::string org_id, std::string flag_id,
                                             std::string env_id, const FlagEnvironment& config, std::string updated_by);

}  // namespace fanion::cp::flags
