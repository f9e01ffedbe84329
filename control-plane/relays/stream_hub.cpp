#include "control-plane/relays/stream_hub.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <utility>

#include "common/net/task_group.hpp"
#include "control-plane/db/error.hpp"
#include "control-plane/publish/snapshot_builder.hpp"

namespace fanion::cp::relays {

using boost::asio::awaitable;
namespace asio = boost::asio;

namespace {

net::SharedBytes make_event(wire::StreamEvent event, const wire::Manifest& manifest, std::string_view document) {
    return std::make_shared<const std::string>(wire::format_event(event, manifest.env_id, manifest.version, document));
}

}  // namespace

StreamHub::StreamHub(asio::any_io_executor executor, Deps deps, HubConfig config)
    : executor_(executor), deps_(deps), config_(config), grant_timer_(executor), random_(std::random_device{}()) {}

double StreamHub::random() { return std::uniform_real_distribution<double>(0.0, 1.0)(random_); }

std::unique_ptr<Subscription> StreamHub::subscribe(const RelayRequest& relay) {
    const auto& [identity, labels, have, deleted] = relay;
    auto subscriber = std::make_unique<Subscription>(*this, executor_, relay, config_.queue_bytes);
    subscribers_.insert(subscriber.get());
    deps_.metrics.opened.add();
    deps_.metrics.streams.set(static_cast<double>(subscribers_.size()));
    for (const auto& env_id : identity.env_ids) {
        const auto held = have.find(env_id.str());
        add(*subscriber, env_id, held == have.end() ? std::nullopt : std::optional(held->second));
    }
    for (const auto& environment : ungranted(relay)) {
        const auto& env_id = environment->place.env_id;
        add(*subscriber, env_id, have.at(env_id.str()));
        remove(*subscriber, env_id);
    }
    for (const auto& last : deleted) {
        const access::EnvironmentId env_id(last.env_id);
        subscriber->outbox().add(env_id, last.version, last.version);
        subscriber->outbox().remove(env_id, revocation_of(last));
    }
    return subscriber;
}

std::string StreamHub::heads(const RelayRequest& relay) {
    const auto& [identity, labels, have, deleted] = relay;
    std::string events;
    for (const auto& env_id : identity.env_ids) {
        const auto held = have.find(env_id.str());
        const auto at = held == have.end() ? std::nullopt : std::optional(held->second);
        const auto environment = deps_.catalog.find_for(env_id, {labels, at});
        const auto* const head = environment ? head_of(*environment) : nullptr;
        if (head) events += *head->event;
    }
    const auto add_revocation = [&](const wire::Manifest& last) {
        if (const auto event = revocation_of(last)) events += *event;
    };
    for (const auto& environment : ungranted(relay)) add_revocation(environment->manifest);
    for (const auto& last : deleted) add_revocation(last);
    return events;
}

std::vector<publish::PublishedPtr> StreamHub::ungranted(const RelayRequest& relay) const {
    std::vector<publish::PublishedPtr> found;
    for (const auto& [text, version] : relay.have) {
        const access::EnvironmentId env_id(text);
        auto environment = deps_.catalog.find_for(env_id, {relay.labels, version});
        const bool is_ours = environment && environment->place.org_id == relay.identity.org_id;
        if (is_ours && !relay.identity.grants(env_id)) found.push_back(std::move(environment));
    }
    return found;
}

void StreamHub::unsubscribe(Subscription& subscriber) {
    for (const auto& env_id : subscriber.outbox().env_ids()) {
        const auto at = by_environment_.find(env_id);
        at->second.erase(&subscriber);
        if (at->second.empty()) by_environment_.erase(at);
    }
    subscribers_.erase(&subscriber);
    deps_.metrics.streams.set(static_cast<double>(subscribers_.size()));
}

void StreamHub::add(Subscription& subscriber, const access::EnvironmentId& env_id, std::optional<wire::Version> held) {
    const auto environment = deps_.catalog.find_for(env_id, {subscriber.labels(), held});
    if (!environment) return;  // on_version() follows
    subscriber.outbox().add(env_id, held, environment->version());
    by_environment_[env_id].insert(&subscriber);
    offer_head(subscriber, env_id);
    subscriber.wake();
}

void StreamHub::remove(Subscription& subscriber, const access::EnvironmentId& env_id) {
    const auto environment = shown_to(subscriber, env_id);
    subscriber.outbox().remove(env_id, environment ? revocation_of(environment->manifest) : nullptr);
    const auto at = by_environment_.find(env_id);
    if (at != by_environment_.end()) at->second.erase(&subscriber);
    if (at != by_environment_.end() && at->second.empty()) by_environment_.erase(at);
    subscriber.wake();
}

void StreamHub::on_version(const publish::PublishedPtr& environment, const publish::FeedStep* step) {
    const auto& env_id = environment->place.env_id;
    const auto at = by_environment_.find(env_id);
    if (at == by_environment_.end()) {
        // Nobody is subscribed to it, perhaps because it is new: see at once whose keys grant it.
        const bool in_org = std::any_of(subscribers_.begin(), subscribers_.end(), [&](const Subscription* subscriber) {
            return subscriber->identity().org_id == environment->place.org_id;
        });
        if (in_org) grant_timer_.cancel();
        return;
    }
    net::SharedBytes event;
    if (step) event = make_event(wire::StreamEvent::patch, environment->manifest, step->document);
    for (auto* subscriber : at->second) {
        if (shown_to(*subscriber, env_id) == environment) offer(*subscriber, *environment, step, event);
    }
}

publish::PublishedPtr StreamHub::shown_to(Subscription& subscriber, const access::EnvironmentId& env_id) const {
    return deps_.catalog.find_for(env_id, {subscriber.labels(), subscriber.outbox().version_of(env_id)});
}

void StreamHub::on_released(const publish::PublishedPtr& environment) {
    const auto at = by_environment_.find(environment->place.env_id);
    if (at == by_environment_.end()) return;
    for (auto* subscriber : at->second) offer(*subscriber, *environment, nullptr, nullptr);
}

void StreamHub::offer(Subscription& subscriber, const publish::PublishedEnvironment& environment,
                      const publish::FeedStep* step, const net::SharedBytes& event) {
    auto& outbox = subscriber.outbox();
    const auto overflows = outbox.overflows();
    if (step) {
        outbox.offer_step(environment.place.env_id, step->base, environment.version(), event);
    } else {
        outbox.offer_version(environment.place.env_id, environment.version());
    }
    deps_.metrics.overflows.add(outbox.overflows() - overflows);
    subscriber.wake();
}

void StreamHub::on_removed(const publish::PublishedPtr& last) {
    const auto& env_id = last->place.env_id;
    heads_.erase(env_id);
    const auto at = by_environment_.find(env_id);
    if (at == by_environment_.end()) return;
    const auto event = revocation_of(last->manifest);
    for (auto* subscriber : at->second) {
        subscriber->outbox().remove(env_id, event);
        subscriber->wake();
    }
    by_environment_.erase(at);
}

net::SharedBytes StreamHub::revocation_of(const wire::Manifest& last) const {
    const auto manifest = publish::revoked_manifest(last, deps_.clock.now());
    const auto head = deps_.signer.sign(manifest);
    if (!head) {
        deps_.signing.signing_failed.add();
        return nullptr;
    }
    return make_event(wire::StreamEvent::revoked, manifest, publish::lines_of(*head));
}

// Half an interval of grace: what run_heads() signs in one round serves all subscribers of that round.
bool StreamHub::is_fresh(const Head& head, wire::Version version) const {
    const auto now = deps_.clock.now();
    return head.event && head.version == version && now >= head.signed_at &&
           now - head.signed_at < config_.head_interval.count() / 2;
}

StreamHub::Head& StreamHub::kept_head(const access::EnvironmentId& env_id, wire::Version version) {
    auto& heads = heads_[env_id];
    const auto* const holding = deps_.catalog.holding(env_id);
    return holding && holding->released->version() == version ? heads.released : heads.newest;
}

void StreamHub::keep_head(const wire::Manifest& manifest, const publish::SignedHead& head) {
    kept_head(access::EnvironmentId(manifest.env_id), manifest.version) = {
        manifest.version, manifest.issued_at, make_event(wire::StreamEvent::head, manifest, publish::lines_of(head))};
}

const StreamHub::Head* StreamHub::head_of(const publish::PublishedEnvironment& environment) {
    const auto& env_id = environment.place.env_id;
    const auto& kept = kept_head(env_id, environment.version());
    if (is_fresh(kept, environment.version())) return &kept;
    if (!deps_.signer.is_local()) return nullptr;
    const auto now = deps_.clock.now();
    const auto manifest = publish::head_manifest(environment.manifest, now, now + config_.head_lifetime.count());
    const auto head = deps_.signer.sign(manifest);
    if (!head) return nullptr;
    keep_head(manifest, *head);
    return &kept;
}

awaitable<void> StreamHub::prepare_heads(std::set<access::EnvironmentId> env_ids) {
    if (deps_.signer.is_local()) co_return;
    const auto now = deps_.clock.now();
    std::vector<wire::Manifest> manifests;
    for (const auto& env_id : env_ids) {
        const auto add = [&](const publish::PublishedPtr& environment) {
            const auto version = environment->version();
            if (is_fresh(kept_head(env_id, version), version)) return;
            manifests.push_back(
                publish::head_manifest(environment->manifest, now, now + config_.head_lifetime.count()));
        };
        const auto newest = deps_.catalog.find(env_id);
        if (newest) add(newest);
        if (const auto released = deps_.catalog.find_released(env_id); released != newest) add(released);
    }
    if (manifests.empty()) co_return;
    // The first failure ends it: others would wait for the same signer.
    std::function<std::vector<publish::SignedHead>()> work = [signer = deps_.signer, manifests] {
        std::vector<publish::SignedHead> heads;
        for (const auto& manifest : manifests) {
            auto head = signer.sign(manifest);
            if (!head) break;
            heads.push_back(std::move(*head));
        }
        return heads;
    };
    auto signing = deps_.blocking.compute(std::move(work));
    const auto heads = co_await std::move(signing);
    for (std::size_t i = 0; i < heads.size(); ++i) keep_head(manifests[i], heads[i]);
    deps_.signing.signing_failed.add(manifests.size() - heads.size());
}

void StreamHub::offer_head(Subscription& subscriber, const access::EnvironmentId& env_id) {
    const auto environment = shown_to(subscriber, env_id);
    const auto* const head = environment ? head_of(*environment) : nullptr;
    if (head) subscriber.outbox().offer_head(env_id, head->version, head->event);
}

awaitable<void> StreamHub::run_heads() {
    while ([[maybe_unused]] const bool slept = co_await net::sleep_for(config_.head_interval)) {
        std::set<access::EnvironmentId> env_ids;
        for (const auto& [env_id, subscribers] : by_environment_) env_ids.insert(env_id);
        co_await prepare_heads(std::move(env_ids));
        for (const auto& [env_id, subscribers] : by_environment_) {
            for (auto* subscriber : subscribers) {
                offer_head(*subscriber, env_id);
                subscriber->wake();
            }
        }
    }
}

awaitable<void> StreamHub::run_grants() {
    for (;;) {
        grant_timer_.expires_after(config_.grant_interval);
        constexpr auto token = asio::as_tuple(asio::use_awaitable);
        co_await grant_timer_.async_wait(token);
        end_expired();
        std::map<access::KeyId, keys::RelayIdentity> keys;
        for (const auto* subscriber : subscribers_) keys.emplace(subscriber->identity().key_id, subscriber->identity());
        for (const auto& [key_id, identity] : keys) {
            try {
                co_await refresh(identity);
            } catch (const db::PgError& error) {
                deps_.log.warn("relay_key_check_failed", {{"key", key_id.str()}, {"error", error.what()}});
            }
        }
    }
}

// Without the database too: no stream outlives its key.
void StreamHub::end_expired() {
    const auto now = deps_.clock.now();
    for (auto* subscriber : subscribers_) {
        const auto& expires_at = subscriber->identity().expires_at;
        if (expires_at && now >= *expires_at) subscriber->end(EndReason::revoked);
    }
}

// A database error says nothing about the key: its streams go on.
awaitable<void> StreamHub::refresh(keys::RelayIdentity known) {
    const auto identity = co_await deps_.keys.refresh(known, deps_.clock.now());
    if (identity) {
        auto wanted = not_followed(*identity);
        co_await prepare_heads(std::move(wanted));
    }
    if (!identity && identity.error().code != Errc::unauthenticated && identity.error().code != Errc::forbidden)
        co_return;
    for (auto* subscriber : subscribers_) {
        if (subscriber->identity().key_id != known.key_id) continue;
        if (identity) {
            apply_grants(*subscriber, *identity);
        } else {
            subscriber->end(EndReason::revoked);
        }
    }
}

std::set<access::EnvironmentId> StreamHub::not_followed(const keys::RelayIdentity& identity) const {
    std::set<access::EnvironmentId> found;
    for (auto* subscriber : subscribers_) {
        if (subscriber->identity().key_id != identity.key_id) continue;
        for (const auto& env_id : identity.env_ids)
            if (!subscriber->outbox().has(env_id)) found.insert(env_id);
    }
    return found;
}

void StreamHub::apply_grants(Subscription& subscriber, const keys::RelayIdentity& identity) {
    for (const auto& env_id : identity.env_ids)
        if (!subscriber.outbox().has(env_id)) add(subscriber, env_id, std::nullopt);
    for (const auto& env_id : subscriber.outbox().env_ids())
        if (!identity.grants(env_id)) remove(subscriber, env_id);
}

void StreamHub::end_all(EndReason reason) {
    for (auto* subscriber : subscribers_) subscriber->end(reason);
}

}  // namespace fanion::cp::relays
