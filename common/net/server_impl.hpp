#pragma once

// Server's parts, for server*.cpp only.

#include <vector>

#include "common/net/accept_queue.hpp"
#include "common/net/server_worker.hpp"

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
    std::uint16_t port = 0;
};

}  // namespace fanion::net
