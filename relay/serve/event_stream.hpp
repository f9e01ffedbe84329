#pragma once

// OFREP's event stream: announces to a client that its flags may have changed, so that it requests
// them again.
//
//     id: 1763719200.4711
//     data: {"type":"refetchEvaluation","etag":"\"1763719200.4711\"","lastModified":1763720000}
//
// A change that concerns no flag that the client may see is not announced. Changes that follow each
// other before a stream's turn are announced once. A new stream gets an announcement at once,
// because a change may lie between the client's request and its stream; one that resumes
// (Last-Event-ID) at the current version does not, unless its token has expired. Handlers of one
// worker thread.

#include <boost/asio/awaitable.hpp>
#include <string>

#include "relay/serve/route.hpp"

namespace fanion::relay::serve {

// Appends the caller's entry of `eventStreams`. Its URL begins with ServeConfig::public_url; if
// that is empty, with the host and the scheme by which the client asks (net::Request). Without a
// usable host it has `endpoint`, and the client puts its own base URL in front.
void append_event_stream(std::string& out, const Call& call);

// GET /ofrep/v1/stream?token=.., after its head has been sent. Returns when the peer has closed,
// the stream's lifetime is over, the relay shuts down, the environment is no longer held, or the
// key is no longer valid for it.
boost::asio::awaitable<void> run_event_stream(WorkerDeps& services, net::SseStream& stream, Subscriber subscriber);

}  // namespace fanion::relay::serve
