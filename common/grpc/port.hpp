#pragma once

// What a gRPC port is given and what it counts, whoever owns it. Plain values, without gRPC.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace fanion::grpc_port {

struct Bounds {
    std::size_t connections = 1'000;
    std::size_t connections_per_address = 1'000;  // of those on which no caller is known; 0: unlimited
    std::function<bool(const std::string& address)> is_exempt = {};  // from the bound per address
    std::size_t calls = 512;                                         // at a time; more are refused
    int streams_of_a_connection = 100;                               // at a time; more wait at the client
    int request_bytes = 1024 * 1024;                                 // of one message
    std::size_t buffered_bytes = 64 * 1024 * 1024;                   // of all connections
};

struct Counts {
    std::uint64_t accepted = 0;
    std::uint64_t rejected = 0;  // closed at once: too many
    std::uint64_t evicted = 0;   // closed to make room
    std::uint64_t refused_calls = 0;
    std::size_t connections = 0;  // open now
};

}  // namespace fanion::grpc_port
