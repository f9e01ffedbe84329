#pragma once

// File descriptors: every connection takes one, and a process that has none left can neither answer
// a health check nor open a file. So the bound on connections follows from what the process may
// have. The calculation is pure.

#include <cstddef>
#include <cstdint>

#include "common/base/log.hpp"

namespace fanion::service {

struct DescriptorLimit {
    std::uint64_t now = 0;     // how many this process may have open
    std::uint64_t before = 0;  // before raise_descriptor_limit()
};

// Raises the soft limit of open files (RLIMIT_NOFILE) to the hard one, at most to a million. If the
// system refuses, it stays as it is. Children inherit it.
DescriptorLimit raise_descriptor_limit() noexcept;

// How many descriptors are open now. An upper bound where /proc is missing.
std::size_t open_descriptors() noexcept;

// Connections that the operators' port takes at most.
inline constexpr std::size_t operators_connections = 64;

// What is kept back from applications: what is open already, what each serving thread opens, the
// operators' port, `outgoing` (connections to upstreams or to the database), and files.
std::size_t descriptor_reserve(std::size_t open, unsigned threads, std::size_t outgoing) noexcept;

// The bound on connections: `wanted`, or less where `limit` minus `reserve` is less; at least an
// eighth of the limit.
std::size_t connection_bound(std::uint64_t limit, std::size_t reserve, std::size_t wanted) noexcept;

// Of applications' two ports.
struct ConnectionBounds {
    std::size_t http = 0;
    std::size_t grpc = 0;  // 0: there is no such port
};

// Their bounds: `wanted`, or of what is left a share in proportion, at least one. Logs
// `descriptor_limit`, and `connections_reduced` if it is less than wanted.
ConnectionBounds connection_bounds(const DescriptorLimit& limit, std::size_t reserve, ConnectionBounds wanted,
                                   const Log& log);

}  // namespace fanion::service
