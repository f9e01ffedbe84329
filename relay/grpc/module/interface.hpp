#pragma once

// What the relay and its gRPC module say to each other. The module is a shared object next to the
// program, which is loaded only where the port is wanted (docs/adr/0053): it has the gRPC library
// and knows nothing of flags; the program has everything else. Both are of one build.

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/pem.hpp"
#include "common/grpc/port.hpp"

namespace fanion::relay::grpc {

// Numbers of gRPC.
enum class Code : int {
    ok = 0,
    cancelled = 1,
    invalid_argument = 3,
    not_found = 5,
    permission_denied = 7,
    resource_exhausted = 8,
    failed_precondition = 9,
    internal = 13,
    unavailable = 14,
    data_loss = 15,
    unauthenticated = 16,
};

struct Status {
    Code code = Code::ok;
    std::string text = {};
};

// The client's side of one call. Thread-safe.
class Call {
public:
    virtual ~Call() = default;
    // The response, once; of a stream each message, the next one after Exchange::on_written().
    virtual void write(std::string message) = 0;
    // Once, as the last call.
    virtual void finish(Status status) = 0;
    // Ends the transport of a stream whose client does not take its messages; finish() follows.
    virtual void cut() = 0;
};

// What a call asks for. An empty credential is none.
struct Incoming {
    std::size_t method = 0;  // index into ListenOptions::methods
    std::string message = {};
    std::string authorization = {};
    std::string api_key = {};
    std::string user_agent = {};
    std::string sdk = {};  // X-Fanion-SDK
    std::string traceparent = {};
    std::string tracestate = {};
};

// The program's side of one call. Its functions are called by threads of gRPC and must not block.
class Exchange {
public:
    virtual ~Exchange() = default;
    virtual void start() = 0;
    virtual void on_written(bool is_sent) = 0;
    virtual void on_cancelled() = 0;
};

// Makes exchanges. Called by threads of gRPC.
class Acceptor {
public:
    virtual ~Acceptor() = default;
    virtual std::shared_ptr<Exchange> accept(std::shared_ptr<Call> call, Incoming incoming) = 0;
};

struct MethodPath {
    const char* path;
    bool streams;
};

struct ListenOptions {
    int listening;  // a socket that does not block; the server closes it
    Pem pem;        // whether there are certificates, and authorities, does not change
    const MethodPath* methods;
    std::size_t method_count;
    grpc_port::Bounds bounds;  // of its calls more are refused with UNAVAILABLE
};

class Server {
public:
    virtual ~Server() = default;
    // For connections from now on. Thread-safe, as counts().
    virtual void set_tls(Pem pem) = 0;
    virtual grpc_port::Counts counts() = 0;
    // No new connections and calls; calls in progress have `limit`, then they are
    // cancelled. Returns when all of them have ended.
    virtual void shut_down(std::chrono::milliseconds limit) = 0;
};

// The module's only symbol. Null and a text in `error` when it cannot serve, or when `version` is
// not that of its own build; the socket is closed then. `acceptor` outlives the server.
using Listen = Server* (*)(const char* version, const ListenOptions& options, Acceptor& acceptor, std::string& error);
inline constexpr const char* listen_symbol = "fanion_relay_grpc_listen";
inline constexpr const char* module_name = "fanion-relay-grpc.so";

}  // namespace fanion::relay::grpc
