#include "relay/serve/admission.hpp"

#include <algorithm>
namespace fanion::relay::serve {
namespace {

Admission refused(Outcome outcome, UnixMillis retry_after = 0) { return {outcome, retry_after, {}}; }

// A key that is valid here is used, also where it comes too often.
Admission judge(WorkerDeps& services, const cache::ServingState& state, const Sha256& key_hash,
                const cache::Grant& grant, UnixMillis now) {
    const Caller caller{state.environments[grant.environment].get(), grant.entry};
    if (!is_valid_at(*caller.key, now)) return {Outcome::unauthorized, 0, caller};
    if (caller.key->kind == model::AccessEntry::Kind::relay) return {Outcome::forbidden, 0, caller};
    grant.use->record(now);
    if (const auto wait = services.limiter.take_key(key_hash, state.keys.size(), now)) {
        return {Outcome::rate_limited, wait, caller};
    }
    return {Outcome::ok, 0, caller};
}

// Clients take 401 as final, so nobody is told so before everything this relay serves has arrived.
Admission unknown_key(const WorkerDeps& services, const cache::ServingState* state) {
    if (state && state->synchronised) return refused(Outcome::unauthorized);
    return refused(Outcome::not_synchronised,
                   std::chrono::milliseconds(services.config.not_synchronised_retry).count());
}

}  // namespace

bool is_valid_at(const model::AccessEntry& key, UnixMillis now) noexcept {
    return (!key.not_before || now >= *key.not_before) && (!key.not_after || now < *key.not_after);
}

Admission admit(WorkerDeps& services, const net::Request& request, UnixMillis now) {
    if (const auto wait = services.limiter.take_total(now)) return refused(Outcome::rate_limited, wait);
    const cache::ServingState* state = services.serving.get();
    const std::string_view credential = request.credential();
    if (!state || credential.empty()) return unknown_key(services, state);
    // A miss costs what a hit costs, and all there is to know is in memory: nothing is gained by caching refusals.
    const Sha256 hash = services.hasher.hash(credential);
    const auto grants = state->find_key(hash);
    if (grants.empty()) return unknown_key(services, state);
    return judge(services, *state, hash, grants.front(), now);
}

Admission admit_token(WorkerDeps& services, std::string_view token, UnixMillis now) {
    if (const auto wait = services.limiter.take_total(now)) return refused(Outcome::rate_limited, wait);
    const cache::ServingState* state = services.serving.get();
    if (!state) return unknown_key(services, state);
    const TokenBearer bearer = find_bearer(*state, token, now);
    if (!bearer.key) return unknown_key(services, state);
    const auto hash = sha256_from_hex(bearer.key->sha256);
    if (!hash) return refused(Outcome::unauthorized);
    const auto grants = state->find_key(*hash);
    const auto grant = std::find_if(grants.begin(), grants.end(), [&](const auto& g) { return g.entry == bearer.key; });
    if (grant == grants.end()) return refused(Outcome::unauthorized);
    return judge(services, *state, *hash, *grant, now);
}

std::string_view refusal_text(const Admission& admission) noexcept {
    const bool is_known = admission.caller.key != nullptr;
    if (admission.outcome == Outcome::unauthorized && is_known) return "the key is not valid at this time";
    return row_of(admission.outcome).text;
}

void set_refusal(net::Response& response, const Admission& admission) {
    response.status = row_of(admission.outcome).status;
    if (admission.outcome == Outcome::unauthorized) response.set("WWW-Authenticate", "Bearer");
    if (admission.retry_after > 0) {
        response.set("Retry-After", std::to_string(std::max<UnixMillis>((admission.retry_after + 999) / 1000, 1)));
    }
}

}  // namespace fanion::relay::serve
