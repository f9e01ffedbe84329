#pragma once

// Between the change feed and the streams: which subscriber follows which environments. An event is
// encoded once and its bytes are shared by all who receive it; no subscriber is waited for. One
// thread (its I/O thread); must outlive every subscription.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/log.hpp"
#include "common/net/blocking_pool.hpp"
#include "common/wire/have.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/keys/relay_keys.hpp"
#include "control-plane/publish/catalog.hpp"
#include "control-plane/publish/change_feed.hpp"
#include "control-plane/publish/metrics.hpp"
#include "control-plane/publish/signer.hpp"
#include "control-plane/relays/metrics.hpp"
#include "control-plane/relays/subscription.hpp"

namespace fanion::cp::relays {

struct HubConfig {
    std::chrono::milliseconds head_interval{10'000};
    std::chrono::milliseconds head_lifetime{60'000};
    std::chrono::milliseconds grant_interval{1'000};  // how soon a revoked key or a new environment takes effect
    std::size_t queue_bytes = 1024 * 1024;            // per subscriber
};

class StreamHub final : public publish::FeedSink {
public:
    struct Deps {
        const publish::Catalog& catalog;
        const publish::Signer& signer;
        net::BlockingPool& blocking;
        keys::RelayKeys& keys;
        const Clock& clock;
        Metrics& metrics;
        publish::Metrics& signing;
        const Log& log;
    };

    StreamHub(boost::asio::any_io_executor executor, Deps deps, HubConfig config = {});

    // Signs on the blocking pool, unless the key is local, the heads that these environments have
    // not got. Those that cannot be signed are missing in what follows, and their environments are
    // served without.
    boost::asio::awaitable<void> prepare_heads(std::set<access::EnvironmentId> env_ids);

    std::unique_ptr<Subscription> subscribe(const RelayRequest& relay);
    // The present state as events: a head of each environment that is granted, and a revocation of
    // each that the caller holds and that is not granted or no longer exists.
    std::string heads(const RelayRequest& relay);
    // The version of the environment that is for this subscriber. Null: there is none.
    publish::PublishedPtr shown_to(Subscription& subscriber, const access::EnvironmentId& env_id) const;

    void on_version(const publish::PublishedPtr& environment, const publish::FeedStep* step) override;
    void on_released(const publish::PublishedPtr& environment) override;
    void on_removed(const publish::PublishedPtr& last) override;

    // Queues the environment's newest head, signed now or in this interval.
    void offer_head(Subscription& subscriber, const access::EnvironmentId& env_id);

    // Both run until cancelled.
    boost::asio::awaitable<void> run_heads();   // sends every subscriber a fresh head once an interval
    boost::asio::awaitable<void> run_grants();  // follows what keys grant: new environments, revoked and expired keys
    void end_all(EndReason reason);

    std::size_t size() const noexcept { return subscribers_.size(); }
    const HubConfig& config() const noexcept { return config_; }
    double random();  // in [0, 1)

private:
    friend class Subscription;
    struct Head {
        wire::Version version;
        UnixMillis signed_at = 0;
        net::SharedBytes event;
    };

    void unsubscribe(Subscription& subscriber);
    void add(Subscription& subscriber, const access::EnvironmentId& env_id, std::optional<wire::Version> held);
    void remove(Subscription& subscriber, const access::EnvironmentId& env_id);
    bool is_fresh(const Head& head, wire::Version version) const;
    void keep_head(const wire::Manifest& manifest, const publish::SignedHead& head);
    Head& kept_head(const access::EnvironmentId& env_id, wire::Version version);
    // Null: it cannot be signed now, or was not prepared.
    const Head* head_of(const publish::PublishedEnvironment& environment);
    // What the caller holds of its organisation without being granted it.
    std::vector<publish::PublishedPtr> ungranted(const RelayRequest& relay) const;
    // Null: it cannot be signed now; the relay is told when it connects again. Revocations are few:
    // this blocks for a signer, no longer than its timeout.
    net::SharedBytes revocation_of(const wire::Manifest& last) const;
    // What the key grants and one of its subscribers does not follow yet.
    std::set<access::EnvironmentId> not_followed(const keys::RelayIdentity& identity) const;
    void end_expired();
    boost::asio::awaitable<void> refresh(keys::RelayIdentity identity);
    void offer(Subscription& subscriber, const publish::PublishedEnvironment& environment,
               const publish::FeedStep* step, const net::SharedBytes& event);
    void apply_grants(Subscription& subscriber, const keys::RelayIdentity& identity);

    boost::asio::any_io_executor executor_;
    Deps deps_;
    HubConfig config_;
    boost::asio::steady_timer grant_timer_;
    std::set<Subscription*> subscribers_;
    std::map<access::EnvironmentId, std::set<Subscription*>> by_environment_;
    struct Heads {
        Head newest;
        Head released;  // while the newest is held
    };
    std::map<access::EnvironmentId, Heads> heads_;
    std::mt19937_64 random_;
};

}  // namespace fanion::cp::relays
