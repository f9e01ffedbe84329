#pragma once

// The configuration of fanion-relay. A plain value. Meanings and defaults: docs/configuration.md.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/log.hpp"
#include "common/config/parse.hpp"
#include "common/net/forwarded.hpp"
#include "common/net/proxy.hpp"
#include "common/net/server.hpp"
#include "common/service/health_check.hpp"
#include "common/service/ports.hpp"
#include "common/service/protection.hpp"
#include "common/service/tracing_options.hpp"
#include "common/store/location.hpp"
#include "relay/inject/sidecar.hpp"
#include "relay/serve/serve_config.hpp"

namespace fanion::relay::app {

enum class Command { serve, healthcheck, inject_webhook };

struct Config {
    Command command = Command::serve;
    bool live = false;                       // healthcheck
    std::string sidecar_file;                // inject_webhook
    std::optional<inject::Sidecar> sidecar;  // the same, parsed

    config::Endpoint listen{"127.0.0.1", 8080};
    config::Endpoint operators_listen{"127.0.0.1", 9090};
    service::PortOptions ports;
    service::TracingOptions tracing;
    bool allow_profiling = false;
    std::optional<config::Endpoint> grpc_listen;  // none: no such port
    std::size_t grpc_connections = 10'000;
    std::string grpc_key_file;
    std::string grpc_key;  // a secret: of calls without a credential; empty: they have none

    std::vector<std::string> upstreams;  // tried in turn; none: only what --bootstrap names
    std::string upstream_ca_file;
    net::CertificateFiles upstream_tls;  // shown upstream; empty: none
    std::string upstream_proxy;          // a URL, which may have a password; empty: none
    std::string no_proxy;
    net::ProxySettings upstream_proxies;              // the same, parsed
    std::chrono::milliseconds upstream_idle{14'000};  // with the first wait: another one within 15 s
    std::chrono::milliseconds poll_interval{10'000};
    std::vector<std::string> labels;  // what this relay calls itself
    std::string relay_key;            // a secret: from key_file or FANION_RELAY_KEY, never from the command line
    std::string key_file;
    std::string trust;  // the first trust document's bytes
    std::string trust_file;

    std::vector<std::string> bootstrap_texts;
    std::vector<store::Location> bootstrap;  // the same, parsed: asked in this order
    std::vector<std::string> publish_texts;
    std::vector<store::Location> publish_to;  // the same, parsed
    std::string store_credentials;            // a file; empty: the environment
    std::string store_ca_file;

    std::string cache_dir;
    std::string spool_dir;
    std::string relay_id;  // empty: one is generated and stored in the cache directory
    std::size_t max_ruleset_bytes = 40u * 1024 * 1024;
    std::size_t max_environments = 1'000;
    std::uint64_t spool_bytes = 256u * 1024 * 1024;
    std::chrono::milliseconds flush_interval{10'000};

    unsigned threads = 0;  // 0: one per processor
    unsigned blocking_threads = 2;
    std::vector<std::string> require_environments;  // ids, or org/project/env
    std::optional<std::chrono::milliseconds> ready_max_stale;
    std::chrono::milliseconds drain_delay{2'000};
    std::chrono::milliseconds stop_timeout{20'000};

    serve::ServeConfig serve;
    net::ServerLimits limits;
    std::vector<std::string> trusted_proxies;  // networks
    net::TrustedProxies proxies;               // the same, parsed
    service::Protection protection;
    LogLevel log_level = LogLevel::info;
};

using ParsedConfig = config::Parsed<Config>;

// Parses and validates; reads the key file and the trust file too. The commands need neither;
// `inject-webhook` reads the sidecar's file.
ParsedConfig parse_config(const std::vector<std::string>& arguments, const config::Environment& environment);

// The question that `healthcheck` asks. Refers to `config`.
service::HealthCheck health_check(const Config& config);

// All options, bound to `c`.
config::Options describe_options(Config& c);

// Returns the bytes of the first trust document. Errors: not_found, too_large, internal (the file
// cannot be read), invalid_input (its own signatures do not verify).
Result<std::string> read_trust(const std::string& path);

// Returns the key without surrounding white space. Errors: not_found, too_large, internal (the file
// cannot be read), invalid_input (not a relay key).
Result<std::string> read_relay_key(const std::string& path);
// The same for the key of an application: a server or a client key.
Result<std::string> read_application_key(const std::string& path);

}  // namespace fanion::relay::app
