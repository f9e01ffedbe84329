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
#include "control-plane/events/arrivals.hpp"

namespace fanion::cp::events {

// Both return those of the notes that belong to flags that exist, which are noted when the
// transaction is committed; the others are not. `notes` are those of effects_of().
boost::asio::awaitable<std::vector<AnswerNote>> note_answers(db::Transaction& tx, access::OrgId org_id,
                                                             std::vector<AnswerNote> notes);
boost::asio::awaitable<std::vector<CallerNote>> note_callers(db::Transaction& tx, access::OrgId org_id,
                                                             std::vector<CallerNote> notes);

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
