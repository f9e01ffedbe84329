#pragma once

// Published versions of environments: writing one inside the transaction of a change, and reading
// committed ones across tenants for the feed and the streams. Each (env_id, epoch, version) is
// written once and never changed.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/wire/item_set.hpp"
#include "common/wire/manifest.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"
#include "control-plane/publish/published_store.hpp"

namespace fanion::cp::publish {

inline constexpr const char* changes_channel = "fanion_changes";  // NOTIFY; the payload is the env_id

struct NewVersion {
    access::EnvironmentId env_id;
    access::OrgId org_id;
    wire::Version version;
    Sha256 root{};
    Sha256 manifest_sha256{};  // of full.manifest
    std::uint64_t items = 0;
    std::uint64_t bytes = 0;
    UnixMillis issued_at = 0;
    SignedHead full;
    std::optional<SignedHead> delta;  // from the version before
    std::vector<wire::ItemChange> changes;
};

// Items, what changed, manifests, the environment's row, an outbox row of kind "version" and one
// NOTIFY. The transaction's scope is the organisation, the environment's row is locked. Throws
// PgError.
void write_version(db::Transaction& tx, const NewVersion& version);

// The rest reads across tenants, through SECURITY DEFINER functions: scope none
// -------------------------------------------

struct FeedEnvironment {
    access::EnvironmentId env_id;
    access::OrgId org_id;
    std::string org_key;
    access::ProjectId project_id;
    std::string project_key;
    std::string env_key;
    wire::Version version;  // number 0: nothing published yet
};
boost::asio::awaitable<std::vector<FeedEnvironment>> feed_environments(db::Transaction& tx);
// Those whose newest version is of an earlier epoch or not signed with the key `kid`, deleted ones
// among them.
boost::asio::awaitable<std::vector<FeedEnvironment>> environments_to_renew(db::Transaction& tx, std::uint64_t epoch,
                                                                           std::string kid);

struct FeedManifest {
    wire::Version version;
    SignedHead full;
    std::optional<SignedHead> delta;
};
// Versions after `after`, oldest first.
boost::asio::awaitable<std::vector<FeedManifest>> feed_manifests(db::Transaction& tx, access::EnvironmentId env_id,
                                                                 wire::Version after, int at_most);

struct FeedChange {
    std::uint64_t version = 0;
    wire::ItemChange change;
};
// What the versions after `after` up to `to` of one epoch changed, in order of version, then key.
boost::asio::awaitable<std::vector<FeedChange>> feed_changes(db::Transaction& tx, access::EnvironmentId env_id,
                                                             wire::Version after, wire::Version to);

// The present content. Use Mode::snapshot to read it together with feed_manifests.
boost::asio::awaitable<wire::ItemSet> feed_items(db::Transaction& tx, access::EnvironmentId env_id);

}  // namespace fanion::cp::publish
