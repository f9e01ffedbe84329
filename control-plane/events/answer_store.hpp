#pragma once

// When each flag was last evaluated, to which variation, and through which relay and SDK: to the
// minute, and only of flags that exist. Functions run in the caller's transaction, whose scope is
// the organisation, and throw PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/pool.hpp"
#include "control-plane/events/count.hpp"

namespace fanion::cp::events {

// `rows`: those of one batch, as roll_up() makes them. Writes nothing for a minute that is noted
// already.
boost::asio::awaitable<void> note_answers(db::Transaction& tx, access::OrgId org_id, std::string relay,
                                          const std::vector<CountRow>& rows);

struct Answer {
    std::string flag;
    access::EnvironmentId env_id;
    std::string variation;  // empty: the caller's own default
    UnixMillis first_at = 0;
    UnixMillis last_at = 0;
};
struct KeyRange {
    std::string first;                // included
    std::optional<std::string> last;  // included; nullopt: all behind
};
// In the order of flags, in bytes.
boost::asio::awaitable<std::vector<Answer>> list_answers(db::Transaction& tx,
                                                         std::vector<access::EnvironmentId> environments,
                                                         KeyRange flags);

struct FlagCaller {
    access::EnvironmentId env_id;
    std::string relay;
    std::string sdk;  // empty: not known
    UnixMillis last_at = 0;
};
// The latest of them first, at most `at_most`.
boost::asio::awaitable<std::vector<FlagCaller>> list_callers(db::Transaction& tx,
                                                             std::vector<access::EnvironmentId> environments,
                                                             std::string flag, std::size_t at_most);

}  // namespace fanion::cp::events
