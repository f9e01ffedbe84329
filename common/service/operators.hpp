#pragma once

// The operators' port of a service: /livez, /readyz, /healthz, /startupz, /metrics, /status, and
// the routes that a service adds. It has no authentication and must not be reachable for
// applications. The answers are specified in docs/relay-api.md (Operators' port) and
// proto-schemas/openapi.
//
// Handlers run on the threads of the workers given to listen_operators(): a thread that hangs fails
// /livez.

#include <functional>
#include <memory>
#include <string>

#include "common/config/endpoint.hpp"
#include "common/json/writer.hpp"
#include "common/net/server.hpp"
#include "common/service/health.hpp"
#include "common/service/ports.hpp"
#include "common/telemetry/metrics.hpp"

namespace fanion::service {

// What a service supplies. The references must outlive the port's server; the functions are called
// on the workers' threads as long as the port is served.
struct OperatorsPage {
    std::string program;  // "fanion-relay"
    const Health& health;
    telemetry::Registry& metrics;
    std::function<std::string()> not_ready_reason;      // "" when ready; starting and stopping are known without it
    std::function<void(json::Writer&)> write_status;    // members of /status beyond program, version and readiness
    std::function<void(net::Router&)> add_routes = {};  // further routes; may be empty
};

// Where the operators' port is, and its TLS; null: none.
struct OperatorsPort {
    const config::Endpoint& endpoint;
    const PortOptions& options;
    net::ServerTlsPtr tls;
};

// The routes alone.
net::Router make_operators_router(const OperatorsPage& page);

// Opens the port, for at most `operators_connections` (descriptors.hpp), and registers its server's
// metrics, fanion_build_info and fanion_ready in `page.metrics`.
// Errors: invalid_input or unavailable, an address that cannot be bound.
Result<std::unique_ptr<net::Server>> listen_operators(net::Workers& workers, OperatorsPort port,
                                                      const OperatorsPage& page, const Log& log);

}  // namespace fanion::service
