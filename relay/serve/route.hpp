#pragma once

// A route of the public port as one row of the table in routes.cpp: what it requires of the caller,
// how it is counted, which CORS headers its answers get, in which form it refuses, and its handler.
// The constructor takes every column, so a row that leaves one out does not compile. dispatch.hpp
// does what the columns say; handlers only answer.
//
// Immutable; thread-safe.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "common/net/request.hpp"
#include "common/net/response.hpp"
#include "common/net/sse_stream.hpp"
#include "relay/intake/receipt.hpp"
#include "relay/serve/admission.hpp"
#include "relay/serve/outcome.hpp"
#include "relay/serve/serve_metrics.hpp"
#include "relay/serve/subscriber.hpp"
#include "relay/serve/worker_services.hpp"

namespace fanion::relay::serve {

enum class Cors : std::uint8_t {
    preflight,         // permission to send an evaluation, for origins that some client key lists
    stream_preflight,  // permission to open an event stream or to fetch rulesets, for the same
    answer,            // permission to read the answer, for origins that the caller's key lists (cors.hpp)
};

// The form of refusals.
enum class ErrorForm : std::uint8_t {
    none,        // without a body
    ofrep,       // OFREP's, for a whole request
    ofrep_flag,  // OFREP's, for the flag that the path names as {key}
    problem,     // RFC 9457
};

// One request of an admitted caller. References are valid until the handler returns.
struct Call {
    WorkerDeps& services;
    net::Request& request;
    net::Response& response;  // 200 with an empty JSON body to append to
    const Caller& caller;
    UnixMillis now;
};

// The outcome of an answer that the handler has written, or a refusal for the dispatcher to write.
using Handled = boost::system::result<Outcome, Refusal>;

// The same answer for everybody, never counted.
struct FixedAnswer {
    void (*write)(net::Response& response);
};
// Answers in place. Must not wait.
struct Immediate {
    Handled (*handle)(const Call& call);
};
// Answers in place if `is_ready`, else as soon as it is, or after ServeConfig::version_wait.
struct WhenReady {
    bool (*is_ready)(const net::Request& request, const cache::EnvironmentState& environment);
    Handled (*handle)(const Call& call);
};
// Answers after work on the pool or a wait, hence for a caller who is to be looked up again
// (current_caller()). The admission that is returned is an answer's outcome (ok, not_modified) or a
// refusal for the dispatcher to write; it has no caller.
struct Deferred {
    boost::asio::awaitable<Admission> (*handle)(WorkerDeps& services, net::Request& request, net::Response& response,
                                                Subscriber subscriber);
    bool is_stream = false;  // it may wait for long, and is limited and counted like a stream
};
// Server-sent events, after the head of the answer has been sent. Returns when the stream ends.
struct Streaming {
    boost::asio::awaitable<void> (*run)(WorkerDeps& services, net::SseStream& stream, Subscriber subscriber);
    // May complete the subscriber, or refuse it: called before the head is sent. Null: nothing to do.
    Admission (*prepare)(const net::Request& request, Subscriber& subscriber) = nullptr;
    bool or_websocket = false;  // a request to upgrade the connection gets the same events as a WebSocket
};
// Takes what the request holds, which another thread writes to disk, and answers once that is done.
// Reads the body by itself, encoded or not. A request without a key in its headers may name one in
// its body: `key_in_body`, for client keys.
struct Accepting {
    std::string_view (*key_in_body)(WorkerDeps& services, const net::Request& request);
    Handled (*handle)(const Call& call, intake::Receipt& receipt);
};
using Handler = std::variant<FixedAnswer, Immediate, WhenReady, Deferred, Streaming, Accepting>;

// For the column `metric` of a route whose requests are not counted.
inline constexpr std::nullopt_t not_counted = std::nullopt;

struct Route {
    constexpr Route(net::Method method_, std::string_view pattern_, Credential credential_,
                    std::optional<ServeRoute> metric_, Cors cors_, ErrorForm errors_, Handler handler_) noexcept
        : method(method_),
          pattern(pattern_),
          credential(credential_),
          metric(metric_),
          cors(cors_),
          errors(errors_),
          handler(handler_) {}

    net::Method method;
    std::string_view pattern;  // as net::Router takes it
    Credential credential;
    std::optional<ServeRoute> metric;
    Cors cors;
    ErrorForm errors;
    Handler handler;
};

}  // namespace fanion::relay::serve
