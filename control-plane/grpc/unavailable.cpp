// In the place of server.cpp where the program is built without gRPC (FANION_GRPC=OFF).

#include "control-plane/grpc/server.hpp"

namespace fanion::cp::grpc {

struct Server::Impl {};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::listen(ServerConfig, Port, Metrics&) {
    return Error{Errc::unavailable, "--grpc-listen: this program was built without gRPC"};
}
std::uint16_t Server::port() const noexcept { return 0; }
void Server::set_tls(const net::ServerTls&) {}
grpc_port::Counts Server::counts() const { return {}; }
void Server::drain(std::chrono::milliseconds) {}
boost::asio::awaitable<bool> Server::join(std::chrono::milliseconds) { co_return true; }

}  // namespace fanion::cp::grpc
