#pragma once

// Polling, for networks whose proxies do not pass streams. One round gets the heads of all granted
// environments (GET /relay/v1/heads: a stream's head and revoked events in one finite answer), then
// the rulesets that they say have changed. It delivers what the stream would: new environments,
// freshness, revocations. From an upstream without that endpoint every ruleset that is held or
// wanted is requested, one after another. One thread.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "relay/upstream/synchroniser.hpp"

namespace fanion::relay::upstream {

class PollClient {
public:
    // `wanted`: environments to request from an upstream without heads although nothing of them is
    // held yet.
    PollClient(Upstreams& upstreams, Synchroniser& synchroniser, std::vector<std::string> wanted,
               UpstreamMetrics& metrics, const Log& log)
        : upstreams_(upstreams),
          synchroniser_(synchroniser),
          wanted_(std::move(wanted)),
          metrics_(metrics),
          log_(log) {}

    void set_wanted(std::vector<std::string> env_ids) { wanted_ = std::move(env_ids); }

    // False when there was no answer. A failed round is counted by reason and logged when the
    // outcome changes: what is served becomes stale meanwhile.
    boost::asio::awaitable<bool> poll();

private:
    enum class Outcome { received, unreachable, refused, empty };

    boost::asio::awaitable<Outcome> request();
    boost::asio::awaitable<std::size_t> apply(std::string body);  // the number of events in it
    void record(Outcome outcome);
    boost::asio::awaitable<bool> poll_each();

    Upstreams& upstreams_;
    Synchroniser& synchroniser_;
    std::vector<std::string> wanted_;
    UpstreamMetrics& metrics_;
    const Log& log_;
    Outcome last_ = Outcome::received;
    unsigned status_ = 0;  // of the last answer
};

}  // namespace fanion::relay::upstream
