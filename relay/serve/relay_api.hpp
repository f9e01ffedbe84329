#pragma once

// The control plane's endpoints for relays, served to relays below this one, in the same forms
// (distribution.md, Endpoints): a relay cannot tell which of the two is above it.
//
//   GET  /relay/v1/stream              every environment that the key grants and this relay holds
//   GET  /relay/v1/heads               the newest head of each, and revocations, in a finite body
//   GET  /relay/v1/rulesets/{env_id}   the full ruleset or, with ?since=, the last delta
//   GET  /relay/v1/trust?from=N        the trust documents after version N
//   POST /relay/v1/status              passed up inside this relay's own report
//   POST /relay/v1/events              a batch, spooled as it is
//
// What is signed is passed on byte for byte. A key grants the environments whose rulesets name it.
// Handlers of one worker thread.

#include <boost/asio/awaitable.hpp>

#include "relay/serve/route.hpp"

namespace fanion::relay::serve {

boost::asio::awaitable<Admission> handle_relay_heads(WorkerDeps& services, net::Request& request,
                                                     net::Response& response, Subscriber subscriber);
boost::asio::awaitable<Admission> handle_relay_ruleset(WorkerDeps& services, net::Request& request,
                                                       net::Response& response, Subscriber subscriber);
Handled handle_relay_trust(const Call& call);
boost::asio::awaitable<Admission> handle_relay_status(WorkerDeps& services, net::Request& request,
                                                      net::Response& response, Subscriber subscriber);
boost::asio::awaitable<Admission> handle_relay_events(WorkerDeps& services, net::Request& request,
                                                      net::Response& response, Subscriber subscriber);

// After the head of the stream has been sent. Returns when the peer has closed or reads nothing,
// the stream's lifetime is over, the relay shuts down, or the key grants nothing any more.
boost::asio::awaitable<void> run_relay_stream(WorkerDeps& services, net::SseStream& stream, Subscriber subscriber);

}  // namespace fanion::relay::serve
