#pragma once

// What is decided of an environment's held version now. One thread; functions run in the caller's
// transaction, whose scope is the organisation. Throws PgError.

#include <boost/asio/awaitable.hpp>
#include <optional>

#include "control-plane/publish/stage_store.hpp"
#include "control-plane/relays/relay_status_store.hpp"
#include "control-plane/staging/decide.hpp"

namespace fanion::cp::staging {

// The canaries among the relays, by the stage's label.
std::vector<CanaryReport> canaries_of(const publish::Stage& stage, const std::vector<relays::RelayProgress>& relays);

struct Look {
    publish::Stage stage;
    Decision decision;
};
// Nothing: no version is held.
boost::asio::awaitable<std::optional<Look>> look_at(db::Transaction& tx, access::EnvironmentId env_id);

}  // namespace fanion::cp::staging
