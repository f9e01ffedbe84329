#pragma once

// One accepted connection: reads requests, runs their handlers, writes the responses. Its buffers
// are reused from request to request; a synchronous route runs without a coroutine and, once warm,
// without an allocation. One thread (its worker's). Lives as long as an operation, a handler or the
// worker's list refers to it.
//
// 1. At most one read and one write are pending. No request is parsed while a response is being
//    written.
// 2. Deadlines are absolute: set when a phase begins, not extended by each byte. An idle time
//    begins with the connection and after an answer.
// 3. A response that ends the connection is followed by a half-close, and what the peer still sends
//    is discarded for a while: closing with unread bytes would send a reset, which can destroy the
//    response before the peer reads it.
// 4. A stream that is served as a WebSocket ends with a closing frame and then as in 3.
// 5. With TLS, `tls_` stands between the buffers and the socket from the start to the half-close,
//    of which its closing alert is a part. Who only sees the end of TCP knows that bytes are
//    missing.

#include <boost/asio/cancellation_signal.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <vector>

#include "common/base/cidr.hpp"
#include "common/net/request_parser.hpp"
#include "common/net/server_worker.hpp"
#include "common/net/sse_stream.hpp"

namespace fanion::net {

class Connection;
class WebSocketConnection;
using ConnectionPtr = boost::intrusive_ptr<Connection>;

class Connection : public boost::intrusive_ref_counter<Connection, boost::thread_unsafe_counter>,
                   public ConnectionHook,
                   public WaitingHook,
                   public AddressWaitingHook {
public:
    // `proxy`: the peer, if it is a trusted proxy. `address`: where the peer is counted, or null;
    // the connection leaves it when it ends.
    Connection(Socket socket, std::string peer, std::optional<IpAddress> proxy, ClientAddresses::Entry* address,
               std::shared_ptr<ServerWorker> worker);
    ~Connection();

    void start();
    void on_tick();
    void on_drain();
    void cut() { close(Notify::handler); }
    ClientAddresses::Entry* address() const noexcept { return address_; }

private:
    friend class SseConnection;
    friend class WebSocketConnection;

    enum class Phase { handshake, idle, header, body, handling, writing, streaming, lingering, closed };
    enum class Notify { nobody, handler };

    // connection.cpp: requests and responses
    void process();
    void guarded(void (Connection::*step)()) noexcept;
    bool serve();
    void identify_client();
    Attempt serve_in_place(const Route& route);
    void spawn_handler(const Route& route);
    void on_handler_done(std::exception_ptr failure);
    void answer_for_handler();
    void refuse(unsigned status, std::string_view detail);
    void record_exception(const std::exception_ptr& failure, std::string_view pattern) noexcept;
    void finish_answer(std::string_view pattern);
    void refuse_late();
    void fail_request(unsigned status, std::string_view detail);
    static boost::asio::awaitable<void> run_async(ConnectionPtr self, const Route& route);

    // connection_stream.cpp: event streams and WebSockets
    bool refuse_upgrade();
    boost::asio::awaitable<void> stream_task(const Route& route);
    static boost::asio::awaitable<void> run_stream(ConnectionPtr self, const Route& route);
    static boost::asio::awaitable<void> run_websocket(ConnectionPtr self, const Route& route);
    std::string begin_stream(Response opening, std::string_view extra_headers);
    static boost::asio::awaitable<boost::system::error_code> wait_for_room(ConnectionPtr self);
    void take_from_stream(std::size_t count) noexcept;
    void end_stream();
    void end_websocket();

    // connection_tls.cpp
    void shake_hands();
    void on_handshake_ready(const boost::system::error_code& ec);
    void end_handshake(HandshakeFault fault);
    void refuse_plain_http();
    void read_tls();
    void on_readable(const boost::system::error_code& ec);
    std::size_t write_tls(boost::system::error_code& ec);
    bool finish_tls();

    // connection_io.cpp: bytes and time
    void wait_for_bytes();
    void read();
    void read_in_turn();
    void on_read(const boost::system::error_code& ec, std::size_t count);
    bool flush();
    void wait_to_write();
    void on_writable(const boost::system::error_code& ec);
    std::size_t write_some(std::string_view bytes, boost::system::error_code& ec);
    bool write_directly(boost::system::error_code& ec);
    bool write_part(boost::system::error_code& ec);
    void after_answer();
    void discard();
    void count_deadline() noexcept;
    void enter(Phase phase, std::chrono::milliseconds limit);
    void close(Notify notify) noexcept;

    const std::shared_ptr<ServerWorker> worker_;
    Socket socket_;
    std::unique_ptr<TlsSession> tls_;  // null: without
    const bool is_https_;
    const std::string peer_;
    const std::optional<IpAddress> proxy_;
    ClientAddresses::Entry* const address_;
    RequestParser parser_;
    Response response_;
    std::string out_;                                       // heads and small bodies
    std::shared_ptr<const std::string> tail_;               // a large body, after out_
    std::vector<std::shared_ptr<const std::string>> rest_;  // after tail_, the last first
    std::size_t sent_ = 0;                                  // of out_ and tail_
    std::uint64_t deadline_ = 0;                            // tick; 0: none
    std::string_view pattern_;                              // of the route being handled
    boost::asio::cancellation_signal cancel_handler_;
    WebSocketConnection* websocket_ = nullptr;  // in the frame of its handler, while that runs
    std::optional<std::uint16_t> close_code_;   // of a WebSocket, from its start; 0: none
    Phase phase_ = Phase::idle;
    bool shook_hands_ = false;  // or began to
    bool tls_waits_ = false;    // for the rest of a record
    bool reading_ = false;
    bool handler_runs_ = false;
    bool stream_started_ = false;
    bool stream_left_ = false;           // the client of a WebSocket has ended it
    bool stream_is_incomplete_ = false;  // the client must not take its end for that of the body
    bool timed_out_ = false;
    bool close_after_answer_ = false;
    bool has_known_caller_ = false;  // one of its requests had
    bool answered_ = false;          // since the last idle time began
    char scratch_[64];               // for discarded bytes
};

}  // namespace fanion::net
