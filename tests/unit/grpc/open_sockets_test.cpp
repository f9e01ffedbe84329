#include "common/grpc/open_sockets.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <deque>

#include "common/base/file.hpp"

using namespace fanion;
using grpc_port::OpenSockets;

namespace {

// Accepted connections from addresses of 127.0.0.0/8, and from ::1.
class Arrivals {
public:
    explicit Arrivals(int family = AF_INET) : family_(family), listening_(::socket(family, SOCK_STREAM, 0)) {
        address_ = local("127.0.0.1");
        REQUIRE(::bind(listening_.get(), generic(), size_) == 0);
        REQUIRE(::listen(listening_.get(), 64) == 0);
        REQUIRE(::getsockname(listening_.get(), generic(), &size_) == 0);
    }
    // The socket at the server's side.
    int from(const std::string& source) {
        UniqueFd client(::socket(family_, SOCK_STREAM, 0));
        auto bound = local(source);
        REQUIRE(::bind(client.get(), reinterpret_cast<const sockaddr*>(&bound), size_) == 0);
        REQUIRE(::connect(client.get(), generic(), size_) == 0);
        clients_.push_back(std::move(client));
        accepted_.emplace_back(::accept(listening_.get(), nullptr, nullptr));
        return accepted_.back().get();
    }
    // As gRPC names the last one.
    std::string name() const {
        sockaddr_storage storage{};
        socklen_t size = sizeof storage;
        ::getsockname(clients_.back().get(), reinterpret_cast<sockaddr*>(&storage), &size);
        if (family_ == AF_INET6) {
            const auto port = reinterpret_cast<const sockaddr_in6&>(storage).sin6_port;
            return "ipv6:%5B::1%5D:" + std::to_string(ntohs(port));
        }
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage);
        char text[INET_ADDRSTRLEN];
        ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
        return "ipv4:" + std::string(text) + ":" + std::to_string(ntohs(v4.sin_port));
    }
    static bool is_open(int fd) {
        char byte;
        return ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0;
    }

private:
    sockaddr_storage local(const std::string& text) {
        sockaddr_storage storage{};
        if (family_ == AF_INET6) {
            auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
            v6.sin6_family = AF_INET6;
            v6.sin6_addr = in6addr_loopback;
            size_ = sizeof v6;
        } else {
            auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
            v4.sin_family = AF_INET;
            ::inet_pton(AF_INET, text.c_str(), &v4.sin_addr);
            size_ = sizeof v4;
        }
        return storage;
    }
    sockaddr* generic() { return reinterpret_cast<sockaddr*>(&address_); }

    int family_;
    UniqueFd listening_;
    sockaddr_storage address_{};
    socklen_t size_ = 0;
    std::deque<UniqueFd> clients_, accepted_;
};

TEST_CASE("the strangers of an address have a bound, and its oldest one makes room") {
    Arrivals arrivals;
    OpenSockets sockets({.connections = 10, .connections_per_address = 2});
    const int other = arrivals.from("127.0.0.9");
    CHECK(sockets.add(other));
    const int first = arrivals.from("127.0.0.2");
    CHECK(sockets.add(first));
    const int second = arrivals.from("127.0.0.2");
    CHECK(sockets.add(second));
    sockets.note_known(arrivals.name());  // it does not count any more
    const int third = arrivals.from("127.0.0.2");
    CHECK(sockets.add(third));
    CHECK(Arrivals::is_open(first));
    CHECK(sockets.add(arrivals.from("127.0.0.2")));
    CHECK_FALSE(Arrivals::is_open(first));
    CHECK(Arrivals::is_open(second));
    CHECK(Arrivals::is_open(third));
    CHECK(Arrivals::is_open(other));
    CHECK(sockets.evicted() == 1);
    CHECK(sockets.count() == 4);
}

TEST_CASE("an exempt address has no bound of its own, and 0 is none at all") {
    for (const bool is_exempt : {true, false}) {
        Arrivals arrivals;
        grpc_port::Bounds bounds{.connections = 10, .connections_per_address = is_exempt ? 1u : 0u};
        if (is_exempt) bounds.is_exempt = [](const std::string& address) { return address == "127.0.0.2"; };
        OpenSockets sockets(bounds);
        for (int i = 0; i < 5; ++i) CHECK(sockets.add(arrivals.from("127.0.0.2")));
        CHECK(sockets.evicted() == 0);
    }
}

TEST_CASE("an IPv6 connection becomes known by the name that gRPC gives it") {
    Arrivals arrivals(AF_INET6);
    OpenSockets sockets({.connections = 1});
    CHECK(sockets.add(arrivals.from("::1")));
    sockets.note_known(arrivals.name());
    CHECK_FALSE(sockets.add(arrivals.from("::1")));
    sockets.note_known("ipv4:broken");
    sockets.note_known("");
}

TEST_CASE("a socket that has the number of a closed one is another socket") {
    int pair[2];
    OpenSockets sockets({.connections = 1});
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK(sockets.add(pair[0]));
    CHECK(sockets.count() == 1);
    CHECK_FALSE(sockets.add(pair[1]));  // who may open a Unix socket is known
    ::close(pair[0]);
    const int again = ::dup2(pair[1], pair[0]);
    CHECK(sockets.count() == 0);
    CHECK(sockets.add(again));
    ::close(pair[1]);
    ::close(again);
    CHECK(sockets.count() == 0);
}

}  // namespace
