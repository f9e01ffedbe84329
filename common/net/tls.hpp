#pragma once

// TLS contexts. Thread-safe.

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "common/base/error.hpp"

namespace fanion::net {

// Verifies the peer against `ca_file` (PEM), or the system's roots when it is empty. TLS 1.2 or
// later. Shared by a client's connections; not modified afterwards. Error: unavailable when the
// file cannot be read.
Result<std::shared_ptr<boost::asio::ssl::context>> make_client_tls(const std::string& ca_file);

}  // namespace fanion::net
