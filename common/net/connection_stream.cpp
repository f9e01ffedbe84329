// The part of a connection that knows of streams: event streams, and WebSockets that carry the same.

#include <netinet/tcp.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "common/net/response_format.hpp"
#include "common/net/sse_connection.hpp"
#include "common/net/websocket_connection.hpp"

namespace fanion::net {

namespace asio = boost::asio;

namespace {

// A slow client's events wait in this process, where newer ones can replace them, and not in the kernel.
constexpr int unsent_bytes_in_kernel = 16 * 1024;

// HTTP/1.0 has no upgrades (RFC 9110 section 7.8), and HEAD gets the head of the event stream.
UpgradeRequest wanted_upgrade(const RequestParser& parser, const Request& request) {
    const bool may_upgrade = request.method == Method::get && !parser.is_http10();
    return may_upgrade ? upgrade_of(request) : UpgradeRequest::none;
}

}  // namespace

// True: response_ says what is wrong with the request for an upgrade.
bool Connection::refuse_upgrade() {
    switch (wanted_upgrade(parser_, parser_.request())) {
        case UpgradeRequest::none:
        case UpgradeRequest::websocket:
            return false;
        case UpgradeRequest::malformed:
            refuse(400, "Sec-WebSocket-Key must be 16 bytes in base64");
            break;
        case UpgradeRequest::other_version:
            refuse(426, "only version 13 of WebSocket is spoken here");
            response_.set("Upgrade", "websocket");
            response_.set("Connection", "Upgrade");
            response_.set("Sec-WebSocket-Version", "13");
            break;
    }
    return true;
}

asio::awaitable<void> Connection::stream_task(const Route& route) {
    const bool upgrades = route.is_websocket && wanted_upgrade(parser_, parser_.request()) == UpgradeRequest::websocket;
    return upgrades ? run_websocket(ConnectionPtr(this), route) : run_stream(ConnectionPtr(this), route);
}

asio::awaitable<void> Connection::run_stream(ConnectionPtr self, const Route& route) {
    SseConnection stream(self);
    self->response_ = co_await route.stream(self->parser_.request(), stream);
}

asio::awaitable<void> Connection::run_websocket(ConnectionPtr self, const Route& route) {
    WebSocketConnection stream(self);
    self->response_ = co_await route.stream(self->parser_.request(), stream);
}

// The head, which is then to be written.
std::string Connection::begin_stream(Response opening, std::string_view extra_headers) {
    auto& worker = *worker_;
    if (worker.hook()) worker.hook()(parser_.request(), opening, pattern_);
    worker.counters.requests[opening.status / 100 - 1].add();
    HeadOptions options;
    options.date = worker.date();
    options.keep_alive = opening.status == 101;
    options.has_length = false;
    std::string head;
    append_head(head, opening, options);
    head.insert(head.size() - 2, extra_headers);
    using LowWaterMark = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>;
    boost::system::error_code ignored;  // without it the kernel only queues more
    socket_.set_option(LowWaterMark(unsent_bytes_in_kernel), ignored);
    stream_started_ = true;
    phase_ = Phase::streaming;
    return head;
}

// Until the client has read something, or an error.
asio::awaitable<boost::system::error_code> Connection::wait_for_room(ConnectionPtr self) {
    const auto token = asio::as_tuple(asio::use_awaitable);
    self->enter(Phase::streaming, self->worker_->limits().write_timeout);
    const auto wait = self->tls_ ? self->tls_->write_wait() : Socket::wait_write;
    const auto [ec] = co_await self->socket_.async_wait(wait, token);
    self->deadline_ = 0;
    co_return ec;
}

void Connection::take_from_stream(std::size_t count) noexcept {
    if (websocket_) {
        try {
            websocket_->on_bytes({scratch_, count});
        } catch (const std::exception&) {  // no memory
            close(Notify::handler);
        }
    }
    if (phase_ != Phase::closed && !stream_left_) discard();
}

void Connection::end_stream() {
    if (close_code_) return guarded(&Connection::end_websocket);
    boost::system::error_code ignored;  // it is closed in any case
    if (stream_is_incomplete_) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    close(Notify::nobody);
}

// Within a message there is no place for a closing frame.
void Connection::end_websocket() {
    if (tail_) return close(Notify::nobody);
    append_close_frame(out_, *close_code_);
    close_after_answer_ = true;
    after_answer();
}

}  // namespace fanion::net
