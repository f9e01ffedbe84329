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

// The address of an IPv6 peer may name the interface behind a '%'.
std::optional<IpAddress> ip_of_peer(const std::string& peer) { return parse_ip(peer.substr(0, peer.find('%'))); }

// A quarter of the shortest limit: no limit is exceeded by more than that.
milliseconds tick_length_for(const ServerLimits& limits) {
    const auto shortest = std::min({limits.handshake_timeout, limits.header_timeout, limits.body_timeout,
                                    limits.idle_timeout, limits.write_timeout});
    return std::clamp(shortest / 4, milliseconds(5), milliseconds(250));
}

// Rounded up: 0 of 0 only.
std::size_t share_of(std::size_t total, std::size_t workers) { return (total + workers - 1) / workers; }

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
      most_waiting_per_address_(share_of(shared_->config.limits.connections_per_address, shared_->counters.size())),
      bodies_(
          std::max(shared_->config.limits.bodies_bytes / shared_->counters.size(), shared_->config.limits.body_bytes)),
      timer_(context.get_executor()) {}

ServerWorker::~ServerWorker() {
    waiting_.clear();
    connections_.clear();
}

void ServerWorker::take(Socket socket, std::string peer) {
    const auto ip = ip_of_peer(peer);
    const bool is_proxy = ip && trusted_proxies().contains(*ip);
    auto* const address = ip && !is_proxy ? &addresses_.enter(*ip) : nullptr;
    shared_->on_begun(shared_->connections);
    ++open_;
    if (!admit(address)) return;
    counters.accepted.add();
    boost::system::error_code ignored;  // fails when the connection is already gone, and where it is not TCP
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
    ConnectionPtr connection(
        new Connection(std::move(socket), std::move(peer), is_proxy ? ip : std::nullopt, address, shared_from_this()));
    connections_.push_back(*connection);
    start_ticking();
    connection->start();
}

// Makes room for one more, which is counted already. False: there is none, and it is counted no more.
bool ServerWorker::admit(ClientAddresses::Entry* address) {
    const bool is_crowd = address && most_waiting_per_address_ > 0 && address->waiting >= most_waiting_per_address_;
    if (is_crowd) {
        count(Bound::connections_per_address);
        evict(address->longest_first.front());
    }
    if (open_ <= most_open_) return true;
    count(Bound::connections);
    if (make_room()) return true;
    if (address) addresses_.leave(*address);
    on_connection_closed();
    counters.rejected.add();
    return false;
}

bool ServerWorker::make_room() {
    if (waiting_.empty()) return false;
    evict(waiting_.front());
    return true;
}

void ServerWorker::evict(Connection& connection) {
    const ConnectionPtr kept(&connection);
    kept->cut();
    counters.evicted.add();
}

void ServerWorker::on_waiting(Connection& connection) {
    on_not_waiting(connection);
    waiting_.push_back(connection);
    auto* const address = connection.address();
    if (!address) return;
    address->longest_first.push_back(connection);
    ++address->waiting;
}

void ServerWorker::on_not_waiting(Connection& connection) noexcept {
    auto& hook = static_cast<WaitingHook&>(connection);
    if (!hook.is_linked()) return;
    hook.unlink();
    if (!connection.address()) return;
    static_cast<AddressWaitingHook&>(connection).unlink();
    --connection.address()->waiting;
}

void ServerWorker::on_end(Connection& connection) noexcept {
    on_not_waiting(connection);
    if (connection.address()) addresses_.leave(*connection.address());
    on_connection_closed();
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
