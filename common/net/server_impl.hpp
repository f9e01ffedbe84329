#pragma once

// Server's parts, for server*.cpp only.

#include <optional>
#include <vector>

#include "common/net/accept_queue.hpp"
#include "common/net/server_worker.hpp"
#include "common/net/unix_listener.hpp"

namespace fanion::net {

struct Server::Impl {
    struct Share {
        boost::asio::io_context* context;
        // Shared with the messages posted to the worker's thread, which may run after the server is
        // gone.
        std::shared_ptr<ServerWorker> worker;
        std::shared_ptr<AcceptQueue> queue;
    };
    std::shared_ptr<ServerShared> shared;
    std::vector<Share> shares;
    std::optional<UnixListener> listener;  // of a Unix socket
    std::uint16_t port = 0;
};

}  // namespace fanion::net
