#pragma once

// The sockets of a gRPC port, which gRPC closes without a word: whether it has is seen by the
// socket's cookie, which no other socket has. Those on which no caller is known make room for
// newcomers, the oldest first, as the strangers of an HTTP port do; of each address they have a
// bound. Of IPv6 the first 64 bits are the address. Thread-safe.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "common/grpc/port.hpp"

namespace fanion::grpc_port {

class OpenSockets {
public:
    explicit OpenSockets(const Bounds& bounds);

    // Ends the connection that makes room for it, if one must. False: there is none.
    bool add(int fd);
    // A call on the connection from `peer`, as gRPC writes it, had a valid credential.
    void note_known(const std::string& peer);
    std::size_t count();
    // Connections that made room.
    std::uint64_t evicted();

private:
    using Age = std::uint64_t;  // grows with each socket
    using Strangers = std::map<Age, int>;
    struct Socket {
        std::uint64_t cookie = 0;
        Age age = 0;
        std::string remote;   // address and port; empty: a Unix socket
        std::string network;  // empty: without a bound of its own
        bool is_known = false;
    };

    Socket describe(int fd, std::uint64_t cookie);
    bool make_room(const Socket& socket);
    bool evict(int fd);
    bool is_crowded(const Socket& socket) const;
    void forget(int fd);
    void forget_stranger(int fd, const Socket& socket);
    void forget_closed();

    const std::size_t most_;
    const std::size_t most_of_address_;
    const std::function<bool(const std::string&)> is_exempt_;
    std::mutex mutex_;
    std::unordered_map<int, Socket> sockets_;
    std::unordered_map<int, std::uint64_t> ending_;  // cookies of those that were evicted
    std::unordered_map<std::string, int> by_remote_;
    std::map<std::string, Strangers> by_network_;
    Strangers strangers_;  // that may be evicted
    Age next_age_ = 0;
    std::uint64_t evicted_ = 0;
    std::chrono::steady_clock::time_point looked_at_ = {};
};

}  // namespace fanion::grpc_port
