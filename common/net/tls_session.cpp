#include "common/net/tls_session.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <cerrno>
#include <new>

namespace fanion::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

HandshakeFault fault_of(unsigned long error) {
    if (error == 0) return HandshakeFault::closed;
    const int reason = ERR_GET_REASON(error);
    if (ERR_GET_LIB(error) != ERR_LIB_SSL) return HandshakeFault::other;
    if (reason >= SSL_AD_REASON_OFFSET) return HandshakeFault::refused_by_client;
    switch (reason) {
        case SSL_R_UNEXPECTED_EOF_WHILE_READING:
            return HandshakeFault::closed;
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
        case SSL_R_CERTIFICATE_VERIFY_FAILED:
            return HandshakeFault::client_certificate;
        case SSL_R_UNSUPPORTED_PROTOCOL:
        case SSL_R_VERSION_TOO_LOW:
        case SSL_R_UNKNOWN_PROTOCOL:
        case SSL_R_NO_SHARED_CIPHER:
        case SSL_R_NO_SUITABLE_GROUPS:
        case SSL_R_NO_SUITABLE_KEY_SHARE:
        case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
        case SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS:
        case SSL_R_NO_APPLICATION_PROTOCOL:
            return HandshakeFault::unsupported;
        default:
            return HandshakeFault::other;
    }
}

}  // namespace

const char* name_of(HandshakeFault fault) noexcept {
    switch (fault) {
        case HandshakeFault::timeout:
            return "timeout";
        case HandshakeFault::plain_http:
            return "plain_http";
        case HandshakeFault::client_certificate:
            return "client_certificate";
        case HandshakeFault::refused_by_client:
            return "refused_by_client";
        case HandshakeFault::unsupported:
            return "unsupported";
        case HandshakeFault::closed:
            return "closed";
        case HandshakeFault::other:
            break;
    }
    return "other";
}

void TlsSession::Free::operator()(ssl_st* ssl) const noexcept { SSL_free(ssl); }

TlsSession::TlsSession(ServerTlsPtr tls, int socket)
    : tls_(std::move(tls)), ssl_(SSL_new(tls_->context().native_handle())) {
    if (!ssl_ || SSL_set_fd(ssl_.get(), socket) != 1) throw std::bad_alloc();
    SSL_set_accept_state(ssl_.get());
}

TlsSession::~TlsSession() = default;

// OpenSSL keeps errors in a queue of the thread, which each operation empties first: SSL_get_error() looks into it.
error_code TlsSession::error_of(int result, Wait& wait) {
    switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            wait = Wait::wait_read;
            return asio::error::would_block;
        case SSL_ERROR_WANT_WRITE:
            wait = Wait::wait_write;
            return asio::error::would_block;
        case SSL_ERROR_ZERO_RETURN:
            return asio::error::eof;
        case SSL_ERROR_SYSCALL:
            may_finish_ = false;
            return errno != 0 ? error_code(errno, boost::system::system_category()) : asio::error::connection_reset;
        default:
            may_finish_ = false;
            return {static_cast<int>(ERR_peek_last_error()), asio::error::get_ssl_category()};
    }
}

void TlsSession::handshake(error_code& ec) {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    may_finish_ = result == 1;
    ec = result == 1 ? error_code() : error_of(result, read_wait_);
    if (ec && ec != asio::error::would_block) fault_ = fault_of(ERR_peek_last_error());
}

std::size_t TlsSession::read_some(std::span<char> room, error_code& ec) {
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_read_ex(ssl_.get(), room.data(), room.size(), &count);
    ec = result == 1 ? error_code() : error_of(result, read_wait_);
    return count;
}

std::size_t TlsSession::write_some(std::string_view bytes, error_code& ec) {
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
    ec = result == 1 ? error_code() : error_of(result, write_wait_);
    may_finish_ = !ec;
    return count;
}

void TlsSession::finish(error_code& ec) {
    ec = {};
    if (!may_finish_) return;
    ERR_clear_error();
    const int result = SSL_shutdown(ssl_.get());
    if (result < 0) ec = error_of(result, write_wait_);
}

bool TlsSession::has_bytes() const noexcept { return SSL_has_pending(ssl_.get()) == 1; }

}  // namespace fanion::net
