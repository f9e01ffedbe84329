#include <sys/socket.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "common/net/connection.hpp"

namespace fanion::net {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t kept_output_capacity = 64 * 1024;

}  // namespace

void Connection::start() {
    if (tls_) return shake_hands();
    enter(Phase::idle, worker_->limits().idle_timeout);
    read();
}

void Connection::enter(Phase phase, milliseconds limit) {
    phase_ = phase;
    // A handler has taken it out of those that wait. What follows is the peer's time again, whatever it does with it.
    const bool begins = phase == Phase::idle || phase == Phase::handshake || !WaitingHook::is_linked();
    if (begins && phase != Phase::streaming && !has_known_caller_) worker_->on_waiting(*this);
    deadline_ = worker_->now() + worker_->ticks(limit) + 1;
}

void Connection::wait_for_bytes() {
    if (phase_ == Phase::closed) return;
    const auto& limits = worker_->limits();
    if (!parser_.has_bytes()) {
        // Only an answer begins a new idle time: the empty lines that may come before a request do not.
        if (std::exchange(answered_, false)) {
            enter(Phase::idle, worker_->is_draining() ? limits.drain_grace : limits.idle_timeout);
            return read_in_turn();
        }
    } else if (!parser_.in_body()) {
        if (phase_ != Phase::header) enter(Phase::header, limits.header_timeout);
    } else {
        if (phase_ != Phase::body) enter(Phase::body, limits.body_timeout);
        if (parser_.take_expect_continue()) {
            out_ = "HTTP/1.1 100 Continue\r\n\r\n";
            if (!flush()) return;
        }
    }
    read();
}

void Connection::read() {
    if (reading_ || phase_ == Phase::closed) return;
    reading_ = true;
    if (tls_) return read_tls();
    const auto room = parser_.prepare();
    socket_.async_read_some(asio::buffer(room.data(), room.size()),
                            [self = ConnectionPtr(this)](const boost::system::error_code& ec, std::size_t count) {
                                self->on_read(ec, count);
                            });
}

// After what else is ready now. The peer of a busy connection has sent its next request by then, so that it is read at
// once; a read right after the answer would find nothing, and cost a system call for each request.
void Connection::read_in_turn() {
    if (reading_) return;
    reading_ = true;
    asio::post(socket_.get_executor(), [self = ConnectionPtr(this)] {
        if (self->tls_) return self->on_readable({});
        self->reading_ = false;
        self->read();
    });
}

void Connection::on_read(const boost::system::error_code& ec, std::size_t count) {
    reading_ = false;
    switch (phase_) {
        case Phase::closed:
        case Phase::handshake:
        case Phase::writing:
        case Phase::handling:
            return;
        case Phase::streaming:
            if (ec) return close(Notify::handler);
            return take_from_stream(count);
        case Phase::lingering:
            if (ec) return close(Notify::handler);
            return discard();
        case Phase::idle:
        case Phase::header:
        case Phase::body:
            break;
    }
    if (ec) return close(Notify::nobody);
    parser_.commit(count);
    guarded(&Connection::process);
}

// Detects that the peer closed its side; bytes that it sends are discarded.
void Connection::discard() {
    if (reading_) return;
    reading_ = true;
    if (tls_) return read_tls();
    socket_.async_read_some(asio::buffer(scratch_),
                            [self = ConnectionPtr(this)](const boost::system::error_code& ec, std::size_t count) {
                                self->on_read(ec, count);
                            });
}

// True when everything was written. Otherwise the rest is written as the peer accepts it, and process() then continues.
bool Connection::flush() {
    boost::system::error_code ec;
    if (write_directly(ec)) return true;
    if (ec != asio::error::would_block) {
        close(Notify::nobody);
        return false;
    }
    wait_to_write();
    return false;
}

void Connection::wait_to_write() {
    enter(Phase::writing, worker_->limits().write_timeout);
    socket_.async_wait(tls_ ? tls_->write_wait() : Socket::wait_write,
                       [self = ConnectionPtr(this)](const boost::system::error_code& ec) { self->on_writable(ec); });
}

