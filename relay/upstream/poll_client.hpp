#pragma once

// One round of polling, for when streams do not pass a proxy: the heads of all that is granted (GET /relay/v1/heads, a stream's
// head and revoked events in one finite answer), and the rulesets that they say have changed. What the stream would bring
// comes this way too: new environments, freshness, revocations. An upstream without that endpoint is asked for every ruleset
// that is held or wanted, one after another. One thread.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "relay/upstream/synchroniser.hpp"

namespace fanion::relay::upstream {

class PollClient {
public:
    // `wanted`: environments to ask an upstream without heads for, though nothing is held of them yet.
    PollClient(Upstreams& upstreams, Synchroniser& synchroniser, std::vector<std::string> wanted,
               UpstreamMetrics& metrics, const Log& log)
        : upstreams_(upstreams),
          synchroniser_(synchroniser),
          wanted_(std::move(wanted)),
          metrics_(metrics),
          log_(log) {}

    void set_wanted(std::vector<std::string> env_ids) { wanted_ = std::move(env_ids); }

    // False when nobody answered. A round that brings nothing is counted by its reason, and logged when the one before was
    // not like it: what is served grows stale meanwhile.
    boost::asio::awaitable<bool> poll();

private:
    enum class Outcome { brought, unreachable, refused, empty };

    boost::asio::awaitable<Outcome> request();
    boost::asio::awaitable<std::size_t> take(std::string body);  // how many events it holds
    void record(Outcome outcome);
    boost::asio::awaitable<bool> poll_each();

    Upstreams& upstreams_;
    Synchroniser& synchroniser_;
    std::vector<std::string> wanted_;
    UpstreamMetrics& metrics_;
    const Log& log_;
    Outcome last_ = Outcome::brought;
    unsigned status_ = 0;  // of the last answer
};

}  // namespace fanion::relay::upstream
