// The part of a connection that knows of TLS: the handshake, and reading and writing through it.

#include <sys/socket.h>

#include <boost/asio/post.hpp>
#include <utility>

#include "common/net/connection.hpp"

namespace fanion::net {

namespace asio = boost::asio;

namespace {

// The first byte of a TLS connection is that of a handshake record, 22; HTTP begins with the name of a method.
bool begins_with_letter(int socket) {
    char first = 0;
    return ::recv(socket, &first, 1, MSG_PEEK) == 1 && first >= 'A' && first <= 'Z';
}

}  // namespace

void Connection::shake_hands() {
    if (phase_ != Phase::handshake) enter(Phase::handshake, worker_->limits().handshake_timeout);
    socket_.async_wait(tls_->read_wait(), [self = ConnectionPtr(this)](const boost::system::error_code& ec) {
        self->on_handshake_ready(ec);
    });
}

void Connection::on_handshake_ready(const boost::system::error_code& wait_ec) {
    if (phase_ != Phase::handshake) return;
    if (wait_ec) return end_handshake(HandshakeFault::closed);
    if (!std::exchange(shook_hands_, true) && begins_with_letter(socket_.native_handle())) {
        return end_handshake(HandshakeFault::plain_http);
    }
    boost::system::error_code ec;
    tls_->handshake(ec);
    if (ec == asio::error::would_block) return shake_hands();
    if (ec) return end_handshake(tls_->fault());
    worker_->counters.handshakes.add();
    const auto& limits = worker_->limits();
    enter(Phase::idle, worker_->is_draining() ? limits.drain_grace : limits.idle_timeout);
    read();
}

// What the client was told is not to be lost: see Connection, 3.
void Connection::end_handshake(HandshakeFault fault) {
    worker_->counters.handshakes_failed[static_cast<std::size_t>(fault)].add();
    if (fault == HandshakeFault::timeout || fault == HandshakeFault::closed) return close(Notify::nobody);
    tls_.reset();
    if (fault == HandshakeFault::plain_http) return guarded(&Connection::refuse_plain_http);
    guarded(&Connection::after_answer);
}

void Connection::refuse_plain_http() { fail_request(400, "this port speaks HTTP over TLS only: use https"); }

// Waits, unless OpenSSL has bytes already; the wait notices those that came before it.
void Connection::read_tls() {
    auto ready = [self = ConnectionPtr(this)](const boost::system::error_code& ec) { self->on_readable(ec); };
    if (tls_->has_bytes() && !tls_waits_) {
        return asio::post(socket_.get_executor(), [ready = std::move(ready)] { ready({}); });
    }
    socket_.async_wait(tls_->read_wait(), std::move(ready));
}

// Nothing is read in a phase that has no use for it: it stays in the kernel.
void Connection::on_readable(const boost::system::error_code& wait_ec) {
    const bool discards = phase_ == Phase::streaming || phase_ == Phase::lingering;
    const bool reads = discards || phase_ == Phase::idle || phase_ == Phase::header || phase_ == Phase::body;
    if (wait_ec || !reads || !tls_) return on_read(wait_ec, 0);
    boost::system::error_code ec;
    const auto room = discards ? std::span<char>(scratch_) : parser_.prepare();
    const auto count = tls_->read_some(room, ec);
    tls_waits_ = ec == asio::error::would_block;
    if (tls_waits_) return read_tls();
    on_read(ec, count);
}

// The records of a head and of a large body are made separately.
std::size_t Connection::write_tls(boost::system::error_code& ec) {
    if (sent_ < out_.size()) return tls_->write_some(std::string_view(out_).substr(sent_), ec);
    return tls_->write_some(std::string_view(*tail_).substr(sent_ - out_.size()), ec);
}

// False: it is not complete yet, or the connection is closed.
bool Connection::finish_tls() {
    if (!tls_) return true;
    boost::system::error_code ec;
    tls_->finish(ec);
    if (!ec) tls_.reset();
    if (ec == asio::error::would_block) {
        wait_to_write();
    } else if (ec) {
        close(Notify::nobody);
    }
    return !ec;
}

}  // namespace fanion::net
