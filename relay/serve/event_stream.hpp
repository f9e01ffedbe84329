#pragma once

// OFREP's event stream: tells a client that its flags may have changed, so that it asks again.
//
//     id: 1763719200.4711
//     data: {"type":"refetchEvaluation","etag":"\"1763719200.4711\"","lastModified":1763720000}
//
// Changes that come while a stream waits for its turn are told once. A stream that resumes (Last-Event-ID) at the present
// version is told nothing; one that begins is told at once, because a change may lie between the client's request and its
// stream. Handlers of one worker thread.

#include <boost/asio/awaitable.hpp>
#include <string>

#include "common/net/request.hpp"
#include "common/net/response.hpp"
#include "common/net/sse_stream.hpp"
#include "relay/serve/admission.hpp"
#include "relay/serve/worker_services.hpp"

namespace fanion::relay::serve {

// The entry of `eventStreams` for this caller. The URL is the configured public one; else made of the request's Host, with https
// where a proxy says so; where there is no usable Host, `endpoint` lets the client put its own base URL in front.
void append_event_stream(std::string& out, WorkerDeps& services, const net::Request& request, const Caller& caller,
                         UnixMillis now);

// GET /ofrep/v1/stream?token=..
boost::asio::awaitable<net::Response> handle_event_stream(WorkerDeps& services, net::Request& request,
                                                          net::SseStream& stream);

}  // namespace fanion::relay::serve
