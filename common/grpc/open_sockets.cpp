#include "common/grpc/open_sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

namespace fanion::grpc_port {
namespace {

constexpr auto look_interval = std::chrono::milliseconds(100);  // looking takes a call of the system for each socket
constexpr std::size_t most_ending = 64;                         // that gRPC has not closed yet
constexpr std::size_t network_bytes_of_v6 = 8;

std::optional<std::uint64_t> cookie_of(int fd) {
    std::uint64_t cookie = 0;
    socklen_t size = sizeof cookie;
    if (::getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size) != 0) return std::nullopt;
    return cookie;
}

std::string text_of(int family, const void* address) {
    char text[INET6_ADDRSTRLEN] = "";
    ::inet_ntop(family, address, text, sizeof text);
    return text;
}

struct Peer {
    std::string address;
    std::string network;
    std::string remote;
};

Peer peer_of(const in_addr& address, in_port_t port) {
    auto text = text_of(AF_INET, &address);
    return {text, text, text + ":" + std::to_string(ntohs(port))};
}

Peer peer_of(const sockaddr_in6& from) {
    if (IN6_IS_ADDR_V4MAPPED(&from.sin6_addr)) {
        in_addr v4{};
        std::memcpy(&v4, from.sin6_addr.s6_addr + 12, sizeof v4);
        return peer_of(v4, from.sin6_port);
    }
    auto network = from.sin6_addr;
    std::fill(network.s6_addr + network_bytes_of_v6, network.s6_addr + sizeof network.s6_addr, std::uint8_t{0});
    auto text = text_of(AF_INET6, &from.sin6_addr);
    return {text, text_of(AF_INET6, &network), "[" + text + "]:" + std::to_string(ntohs(from.sin6_port))};
}

// Nothing for a Unix socket.
std::optional<Peer> peer_of(int fd) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&from), &size) != 0) return std::nullopt;
    if (from.ss_family == AF_INET6) return peer_of(reinterpret_cast<const sockaddr_in6&>(from));
    if (from.ss_family != AF_INET) return std::nullopt;
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(from);
    return peer_of(v4.sin_addr, v4.sin_port);
}

// "ipv4:192.0.2.1:5000" and "ipv6:%5B2001:db8::1%5D:5000" without the scheme and the escapes.
std::string remote_of(std::string_view peer) {
    if (!peer.starts_with("ipv4:") && !peer.starts_with("ipv6:")) return {};
    std::string remote(peer.substr(5));
    for (const auto& [escape, plain] : {std::pair{"%5B", "["}, std::pair{"%5D", "]"}}) {
        if (const auto at = remote.find(escape); at != std::string::npos) remote.replace(at, 3, plain);
    }
    return remote;
}

}  // namespace

OpenSockets::OpenSockets(const Bounds& bounds)
    : most_(bounds.connections),
      most_of_address_(bounds.connections_per_address > 0 ? bounds.connections_per_address
                                                          : std::numeric_limits<std::size_t>::max()),
      is_exempt_(bounds.is_exempt) {}

bool OpenSockets::add(int fd) {
    const auto cookie = cookie_of(fd);
    if (!cookie) return false;
    const std::lock_guard lock(mutex_);
    forget(fd);  // one that had the same number is closed
    auto socket = describe(fd, *cookie);
    if (!make_room(socket)) return false;
    socket.age = next_age_++;
    if (!socket.is_known) {
        strangers_.emplace(socket.age, fd);
        by_remote_[socket.remote] = fd;
        if (!socket.network.empty()) by_network_[socket.network].emplace(socket.age, fd);
    }
    sockets_.emplace(fd, std::move(socket));
    return true;
}

// Who may open a Unix socket is known.
OpenSockets::Socket OpenSockets::describe(int fd, std::uint64_t cookie) {
    Socket socket;
    socket.cookie = cookie;
    auto peer = peer_of(fd);
    socket.is_known = !peer;
    if (!peer) return socket;
    socket.remote = std::move(peer->remote);
    if (!is_exempt_ || !is_exempt_(peer->address)) socket.network = std::move(peer->network);
    return socket;
}

bool OpenSockets::is_crowded(const Socket& socket) const {
    const auto same = by_network_.find(socket.network);
    return same != by_network_.end() && same->second.size() >= most_of_address_;
}

bool OpenSockets::make_room(const Socket& socket) {
    const auto now = std::chrono::steady_clock::now();
    if ((is_crowded(socket) || sockets_.size() >= most_) && now - looked_at_ >= look_interval) {
        forget_closed();
        looked_at_ = now;
    }
    if (is_crowded(socket) && !evict(by_network_.at(socket.network).begin()->second)) return false;
    if (sockets_.size() < most_) return true;
    return !strangers_.empty() && evict(strangers_.begin()->second);
}

// By a number of our own for the same socket: gRPC may close its own, which another file then gets, at any time.
bool OpenSockets::evict(int fd) {
    if (ending_.size() >= most_ending)
        std::erase_if(ending_, [](const auto& entry) { return cookie_of(entry.first) != entry.second; });
    if (ending_.size() >= most_ending) return false;
    const int own = ::dup(fd);
    const auto cookie = sockets_.at(fd).cookie;
    if (own >= 0 && cookie_of(own) == cookie) {
        ::shutdown(own, SHUT_RDWR);
        ending_[fd] = cookie;
        ++evicted_;
    }
    if (own >= 0) ::close(own);
    forget(fd);
    return true;
}

void OpenSockets::note_known(const std::string& peer) {
    const auto remote = remote_of(peer);
    const std::lock_guard lock(mutex_);
    const auto found = by_remote_.find(remote);
    if (found == by_remote_.end()) return;
    const int fd = found->second;
    auto& socket = sockets_.at(fd);
    forget_stranger(fd, socket);
    socket.is_known = true;
}

std::size_t OpenSockets::count() {
    const std::lock_guard lock(mutex_);
    forget_closed();
    return sockets_.size();
}

std::uint64_t OpenSockets::evicted() {
    const std::lock_guard lock(mutex_);
    return evicted_;
}

void OpenSockets::forget(int fd) {
    const auto found = sockets_.find(fd);
    if (found == sockets_.end()) return;
    if (!found->second.is_known) forget_stranger(fd, found->second);
    sockets_.erase(found);
}

void OpenSockets::forget_stranger(int fd, const Socket& socket) {
    strangers_.erase(socket.age);
    const auto named = by_remote_.find(socket.remote);
    if (named != by_remote_.end() && named->second == fd) by_remote_.erase(named);
    const auto same = by_network_.find(socket.network);
    if (same == by_network_.end()) return;
    same->second.erase(socket.age);
    if (same->second.empty()) by_network_.erase(same);
}

void OpenSockets::forget_closed() {
    std::vector<int> closed;
    for (const auto& [fd, socket] : sockets_) {
        if (cookie_of(fd) != socket.cookie) closed.push_back(fd);
    }
    for (const int fd : closed) forget(fd);
}

}  // namespace fanion::grpc_port
