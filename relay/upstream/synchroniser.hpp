#pragma once

// Carries out the Subscription's actions: delivers documents of the stream to the cache, fetches
// full rulesets, refreshes trust. One document at a time. One thread (the control thread).

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "common/base/clock.hpp"
#include "common/wire/sse_parser.hpp"
#include "relay/upstream/subscription.hpp"
#include "relay/upstream/trust_client.hpp"
#include "relay/upstream/upstream_metrics.hpp"

namespace fanion::relay::upstream {

// Verifies and applies one document (relay/cache, EnvironmentCache).
using DocumentSink =
    std::function<boost::asio::awaitable<wire::Verdict>(std::string env_id, Document document, std::string bytes)>;

struct SynchroniserDeps {
    Upstreams& upstreams;
    TrustClient& trust;
    const Clock& clock;
    const Log& log;
    UpstreamMetrics& metrics;
};

class Synchroniser {
public:
    Synchroniser(const wire::Have& held, DocumentSink sink, SynchroniserDeps services)
        : subscription_(held), sink_(std::move(sink)), services_(services) {}

    wire::Have have() const { return subscription_.have(); }
    const wire::Have& held() const noexcept { return subscription_.held(); }
    bool is_complete() const noexcept { return subscription_.is_complete(); }
    std::uint64_t connections() const noexcept { return subscription_.connections(); }
    // See Subscription.
    std::uint64_t accepted() const noexcept { return subscription_.accepted(); }
    bool is_useless() const noexcept { return subscription_.is_useless(); }

    // See Subscription.
    void on_held(const std::string& env_id, wire::Version version) { subscription_.on_held(env_id, version); }
    // A connection was made: refreshes trust first.
    boost::asio::awaitable<void> on_connected();
    boost::asio::awaitable<void> on_event(wire::SseEvent event);
    // See Subscription::environment_behind.
    std::optional<std::string> environment_behind(const wire::SseEvent& event) const {
        return subscription_.environment_behind(event.event, event.id);
    }
    // Conditional GET of one environment's ruleset; applies it if it changed. False when there was
    // no answer.
    boost::asio::awaitable<bool> poll(std::string env_id);

private:
    struct Fetched {
        unsigned status = 0;  // 0: no answer
        std::string body;
    };
    boost::asio::awaitable<Fetched> get_ruleset(std::string env_id, std::optional<wire::Version> since);
    boost::asio::awaitable<Action> fetch(std::string env_id);
    boost::asio::awaitable<void> carry_out(Action action);

    Subscription subscription_;
    DocumentSink sink_;
    SynchroniserDeps services_;
};

}  // namespace fanion::relay::upstream
