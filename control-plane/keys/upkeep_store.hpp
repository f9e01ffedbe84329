#pragma once

// The environments whose rulesets may not name the relay keys of their project or organisation as
// they are now: triggers in the schema note them. Throw PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/wire/item_set.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/keys/key_store.hpp"

namespace fanion::cp::keys {

// The item of a key in the rulesets of its environments.
std::string access_item_key(const access::KeyId& key_id);
std::string access_item(const Key& key, const Sha256& hash);

struct Upkeep {
    access::EnvironmentId env_id;
    access::OrgId org_id;
    access::ProjectId project_id;  // empty: the environment was purged
    std::string env_key;
};
// Any scope: of all organisations, at most `most` that are due, the longest first.
boost::asio::awaitable<std::vector<Upkeep>> list_upkeep(db::Transaction& tx, int most);

// How often the environment was noted; nullopt: its upkeep is done.
boost::asio::awaitable<std::optional<std::uint64_t>> find_upkeep(db::Transaction& tx, access::EnvironmentId env_id);
// Unless it was noted again since.
boost::asio::awaitable<void> end_upkeep(db::Transaction& tx, access::EnvironmentId env_id, std::uint64_t noted);
// Due again after a time that grows with each failure, up to an hour, or when it is noted again.
// Unless it was noted again since; `noted`: nullopt if that is not known.
boost::asio::awaitable<void> postpone_upkeep(db::Transaction& tx, access::EnvironmentId env_id,
                                             std::optional<std::uint64_t> noted);

// Makes the caller wait for concurrent changes of relay keys of the organisation or its projects,
// as the triggers do at the change itself: for callers that take the lock of a quota before that.
boost::asio::awaitable<void> lock_wide_relay_keys(db::Transaction& tx, access::OrgId org_id);

// What makes the ruleset of an environment name these keys.
boost::asio::awaitable<std::vector<wire::ItemChange>> relay_key_changes(db::Transaction& tx, access::OrgId org_id,
                                                                        access::ProjectId project_id,
                                                                        access::EnvironmentId env_id);

}  // namespace fanion::cp::keys
