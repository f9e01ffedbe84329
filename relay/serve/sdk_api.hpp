#pragma once

// Signed rulesets for programs that evaluate by themselves (relay-api.md, Rulesets).
//
//   GET /sdk/v1/ruleset         the full ruleset or, with ?since=, the last delta; ETag, 304, gzip, zstd
//   GET /sdk/v1/stream          server-sent events or, upgraded, a WebSocket: put, patch, head
//   GET /sdk/v1/poll            the same events in a finite body, at the latest after `wait`
//   GET /sdk/v1/trust?from=N    the trust documents after version N, one after another
//
// Server keys get everything but access/*; client keys with `rules` get what is for clients. A
// stream and a poll end when the key is no longer valid, or may no longer have rules. Handlers of
// one worker thread.

#include <boost/asio/awaitable.hpp>

#include "relay/serve/route.hpp"

namespace fanion::relay::serve {

boost::asio::awaitable<Admission> handle_sdk_ruleset(WorkerDeps& services, net::Request& request,
                                                     net::Response& response, Subscriber subscriber);
boost::asio::awaitable<Admission> handle_sdk_poll(WorkerDeps& services, net::Request& request, net::Response& response,
                                                  Subscriber subscriber);
Handled handle_sdk_trust(const Call& call);

// What a stream begins with, if ?since= says it: for pages, whose WebSockets have no headers.
Admission prepare_sdk_stream(const net::Request& request, Subscriber& subscriber);
// After the head of the stream has been sent. Returns when the peer has closed or reads nothing,
// the stream's lifetime is over, the relay shuts down, the environment is no longer held, or the
// key is no longer valid for it.
boost::asio::awaitable<void> run_sdk_stream(WorkerDeps& services, net::SseStream& stream, Subscriber subscriber);

}  // namespace fanion::relay::serve
