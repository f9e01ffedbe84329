#pragma once

// GET /relay/v1/stream: server-sent events of every environment that the caller's key grants
// (distribution.md, Endpoints). One thread; must outlive its streams.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/base/log.hpp"
#include "common/net/request.hpp"
#include "common/net/response.hpp"
#include "common/net/sse_stream.hpp"
#include "control-plane/access/ids.hpp"
#include "control-plane/publish/ruleset_source.hpp"
#include "control-plane/relays/stream_hub.hpp"

namespace fanion::cp::relays {

struct RelayStreamConfig {
    std::chrono::milliseconds lifetime{30 * 60 * 1000};  // +-20 %: load spreads over new replicas
    std::chrono::milliseconds heartbeat{10'000};         // a comment is sent when nothing else was for so long
    std::chrono::milliseconds retry_bound{5'000};        // hint for the reconnect: up to this
    std::chrono::milliseconds pause_after_failure{1'000};
};

class RelayStream {
public:
    struct Deps {
        StreamHub& hub;
        publish::RulesetSource& source;
        const publish::Catalog& catalog;
        Metrics& metrics;
        const Log& log;
    };

    explicit RelayStream(Deps deps, RelayStreamConfig config = {}) : deps_(deps), config_(config) {}

    // Runs until the stream ends.
    boost::asio::awaitable<net::Response> handle(net::Request& request, net::SseStream& stream, RelayRequest relay);

private:
    using Deadline = std::chrono::steady_clock::time_point;
    struct PutEvent {  // being sent now: after an outage many relays ask for the same one at once
        wire::Version version;
        std::weak_ptr<const std::string> bytes;
    };

    boost::asio::awaitable<EndReason> serve(Subscription& subscriber, net::SseStream& stream);
    boost::asio::awaitable<Result<>> step(Subscription& subscriber, net::SseStream& stream, Deadline until);
    boost::asio::awaitable<Result<>> catch_up(Subscription& subscriber, net::SseStream& stream, Outbox::Behind behind);
    boost::asio::awaitable<bool> find_document(publish::PublishedPtr wanted, std::optional<wire::Version> held,
                                               publish::SignedDocument& document, bool& is_delta);
    boost::asio::awaitable<Result<>> send(net::SseStream& stream, wire::StreamEvent event, net::SharedBytes bytes);
    net::SharedBytes event_of(const access::EnvironmentId& env_id, const publish::SignedDocument& document,
                              bool is_delta);

    Deps deps_;
    RelayStreamConfig config_;
    std::map<std::pair<access::EnvironmentId, bool>, PutEvent> puts_;  // of the newest version, and of another
};

}  // namespace fanion::cp::relays
