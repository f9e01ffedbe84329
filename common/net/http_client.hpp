#pragma once

// HTTP/1.1 client for one origin over http or https (verified against the system's roots, or
// `ca_file`; TLS 1.2 or later), the latter perhaps through a proxy. Keeps one idle connection;
// exchanges may overlap, each on a connection of its own. Every step has a deadline. An idle
// connection that the server has closed in the meantime is replaced and the request sent once more
// if repeating it is safe (GET, HEAD, PUT, DELETE, OPTIONS, or with an Idempotency-Key). Redirects
// are not followed. One thread (its executor's).

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/error.hpp"
#include "common/net/proxy.hpp"
#include "common/net/request.hpp"
#include "common/net/resolve.hpp"
#include "common/net/tls.hpp"
#include "common/telemetry/span.hpp"
#include "common/telemetry/trace_place.hpp"

namespace fanion::net {

struct ClientConfig {
    std::string origin = {};  // "http://127.0.0.1:8081" or "https://control.example:443", optionally with a path prefix
    std::string ca_file = {};  // PEM; empty: the system's
    ClientTls tls = {};        // in the place of `ca_file`, for several clients
    ProxySettings proxies = {};
    // Asked once for each connection, which is made to an endpoint that it returned and to no
    // other; empty: resolve().
    Resolve resolve = {};
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds request_timeout{10'000};  // the whole exchange
    std::size_t body_limit = 64u * 1024 * 1024;
};

// Where the span of a request belongs: below `place`, or first in its trace if that has no span
// yet (telemetry::new_trace). The header `traceparent` says it to the server. Without a trace there
// is neither.
struct ClientTrace {
    telemetry::TracePlace place = {};
    telemetry::Attributes attributes = {};  // of the span, besides those that all have
};

struct ClientRequest {
    Method method = Method::get;
    std::string target = {};  // path and query
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
    ClientTrace trace = {};
};

struct ClientResponse {
    unsigned status = 0;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string_view header(std::string_view name) const noexcept;
};

// A response whose body is read as it arrives. Destruction ends the exchange.
class ResponseStream {
public:
    virtual ~ResponseStream() = default;
    virtual unsigned status() const noexcept = 0;
    virtual std::string_view header(std::string_view name) const noexcept = 0;
    // Appends the next bytes to `out`; false at the end of the body. Error: network, or timed_out
    // after `idle`.
    virtual boost::asio::awaitable<Result<bool>> read_some(std::string& out, std::chrono::milliseconds idle) = 0;
};

class HttpClient {
public:
    // Errors: invalid_input when the origin is not a valid http or https URL; unavailable when
    // `ca_file` cannot be read.
    static Result<HttpClient> make(boost::asio::any_io_executor executor, ClientConfig config);
    HttpClient(HttpClient&&) noexcept;
    HttpClient& operator=(HttpClient&&) noexcept;
    ~HttpClient();

    // Any status is a success here. Errors: network, timed_out, too_large (the body), invalid_input
    // (a target or header that would break the request).
    boost::asio::awaitable<Result<ClientResponse>> send(ClientRequest request);
    // The same up to the end of the headers, which must arrive within `request_timeout`;
    // `body_limit` does not apply.
    boost::asio::awaitable<Result<std::unique_ptr<ResponseStream>>> open_stream(ClientRequest request);

    // Uses these certificate authorities, and the client's certificate if there is one, for new
    // connections, if the origin is https.
    void set_tls(ClientTls tls);

private:
    struct Impl;
    explicit HttpClient(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;  // shared with the exchanges under way, which may outlive the client
};

}  // namespace fanion::net
