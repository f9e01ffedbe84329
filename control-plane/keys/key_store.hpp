#pragma once

// API keys of applications and relays: their rows, never their secrets. Functions run in the
// caller's transaction, whose scope is the organisation. A key of an environment is also an item of
// it; whoever writes one holds the environment's lock.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "common/model/flag.hpp"
#include "common/wire/status.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::keys {

// What a key covers: an environment, else a whole project, else the whole organisation.
struct KeyPlace {
    access::OrgId org_id;
    std::optional<access::ProjectId> project_id;
    std::optional<access::EnvironmentId> env_id;
};

struct Key {
    access::KeyId key_id;
    model::AccessEntry::Kind kind = model::AccessEntry::Kind::server;
    std::string name;
    std::vector<std::string> origins;
    bool ofrep_minimal = false;
    bool rules = false;  // client keys: may have the rules of flags marked `client`
    std::optional<UnixMillis> not_before;
    std::optional<UnixMillis> not_after;
    std::string created_by;  // id of the person or service account
    UnixMillis created_at = 0;
    std::optional<UnixMillis> revoked_at;
    std::optional<UnixMillis> last_used_at;
    access::KeyId replaces;  // the key that was rotated into this one; empty: none
};

// Newest first; revoked ones too. The first `limit` that come after the key `after`, or all from
// the newest if it is empty.
boost::asio::awaitable<std::vector<Key>> list_keys(db::Transaction& tx, KeyPlace place, std::string after,
                                                   std::size_t limit);
boost::asio::awaitable<std::optional<Key>> find_key(db::Transaction& tx, KeyPlace place, access::KeyId key_id);
// The same, its row locked.
boost::asio::awaitable<std::optional<Key>> lock_key(db::Transaction& tx, KeyPlace place, access::KeyId key_id);
boost::asio::awaitable<void> insert_key(db::Transaction& tx, KeyPlace place, const Key& key, Sha256 key_hash);
// The keys of the place that a rotation has made of `key_id`.
boost::asio::awaitable<std::vector<Key>> list_successors(db::Transaction& tx, KeyPlace place, access::KeyId key_id);
// The hash that the key's item in the ruleset has; none: there is no such key.
boost::asio::awaitable<std::optional<Sha256>> hash_of_key(db::Transaction& tx, access::KeyId key_id);
boost::asio::awaitable<void> expire_key(db::Transaction& tx, access::KeyId key_id, UnixMillis at);
boost::asio::awaitable<void> revoke_key(db::Transaction& tx, access::KeyId key_id, UnixMillis now);

// Records when keys were last used, as a relay reports it. Keys that grant none of `env_ids` are
// skipped, a time after `now` counts as now, and a last use never moves back.
boost::asio::awaitable<void> record_key_uses(db::Transaction& tx, std::vector<wire::KeyUse> uses,
                                             std::vector<access::EnvironmentId> env_ids, UnixMillis now);

struct KeyOwner {
    access::KeyId key_id;
    access::OrgId org_id;
};
// Any scope: the key with this hash, in whatever organisation that is not deleted. Used to refuse
// the key and to audit that in its organisation.
boost::asio::awaitable<std::optional<KeyOwner>> find_key_owner(db::Transaction& tx, Sha256 key_hash);

}  // namespace fanion::cp::keys
