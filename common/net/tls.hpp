#pragma once

// TLS contexts of clients, and certificates in files. Thread-safe.

#include <cstdint>
#include <memory>
#include <string>

#include "common/base/error.hpp"
#include "common/base/pem.hpp"

namespace boost::asio::ssl {
class context;
}

namespace fanion::net {

// Whom a client trusts, and what it shows. Shared by its connections; not modified once made.
using ClientTls = std::shared_ptr<boost::asio::ssl::context>;

// Two PEM files. The certificate's own comes first in its file, the authorities between it and the
// root follow.
struct CertificateFiles {
    std::string certificate;
    std::string key;
};

// Verifies the peer against `ca_file` (PEM), or the system's roots when it is empty. Shows `own` to
// servers that ask for a certificate; without one if its names are empty. TLS 1.2 or later.
// Blocking: reads files. Errors: those of use_certificate(); unavailable when `ca_file` cannot be
// read. The detail names the file.
Result<ClientTls> make_client_tls(const std::string& ca_file, const CertificateFiles& own = {});

// Loads a certificate and its key into `context`, and returns them; one that has expired too.
// Blocking: reads files. Errors: not_found, too_large, internal (a file cannot be read),
// invalid_input (it is not what it should be, the key is another's or needs a passphrase). The
// detail names the file.
Result<Pem> use_certificate(boost::asio::ssl::context& context, const CertificateFiles& files);

// When the certificate in `context` ends to be valid, in seconds since 1970; the largest number
// without one.
std::int64_t certificate_expires_at(boost::asio::ssl::context& context) noexcept;

}  // namespace fanion::net
