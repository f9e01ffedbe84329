#pragma once

// Which attributes evaluated contexts had, as relays report them: names and types to the day, never
// a value. Functions run in the caller's transaction, whose scope is the organisation, unless they
// say otherwise. Throw PgError.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/wire/seen_attribute.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::attributes {

// Of an environment: so many names and types that contexts with server keys had, and as many that
// only contexts with client keys had.
inline constexpr int most_of_source = 250;
// One that is not seen for so long is forgotten.
inline constexpr int days_kept = 90;

// Every environment must belong to the organisation, and no name and type of an environment may be
// there twice. What goes beyond most_of_source is deleted: first what was not seen for longest; of
// what was seen within a week, the newest, so that strangers' names do not drive out others.
boost::asio::awaitable<void> record_attributes(db::Transaction& tx, access::OrgId org_id,
                                               std::vector<wire::SeenAttribute> seen, UnixMillis now);

struct Attribute {
    std::string name;
    std::vector<std::string> types;  // in the order of their names
    std::string first_seen;          // days: "2026-11-30"
    std::string last_seen;
};
struct AttributePage {
    std::string prefix;  // ASCII letters may differ in case
    std::string after;   // name; empty: the beginning
    std::size_t limit = 0;
};
// In the order of their names' bytes.
boost::asio::awaitable<std::vector<Attribute>> list_attributes(db::Transaction& tx, access::EnvironmentId env_id,
                                                               AttributePage page);

// In a transaction of its own, of all organisations: what is older than days_kept.
boost::asio::awaitable<void> purge_attributes(db::Pool& pool);

}  // namespace fanion::cp::attributes
