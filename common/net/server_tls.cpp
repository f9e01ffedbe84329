#include "common/net/server_tls.hpp"

#include <boost/asio/ssl/context.hpp>

#include "common/base/file.hpp"

namespace fanion::net {

namespace ssl = boost::asio::ssl;

namespace {

constexpr std::size_t largest_authorities = 1024 * 1024;
constexpr long session_seconds = 3600;
constexpr unsigned char session_context[] = "fanion";
constexpr unsigned char http11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

// A client that offers protocols without HTTP/1.1 among them is told so (RFC 7301 section 3.2).
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size,
                    void*) {
    unsigned char* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, out_size, http11, sizeof http11, in, in_size) != OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

void set_policy(SSL_CTX* context) {
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_PRIORITIZE_CHACHA);
    // AES with 128 bits first, which takes fewest instructions; all are good. The list of 1.2, then that of 1.3.
    SSL_CTX_set_cipher_list(context, "ECDHE+AES128+AESGCM:ECDHE+AESGCM:ECDHE+CHACHA20");
    SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256");
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
    // An idle connection has no buffers. A record is read by one call of the system, not by two.
    SSL_CTX_set_mode(context,
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context, 1);
    // Tickets keep nothing here. Where clients show certificates, OpenSSL resumes only within a named context.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(context, session_context, sizeof session_context - 1);
    SSL_CTX_set_timeout(context, session_seconds);
}

// Returns the content of the file.
Result<std::string> require_certificates(ssl::context& context, const std::string& ca_file) {
    auto authorities = read_file(ca_file, largest_authorities);
    if (!authorities) return authorities;
    boost::system::error_code ec;
    context.add_certificate_authority(boost::asio::buffer(*authorities), ec);
    auto* const names = ec ? nullptr : SSL_load_client_CA_file(ca_file.c_str());
    if (names == nullptr) {
        const auto why = ec ? ": " + ec.message() : std::string();
        return Error{Errc::invalid_input, ca_file + ": no certificates of authorities in PEM" + why};
    }
    SSL_CTX_set_client_CA_list(context.native_handle(), names);
    context.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, ec);
    return authorities;
}

}  // namespace

Result<ServerTlsPtr> ServerTls::load(const ServerTlsFiles& files) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    set_policy(context->native_handle());
    auto pem = use_certificate(*context, files.own);
    if (!pem) return pem.error();
    if (!files.client_ca.empty()) {
        auto authorities = require_certificates(*context, files.client_ca);
        if (!authorities) return authorities.error();
        pem->client_ca = std::move(*authorities);
    }
    return ServerTlsPtr(new ServerTls(std::move(context), std::move(*pem)));
}

ServerTls::ServerTls(std::shared_ptr<ssl::context> context, Pem pem)
    : context_(std::move(context)), pem_(std::move(pem)), expires_at_(certificate_expires_at(*context_)) {}

}  // namespace fanion::net
