#include "common/grpc/intake.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "common/base/file.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/grpc/byte_server.hpp"

using namespace fanion;
using namespace fanion::test;

namespace {

UniqueFd connect_to(std::uint16_t port) {
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    const timeval limit{20, 0};
    ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    return fd;
}

// Whether the settings of HTTP/2 come, and not the end.
bool is_kept(const UniqueFd& fd) {
    char byte = 0;
    return ::recv(fd.get(), &byte, 1, 0) == 1;
}

bool is_ended(const UniqueFd& fd) {
    char bytes[512];
    ssize_t count = 0;
    do count = ::recv(fd.get(), bytes, sizeof bytes, 0);
    while (count > 0);
    return count == 0 || errno == ECONNRESET;
}

// As the server's gRPC calls it.
std::string local_name(const UniqueFd& fd) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size);
    return "ipv4:127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

std::shared_ptr<::grpc::Channel> plain_channel(const std::string& address) {
    return channel_to(address, ::grpc::InsecureChannelCredentials());
}

TEST_CASE("at the bound the oldest connection without a known caller makes room, and is counted") {
    ByteServer server({}, {.connections = 2});
    const auto first = connect_to(server.port());
    const auto second = connect_to(server.port());
    CHECK(is_kept(first));
    CHECK(is_kept(second));
    const auto third = connect_to(server.port());
    CHECK(is_kept(third));
    CHECK(is_ended(first));
    server.intake.note_known(local_name(second));
    const auto fourth = connect_to(server.port());
    CHECK(is_kept(fourth));
    CHECK(is_ended(third));
    server.intake.note_known(local_name(fourth));
    CHECK_FALSE(is_kept(connect_to(server.port())));  // all are known
    const auto counts = server.intake.counts();
    CHECK(counts.accepted == 4);
    CHECK(counts.evicted == 2);
    CHECK(counts.rejected == 1);
    CHECK(counts.connections == 2);
}

TEST_CASE("a known connection that ends makes room") {
    ByteServer server({}, {.connections = 1});
    auto first = connect_to(server.port());
    CHECK(is_kept(first));
    server.intake.note_known(local_name(first));
    first = UniqueFd();
    eventually("there is room", [&] { return is_kept(connect_to(server.port())); });
}

TEST_CASE("gRPC names a peer as its socket is known") {
    ByteServer server({}, {.connections = 1});
    const auto channel = plain_channel("ipv4:127.0.0.1:" + std::to_string(server.port()));
    REQUIRE(echo(channel).ok());
    server.intake.note_known(server.last_peer());
    CHECK_FALSE(is_kept(connect_to(server.port())));
    CHECK(echo(channel).ok());
    CHECK(server.intake.counts().evicted == 0);
}

TEST_CASE("calls are answered at a port and at a Unix socket") {
    const ByteServer server;
    CHECK(echo(plain_channel("ipv4:127.0.0.1:" + std::to_string(server.port()))).ok());
    const TemporaryDirectory directory;
    const auto path = directory / "socket";
    const ByteServer at_a_file({}, {}, net::ListeningSocket::open_unix(path, 0600).value());
    CHECK(echo(plain_channel("unix:" + path)).ok());
}

TEST_CASE("messages are bounded") {
    const ByteServer server({}, {.request_bytes = 1000});
    const auto channel = plain_channel("ipv4:127.0.0.1:" + std::to_string(server.port()));
    CHECK(echo(channel, std::string(1000, 'x')).ok());
    CHECK(echo(channel, std::string(1001, 'x')).error_code() == ::grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_CASE("what is stopped accepts no more") {
    ByteServer server;
    CHECK(is_kept(connect_to(server.port())));
    server.intake.stop();
    const auto refused = net::ListeningSocket::open_tcp("127.0.0.1", server.port());
    REQUIRE(refused);  // the port is free
    ::close(refused->fd);
}

}  // namespace
