#include "relay/serve/open_stream.hpp"

#include <algorithm>
#include <chrono>

#include "common/net/websocket.hpp"
#include "relay/serve/cors.hpp"

namespace fanion::relay::serve {

namespace {

// The admission, if there is room for another stream of the key.
Admission with_room(WorkerDeps& services, Admission admission) {
    if (!admission || services.notifier.has_room(admission.caller.key->id)) return admission;
    if (services.notifier.is_ending()) {
        return {Outcome::not_synchronised, admission.caller, "this relay is shutting down; try again",
                std::chrono::milliseconds(services.config.not_synchronised_retry).count()};
    }
    const auto limit = services.notifier.has_room() ? Limit::streams_per_key : Limit::streams;
    return limited(services, limit, admission.caller, services.config.stream_keep_alive.count());
}

}  // namespace

Admission admit_stream(WorkerDeps& services, const net::Request& request, Credential credential) {
    return with_room(services, admit(services, request, credential, services.clock.now()));
}

Admission admit_websocket(WorkerDeps& services, const net::Request& request, Credential credential) {
    const UnixMillis now = services.clock.now();
    const auto key = net::offered_after(request, key_protocol);
    Admission admission =
        key.empty() ? admit(services, request, credential, now) : admit_as(services, request, key, credential, now);
    if (admission && !may_read(request, admission.caller)) {
        return {Outcome::forbidden, admission.caller, "the key does not list the origin of this page", 0};
    }
    return with_room(services, admission);
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