std::size_t Connection::write_some(std::string_view bytes, boost::system::error_code& ec) {
    if (tls_) return tls_->write_some(bytes, ec);
    return socket_.write_some(asio::buffer(bytes.data(), bytes.size()), ec);
}

bool Connection::write_directly(boost::system::error_code& ec) {
    while (write_part(ec)) {
        if (rest_.empty()) return true;
        tail_ = std::move(rest_.back());
        rest_.pop_back();
    }
    return false;
}

// out_ and tail_.
bool Connection::write_part(boost::system::error_code& ec) {
    const std::string_view tail = tail_ ? std::string_view(*tail_) : std::string_view();
    const auto total = out_.size() + tail.size();
    while (sent_ < total) {
        if (tls_) {
            sent_ += write_tls(ec);
        } else if (tail.empty()) {
            sent_ += write_some(std::string_view(out_).substr(sent_), ec);
        } else {
            const auto from_out = std::min(sent_, out_.size());
            const auto from_tail = sent_ - from_out;
            const std::array<asio::const_buffer, 2> buffers{
                asio::buffer(out_.data() + from_out, out_.size() - from_out),
                asio::buffer(tail.data() + from_tail, tail.size() - from_tail)};
            sent_ += socket_.write_some(buffers, ec);
        }
        if (ec) return false;
    }
    sent_ = 0;
    out_.clear();
    if (out_.capacity() > kept_output_capacity) out_.shrink_to_fit();
    tail_.reset();
    return true;
}

void Connection::on_writable(const boost::system::error_code& ec) {
    if (phase_ == Phase::closed) return;
    if (ec) return close(Notify::nobody);
    if (close_after_answer_) return after_answer();
    if (flush()) guarded(&Connection::process);
}

// After the last response: shut down our side, and give the peer time to read it.
void Connection::after_answer() {
    if (!flush() || !finish_tls()) return;
    boost::system::error_code ec;
    socket_.shutdown(Socket::shutdown_send, ec);
    if (ec) return close(Notify::nobody);
    enter(Phase::lingering, worker_->limits().linger_timeout);
    discard();
}

void Connection::on_tick() {
    if (deadline_ == 0 || worker_->now() < deadline_) return;
    deadline_ = 0;
    count_deadline();
    if (phase_ == Phase::handshake) return end_handshake(HandshakeFault::timeout);
    if (phase_ == Phase::header || phase_ == Phase::body) return guarded(&Connection::refuse_late);
    timed_out_ = true;
    close(Notify::handler);
}

void Connection::count_deadline() noexcept {
    switch (phase_) {
        case Phase::handshake:
            return worker_->count(Bound::handshake_time);
        case Phase::idle:
            return worker_->count(Bound::idle_time);
        case Phase::header:
            return worker_->count(Bound::header_time);
        case Phase::body:
            return worker_->count(Bound::body_time);
        case Phase::writing:
        case Phase::streaming:
            return worker_->count(Bound::write_time);
        case Phase::handling:
        case Phase::lingering:
        case Phase::closed:
            return;
    }
}

void Connection::refuse_late() {
    const bool in_body = phase_ == Phase::body;
    fail_request(
        408, in_body ? "the request's body did not arrive in time" : "the request's headers did not arrive in time");
}

void Connection::on_drain() {
    if (phase_ != Phase::idle) return;
    deadline_ = std::min(deadline_, worker_->now() + worker_->ticks(worker_->limits().drain_grace));
}

void Connection::close(Notify notify) noexcept {
    if (phase_ == Phase::closed) return;
    const bool is_whole = phase_ != Phase::writing && !(stream_started_ && stream_is_incomplete_);
    phase_ = Phase::closed;
    const ConnectionPtr self(this);
    boost::system::error_code ignored;  // there is nothing more to do for it
    if (tls_ && is_whole) tls_->finish(ignored);
    socket_.close(ignored);
    if (ConnectionHook::is_linked()) ConnectionHook::unlink();
    worker_->on_end(*this);
    if (notify == Notify::handler && handler_runs_) cancel_handler_.emit(asio::cancellation_type::terminal);
}

}  // namespace fanion::net
