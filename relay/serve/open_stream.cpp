#include "relay/serve/open_stream.hpp"

#include <algorithm>

namespace fanion::relay::serve {

Admission admit_stream(WorkerDeps& services, const net::Request& request, Credential credential) {
    const Admission admission = admit(services, request, credential, services.clock.now());
    if (!admission || services.notifier.has_room(admission.caller.key->id)) return admission;
    const auto limit = services.notifier.has_room() ? Limit::streams_per_key : Limit::streams;
    return limited(services, limit, admission.caller, services.config.stream_keep_alive.count());
}

Caller current_caller(WorkerDeps& services, std::string_view env_id, std::string_view key_id) {
    const cache::ServingState* state = services.serving.get();
    const auto* environment = state ? state->find_environment(env_id) : nullptr;
    if (!environment) return {};
    const auto& keys = environment->ruleset->access();
    const UnixMillis now = services.clock.now();
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const model::AccessEntry& entry) {
        return entry.id == key_id && is_valid_at(entry, now);
    });
    return key == keys.end() ? Caller{} : Caller{environment, &*key};
}

}  // namespace fanion::relay::serve
