#include "common/grpc/limits.hpp"

namespace fanion::grpc_port {
namespace {

constexpr int metadata_bytes = 16 * 1024;        // as of a request over HTTP
constexpr int handshake_millis = 10'000;         // of TLS and HTTP/2
constexpr int keep_alive_millis = 60'000;        // between pings on a quiet connection
constexpr int keep_alive_limit_millis = 20'000;  // for the answer to one
constexpr int client_ping_millis = 10'000;       // a client that pings more often is cut: no library of gRPC does
constexpr int ping_strikes = 2;
constexpr int idle_millis = 5 * 60'000;  // without calls
// A client then opens another connection, and calls in progress have the grace. Nothing else ends a call whose message never
// comes.
constexpr int age_millis = 60 * 60'000;
constexpr int age_grace_millis = 60'000;

}  // namespace

void set_limits(::grpc::ServerBuilder& builder, const Bounds& bounds) {
    ::grpc::ResourceQuota quota("fanion");
    quota.Resize(bounds.buffered_bytes);
    builder.SetResourceQuota(quota);
    builder.SetMaxReceiveMessageSize(bounds.request_bytes);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, bounds.streams_of_a_connection);
    builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, metadata_bytes);
    builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, handshake_millis);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, keep_alive_millis);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, keep_alive_limit_millis);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);  // of clients
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, client_ping_millis);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, ping_strikes);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, idle_millis);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, age_millis);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, age_grace_millis);
}

}  // namespace fanion::grpc_port
