#pragma once

// Past versions of an environment: who made them, what they changed, and their content. Functions
// run in the caller's transaction, whose scope is the organisation; use Mode::snapshot when several
// of them must agree. Throws PgError.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "common/wire/item_set.hpp"
#include "common/wire/manifest.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::publish {

// The change that published a version, as its audit entry names it.
struct VersionAuthor {
    std::string actor_kind;
    std::string actor_id;
    std::string action;
    std::string comment;
    std::string audit_id;
};
// Once for each version, after its manifest was written in the same transaction.
void record_author(db::Transaction& tx, const access::OrgId& org_id, const access::EnvironmentId& env_id,
                   wire::Version version, const VersionAuthor& author);

// How many of the changed items a list names of each version.
inline constexpr std::size_t most_items_named = 100;

struct PastVersion {
    wire::Version version;
    Sha256 root{};
    std::uint64_t items = 0;
    std::uint64_t bytes = 0;
    UnixMillis issued_at = 0;
    std::optional<VersionAuthor> author;  // none: the control plane itself, or before authors were recorded
    std::vector<std::string> changed;     // keys of items, in their order: the first most_items_named
    std::uint64_t changes = 0;            // how many were changed
};
struct VersionPage {
    std::optional<wire::Version> before;  // none: from the newest
    std::size_t limit = 50;
    std::string item;  // only versions that changed this item; empty: all
};
// Newest first.
boost::asio::awaitable<std::vector<PastVersion>> list_versions(db::Transaction& tx, access::EnvironmentId env_id,
                                                               VersionPage page);

// The version itself, if it is kept. Epoch 0: the one with that number, whatever its epoch; numbers
// are not used twice.
boost::asio::awaitable<std::optional<wire::Version>> find_version(db::Transaction& tx, access::EnvironmentId env_id,
                                                                  wire::Version wanted);
// When a version was published; none: it was not, or is not kept.
boost::asio::awaitable<std::optional<UnixMillis>> find_published_at(db::Transaction& tx, access::EnvironmentId env_id,
                                                                    wire::Version version);
// The version that was the newest at a time.
boost::asio::awaitable<std::optional<wire::Version>> version_at(db::Transaction& tx, access::EnvironmentId env_id,
                                                                UnixMillis at);

// The content of a version. None when it is not kept whole: its root is compared with the one that
// was signed.
boost::asio::awaitable<std::optional<wire::ItemSet>> read_items_at(db::Transaction& tx, access::EnvironmentId env_id,
                                                                   wire::Version version);

}  // namespace fanion::cp::publish
