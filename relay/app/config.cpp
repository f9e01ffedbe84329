#include "relay/app/config.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "common/base/ids.hpp"
#include "common/net/origin.hpp"
#include "common/wire/trust.hpp"
#include "relay/app/config_judge.hpp"
#include "relay/app/config_options.hpp"
#include "relay/app/version.hpp"
#include "relay/cache/durable_file.hpp"

namespace fanion::relay {
namespace {

constexpr std::size_t largest_file = 1024 * 1024;

std::string environment_name(std::string_view option) {
    std::string name = "FANION_";
    for (const char c : option) name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return name;
}

struct CommandLine {
    CLI::App app{"Fanion's relay: answers flag evaluations next to the applications.", "fanion-relay"};
    GivenOptions given;

    CommandLine() {
        app.allow_extras();
        app.allow_config_extras(CLI::config_extras_mode::capture);
        app.set_version_flag("--version", std::string("fanion-relay ") + version_text);
        app.set_config("--config", "", "file of `name = value` lines (also FANION_CONFIG)");
        app.footer(
            "Every option can be given as FANION_<NAME IN CAPITALS> in the environment, and in the file under its\n"
            "name. The relay key is never given on the command line.");
        app.add_option("--upstream", given.upstreams,
                       "URL of a control plane or relay above; several are tried in turn")
            ->group("Upstream")
            ->delimiter(',');
        for (const auto& option : text_options()) {
            app.add_option(std::string("--") + option.name, given.*option.value, option.help)
                ->group(option.group)
                ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
        }
    }
};

// The environment stands before the command line, whose later value wins, and above the file.
std::vector<std::string> with_environment(const std::vector<std::string>& arguments, const Environment& environment) {
    std::vector<std::string> all;
    const auto take = [&](const std::string& option) {
        if (const auto value = environment(environment_name(option)); value && !value->empty()) {
            all.push_back("--" + option + "=" + *value);
        }
    };
    const bool upstream_given = std::any_of(arguments.begin(), arguments.end(), [](const std::string& argument) {
        return argument == "--upstream" || argument.starts_with("--upstream=");
    });
    take("config");
    if (!upstream_given) take("upstream");
    for (const auto& option : text_options()) take(option.name);
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
}

void judge_upstream(const GivenOptions& given, Config& config, ConfigJudge& judge) {
    for (const auto& url : given.upstreams) {
        if (!net::parse_origin(url)) judge.fail("upstream", "'" + url + "' is no http or https URL");
    }
    if (given.upstreams.empty()) judge.fail("upstream", "needed: the URL of a control plane");
    config.upstreams = given.upstreams;
    config.upstream_ca_file = given.upstream_ca_file;
    judge.duration(given.upstream_idle, "upstream-idle", 100, config.upstream_idle);
    judge.duration(given.poll_interval, "poll-interval", 100, config.poll_interval);
}

void judge_key(const GivenOptions& given, const Environment& environment, Config& config, ConfigJudge& judge) {
    config.key_file = given.key_file;
    if (!given.key_file.empty()) {
        auto key = read_relay_key(given.key_file);
        if (!key) return judge.fail("key-file", key.error().detail);
        config.relay_key = std::move(*key);
        return;
    }
    const std::string key(trim(environment("FANION_RELAY_KEY").value_or("")));
    const auto parsed = parse_api_key(key);
    if (key.empty()) return judge.fail("no relay key: give --key-file or FANION_RELAY_KEY");
    if (!parsed || parsed->kind != "rly") return judge.fail("FANION_RELAY_KEY holds no relay key (fan_rly_..)");
    config.relay_key = key;
}

void judge_trust(const GivenOptions& given, Config& config, ConfigJudge& judge) {
    config.trust_file = given.trust;
    if (given.trust.empty()) return judge.fail("trust", "needed: the file of the first trust document");
    auto trust = read_trust(given.trust);
    if (!trust) return judge.fail("trust", trust.error().detail);
    config.trust = std::move(*trust);
}

void judge_storage(const GivenOptions& given, Config& config, ConfigJudge& judge) {
    config.cache_dir = given.cache_dir;
    if (config.cache_dir.empty()) judge.fail("cache-dir", "needed: the directory that holds rulesets over restarts");
    config.spool_dir = given.spool_dir.empty() ? config.cache_dir + "/events" : given.spool_dir;
    config.relay_id = given.relay_id;
    if (!config.relay_id.empty() && !is_valid_key(config.relay_id)) {
        judge.fail("relay-id", "'" + config.relay_id + "' is not 1 to 100 letters, digits, '.', '_' and '-'");
    }
    judge.number(given.max_ruleset_bytes, "max-ruleset-bytes", 1024, 1u << 30, config.max_ruleset_bytes);
    judge.number(given.max_environments, "max-environments", 1, 100'000, config.max_environments);
    judge.number(given.spool_bytes, "spool-bytes", 1u << 20, 1ull << 40, config.spool_bytes);
    judge.duration(given.flush_interval, "flush-interval", 100, config.flush_interval);
}

void judge_serving(const GivenOptions& given, Config& config, ConfigJudge& judge) {
    judge.endpoint(given.listen, "listen", config.listen);
    judge.number(given.threads, "threads", 1, 1024, config.threads);
    config.serve.public_url = given.public_url;
    judge.rate(given.key_rate, "key-rate", config.serve.key_rate);
    judge.rate(given.total_rate, "total-rate", config.serve.total_rate);
    judge.number(given.streams, "streams", 0, 10'000'000, config.serve.streams);
    judge.number(given.streams_per_key, "streams-per-key", 0, 10'000'000, config.serve.streams_per_key);
    judge.number(given.connections, "connections", 1, 10'000'000, config.limits.connections);
    judge.number(given.body_bytes, "body-bytes", 1024, 1u << 30, config.limits.body_bytes);
    judge.number(given.header_bytes, "header-bytes", 1024, 1u << 20, config.limits.header_bytes);
}

void judge_operation(const GivenOptions& given, Config& config, ConfigJudge& judge) {
    judge.endpoint(given.operators_listen, "operators-listen", config.operators_listen);
    for (const auto name : split(given.require_environments, ',')) {
        if (!trim(name).empty()) config.require_environments.emplace_back(trim(name));
    }
    if (!given.ready_max_stale.empty()) {
        judge.duration(given.ready_max_stale, "ready-max-stale", 0, config.ready_max_stale.emplace());
    }
    judge.duration(given.drain_delay, "drain-delay", 0, config.drain_delay);
    judge.duration(given.stop_timeout, "stop-timeout", 0, config.stop_timeout);
    judge.number(given.blocking_threads, "blocking-threads", 1, 64, config.blocking_threads);
    judge.level(given.log_level, config.log_level);
}

}  // namespace

std::optional<Endpoint> parse_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto address = text.substr(0, colon);
    const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
    if (bracketed) address = address.substr(1, address.size() - 2);
    const auto port = parse_u64(text.substr(colon + 1));
    boost::system::error_code ec;
    const auto parsed = boost::asio::ip::make_address(address, ec);
    if (ec || parsed.is_v6() != bracketed || !port || *port > 65'535) return std::nullopt;
    return Endpoint{std::string(address), static_cast<std::uint16_t>(*port)};
}

Result<std::string> read_trust(const std::string& path) {
    auto bytes = read_whole_file(path, largest_file);
    if (!bytes) return bytes.error();
    if (!*bytes) return Error{Errc::not_found, "there is no file " + path};
    const auto document = wire::parse_first_trust(**bytes);
    if (!document) return Error{Errc::invalid_input, path + ": " + describe(document.error())};
    return std::move(**bytes);
}

Result<std::string> read_relay_key(const std::string& path) {
    const auto text = read_whole_file(path, 4096);
    if (!text) return text.error();
    if (!*text) return Error{Errc::not_found, "there is no file " + path};
    std::string key(trim(**text));
    const auto parsed = parse_api_key(key);
    if (!parsed || parsed->kind != "rly") return Error{Errc::invalid_input, path + " holds no relay key (fan_rly_..)"};
    return key;
}

ParsedConfig parse_config(const std::vector<std::string>& arguments, const Environment& environment) {
    ParsedConfig out;
    ConfigJudge judge(out.errors);
    CommandLine line;
    auto all = with_environment(arguments, environment);
    std::ranges::reverse(all);  // as CLI11 wants them
    try {
        line.app.parse(std::move(all));
    } catch (const CLI::CallForVersion& version) {
        out.answer = std::string(version.what()) + "\n";
    } catch (const CLI::CallForHelp&) {
        out.answer = line.app.help();
    } catch (const CLI::ParseError& error) {
        judge.fail(error.what());
    }
    if (out.answer) return out;
    for (const auto& extra : line.app.remaining(true)) judge.fail("unknown: " + extra);
    judge_upstream(line.given, out.config, judge);
    judge_key(line.given, environment, out.config, judge);
    judge_trust(line.given, out.config, judge);
    judge_storage(line.given, out.config, judge);
    judge_serving(line.given, out.config, judge);
    judge_operation(line.given, out.config, judge);
    return out;
}

}  // namespace fanion::relay
