#include "control-plane/staging/look.hpp"

#include <utility>

#include "control-plane/relays/canaries.hpp"

namespace fanion::cp::staging {

using boost::asio::awaitable;

std::vector<CanaryReport> canaries_of(const publish::Stage& stage, const std::vector<relays::RelayProgress>& relays) {
    std::vector<relays::LabelledRelay> labelled;
    for (const auto& relay : relays) labelled.push_back({relay.relay_id, &relay.path, &relay.labels});
    const auto are_canaries = relays::canaries_among(labelled, stage.settings.label);
    std::vector<CanaryReport> canaries;
    for (std::size_t i = 0; i < relays.size(); ++i) {
        const auto& relay = relays[i];
        if (!are_canaries[i]) continue;
        canaries.push_back({relay.relay_id, relay.version >= stage.version, relay.state, relay.code, relay.detail,
                            relay.reported_at, relay.state_at});
    }
    return canaries;
}

awaitable<std::optional<Look>> look_at(db::Transaction& tx, access::EnvironmentId env_id) {
    auto stage = co_await publish::find_held(tx, env_id);
    if (!stage) co_return std::nullopt;
    const auto relays = co_await relays::list_relay_progress(tx, env_id);
    const auto now = co_await publish::database_time(tx);
    const HeldStage held{stage->settings, stage->begun_at, stage->held_since};
    auto decision = decide(held, canaries_of(*stage, relays), now);
    co_return Look{std::move(*stage), std::move(decision)};
}

}  // namespace fanion::cp::staging
