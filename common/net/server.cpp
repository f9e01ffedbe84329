// What happens to a request, in this order:
//   1. limits and deadlines           connection_io.cpp, request_parser.cpp   nothing below sees an unfinished request
//   2. route by method and path       router.cpp                              404, 405
//   3. handler                        the application's                       keys and permissions are its first lines
//   4. exceptions become a 500        connection.cpp                          logged once, not shown to the client
//   5. ResponseHook                   the application's                       last, so that it sees every response: id, log, counters
//   6. common headers, bytes          response_format.cpp
#include "common/net/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <limits>

#include "common/net/accept_queue.hpp"
#include "common/net/server_impl.hpp"

namespace fanion::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Unregisters the timer, even if the waiting coroutine is destroyed early.
class WaiterScope {
public:
    WaiterScope(ServerShared& shared, std::shared_ptr<asio::steady_timer> timer) : shared_(shared) {
        shared_.set_waiter(std::move(timer));
    }
    ~WaiterScope() { shared_.set_waiter(nullptr); }
    WaiterScope(const WaiterScope&) = delete;

private:
    ServerShared& shared_;
};

Result<tcp::endpoint> endpoint_of(const ServerConfig& config) {
    boost::system::error_code ec;
    const auto address = asio::ip::make_address(config.address, ec);
    if (ec) return Error{Errc::invalid_input, "'" + config.address + "' is not an IP address to listen on"};
    const tcp::endpoint endpoint(address, config.port);
    if (auto free = check_port_is_free(endpoint); !free) return free.error();
    return endpoint;
}

void set_expiry(ServerShared& shared, const ServerTlsPtr& tls) {
    shared.certificate_expires_at =
        tls ? static_cast<double>(tls->expires_at()) : std::numeric_limits<double>::infinity();
}

}  // namespace

Result<std::unique_ptr<Server>> Server::listen(Workers& workers, ServerConfig config,
                                               const std::function<Router(unsigned worker)>& make_router,
                                               const std::function<ResponseHook(unsigned worker)>& make_hook,
                                               const Log& log) {
    auto impl = std::make_unique<Impl>();
    tcp::endpoint endpoint;
    if (config.socket_path.empty()) {
        auto parsed = endpoint_of(config);
        if (!parsed) return parsed.error();
        endpoint = *parsed;
    } else {
        auto listener = UnixListener::open(config.socket_path, config.socket_mode);
        if (!listener) return listener.error();
        impl->listener.emplace(std::move(*listener));
    }
    impl->shared = std::make_shared<ServerShared>(std::move(config), log, workers.size());
    for (unsigned i = 0; i < workers.size(); ++i) {
        auto& context = workers.context(i);
        auto hook = make_hook ? make_hook(i) : ResponseHook();
        auto worker = std::make_shared<ServerWorker>(context, impl->shared, i, make_router(i), std::move(hook));
        auto queue = std::make_shared<AcceptQueue>(context, worker);
        auto opened = impl->listener ? queue->share(*impl->listener) : queue->open(endpoint);
        if (!opened) return opened.error();
        impl->shares.push_back({&context, std::move(worker), std::move(queue)});
    }
    impl->port = endpoint.port();
    set_expiry(*impl->shared, impl->shared->config.tls);
    for (auto& share : impl->shares) asio::post(*share.context, [queue = share.queue] { queue->start(); });
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
    stop_accepting();
    cut();
}

std::uint16_t Server::port() const noexcept { return impl_->port; }

std::size_t Server::connections() const noexcept { return impl_->shared->connections.load(); }

void Server::set_tls(const ServerTlsPtr& tls) {
    for (auto& share : impl_->shares)
        asio::post(*share.context, [worker = share.worker, tls] { worker->set_tls(tls); });
    set_expiry(*impl_->shared, tls);
}

void Server::stop_accepting() {
    if (impl_->listener) impl_->listener->remove();
    for (auto& share : impl_->shares) {
        impl_->shared->on_begun(impl_->shared->stops);
        asio::post(*share.context, [queue = share.queue, shared = impl_->shared] {
            queue->stop();
            shared->on_ended(shared->stops);
        });
    }
}

void Server::drain() {
    for (auto& share : impl_->shares) asio::post(*share.context, [worker = share.worker] { worker->drain(); });
}

void Server::cut() {
    for (auto& share : impl_->shares) asio::post(*share.context, [worker = share.worker] { worker->cut(); });
}

asio::awaitable<bool> Server::join(std::chrono::milliseconds limit) {
    const auto shared = impl_->shared;  // the server may be destroyed during the wait
    const auto executor = co_await asio::this_coro::executor;
    const auto deadline = std::chrono::steady_clock::now() + limit;
    const auto timer = std::make_shared<asio::steady_timer>(executor);
    const WaiterScope scope(*shared, timer);
    const auto token = asio::as_tuple(asio::use_awaitable);
    // The end of the last of them is posted to this executor, so it cannot run between the check and the wait.
    while (shared->unfinished != 0 && std::chrono::steady_clock::now() < deadline) {
        timer->expires_at(deadline);
        co_await timer->async_wait(token);
    }
    co_return shared->unfinished == 0;
}

}  // namespace fanion::net
