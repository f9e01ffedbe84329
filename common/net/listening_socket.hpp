#pragma once

// A listening socket for somebody else who accepts. Without SO_REUSEPORT: a second program on the
// port is an error.

#include <cstdint>
#include <memory>
#include <string>

#include "common/base/error.hpp"
#include "common/net/unix_listener.hpp"

namespace fanion::net {

struct ListeningSocket {
    int fd = -1;  // does not block; whoever accepts closes it
    std::uint16_t port = 0;
    std::unique_ptr<UnixListener> file = {};  // null for TCP; is removed with this

    // `address`: an IP address; port 0: any free one. Errors: invalid_input, not an address;
    // unavailable. The detail names the endpoint.
    static Result<ListeningSocket> open_tcp(const std::string& address, std::uint16_t port);
    // Errors: those of UnixListener::open().
    static Result<ListeningSocket> open_unix(const std::string& path, unsigned mode);
};

}  // namespace fanion::net
