#pragma once

// A table of routes: method, pattern, handler. Built at startup, then immutable; one per worker
// thread, because handlers may hold that thread's state.
//
// Patterns are literal segments, {names}, and * at the end for any rest, even none: "/flags/{key}",
// "/ui/*". A literal wins over a name, a name over *. Unknown path: 404; known path with another
// method: 405 with Allow; HEAD runs GET's handler and omits the body.

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/net/request.hpp"
#include "common/net/response.hpp"

namespace fanion::net {

class SseStream;  // net/sse_stream.hpp

// For handlers that never wait: fills the response in place. The hot path.
using SyncHandler = std::function<void(Request&, Response&)>;
// For handlers that seldom wait: fills the response in place, or leaves it untouched and returns
// must_wait; the route's AsyncHandler then answers.
enum class Attempt : std::uint8_t { answered, must_wait };
using AttemptHandler = std::function<Attempt(Request&, Response&)>;
// For handlers that wait. Wrap a member coroutine in a plain (non-coroutine) lambda.
using AsyncHandler = std::function<boost::asio::awaitable<Response>(Request&)>;
// For server-sent events: runs until the stream ends. SseStream::start() sends status and headers;
// a handler that refuses the request returns a Response instead of calling it.
using StreamHandler = std::function<boost::asio::awaitable<Response>(Request&, SseStream&)>;

// Writes the answer to a request that no handler answers: 404, 405 and 400 by Router::match(), a
// request that is malformed, late or too large, and 500 for a handler that threw. Of a request that
// failed, the request holds what could be read. `response` is empty; `detail` is for the peer.
// `place`: the name in the route's path that is at fault, as "{flag}"; mostly empty.
using RefusalWriter =
    std::function<void(Request&, Response&, unsigned status, std::string_view detail, std::string_view place)>;

struct Route {
    Method method;
    std::string pattern;
    SyncHandler sync = {};  // one of sync, async and stream, or attempt and async
    AttemptHandler attempt = {};
    AsyncHandler async = {};
    StreamHandler stream = {};
    bool is_websocket = false;            // a stream that is also served as a WebSocket
    std::vector<std::string> names = {};  // in the pattern's order
};

class Router {
public:
    Router();
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    void sync(Method method, std::string_view pattern, SyncHandler handler);
    void async(Method method, std::string_view pattern, AsyncHandler handler);
    // `or_websocket`: a request to upgrade the connection gets the same events as a WebSocket.
    void stream(Method method, std::string_view pattern, StreamHandler handler, bool or_websocket = false);
    // `handler` is tried first; `waiting` answers where it returns must_wait.
    void sync_or_async(Method method, std::string_view pattern, AttemptHandler handler, AsyncHandler waiting);
    // Replaces the writer of refusals, which writes problems (RFC 9457).
    void refuse_with(RefusalWriter writer) { write_refusal_ = std::move(writer); }

    struct Match {
        const Route* route = nullptr;  // null: see status
        unsigned status = 404;         // 404; 405; 400 when an escape in the path is malformed
        std::string allow;             // for 405
        std::string place = {};        // for 400: the name whose value it is, "{flag}"
    };
    // Fills the request's params.
    Match match(Request& request) const;

    // Replaces the response by a refusal. The second form is for a match without a route.
    void refuse(Request& request, Response& response, unsigned status, std::string_view detail,
                std::string_view place = {}) const;
    void refuse(Request& request, Response& response, const Match& match) const;

    // All routes in the order they were added: for tests and documentation checks.
    const std::vector<Route>& routes() const noexcept;

private:
    struct Node;
    void add(Route route);  // throws std::logic_error: a pattern that is malformed or given twice is a bug

    std::vector<Route> routes_;
    std::unique_ptr<Node> root_;
    RefusalWriter write_refusal_;
};

}  // namespace fanion::net
