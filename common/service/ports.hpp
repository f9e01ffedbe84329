#pragma once

// What the two services' ports have in common beside their addresses: TLS, and the permissions of
// Unix sockets. Plain values; the functions block only where they say so. Thread-safe.

#include <functional>
#include <string>
#include <vector>

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

// Sets address or socket.
void set_endpoint(net::ServerConfig& server, const config::Endpoint& endpoint, const PortOptions& ports);

}  // namespace fanion::service
