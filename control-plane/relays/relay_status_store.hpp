#pragma once

// What relays report about themselves (POST /relay/v1/status): one row per relay and environment,
// the newest report wins. Functions run in the caller's transaction, whose scope is the
// organisation.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/wire/manifest.hpp"
#include "common/wire/status.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/db/transaction.hpp"

namespace fanion::cp::relays {

// A report of a relay, or of one behind it. Every environment must belong to the organisation: the
// caller has removed the others. Of two reports of a relay the later one stays, whichever way they
// came. Throws PgError.
using RelayReported = wire::RelayBelow;
boost::asio::awaitable<void> write_relay_status(db::Transaction& tx, access::OrgId org_id, RelayReported status);

// The same of the events that it has accepted, if it says; sent with the transaction's next
// statement.
void write_relay_ledger(db::Transaction& tx, const access::OrgId& org_id, const RelayReported& status);

// What a relay last reported of the environment.
struct RelayProgress {
    std::string relay_id;
    wire::Version version;
    wire::EnvironmentState state = wire::EnvironmentState::applied;
    std::string code;
    std::string detail;
    UnixMillis reported_at = 0;
    std::vector<std::string> path;  // of the relays that it is behind, the one next to the control plane first
    std::vector<std::string> labels = {};
    UnixMillis state_at = 0;  // since when it has reported this version, state and code
    std::string boot = {};
    std::optional<UnixMillis> taken_at = std::nullopt;  // since when it has this version; not of list_relay_reports()
};
boost::asio::awaitable<std::vector<RelayProgress>> list_relay_progress(db::Transaction& tx,
                                                                       access::EnvironmentId env_id);

// The same, of any environment of the organisation, with what is published there.
struct EnvironmentReport {
    access::EnvironmentId env_id;
    std::string project;      // key
    std::string environment;  // key
    wire::Version published;
    std::string build;  // of the relay
    RelayProgress progress;
    std::optional<bool> is_canary;  // none: the environment has no stages
    bool is_held_back = false;      // what is published is held, and the relay is no canary
};
struct ReportPage {
    std::string after_relay;  // both empty: the beginning
    std::string after_env;
    std::size_t limit = 0;
};
// By relay, then by environment.
boost::asio::awaitable<std::vector<EnvironmentReport>> list_relay_reports(db::Transaction& tx, access::OrgId org_id,
                                                                          ReportPage page);

}  // namespace fanion::cp::relays
