#pragma once

// The server's side of TLS on one connection, over its socket, which must not block. Does what it
// can without waiting and then says for what the caller must wait; the caller has the deadlines.
// One thread. The process must ignore SIGPIPE.
//
// Each operation sets `ec` to would_block when it has to be repeated, with the same bytes, once the
// socket is ready for read_wait() or, after write_some() and finish(), for write_wait(). Any other
// error is final.

#include <boost/asio/socket_base.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "common/net/server_tls.hpp"

struct ssl_st;

namespace fanion::net {

// Why a handshake failed. The names are labels of a metric.
enum class HandshakeFault {
    timeout,
    plain_http,
    client_certificate,  // none, or one that is not trusted
    refused_by_client,   // it does not trust the server's certificate, or says anything else
    unsupported,         // no version, cipher or protocol in common
    closed,              // by the client, without a word
    other,
};
inline constexpr std::size_t handshake_faults = 7;
const char* name_of(HandshakeFault fault) noexcept;

class TlsSession {
public:
    using Wait = boost::asio::socket_base::wait_type;

    TlsSession(ServerTlsPtr tls, int socket);
    ~TlsSession();
    TlsSession(const TlsSession&) = delete;

    void handshake(boost::system::error_code& ec);
    // Of a handshake that has failed.
    HandshakeFault fault() const noexcept { return fault_; }

    // eof: the client said that it sends no more. An end without that is another error.
    std::size_t read_some(std::span<char> room, boost::system::error_code& ec);
    std::size_t write_some(std::string_view bytes, boost::system::error_code& ec);
    // Says that nothing more is sent. No error if that cannot be said any more.
    void finish(boost::system::error_code& ec);

    // Whether read_some() may succeed without waiting for the socket.
    bool has_bytes() const noexcept;
    Wait read_wait() const noexcept { return read_wait_; }
    Wait write_wait() const noexcept { return write_wait_; }

private:
    struct Free {
        void operator()(ssl_st* ssl) const noexcept;
    };
    boost::system::error_code error_of(int result, Wait& wait);

    ServerTlsPtr tls_;
    std::unique_ptr<ssl_st, Free> ssl_;
    Wait read_wait_ = Wait::wait_read;
    Wait write_wait_ = Wait::wait_write;
    HandshakeFault fault_ = HandshakeFault::other;
    bool may_finish_ = false;  // the handshake is complete, nothing failed, no record is half written
};

}  // namespace fanion::net
