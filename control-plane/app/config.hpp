#pragma once

// The configuration of fanion-control-plane. A plain value. Meanings and defaults:
// docs/configuration.md.

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "common/base/log.hpp"
#include "common/config/parse.hpp"
#include "common/net/forwarded.hpp"
#include "common/net/proxy.hpp"
#include "common/service/health_check.hpp"
#include "common/service/ports.hpp"
#include "common/service/protection.hpp"
#include "common/service/tracing_options.hpp"
#include "common/store/location.hpp"
#include "control-plane/identity/browser.hpp"
#include "control-plane/identity/registration.hpp"
#include "control-plane/quotas/quota.hpp"
#include "control-plane/webhooks/address_policy.hpp"

namespace fanion::cp::app {

enum class Command {
    serve,
    migrate,
    bootstrap,
    reset_password,
    make_owner,
    set_quota,
    remove_second_factor,
    rewrap,
    healthcheck
};

struct Config {
    Command command = Command::serve;

    // Database: exactly one of the first two is set after parsing, unless healthcheck is given.
    std::string database_url;
    std::filesystem::path embedded_postgres;
    std::string postgres_user = "postgres";
    std::filesystem::path postgres_binaries;
    std::size_t pool_size = 16;
    std::chrono::milliseconds statement_timeout{10'000};

    // serve
    config::Endpoint listen{"127.0.0.1", 8081};
    config::Endpoint operators_listen{"127.0.0.1", 9091};
    service::PortOptions ports;
    service::TracingOptions tracing;
    bool allow_profiling = false;
    service::Protection protection;
    config::Endpoint grpc_listen{"", 0};  // without an address: no such port
    std::size_t grpc_connections = 1'000;
    std::vector<std::string> trusted_proxies;  // networks
    net::TrustedProxies proxies;               // the same, parsed
    std::filesystem::path data_dir;            // keys and trust document are created here if they are missing
    std::filesystem::path trust;               // each of the four replaces the file in data_dir
    std::filesystem::path signing_key;
    config::Endpoint signer{"", 0};  // the socket of an external signer
    std::chrono::milliseconds signer_timeout{2'000};
    std::filesystem::path jwt_key;
    std::string registration_text = "invite";
    identity::Registration registration;  // the same, parsed
    std::string public_url_text;
    identity::PublicUrl public_url;  // the same, parsed
    std::filesystem::path secrets_key;
    bool migrate = false;  // the database, at startup
    unsigned threads = 0;  // that serve; 0: see serving_threads()
    unsigned blocking_threads = 2;
    unsigned audit_retention_days = 0;  // 0: kept for ever
    unsigned counts_retention_days = 0;
    unsigned events_retention_days = 45;
    unsigned ruleset_retention_days = 0;
    unsigned webhook_log_days = 30;                   // 0: for ever
    std::vector<std::string> webhook_allow_networks;  // beside the internet
    webhooks::AddressPolicy webhook_addresses;        // the same, parsed
    std::string outgoing_proxy;                       // a URL, which may have a password; empty: none
    std::string no_proxy;
    net::ProxySettings outgoing_proxies;  // the same, parsed
    std::vector<std::string> publish_texts;
    std::vector<store::Location> publish_to;  // the same, parsed
    std::string store_credentials;            // a file; empty: the environment
    std::string store_ca_file;
    std::string dashboard;                  // a file, or "none"; empty: see dashboard_file()
    std::filesystem::path api_viewer;       // a folder with swagger-ui-dist; empty: /docs is the built-in page
    std::filesystem::path webhook_ca_file;  // empty: the system's
    std::filesystem::path sink_files;       // a folder; empty: no such sink
    std::string sink_kafka;                 // brokers; empty: no such sink
    std::string sink_kafka_topic = "fanion-events";
    std::filesystem::path sink_kafka_settings;
    unsigned sink_backlog = 1024;      // MiB
    std::uint64_t request_rate = 100;  // a second, of one credential; 0: no limit
    std::uint64_t request_burst = 200;
    std::vector<std::string> quota_texts;            // of every organisation
    std::vector<quotas::QuotaChange> quotas;         // the same, parsed
    std::chrono::milliseconds stop_timeout{20'000};  // for requests in progress when the program stops
    LogLevel log_level = LogLevel::info;

    // migrate, rewrap
    bool check = false;

    // healthcheck
    bool live = false;

    // bootstrap, make-owner and set-quota; reset-password and remove-second-factor need the e-mail
    // address only
    std::string org;
    std::string org_name;
    std::vector<std::string> limit_texts;
    std::vector<quotas::QuotaChange> limits;  // the same, parsed
    std::string email;
};

using ParsedConfig = config::Parsed<Config>;

// Parses and validates. Files that options name are not read; see check_key_files().
ParsedConfig parse_config(const std::vector<std::string>& arguments, const config::Environment& environment);

// The archive of the dashboard; empty: none. Unless --dashboard says it: the one that is installed
// with the program, in share/fanion beside the program's folder, if it is there.
std::filesystem::path dashboard_file(const Config& config);

// The path below which browsers find this program, of --public-url: "/fanion", mostly empty.
std::string public_prefix(const Config& config);

// Whether an external signer has the key that signs rulesets.
bool has_signer(const Config& config) noexcept;

// The question that `healthcheck` asks. Refers to `config`.
service::HealthCheck health_check(const Config& config);

// How many threads serve. Unless --threads says it: one for each two processors, up to four, and no
// more than have eight connections of --pool-size each.
unsigned serving_threads(const Config& config);

// All options, bound to `c`.
config::Options describe_options(Config& c);

}  // namespace fanion::cp::app
