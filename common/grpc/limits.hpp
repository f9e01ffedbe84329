#pragma once

#include <grpcpp/server_builder.h>

#include "common/grpc/port.hpp"

namespace fanion::grpc_port {

// What a client may take of the server that `builder` makes: memory, streams, sizes, time for
// handshakes, pings, time without calls, and the age of connections. Those of `bounds` that are
// about connections and calls are not gRPC's.
void set_limits(::grpc::ServerBuilder& builder, const Bounds& bounds);

}  // namespace fanion::grpc_port
