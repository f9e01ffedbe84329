#include "relay/app/config.hpp"

#include "common/base/file.hpp"
#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "common/net/forwarded.hpp"
#include "common/net/origin.hpp"
#include "common/service/health_check.hpp"
#include "common/service/parse.hpp"
#include "common/service/profiling.hpp"
#include "common/service/version.hpp"
#include "common/wire/labels.hpp"
#include "common/wire/trust.hpp"
#include "relay/app/inject_config.hpp"

namespace fanion::relay::app {
namespace {

constexpr std::size_t largest_file = 1024 * 1024;

config::Program program() {
    return {
        "fanion-relay",
        "Fanion relay: evaluates flags next to the applications.",
        service::version_text,
        "Every option can also be set as FANION_<NAME IN CAPITALS> in the environment, or under its name in the\n"
        "file. The relay key cannot be given on the command line.",
        {{std::string(service::health_check_command), std::string(service::health_check_meaning)}, inject_command()}};
}

// Bursts may be twice as large.
config::Option::Reader rate_reader(serve::Rate& out) {
    return [&out](const std::string& text) {
        std::uint64_t per_second = 0;
        auto wrong = config::Option::read_number(text, 0, 100'000'000, per_second);
        if (wrong.empty()) out = {static_cast<double>(per_second), static_cast<double>(2 * per_second)};
        return wrong;
    };
}

config::Option::Reader names_reader(std::vector<std::string>& out) {
    return [&out](const std::string& text) {
        for (const auto name : split(text, ',')) {
            if (!trim(name).empty()) out.emplace_back(trim(name));
        }
        return std::string();
    };
}

void describe_upstream(config::Options& options, Config& c) {
    options.group("Upstream");
    options.add("upstream", "URL of a control plane or an upstream relay; several are tried in turn").list(c.upstreams);
    options.add("key-file", "file with the relay key (or set FANION_RELAY_KEY)").text(c.key_file).reread().credential();
    options.add("trust", "file with the first trust document").text(c.trust_file).reread().credential();
    options.add("upstream-ca-file", "PEM file of the certificate authorities trusted for https")
        .text(c.upstream_ca_file)
        .otherwise("the system's")
        .reread();
    options.add("upstream-cert", "PEM file with the certificate that is shown to upstreams that ask for one")
        .text(c.upstream_tls.certificate)
        .otherwise("none")
        .reread()
        .credential();
    options.add("upstream-key", "PEM file with its key, without a passphrase")
        .text(c.upstream_tls.key)
        .reread()
        .credential();
    options.add("upstream-proxy", "URL of the HTTP proxy through which https upstreams are reached (also HTTPS_PROXY)")
        .text(c.upstream_proxy)
        .also("HTTPS_PROXY")
        .otherwise("none");
    options.add("no-proxy", "names, addresses and networks that are reached without the proxy (also NO_PROXY)")
        .text(c.no_proxy)
        .also("NO_PROXY");
    options.add("upstream-idle", "milliseconds without a valid head until a stream is abandoned")
        .duration(c.upstream_idle, 100);
    options.add("label", "what this relay calls itself: `canary` gets changes in stages first").list(c.labels);
    options.add("poll-interval", "milliseconds between polls where streams do not get through")
        .duration(c.poll_interval, 100);
}

void describe_stores(config::Options& options, Config& c) {
    options.group("Other places with signed rulesets");
    options
        .add("bootstrap",
             "where a start may get rulesets from beside the cache, in this order: a bundle (file, folder or https "
             "URL), "
             "s3://BUCKET, redis://HOST")
        .list(c.bootstrap_texts)
        .otherwise("nowhere");
    options
        .add("publish-to", "where the newest rulesets are kept for other relays: a folder, s3://BUCKET, redis://HOST")
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

void describe_storage(config::Options& options, Config& c) {
    options.group("Storage");
    options.add("cache-dir", "directory for accepted rulesets, created if missing").text(c.cache_dir);
    options.add("spool-dir", "directory for events that are not delivered yet")
        .text(c.spool_dir)
        .otherwise("CACHE-DIR/events");
    options.add("relay-id", "name of this relay, the same at every start")
        .text(c.relay_id)
        .otherwise("generated and stored in CACHE-DIR");
    options.add("max-ruleset-bytes", "size limit of one ruleset").number(c.max_ruleset_bytes, 1024, 1u << 30);
    options.add("max-environments", "largest number of environments held").number(c.max_environments, 1, 100'000);
    options.add("spool-bytes", "size limit of the events on disk; the oldest are dropped first")
        .number(c.spool_bytes, 1u << 20, 1ull << 40);
    options.add("flush-interval", "milliseconds between batches of counts").duration(c.flush_interval, 100);
}

config::Option::Reader endpoint_reader(std::optional<config::Endpoint>& out) {
    return [&out](const std::string& text) {
        out = config::parse_endpoint(text);
        return out ? std::string() : std::string("must be ADDRESS:PORT or unix:/PATH");
    };
}

// What one key, one address and all together may have and take.
void describe_bounds(config::Options& options, Config& c) {
    options.group("Bounds");
    options.add("key-rate", "requests per second of one key, per thread; 0: unlimited")
        .read(rate_reader(c.serve.key_rate))
        .otherwise("20000")
        .reread();
    options.add("total-rate", "requests per second of all keys, per thread; 0: unlimited")
        .read(rate_reader(c.serve.total_rate))
        .otherwise("50000")
        .reread();
    options.add("stranger-rate", "requests per second without a valid key, per thread; 0: unlimited")
        .read(rate_reader(c.serve.stranger_rate))
        .otherwise("5000")
        .reread();
    options.add("streams", "open event streams, per thread").number(c.serve.streams, 0, 10'000'000).reread();
    options.add("streams-per-key", "open event streams of one key, per thread")
        .number(c.serve.streams_per_key, 0, 10'000'000)
        .reread();
    options.add("connections", "open connections in total; fewer where the limit of open files is lower")
        .number(c.limits.connections, 1, 10'000'000);
    options
        .add("connections-per-address",
             "connections of one address that wait for their client and have made no request with a valid key; "
             "0: unlimited")
        .number(c.limits.connections_per_address, 0, 10'000'000);
    options.add("target-bytes", "size limit of a request target").number(c.limits.target_bytes, 256, 1u << 20);
    options.add("header-bytes", "size limit of a request header").number(c.limits.header_bytes, 1024, 1u << 20);
    options.add("headers", "number of a request's headers").number(c.limits.headers, 10, 10'000);
    options.add("body-bytes", "size limit of a request body").number(c.limits.body_bytes, 1024, 1u << 30);
    options.add("bodies-bytes", "size limit of all bodies that are being received, beyond 128 KiB of each")
        .number(c.limits.bodies_bytes, 1u << 20, 1ull << 40);
    options.add("handshake-timeout", "milliseconds for a TLS handshake").duration(c.limits.handshake_timeout, 100);
    options.add("header-timeout", "milliseconds for a request's headers").duration(c.limits.header_timeout, 100);
    options.add("body-timeout", "milliseconds for a request's body").duration(c.limits.body_timeout, 100);
    options.add("idle-timeout", "milliseconds between requests of a connection").duration(c.limits.idle_timeout, 100);
    options.add("write-timeout", "milliseconds in which a client must take something of an answer or an event")
        .duration(c.limits.write_timeout, 100);
}

void describe_serving(config::Options& options, Config& c) {
    options.group("Serving applications");
    options.add("listen", "address for applications").endpoint(c.listen);
    options.add("grpc-listen", "address, or unix:/PATH, for providers of flagd (gRPC), with the same TLS as --listen")
        .read(endpoint_reader(c.grpc_listen))
        .otherwise("none: not served");
    options.add("grpc-connections", "open connections of --grpc-listen; fewer where the limit of open files is lower")
        .number(c.grpc_connections, 1, 1'000'000);
    options
        .add("grpc-key-file", "file with the key of providers that cannot send one; only on loopback or a Unix socket")
        .text(c.grpc_key_file)
        .otherwise("none: each call has a key")
        .credential();
    options.add("threads", "number of serving threads").number(c.threads, 1, 1024).otherwise("one per processor");
    options.add("public-url", "URL at which applications reach this relay, for event streams")
        .text(c.serve.public_url)
        .otherwise("taken from the request")
        .reread();
    options.add("trusted-proxies", "addresses or networks of proxies whose X-Forwarded-For, -Proto and -Host count")
        .list(c.trusted_proxies)
        .otherwise("none");
}

config::Option::Reader on_off_reader(bool& out) {
    return [&out](const std::string& text) {
        if (text != "on" && text != "off") return std::string("must be on or off");
        out = text == "on";
        return std::string();
    };
}

void describe_operation(config::Options& options, Config& c) {
    options.group("Operation");
    options.add("operators-listen", "address for health checks, metrics and status").endpoint(c.operators_listen);
    options.add("require-environments", "ids or org/project/env, separated by commas; not ready without their data")
        .read(names_reader(c.require_environments))
        .otherwise("ready with any one")
        .reread();
    options.add("ready-max-stale", "milliseconds; not ready while an environment is staler")
        .duration(c.ready_max_stale, 0)
        .otherwise("never")
        .reread();
    options.add("drain-delay", "milliseconds to keep serving, but not ready, after SIGTERM")
        .duration(c.drain_delay, 0)
        .reread();
    options.add("stop-timeout", "milliseconds that requests in progress get when the program stops")
        .duration(c.stop_timeout, 0)
        .reread();
    options.add("attribute-names", "on or off: report the names and types of contexts' attributes, never values")
        .read(on_off_reader(c.serve.attribute_names))
        .otherwise("on");
    options.add("blocking-threads", "threads for compiling and disk writes").number(c.blocking_threads, 1, 64);
    options.add("log-level", "debug, info, warn or error").level(c.log_level).reread();
}

void validate_upstream(const Config& config, config::Reading& out) {
    for (const auto& url : config.upstreams) {
        if (!net::parse_origin(url)) out.fail("upstream", "'" + url + "' is not a valid http or https URL");
    }
    if (config.upstreams.empty() && config.bootstrap_texts.empty())
        out.fail("upstream", "required without --bootstrap: the URL of a control plane");
    for (const auto& label : config.labels)
        if (!wire::is_valid_label(label)) out.fail("label", "'" + label + "': " + std::string(wire::label_rule));
    if (config.labels.size() > wire::most_labels) out.fail("label", "a relay has at most 16 labels");
}

void validate_stores(Config& config, config::Reading& out) {
    auto bootstrap = store::parse_locations(config.bootstrap_texts, store::Use::read);
    if (!bootstrap) out.fail("bootstrap", bootstrap.error().detail);
    if (bootstrap) config.bootstrap = std::move(*bootstrap);
    auto publish_to = store::parse_locations(config.publish_texts, store::Use::write);
    if (!publish_to) out.fail("publish-to", publish_to.error().detail);
    if (publish_to) config.publish_to = std::move(*publish_to);
}

// Programs differ in the case of the two variables; an option overrides both.
void validate_upstream_tls(const config::Environment& environment, Config& config, config::Reading& out) {
    if (config.upstream_tls.certificate.empty() != config.upstream_tls.key.empty()) {
        out.fail("upstream-cert", "--upstream-cert and --upstream-key are required together");
    }
    if (config.upstream_proxy.empty()) config.upstream_proxy = environment("https_proxy").value_or("");
    if (config.no_proxy.empty()) config.no_proxy = environment("no_proxy").value_or("");
    auto proxies = net::ProxySettings::parse(config.upstream_proxy, config.no_proxy);
    if (!proxies) return out.fail("upstream-proxy", proxies.error().detail);
    config.upstream_proxies = std::move(*proxies);
}

void validate_proxies(Config& config, config::Reading& out) {
    auto proxies = net::TrustedProxies::parse(config.trusted_proxies);
    if (!proxies) return out.fail("trusted-proxies", proxies.error().detail);
    config.proxies = std::move(*proxies);
}

void validate_key(const config::Environment& environment, Config& config, config::Reading& out) {
    if (!config.key_file.empty()) {
        auto key = read_relay_key(config.key_file);
        if (!key) return out.fail("key-file", key.error().detail);
        config.relay_key = std::move(*key);
        return;
    }
    const std::string key(trim(environment("FANION_RELAY_KEY").value_or("")));
    const auto parsed = parse_api_key(key);
    if (key.empty() && config.upstreams.empty() && !config.bootstrap_texts.empty()) return;
    if (key.empty()) return out.fail("no relay key: set --key-file or FANION_RELAY_KEY");
    if (!parsed || parsed->kind != "rly")
        return out.fail("FANION_RELAY_KEY does not contain a relay key (fan_rly_...)");
    config.relay_key = key;
}

// A key that every call without a credential has is for those who can reach this machine's own addresses only.
bool is_local(const std::optional<config::Endpoint>& endpoint) {
    return endpoint && (!endpoint->path.empty() || endpoint->address == "::1" || endpoint->address.starts_with("127."));
}

void validate_grpc(Config& config, config::Reading& out) {
    if (config.grpc_key_file.empty()) return;
    if (!is_local(config.grpc_listen)) {
        return out.fail("grpc-key-file", "needs --grpc-listen with a loopback address or a Unix socket");
    }
    auto key = read_application_key(config.grpc_key_file);
    if (!key) return out.fail("grpc-key-file", key.error().detail);
    config.grpc_key = std::move(*key);
}

void validate_trust(Config& config, config::Reading& out) {
    if (config.trust_file.empty()) return out.fail("trust", "required: the file with the first trust document");
    auto trust = read_trust(config.trust_file);
    if (!trust) return out.fail("trust", trust.error().detail);
    config.trust = std::move(*trust);
}

void check_permissions(const Config& config, config::Reading& out) {
    const auto check = [&](const char* option, const std::string& file) {
        service::check_key_file(config.protection, option, file, out);
    };
    check("key-file", config.key_file);
    check("grpc-key-file", config.grpc_key_file);
    check("tls-key", config.ports.tls.key);
    check("upstream-key", config.upstream_tls.key);
    check("store-credentials", config.store_credentials);
}

// Without surrounding white space; empty if the file contains no key.
Result<std::string> read_key(const std::string& path) {
    const auto text = read_file(path, 4096);
    if (!text) return text.error();
    std::string key(trim(*text));
    return parse_api_key(key) ? key : std::string();
}

void validate_storage(Config& config, config::Reading& out) {
    if (config.cache_dir.empty()) out.fail("cache-dir", "required: the directory that keeps rulesets across restarts");
    if (config.spool_dir.empty()) config.spool_dir = config.cache_dir + "/events";
    if (!config.relay_id.empty() && !is_valid_key(config.relay_id)) {
        out.fail("relay-id", "'" + config.relay_id + "' is not 1 to 100 letters, digits, '.', '_' and '-'");
    }
}

}  // namespace

Result<std::string> read_trust(const std::string& path) {
    auto bytes = read_file(path, largest_file);
    if (!bytes) return bytes.error();
    const auto document = wire::parse_first_trust(*bytes);
    if (!document) return Error{Errc::invalid_input, path + ": " + describe(document.error())};
    return bytes;
}

Result<std::string> read_relay_key(const std::string& path) {
    auto key = read_key(path);
    if (!key) return key;
    if (key->empty() || api_key_kind(*key) != "rly") {
        return Error{Errc::invalid_input, path + " does not contain a relay key (fan_rly_...)"};
    }
    return key;
}

Result<std::string> read_application_key(const std::string& path) {
    auto key = read_key(path);
    if (!key) return key;
    if (key->empty() || api_key_kind(*key) == "rly") {
        return Error{Errc::invalid_input, path + " does not contain a server or client key (fan_srv_..., fan_cli_...)"};
    }
    return key;
}

service::HealthCheck health_check(const Config& config) { return {config.operators_listen, config.ports, config.live}; }

config::Options describe_options(Config& c) {
    config::Options options;
    service::describe_health_check(options, c.live);
    describe_webhook(options, c);
    describe_upstream(options, c);
    describe_stores(options, c);
    describe_storage(options, c);
    describe_serving(options, c);
    describe_bounds(options, c);
    service::describe_ports(options, c.ports);
    service::describe_tracing(options, c.tracing);
    service::describe_evaluation_tracing(options, c.tracing);
    service::describe_profiling(options, c.allow_profiling);
    service::describe_protection(options, c.protection);
    describe_operation(options, c);
    return options;
}

ParsedConfig parse_config(const std::vector<std::string>& arguments, const config::Environment& environment) {
    auto out = service::parse<Config>(program(), describe_options, arguments, environment);
    if (out.answer) return out;
    if (service::is_health_check(out)) {
        out.config.command = Command::healthcheck;
        service::validate_health_check(health_check(out.config), out);
        return out;
    }
    if (!out.commands.empty()) {
        out.config.command = Command::inject_webhook;
        validate_webhook(out.config, out);
        return out;
    }
    validate_upstream(out.config, out);
    validate_upstream_tls(environment, out.config, out);
    service::validate_ports(out.config.ports, out);
    validate_stores(out.config, out);
    validate_proxies(out.config, out);
    validate_key(environment, out.config, out);
    validate_grpc(out.config, out);
    validate_trust(out.config, out);
    validate_storage(out.config, out);
    service::validate_tracing(environment, "fanion-relay", out.config.tracing, out);
    check_permissions(out.config, out);
    return out;
}

}  // namespace fanion::relay::app
