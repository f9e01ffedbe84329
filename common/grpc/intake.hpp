#pragma once

// The connections of a gRPC port. gRPC's own listener takes as many as come, so a thread of ours
// accepts and hands over the sockets. gRPC does not say when it closes one: whether it has is seen
// by the socket's cookie, which no other socket has, once there seem to be too many.

#include <grpcpp/server_builder.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "common/grpc/port.hpp"

namespace fanion::grpc_port {

// Sockets that others close. Thread-safe.
class OpenSockets {
public:
    explicit OpenSockets(std::size_t most) : most_(most) {}

    // False: there are `most` already.
    bool add(int fd);
    std::size_t count();

private:
    void forget_closed();

    const std::size_t most_;
    std::mutex mutex_;
    std::unordered_map<int, std::uint64_t> cookies_;
    std::chrono::steady_clock::time_point looked_at_ = {};
};

class Intake {
public:
    // `listening` does not block and belongs to this from now on.
    Intake(int listening, const Bounds& bounds);
    // After the server's end.
    ~Intake();
    Intake(const Intake&) = delete;

    // What `builder` makes gets its connections from here. Once.
    void add_to(::grpc::ServerBuilder& builder, std::shared_ptr<::grpc::ServerCredentials> credentials);
    // Once the server has started.
    void start();
    // No connection is accepted after it; the listening socket is closed. Once start() was called.
    void stop();

    // Without refused calls. Any thread.
    Counts counts();

private:
    void run();
    void accept_one();

    int listening_;
    int stop_event_;
    OpenSockets sockets_;
    std::unique_ptr<::grpc::experimental::ExternalConnectionAcceptor> acceptor_;
    std::atomic<std::uint64_t> accepted_{0};
    std::atomic<std::uint64_t> rejected_{0};
    std::thread thread_;
};

}  // namespace fanion::grpc_port
