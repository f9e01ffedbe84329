#include "relay/serve/relay_grants.hpp"

#include <algorithm>

namespace fanion::relay::serve {

std::vector<Granted> granted(WorkerDeps& services, const Subscriber& subscriber) {
    std::vector<Granted> found;
    const auto* state = services.serving.get();
    const auto hash = sha256_from_hex(subscriber.key_sha256);
    if (!state || !hash) return found;
    const auto now = services.clock.now();
    for (const auto& grant : state->find_key(*hash)) {
        const bool is_relay = grant.entry->kind == model::AccessEntry::Kind::relay;
        if (is_relay && is_valid_at(*grant.entry, now))
            found.push_back({&state->environments[grant.environment], grant.entry});
    }
    return found;
}

cache::EnvironmentStatePtr granted_environment(WorkerDeps& services, const Subscriber& subscriber,
                                               std::string_view env_id) {
    for (const auto& grant : granted(services, subscriber)) {
        if ((*grant.environment)->env_id == env_id) return *grant.environment;
    }
    return nullptr;
}

ChangeNotifier::Millis until_first_expiry(WorkerDeps& services, const Subscriber& subscriber,
                                          ChangeNotifier::Millis wait) {
    const auto now = services.clock.now();
    for (const auto& grant : granted(services, subscriber)) {
        const auto& not_after = grant.key->not_after;
        if (not_after) wait = std::min(wait, ChangeNotifier::Millis(*not_after - now));
    }
    return wait;
}

}  // namespace fanion::relay::serve
