#pragma once

// What the two services' ports have in common beside their addresses: TLS, and the permissions of
// Unix sockets. Plain values; the functions block only where they say so. Thread-safe.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/log.hpp"
#include "common/config/endpoint.hpp"
#include "common/config/parse.hpp"
#include "common/net/server.hpp"
#include "common/net/server_tls.hpp"

namespace fanion::service {

struct PortOptions {
    net::CertificateFiles tls = {};  // of both ports; empty: no TLS
    std::string client_ca = {};      // of --listen
    bool operators_tls = false;
    std::string operators_client_ca = {};
    unsigned socket_mode = 0660;
};

void describe_ports(config::Options& options, PortOptions& ports);

// Which of them need each other.
void validate_ports(const PortOptions& ports, config::Reading& out);

// `in_force` with what `now` may change of it while the service runs: the names of files. Error:
// invalid_input, TLS would begin or end.
Result<PortOptions> reread(PortOptions in_force, const PortOptions& now);

// Files that the ports' TLS is made of.
std::vector<std::string> tls_files(const PortOptions& ports);

struct PortsTls {
    net::ServerTlsPtr listen;  // null: no TLS
    net::ServerTlsPtr operators;
};

// Blocking: reads files. Errors: those of net::ServerTls::load.
Result<PortsTls> load_tls(const PortOptions& ports);

// When a certificate ends to be valid, in seconds since 1970, and whose it is.
struct Expiry {
    std::string_view option;  // that names the file
    const std::string& file;
    std::int64_t at;
    std::int64_t in_force;  // of the one that would be replaced; 0: there is none
};

// A certificate that has expired is put in force where there is nothing better: at a start, because
// a service whom some peers believe is worth more than none, and at a reload that brings none that
// is valid for longer. The log says so. Error: invalid_input, it has expired and the one in force
// ends later.
Result<> check_expiry(const Expiry& expiry, const Log& log);
// Of the ports' certificate.
Result<> check_expiry(const PortsTls& now, const PortsTls& in_force, const PortOptions& ports, const Log& log);

// Sets address or socket.
void set_endpoint(net::ServerConfig& server, const config::Endpoint& endpoint, const PortOptions& ports);

}  // namespace fanion::service
