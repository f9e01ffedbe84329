#pragma once

// The connections of a gRPC port. gRPC's own listener takes as many as come, so a thread of ours
// accepts and hands over the sockets.

#include <grpcpp/server_builder.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "common/grpc/open_sockets.hpp"
#include "common/grpc/port.hpp"

namespace fanion::grpc_port {

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

    // A call from `peer` (::grpc::ServerContext::peer()) had a valid credential. Any thread.
    void note_known(const std::string& peer) { sockets_.note_known(peer); }
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
