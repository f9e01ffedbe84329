#include "relay/upstream/subscription.hpp"

#include <algorithm>
#include <utility>

namespace fanion::relay::upstream {
namespace {

struct EventId {
    std::string env_id;
    wire::Version version;
};

std::optional<EventId> parse_event_id(std::string_view id) {
    const auto colon = id.rfind(':');
    if (colon == std::string_view::npos || !wire::is_valid_env_id(id.substr(0, colon))) return std::nullopt;
    const auto version = wire::parse_version(id.substr(colon + 1));
    if (!version) return std::nullopt;
    return EventId{std::string(id.substr(0, colon)), *version};
}

// Codes that the same ruleset may not get when it is fetched: it was damaged in transit.
bool may_be_damage(wire::Nack code) {
    return code == wire::Nack::malformed || code == wire::Nack::bad_signature || code == wire::Nack::integrity;
}

// The control plane made the document, for this environment.
bool is_signed(const wire::Verdict& verdict) {
    if (!verdict.rejection) return true;
    const auto code = verdict.rejection->code;
    return code == wire::Nack::unsupported || code == wire::Nack::rollback || code == wire::Nack::equivocation ||
           code == wire::Nack::gap || code == wire::Nack::quarantined || code == wire::Nack::invalid;
}

}  // namespace

Subscription::Subscription(const wire::Have& held) : held_(held) {
    for (const auto& [env_id, version] : held) environments_[env_id].newest = version;
}

void Subscription::on_held(const std::string& env_id, wire::Version version) {
    auto& held = held_[env_id];
    held = std::max(held, version);
    auto& newest = environments_[env_id].newest;
    newest = std::max(newest, version);
    update_complete();
}

wire::Have Subscription::have() const {
    auto have = held_;
    std::erase_if(have, [&](const auto& entry) {
        const auto at = environments_.find(entry.first);
        return at != environments_.end() && at->second.full_needed;
    });
    return have;
}

void Subscription::on_connected() {
    ++connections_;
    head_seen_ = false;
    complete_ = false;
    useless_ = 0;
    // What was announced and never held may not be granted any more, or never was: this stream will tell.
    std::erase_if(environments_, [&](const auto& entry) { return !held_.contains(entry.first); });
    for (auto& [env_id, environment] : environments_) {
        environment.fetched = {};
        environment.was_useless = false;
    }
}

Action Subscription::on_event(std::string_view event, std::string_view id) {
    const bool ruleset = event == "put" || event == "patch";
    const bool head = event == "head" || event == "revoked";
    const auto parsed = parse_event_id(id);
    const bool is_unknown = !parsed || !environments_.contains(parsed->env_id);
    if ((!ruleset && !head) || !parsed || (is_unknown && environments_.size() >= most_environments)) {
        ++useless_;
        return {};
    }
    auto& environment = environments_[parsed->env_id];
    environment.source = head ? Source::head : event == "patch" ? Source::delta : Source::full;
    if (environment.source == Source::delta && parsed->version <= environment.fetched) return {};
    environment.claimed = parsed->version;
    head_seen_ = head_seen_ || head;
    return {Action::Kind::deliver, ruleset ? Document::ruleset : Document::head, parsed->env_id};
}

std::optional<std::string> Subscription::environment_behind(std::string_view event, std::string_view id) const {
    const auto parsed = parse_event_id(id);
    if (event != "head" || !parsed || is_held(parsed->env_id, parsed->version)) return std::nullopt;
    const auto known = environments_.find(parsed->env_id);
    const bool is_known_bad = known != environments_.end() && known->second.refused >= parsed->version;
    if (is_known_bad) return std::nullopt;  // on_head() decides when to fetch again
    return parsed->env_id;
}

Action Subscription::on_verdict(const std::string& env_id, const wire::Verdict& verdict, UnixMillis now) {
    auto action = handle(env_id, verdict, now);
    update_complete();
    return action;
}

Action Subscription::on_polled(const std::string& env_id, const wire::Verdict& verdict, UnixMillis now) {
    environments_[env_id].source = Source::delta;
    return on_verdict(env_id, verdict, now);
}

Action Subscription::on_fetched(const std::string& env_id, const wire::Verdict& verdict, UnixMillis now) {
    auto& environment = environments_[env_id];
    environment.source = Source::fetch;
    environment.failure.reset();
    auto action = handle(env_id, verdict, now);
    const auto held = held_.find(env_id);
    if (held != held_.end()) environments_[env_id].fetched = held->second;
    update_complete();
    return action;
}

Action Subscription::handle(const std::string& env_id, const wire::Verdict& verdict, UnixMillis now) {
    const bool is_of_use = !verdict.rejection && verdict.outcome != wire::Outcome::unchanged;
    if (is_of_use) {
        ++accepted_;
        useless_ = 0;
    } else if (const auto at = environments_.find(env_id);
               at == environments_.end() || !is_signed(verdict) || std::exchange(at->second.was_useless, true)) {
        ++useless_;
    }
    return verdict.rejection ? on_rejected(env_id, verdict.rejection->code, now) : settle(env_id, verdict, now);
}

Action Subscription::settle(const std::string& env_id, const wire::Verdict& verdict, UnixMillis now) {
    if (verdict.outcome == wire::Outcome::head) return on_head(env_id, verdict.version, now);
    if (verdict.outcome == wire::Outcome::revoked) {
        held_.erase(env_id);
        environments_.erase(env_id);
        return {};
    }
    auto& environment = environments_[env_id];
    held_[env_id] = verdict.version;
    environment.refused.reset();
    environment.full_needed = false;
    if (verdict.outcome == wire::Outcome::applied) environment.fetch_not_before = 0;
    if (environment.newest <= verdict.version) {
        environment.newest = verdict.version;
        return {};
    }
    return fetch(env_id, environment, now);  // a head named a newer one
}

Action Subscription::on_head(const std::string& env_id, wire::Version version, UnixMillis now) {
    auto& environment = environments_[env_id];
    environment.newest = std::max(environment.newest, version);
    if (is_held(env_id, version) || is_known_bad(environment, version, now)) return {};
    return fetch(env_id, environment, now);
}

Action Subscription::on_rejected(const std::string& env_id, wire::Nack code, UnixMillis now) {
    const auto known = environments_.find(env_id);
    if (known == environments_.end()) return {};
    auto& environment = known->second;
    if (code == wire::Nack::bad_signature && now >= trust_not_before_) {
        trust_not_before_ = now + trust_pause;
        return {Action::Kind::refresh_trust, Document::ruleset, env_id};
    }
    // Neither says anything about this environment's newest ruleset: the next head will.
    if (environment.source == Source::head || code == wire::Nack::wrong_audience)
        return forget_unverified(env_id), Action{};
    if (environment.source == Source::fetch) {
        if (code != wire::Nack::gap) record_refused(environment, now);
        return {};
    }
    if (code == wire::Nack::gap) return fetch(env_id, environment, now);
    const bool is_bad_delta = environment.source == Source::delta && code == wire::Nack::invalid;
    if (is_bad_delta || may_be_damage(code)) return fetch_once(env_id, environment, now);
    record_refused(environment, now);
    return {};
}

// An entry that exists only because an unsigned id named it.
void Subscription::forget_unverified(const std::string& env_id) {
    const auto at = environments_.find(env_id);
    if (at == environments_.end() || held_.contains(env_id)) return;
    if (at->second.newest == wire::Version{} && !at->second.refused) environments_.erase(at);
}

void Subscription::record_refused(Environment& environment, UnixMillis now) {
    environment.refused = std::max(environment.newest, environment.claimed);
    environment.refused_until = now + refused_pause;
}

bool Subscription::is_known_bad(const Environment& environment, wire::Version version, UnixMillis now) {
    return environment.refused && version <= *environment.refused && now < environment.refused_until;
}

Action Subscription::fetch(const std::string& env_id, Environment& environment, UnixMillis now) {
    environment.full_needed = true;
    if (now < environment.fetch_not_before) return {};  // the next head triggers a fetch
    environment.fetch_not_before = now + fetch_pause;
    return {Action::Kind::fetch, Document::ruleset, env_id};
}

// Unless this version was fetched and rejected just now.
Action Subscription::fetch_once(const std::string& env_id, Environment& environment, UnixMillis now) {
    if (is_known_bad(environment, environment.claimed, now)) return {};
    return fetch(env_id, environment, now);
}

bool Subscription::on_fetch_failed(const std::string& env_id, FetchFailure failure, UnixMillis now) {
    const auto at = environments_.find(env_id);
    if (at == environments_.end()) return true;
    // What is held stays in service: only a signed revocation removes an environment.
    if (failure == FetchFailure::not_granted) at->second.fetch_not_before = now + refused_pause;
    return std::exchange(at->second.failure, failure) != failure;
}

Action Subscription::on_trust(const std::string& env_id, bool advanced, UnixMillis now) {
    const auto known = environments_.find(env_id);
    if (known == environments_.end()) return {};
    auto& environment = known->second;
    if (environment.source == Source::head) return forget_unverified(env_id), Action{};
    if (advanced) return fetch(env_id, environment, now);
    if (environment.source != Source::fetch) return fetch_once(env_id, environment, now);
    record_refused(environment, now);
    return {};
}

bool Subscription::is_held(const std::string& env_id, wire::Version version) const {
    const auto at = held_.find(env_id);
    return at != held_.end() && at->second >= version;
}

void Subscription::update_complete() {
    complete_ = head_seen_ && std::all_of(environments_.begin(), environments_.end(),
                                          [&](const auto& entry) { return is_held(entry.first, entry.second.newest); });
}

}  // namespace fanion::relay::upstream
