#pragma once

// What is published of an environment. Functions run in the caller's transaction, whose scope is
// the organisation; use Mode::snapshot when several of them must agree.

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/wire/item_set.hpp"
#include "common/wire/manifest.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::publish {

boost::asio::awaitable<wire::ItemSet> read_items(db::Transaction& tx, access::EnvironmentId env_id);

// Lines 0 and 1 of the signed full ruleset at a version; none when it was purged or never
// published.
struct SignedHead {
    std::string line0;
    std::string manifest;
};
boost::asio::awaitable<std::optional<SignedHead>> read_signed_head(db::Transaction& tx, access::EnvironmentId env_id,
                                                                   wire::Version version);

// The newest full manifest, as JSON, of each environment of the organisation.
boost::asio::awaitable<std::vector<std::string>> read_newest_manifests(db::Transaction& tx, access::OrgId org_id);

// The last full manifests, as JSON, of those of these environments that are deleted or purged.
boost::asio::awaitable<std::vector<std::string>> read_removed(db::Transaction& tx,
                                                              std::vector<access::EnvironmentId> env_ids);

}  // namespace fanion::cp::publish
