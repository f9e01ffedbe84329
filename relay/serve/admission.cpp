#include "relay/serve/admission.hpp"

#include <algorithm>
#include <chrono>

#include "common/base/ids.hpp"
#include "common/base/text.hpp"

namespace fanion::relay::serve {
namespace {

enum class Rates : std::uint8_t { taken, left };  // whether the request takes from the rate limits

Admission refused(Outcome outcome, UnixMillis retry_after = 0) {
    return {outcome, {}, row_of(outcome).text, retry_after};
}

// Clients treat 401 as final, so it is not sent while the key may be missing here alone.
Admission unknown_key(const WorkerDeps& services, const cache::ServingState* state, UnixMillis now) {
    if (!may_be_missing(state, now)) return refused(Outcome::unauthorized);
    return refused(Outcome::not_synchronised,
                   std::chrono::milliseconds(services.config.not_synchronised_retry).count());
}

// Where no relay below uses it, a relay key is told by its form.
bool is_relay_key(std::string_view key) noexcept { return has_api_key_form(key) && api_key_kind(key) == "rly"; }

// The use of a valid key is recorded even if the request exceeds its rate.
Admission admit_key(WorkerDeps& services, const cache::ServingState& state, const Sha256& key_hash,
                    const cache::Grant& grant, Credential credential, Rates rates, UnixMillis now) {
    using Kind = model::AccessEntry::Kind;
    const Caller caller{state.environments[grant.environment].get(), grant.entry, 0};
    if (!is_valid_at(*caller.key, now)) {
        return {Outcome::unauthorized, caller, "the key is not valid at this time", 0};
    }
    const bool is_relay = caller.key->kind == Kind::relay;
    if (is_relay != (credential == Credential::relay_key)) {
        return {Outcome::forbidden, caller, is_relay ? row_of(Outcome::forbidden).text : "this is not a relay key", 0};
    }
    grant.use->record(now);
    if (rates == Rates::taken) {
        if (const auto wait = services.limiter.take_key(key_hash, state.keys.size(), now)) {
            return limited(services, Limit::key_rate, caller, wait);
        }
        if (const auto wait = services.limiter.take_total(now)) {
            return limited(services, Limit::total_rate, caller, wait);
        }
    }
    if (credential == Credential::server_key && caller.key->kind != Kind::server) {
        return {Outcome::forbidden, caller, "this is for server keys", 0};
    }
    if (credential == Credential::rules_key && !may_have_rules(*caller.key)) {
        return {Outcome::forbidden, caller, "rulesets are for server keys, and for client keys with `rules`", 0};
    }
    if (credential == Credential::client_key && caller.key->kind != Kind::client) {
        return {Outcome::forbidden, caller, "only a client key may stand in a body", 0};
    }
    return {Outcome::ok, caller, {}, 0};
}

Admission admit_by_key(WorkerDeps& services, const cache::ServingState& state, std::string_view key,
                       Credential credential, Rates rates, UnixMillis now) {
    if (key.empty()) return unknown_key(services, &state, now);
    // Refusals are not cached: an unknown key costs as much as a known one, and neither leaves memory.
    const Sha256 hash = services.hasher.hash(key);
    const auto grants = state.find_key(hash);
    if (grants.empty()) {
        const bool is_misplaced = is_relay_key(key) && credential != Credential::relay_key;
        return is_misplaced ? refused(Outcome::forbidden) : unknown_key(services, &state, now);
    }
    const auto valid =
        std::find_if(grants.begin(), grants.end(), [now](const auto& g) { return is_valid_at(*g.entry, now); });
    return admit_key(services, state, hash, valid == grants.end() ? grants.front() : *valid, credential, rates, now);
}

Admission admit_by_token(WorkerDeps& services, const cache::ServingState& state, std::string_view token, Rates rates,
                         UnixMillis now) {
    const TokenBearer bearer = find_bearer(state, token, now);
    if (!bearer.key) return unknown_key(services, &state, now);
    const auto hash = sha256_from_hex(bearer.key->sha256);
    if (!hash) return refused(Outcome::unauthorized);
    const auto grants = state.find_key(*hash);
    const auto grant = std::find_if(grants.begin(), grants.end(), [&](const auto& g) { return g.entry == bearer.key; });
    if (grant == grants.end()) return refused(Outcome::unauthorized);
    return admit_key(services, state, *hash, *grant, Credential::stream_token, rates, now);
}

Admission admit_by(WorkerDeps& services, const net::Request& request, Credential credential, Rates rates,
                   UnixMillis now) {
    const cache::ServingState* state = services.serving.get();
    if (!state) return unknown_key(services, state, now);
    if (credential == Credential::stream_token) {
        return admit_by_token(services, *state, request.query("token").value_or(""), rates, now);
    }
    auto admission = admit_by_key(services, *state, request.credential(has_api_key_form), credential, rates, now);
    if (admission) admission.caller.sdk = services.counters.sdk_id(sdk_of(request));
    return admission;
}

// A flood of refusals is one of strangers, and ends in refusals that cost least.
void limit_strangers(WorkerDeps& services, Admission& admission, UnixMillis now) {
    if (admission || admission.outcome == Outcome::rate_limited) return;
    const auto wait = services.limiter.take_stranger(now);
    if (wait > 0) admission = limited(services, Limit::stranger_rate, {}, wait);
}

std::string_view text_of(Limit limit) noexcept {
    switch (limit) {
        case Limit::key_rate:
            return "too many requests with this key";
        case Limit::stranger_rate:
            return "too many requests without a valid key";
        case Limit::streams:
            return "too many streams are open";
        case Limit::streams_per_key:
            return "too many streams with this key are open";
        case Limit::total_rate:
        case Limit::count:
            break;
    }
    return row_of(Outcome::rate_limited).text;
}

}  // namespace

std::string_view sdk_of(const net::Request& request) noexcept {
    if (const auto named = request.header("Fanion-Sdk"); !named.empty()) return trim(named.substr(0, named.find(';')));
    if (const auto named = request.header("X-Fanion-SDK"); !named.empty()) return named;
    const auto agent = request.header("User-Agent");
    return agent.substr(0, agent.find(' '));
}

Admission admit(WorkerDeps& services, const net::Request& request, Credential credential, UnixMillis now) {
    if (credential == Credential::none) {
        const auto wait = services.limiter.take_stranger(now);
        return wait > 0 ? limited(services, Limit::stranger_rate, {}, wait) : Admission();
    }
    auto admission = admit_by(services, request, credential, Rates::taken, now);
    limit_strangers(services, admission, now);
    return admission;
}

Admission admit_as(WorkerDeps& services, const net::Request& request, std::string_view key, Credential credential,
                   UnixMillis now) {
    const cache::ServingState* state = services.serving.get();
    auto admission =
        state ? admit_by_key(services, *state, key, credential, Rates::taken, now) : unknown_key(services, state, now);
    if (admission) admission.caller.sdk = services.counters.sdk_id(sdk_of(request));
    limit_strangers(services, admission, now);
    return admission;
}

Admission limited(WorkerDeps& services, Limit limit, const Caller& caller, UnixMillis retry_after) {
    services.metrics.limited(limit);
    return {Outcome::rate_limited, caller, text_of(limit), retry_after};
}

Admission admit_again(WorkerDeps& services, const net::Request& request, Credential credential, UnixMillis now) {
    return admit_by(services, request, credential, Rates::left, now);
}

bool may_be_missing(const cache::ServingState* state, UnixMillis now) {
    if (!state || !state->is_synchronised()) return true;
    return std::any_of(state->environments.begin(), state->environments.end(),
                       [now](const auto& environment) { return environment->signals->stale_for(now) > 0; });
}

bool may_have_rules(const model::AccessEntry& key) noexcept {
    using Kind = model::AccessEntry::Kind;
    return key.kind == Kind::server || (key.kind == Kind::client && key.rules);
}

bool is_valid_at(const model::AccessEntry& key, UnixMillis now) noexcept {
    return (!key.not_before || now >= *key.not_before) && (!key.not_after || now < *key.not_after);
}

}  // namespace fanion::relay::serve
