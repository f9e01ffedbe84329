#include "common/net/server_worker.hpp"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>

#include "common/base/clock.hpp"
#include "common/net/connection.hpp"
#include "common/net/response_format.hpp"

namespace fanion::net {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

// A quarter of the shortest limit: no limit is exceeded by more than that.
milliseconds tick_length_for(const ServerLimits& limits) {
    const auto shortest = std::min({limits.handshake_timeout, limits.header_timeout, limits.body_timeout,
                                    limits.idle_timeout, limits.write_timeout});
    return std::clamp(shortest / 4, milliseconds(5), milliseconds(250));
}

}  // namespace

ServerWorker::ServerWorker(asio::io_context& context, std::shared_ptr<ServerShared> shared, unsigned index,
                           Router router, ResponseHook hook)
    : counters(*shared->counters[index]),
      shared_(std::move(shared)),
      router_(std::move(router)),
      hook_(std::move(hook)),
      tls_(shared_->config.tls),
      tick_length_(tick_length_for(shared_->config.limits)),
      most_open_(std::max<std::size_t>(1, shared_->config.limits.connections / shared_->counters.size())),
      timer_(context.get_executor()) {}

ServerWorker::~ServerWorker() {
    waiting_.clear();
    connections_.clear();
}

void ServerWorker::take(Socket socket, std::string peer) {
    shared_->on_begun(shared_->connections);
    ++open_;
    if (open_ > most_open_ && !make_room()) {
        on_connection_closed();
        counters.rejected.add();
        return;
    }
    counters.accepted.add();
    boost::system::error_code ignored;  // fails when the connection is already gone, and where it is not TCP
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
    ConnectionPtr connection(new Connection(std::move(socket), std::move(peer), shared_from_this()));
    connections_.push_back(*connection);
    start_ticking();
    connection->start();
}

bool ServerWorker::make_room() {
    if (waiting_.empty()) return false;
    const ConnectionPtr connection(&waiting_.front());
    connection->cut();
    counters.evicted.add();
    return true;
}

void ServerWorker::on_waiting(Connection& connection) {
    auto& hook = static_cast<WaitingHook&>(connection);
    if (hook.is_linked()) hook.unlink();
    waiting_.push_back(connection);
}

std::uint64_t ServerWorker::ticks(milliseconds duration) const noexcept {
    return static_cast<std::uint64_t>((duration + tick_length_ - milliseconds(1)) / tick_length_);
}

void ServerWorker::start_ticking() {
    if (ticking_) return;
    ticking_ = true;
    refresh_date();
    timer_.expires_after(tick_length_);
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& ec) {
        self->ticking_ = false;
        if (!ec) self->on_tick();
    });
}

void ServerWorker::on_tick() {
    ++tick_;
    for (auto next = connections_.begin(); next != connections_.end();) {
        const ConnectionPtr connection(&*next++);
        connection->on_tick();
    }
    if (!connections_.empty()) start_ticking();
}

void ServerWorker::refresh_date() {
    const auto second = SystemClock().now() / 1000;
    if (second == date_second_) return;
    date_second_ = second;
    date_ = format_http_date(second);
}

void ServerWorker::drain() {
    draining_ = true;
    for (auto next = connections_.begin(); next != connections_.end();) {
        const ConnectionPtr connection(&*next++);
        connection->on_drain();
    }
}

void ServerWorker::cut() {
    draining_ = true;
    for (auto next = connections_.begin(); next != connections_.end();) {
        const ConnectionPtr connection(&*next++);
        connection->cut();
    }
}

}  // namespace fanion::net
