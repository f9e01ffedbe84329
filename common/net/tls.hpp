#pragma once

// TLS contexts. Thread-safe.

#include <memory>
#include <string>

#include "common/base/error.hpp"

namespace boost::asio::ssl {
class context;
}

namespace fanion::net {

// Whom a client trusts. Shared by its connections; not modified once made.
using ClientTls = std::shared_ptr<boost::asio::ssl::context>;

// Verifies the peer against `ca_file` (PEM), or the system's roots when it is empty. TLS 1.2 or
// later. Blocking: reads files. Error: unavailable when the file cannot be read.
Result<ClientTls> make_client_tls(const std::string& ca_file);

}  // namespace fanion::net
