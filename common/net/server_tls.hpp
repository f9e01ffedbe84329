#pragma once

// What a server shows its clients over TLS, and which of them it believes. Immutable once made, so
// that the connections of all threads share it. A new certificate is a new object; a connection
// keeps the one it began with.
//
// TLS 1.2 and 1.3, forward secrecy and authenticated encryption only, HTTP/1.1 by ALPN, no
// renegotiation, no compression. Sessions are resumed by tickets, for at most an hour, and only
// with the object that issued them.

#include <cstdint>
#include <memory>
#include <string>

#include "common/base/error.hpp"
#include "common/net/tls.hpp"

namespace fanion::net {

struct ServerTlsFiles {
    CertificateFiles own;
    std::string client_ca;  // PEM; not empty: clients must have a certificate of one of these authorities
};

class ServerTls {
public:
    // Blocking: reads files. Errors: those of use_certificate(), of the file of authorities too.
    static Result<std::shared_ptr<const ServerTls>> load(const ServerTlsFiles& files);

    // When the certificate ends to be valid, in seconds since 1970.
    std::int64_t expires_at() const noexcept { return expires_at_; }

    // What it is made of, for a server of another library.
    const Pem& pem() const noexcept { return pem_; }

    // For TlsSession.
    boost::asio::ssl::context& context() const noexcept { return *context_; }

private:
    ServerTls(std::shared_ptr<boost::asio::ssl::context> context, Pem pem);

    std::shared_ptr<boost::asio::ssl::context> context_;
    Pem pem_;
    std::int64_t expires_at_;
};

using ServerTlsPtr = std::shared_ptr<const ServerTls>;

}  // namespace fanion::net
