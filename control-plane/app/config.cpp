#include "control-plane/app/config.hpp"

#include <algorithm>
#include <thread>

#include "common/base/text.hpp"
#include "common/net/origin.hpp"
#include "common/service/parse.hpp"
#include "common/service/profiling.hpp"
#include "common/service/version.hpp"

namespace fanion::cp::app {

namespace {

config::Program program() {
    return {
        "fanion-control-plane",
        "Fanion control plane: stores flags in PostgreSQL, signs rulesets and sends them to relays.",
        service::version_text,
        "Every option can also be set as FANION_<NAME IN CAPITALS> in the environment, or under its name in the file.",
        {{"serve", "run the service until SIGTERM or SIGINT"},
         {"migrate", "migrate the database to the schema of this version"},
         {"bootstrap", "create the first organisation and print its owner's one-time setup token"},
         {"reset-password", "print a one-time token with which a person sets a new password"},
         {"make-owner", "make EMAIL an owner of an organisation: at once as a member, else by a one-time token",
          "email"},
         {"set-quota", "set quotas of an organisation: flags=5000, flags=unlimited or flags=default", "limits"},
         {"remove-second-factor", "remove the second factor that EMAIL has lost, so that the password alone signs in",
          "email"},
         {"rewrap", "seal stored secrets again with the first key of --secrets-key"},
         {std::string(service::health_check_command), std::string(service::health_check_meaning)}}};
}

void describe_database(config::Options& options, Config& c) {
    options.group("Database (one of the first two)");
    options.add("database-url", "PostgreSQL database, as a libpq connection string or URL (also DATABASE_URL)")
        .text(c.database_url)
        .also("DATABASE_URL")
        .credential(config::Option::Credential::value);
    options.add("embedded-postgres", "directory of a private PostgreSQL cluster that this program creates and runs")
        .path(c.embedded_postgres);
    options.add("embedded-postgres-user", "system user for a new cluster if this program runs as root")
        .text(c.postgres_user);
    options.add("embedded-postgres-bin", "directory that contains initdb and postgres").path(c.postgres_binaries);
    options
        .add("pool-size",
             "database connections of all threads: half for edits, a quarter for other requests, a quarter for relays")
        .number(c.pool_size, 1, 1000);
    options.add("statement-timeout", "milliseconds that one SQL statement may take")
        .duration(c.statement_timeout, 100, 600'000);
}

void describe_limits(config::Options& options, Config& c) {
    options.add("request-rate", "requests a second to the admin API of one credential, at this replica; 0: no limit")
        .number(c.request_rate, 0, 1'000'000);
    options.add("request-burst", "requests of one credential at once, of which request-rate come back each second")
        .number(c.request_burst, 1, 10'000'000);
    options.add("quotas", "what every organisation may have, as flags=10000,keys=unlimited")
        .list(c.quota_texts)
        .otherwise(
            "flags and segments 10000, environments 1000, members and keys 5000, requests_per_second 1000, "
            "events_per_day unlimited");
}

void describe_webhooks(config::Options& options, Config& c) {
    options.add("webhook-log-days", "days that deliveries of webhooks are kept after their end; 0: for ever")
        .number(c.webhook_log_days, 0, 36'500);
    options
        .add("webhook-allow-networks",
             "addresses or networks that webhooks may be delivered to although they are not on the internet")
        .list(c.webhook_allow_networks)
        .otherwise("none");
    options.add("webhook-ca-file", "PEM file of the certificate authorities trusted for webhooks")
        .path(c.webhook_ca_file)
        .otherwise("the system's")
        .reread();
}

void describe_outgoing(config::Options& options, Config& c) {
    options
        .add("outgoing-proxy",
             "URL of the HTTP proxy for https to webhooks, identity providers, Prometheus and buckets; HTTPS_PROXY is "
             "not read")
        .text(c.outgoing_proxy)
        .otherwise("none");
    options.add("no-proxy", "names, addresses and networks that are reached without the proxy (also NO_PROXY)")
        .text(c.no_proxy)
        .also("NO_PROXY");
}

void describe_stores(config::Options& options, Config& c) {
    options.add("publish-to", "where copies of the newest rulesets are kept: a folder, s3://BUCKET, redis://HOST")
        .list(c.publish_texts)
        .otherwise("nowhere");
    options.add("store-credentials", "file with the credentials of these places, as NAME=value lines")
        .text(c.store_credentials)
        .otherwise("environment variables of the same names")
        .credential();
    options.add("store-ca-file", "PEM file of the certificate authorities trusted for these places")
        .text(c.store_ca_file)
        .otherwise("the system's");
}

void describe_sinks(config::Options& options, Config& c) {
    options.add("sink-files", "folder in which events are kept as NDJSON files by day too")
        .path(c.sink_files)
        .otherwise("none");
    options.add("sink-kafka", "Kafka brokers, as HOST:PORT,HOST:PORT, to which events are sent too")
        .text(c.sink_kafka)
        .otherwise("none");
    options.add("sink-kafka-topic", "topic of these events").text(c.sink_kafka_topic);
    options.add("sink-kafka-settings", "file with settings of librdkafka, as security.protocol=sasl_ssl")
        .path(c.sink_kafka_settings)
        .otherwise("none")
        .credential();
    options.add("sink-backlog", "MiB of batches that wait for one sink in the database before the oldest are given up")
        .number(c.sink_backlog, 1, 1'000'000);
}

void describe_retention(config::Options& options, Config& c) {
    options
        .add("audit-retention-days", "days that audit entries are kept, unless an organisation has set it; 0: for ever")
        .number(c.audit_retention_days, 0, 36'500);
    options.add("counts-retention-days", "days that counts of evaluations are kept; 0: for ever")
        .number(c.counts_retention_days, 0, 36'500);
    options
        .add("events-retention-days",
             "days that exposures and metric events are kept; an organisation can set fewer for its own")
        .number(c.events_retention_days, 7, 36'500);
    options
        .add("ruleset-retention-days",
             "days that replaced rulesets are kept, of the newest 2000 of an environment; 0: all")
        .number(c.ruleset_retention_days, 0, 36'500);
}

void describe_signing(config::Options& options, Config& c) {
    options.add("trust", "file with the trust documents")
        .path(c.trust)
        .otherwise("DATA-DIR/trust.json")
        .reread()
        .credential();
    options.add("signing-key", "file with the key that signs rulesets")
        .path(c.signing_key)
        .otherwise("DATA-DIR/signer.pem")
        .reread()
        .credential();
    options.add("signer", "unix:/PATH of an external signer (fanion signer serve), which has the key instead of a file")
        .endpoint(c.signer)
        .otherwise("none")
        .reread();
    options.add("signer-timeout", "milliseconds that one request to the signer may take")
        .duration(c.signer_timeout, 10, 60'000)
        .reread();
    options.add("jwt-key", "file with the key that signs access tokens")
        .path(c.jwt_key)
        .otherwise("DATA-DIR/jwt.pem")
        .reread()
        .credential();
}

void describe_serve(config::Options& options, Config& c) {
    options.group("Serve");
    options.add("listen", "address for the admin API and for relays").endpoint(c.listen);
    options.add("operators-listen", "address for health checks, metrics and status").endpoint(c.operators_listen);
    options.add("grpc-listen", "address for the admin API over gRPC, with the same TLS as --listen")
        .endpoint(c.grpc_listen)
        .otherwise("none: not served");
    options.add("grpc-connections", "open connections of --grpc-listen; fewer where the limit of open files is lower")
        .number(c.grpc_connections, 1, 1'000'000);
    options.add("trusted-proxies", "addresses or networks of proxies whose X-Forwarded-For, -Proto and -Host count")
        .list(c.trusted_proxies)
        .otherwise("none");
    options.add("data-dir", "directory for keys and trust document, created if missing (single machine)")
        .path(c.data_dir);
    describe_signing(options, c);
    options.add("registration", "who may get an account: closed (nobody), invite, domain:DOMAIN or open (anybody)")
        .text(c.registration_text);
    options.add("public-url", "URL under which browsers reach this program, with its path prefix if it has one")
        .text(c.public_url_text)
        .otherwise("none: only browsers of this machine can sign in");
    options
        .add("secrets-key",
             "file with the keys that seal stored secrets, such as those of webhooks; the first one seals")
        .path(c.secrets_key)
        .otherwise("DATA-DIR/secrets.key; without both there are no webhooks")
        .reread()
        .credential();
    options.add("threads", "number of serving threads")
        .number(c.threads, 1, 64)
        .otherwise("one per two processors, up to 4, and one for each 8 of --pool-size");
    options.add("blocking-threads", "threads for compiling and for files").number(c.blocking_threads, 1, 64);
    describe_retention(options, c);
    describe_webhooks(options, c);
    describe_outgoing(options, c);
    describe_stores(options, c);
    describe_sinks(options, c);
    options.add("dashboard", "file of the dashboard, which is served at /ui/, or none")
        .text(c.dashboard)
        .otherwise("share/fanion/dashboard.tar beside the program's folder, if it is there");
    options.add("api-viewer", "folder of the npm package swagger-ui-dist, which /docs then shows the admin API with")
        .path(c.api_viewer)
        .otherwise("none: a page that is built in");
    describe_limits(options, c);
    options.add("stop-timeout", "milliseconds that requests in progress get when the program stops")
        .duration(c.stop_timeout, 0, 600'000)
        .reread();
    options.add("log-level", "debug, info, warn or error").level(c.log_level).reread();
    options.add("migrate", "migrate the database at startup").flag(c.migrate);
}

std::vector<quotas::QuotaChange> read_quotas(const std::string& option, const std::vector<std::string>& texts,
                                             config::Reading& out) {
    auto changes = quotas::parse_quota_changes(texts);
    if (!changes) out.fail(option, changes.error().detail);
    return changes ? std::move(*changes) : std::vector<quotas::QuotaChange>();
}

// Which of the others may be reached, and by which way.
void validate_outgoing(Config& config, config::Reading& out) {
    auto addresses = webhooks::AddressPolicy::make(config.webhook_allow_networks);
    if (!addresses) out.fail("webhook-allow-networks", addresses.error().detail);
    if (addresses) config.webhook_addresses = std::move(*addresses);
    auto proxies = net::ProxySettings::parse(config.outgoing_proxy, config.no_proxy);
    if (!proxies) out.fail("outgoing-proxy", proxies.error().detail);
    if (proxies) config.outgoing_proxies = std::move(*proxies);
}

void validate_signer(const Config& config, config::Reading& out) {
    if (!has_signer(config)) return;
    if (config.signer.path.empty()) out.fail("signer", "not a Unix socket: give unix:/PATH");
    if (!config.signing_key.empty()) out.fail("signing-key", "not together with --signer, which has the key");
    if (config.trust.empty()) out.fail("trust", "required with --signer");
}

// Checks what is required, depending on the command.
void validate_all(Config& config, config::Reading& out) {
    // --embedded-postgres is deliberate; DATABASE_URL may have been set for another program.
    if (!config.embedded_postgres.empty()) config.database_url.clear();
    if (config.database_url.empty() && config.embedded_postgres.empty()) {
        out.fail("no database: set --database-url (or DATABASE_URL) or --embedded-postgres");
    }
    service::validate_ports(config.ports, out);
    if (!config.grpc_listen.path.empty()) out.fail("grpc-listen", "not a Unix socket: give ADDRESS:PORT");
    auto proxies = net::TrustedProxies::parse(config.trusted_proxies);
    if (!proxies) out.fail("trusted-proxies", proxies.error().detail);
    if (proxies) config.proxies = std::move(*proxies);
    auto places = store::parse_locations(config.publish_texts, store::Use::write);
    if (!places) out.fail("publish-to", places.error().detail);
    if (places) config.publish_to = std::move(*places);
    auto registration = identity::parse_registration(config.registration_text);
    if (!registration) out.fail("registration", registration.error().detail);
    if (registration) config.registration = std::move(*registration);
    if (!config.public_url_text.empty()) {
        auto public_url = identity::PublicUrl::parse(config.public_url_text);
        if (!public_url) out.fail("public-url", public_url.error().detail);
        if (public_url) config.public_url = std::move(*public_url);
    }
    validate_outgoing(config, out);
    validate_signer(config, out);
    if (config.command == Command::serve && config.data_dir.empty()) {
        if (config.trust.empty()) out.fail("trust", "required without --data-dir");
        if (config.signing_key.empty() && !has_signer(config))
            out.fail("signing-key", "required without --data-dir and --signer");
        if (config.jwt_key.empty()) out.fail("jwt-key", "required without --data-dir");
    }
    config.quotas = read_quotas("quotas", config.quota_texts, out);
    config.limits = read_quotas("limits", config.limit_texts, out);
    const bool sets_quota = config.command == Command::set_quota;
    if (sets_quota && config.limit_texts.empty()) out.fail("limits", "required: as flags=5000");
    if (sets_quota && !is_valid_key(config.org)) out.fail("org", "required: the key of the organisation");
    if (config.command == Command::rewrap && config.secrets_key.empty() && config.data_dir.empty())
        out.fail("secrets-key", "required without --data-dir");
    const bool needs_org = config.command == Command::bootstrap || config.command == Command::make_owner;
    if (needs_org) {
        if (!is_valid_key(config.org)) out.fail("org", "required: 1 to 100 letters, digits, '.', '_' and '-'");
    }
    const bool needs_email =
        needs_org || config.command == Command::reset_password || config.command == Command::remove_second_factor;
    if (needs_email && config.email.find('@') == std::string::npos) {
        out.fail("email", "required: a valid e-mail address");
    }
}

Command selected(config::Reading& out) {
    const auto is_given = [&out](std::string_view name) {
        return std::ranges::find(out.commands, name) != out.commands.end();
    };
    if (is_given("migrate")) return Command::migrate;
    if (is_given("bootstrap")) return Command::bootstrap;
    if (is_given("reset-password")) return Command::reset_password;
    if (is_given("make-owner")) return Command::make_owner;
    if (is_given("set-quota")) return Command::set_quota;
    if (is_given("remove-second-factor")) return Command::remove_second_factor;
    if (is_given("rewrap")) return Command::rewrap;
    if (service::is_health_check(out)) return Command::healthcheck;
    if (!is_given("serve")) {
        out.fail(
            "no command: give serve, migrate, bootstrap, reset-password, make-owner, set-quota, "
            "remove-second-factor, rewrap or healthcheck");
    }
    return Command::serve;
}

}  // namespace

config::Options describe_options(Config& c) {
    config::Options options;
    options.add("check", "migrate, rewrap: change nothing, and exit with 1 if there is something to do").flag(c.check);
    service::describe_health_check(options, c.live);
    describe_database(options, c);
    describe_serve(options, c);
    service::describe_ports(options, c.ports);
    service::describe_tracing(options, c.tracing);
    service::describe_profiling(options, c.allow_profiling);
    service::describe_protection(options, c.protection);
    options.group("Bootstrap, reset-password, make-owner, set-quota and remove-second-factor");
    options.add("org", "key of the first organisation, or of the one that gets an owner or quotas").text(c.org);
    options.add("org-name", "name of the first organisation").text(c.org_name).otherwise("the key");
    options.add("limits", "what set-quota sets, as flags=5000,keys=unlimited,members=default").list(c.limit_texts);
    options.add("email", "e-mail address of the owner, or of the person who cannot sign in").text(c.email);
    return options;
}

std::filesystem::path dashboard_file(const Config& config) {
    if (config.dashboard == "none") return {};
    if (!config.dashboard.empty()) return config.dashboard;
    std::error_code failure;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", failure);
    const auto installed = program.parent_path().parent_path() / "share/fanion/dashboard.tar";
    return !failure && std::filesystem::exists(installed, failure) ? installed : std::filesystem::path();
}

std::string public_prefix(const Config& config) {
    const auto url = net::parse_origin(config.public_url_text);
    return url ? url->prefix : std::string();
}

bool has_signer(const Config& config) noexcept { return !config.signer.path.empty() || !config.signer.address.empty(); }

service::HealthCheck health_check(const Config& config) { return {config.operators_listen, config.ports, config.live}; }

unsigned serving_threads(const Config& config) {
    if (config.threads > 0) return config.threads;
    constexpr std::size_t most = 4;
    constexpr std::size_t connections_of_one = 8;
    // PostgreSQL, which is often on the same machine, takes more than a half of what a request costs.
    const auto processors = std::max<std::size_t>(1, std::thread::hardware_concurrency() / 2);
    const auto affordable = std::max<std::size_t>(1, config.pool_size / connections_of_one);
    return static_cast<unsigned>(std::min({most, processors, affordable}));
}

ParsedConfig parse_config(const std::vector<std::string>& arguments, const config::Environment& environment) {
    auto out = service::parse<Config>(program(), describe_options, arguments, environment);
    if (out.answer) return out;
    out.config.command = selected(out);
    if (out.config.command == Command::healthcheck) {
        service::validate_health_check(health_check(out.config), out);
        return out;
    }
    validate_all(out.config, out);
    if (out.config.command == Command::serve) {
        service::validate_tracing(environment, "fanion-control-plane", out.config.tracing, out);
    }
    return out;
}

}  // namespace fanion::cp::app
