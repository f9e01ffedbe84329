#include "control-plane/app/config.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "common/base/text.hpp"
#include "control-plane/app/version.hpp"

namespace fanion::app {

namespace {

// As given, still text: so that every value can be judged, and not only the first that is wrong.
struct Given {
    std::string database_url, embedded_postgres, postgres_user, postgres_binaries, pool_size, statement_timeout;
    std::string listen, operators_listen, data_dir, trust, signing_key, jwt_key, blocking_threads, stop_timeout,
        log_level;
    std::string org, org_name, email;
    bool migrate = false;
    bool check = false;
};

struct Option {
    const char* name;
    std::string Given::*value;
    const char* help;
    const char* group;
};

constexpr const char* database_group = "Database (one of the first two)";
constexpr const char* serve_group = "serve";
constexpr const char* bootstrap_group = "bootstrap";

constexpr Option options[] = {
    {"database-url", &Given::database_url, "PostgreSQL, as libpq knows it (also DATABASE_URL)", database_group},
    {"embedded-postgres", &Given::embedded_postgres,
     "directory of a private PostgreSQL cluster, made and run by this program", database_group},
    {"embedded-postgres-user", &Given::postgres_user, "whom a new cluster runs as when we are root [postgres]",
     database_group},
    {"embedded-postgres-bin", &Given::postgres_binaries, "folder with initdb and postgres", database_group},
    {"pool-size", &Given::pool_size, "connections to the database [8]", database_group},
    {"statement-timeout", &Given::statement_timeout, "milliseconds [10000]", database_group},
    {"listen", &Given::listen, "admin API and relays [127.0.0.1:8081]", serve_group},
    {"operators-listen", &Given::operators_listen, "health and metrics [127.0.0.1:9091]", serve_group},
    {"data-dir", &Given::data_dir, "directory of keys and trust document; made when missing (a single machine)",
     serve_group},
    {"trust", &Given::trust, "file of trust documents [DATA-DIR/trust.json]", serve_group},
    {"signing-key", &Given::signing_key, "file of the key that signs rulesets [DATA-DIR/signer.pem]", serve_group},
    {"jwt-key", &Given::jwt_key, "file of the key that signs access tokens [DATA-DIR/jwt.pem]", serve_group},
    {"blocking-threads", &Given::blocking_threads, "threads for hashing and compiling [2]", serve_group},
    {"stop-timeout", &Given::stop_timeout, "milliseconds for requests under way at the end [20000]", serve_group},
    {"log-level", &Given::log_level, "debug, info, warn or error [info]", serve_group},
    {"org", &Given::org, "key of the first organisation", bootstrap_group},
    {"org-name", &Given::org_name, "its name [the key]", bootstrap_group},
    {"email", &Given::email, "e-mail address of its first owner", bootstrap_group},
};

std::string environment_name(std::string_view option) {
    std::string name = "FANION_";
    for (const char c : option) name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return name;
}

struct CommandLine {
    CLI::App app{"Fanion's control plane: decides in PostgreSQL, signs, distributes.", "fanion-control-plane"};
    Given given;
    CLI::App* serve = nullptr;
    CLI::App* migrate = nullptr;
    CLI::App* bootstrap = nullptr;

    CommandLine() {
        app.fallthrough();
        app.allow_extras();
        app.allow_config_extras(CLI::config_extras_mode::capture);
        app.set_version_flag("--version", std::string("fanion-control-plane ") + version_text);
        app.set_config("--config", "", "file of `name = value` lines (also FANION_CONFIG)");
        app.footer(
            "Every option can be given as FANION_<NAME IN CAPITALS> in the environment, and in the file under its "
            "name.");
        serve = add_command("serve", "runs until SIGTERM");
        migrate = add_command("migrate", "brings the database to this program's schema");
        bootstrap = add_command("bootstrap", "makes the first organisation; prints its owner's one-time setup token");
        for (const auto& option : options) {
            app.add_option(std::string("--") + option.name, given.*option.value, option.help)
                ->group(option.group)
                ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
        }
        app.add_flag("--migrate", given.migrate, "migrate the database at the start")
            ->group(serve_group)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
        app.add_flag("--check", given.check, "migrate: only tell, with exit status 1, whether it is needed")
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    }

    CLI::App* add_command(const char* name, const char* help) {
        auto* command = app.add_subcommand(name, help);
        command->fallthrough();
        command->set_help_flag();  // --help shows everything, also behind a command
        return command;
    }
};

// The environment stands before the command line, whose later value wins, and above the file.
std::vector<std::string> with_environment(const std::vector<std::string>& arguments, const Environment& environment) {
    std::vector<std::string> all;
    const auto take = [&](const std::string& option, const std::string& name) {
        if (const auto value = environment(name); value && !value->empty()) all.push_back("--" + option + "=" + *value);
    };
    take("config", "FANION_CONFIG");
    take("database-url", "DATABASE_URL");
    for (const auto& option : options) take(option.name, environment_name(option.name));
    take("migrate", "FANION_MIGRATE");
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
}

class Judge {
public:
    explicit Judge(ParsedConfig& out) : out_(out) {}

    template <class T>
    void number(const std::string& text, const char* option, std::uint64_t low, std::uint64_t high, T& out) {
        if (text.empty()) return;
        const auto value = parse_u64(text);
        if (!value || *value < low || *value > high) {
            return fail(option,
                        "'" + text + "' is not a number from " + std::to_string(low) + " to " + std::to_string(high));
        }
        out = T(*value);
    }
    void endpoint(const std::string& text, const char* option, Endpoint& out) {
        if (text.empty()) return;
        if (auto value = parse_endpoint(text)) {
            out = std::move(*value);
        } else {
            fail(option, "'" + text + "' is not ADDRESS:PORT");
        }
    }
    void level(const std::string& text, LogLevel& out) {
        constexpr std::string_view names[] = {"debug", "info", "warn", "error"};
        if (text.empty()) return;
        const auto* found = std::ranges::find(names, text);
        if (found == std::end(names)) return fail("log-level", "'" + text + "' is none of debug, info, warn, error");
        out = static_cast<LogLevel>(found - std::begin(names));
    }
    void fail(const std::string& option, const std::string& what) {
        out_.errors.push_back("--" + option + ": " + what);
    }
    void fail(std::string what) { out_.errors.push_back(std::move(what)); }

private:
    ParsedConfig& out_;
};

void judge_values(const Given& given, Config& config, Judge& judge) {
    config.database_url = given.database_url;
    config.embedded_postgres = given.embedded_postgres;
    if (!given.postgres_user.empty()) config.postgres_user = given.postgres_user;
    config.postgres_binaries = given.postgres_binaries;
    judge.number(given.pool_size, "pool-size", 1, 1000, config.pool_size);
    judge.number(given.statement_timeout, "statement-timeout", 100, 600'000, config.statement_timeout);
    judge.endpoint(given.listen, "listen", config.listen);
    judge.endpoint(given.operators_listen, "operators-listen", config.operators_listen);
    config.data_dir = given.data_dir;
    config.trust = given.trust;
    config.signing_key = given.signing_key;
    config.jwt_key = given.jwt_key;
    config.migrate = given.migrate;
    judge.number(given.blocking_threads, "blocking-threads", 1, 64, config.blocking_threads);
    judge.number(given.stop_timeout, "stop-timeout", 0, 600'000, config.stop_timeout);
    judge.level(given.log_level, config.log_level);
    config.check = given.check;
    config.org = given.org;
    config.org_name = given.org_name;
    config.email = given.email;
}

// What must be there, depending on the command.
void judge_whole(Config& config, Judge& judge) {
    // A cluster of our own is asked for by name; a DATABASE_URL may just be lying about.
    if (!config.embedded_postgres.empty()) config.database_url.clear();
    if (config.database_url.empty() && config.embedded_postgres.empty()) {
        judge.fail("no database: give --database-url (or DATABASE_URL) or --embedded-postgres DIR");
    }
    if (config.command == Command::serve && config.data_dir.empty()) {
        if (config.trust.empty()) judge.fail("trust", "needed where there is no --data-dir");
        if (config.signing_key.empty()) judge.fail("signing-key", "needed where there is no --data-dir");
        if (config.jwt_key.empty()) judge.fail("jwt-key", "needed where there is no --data-dir");
    }
    if (config.command == Command::bootstrap) {
        if (!is_valid_key(config.org)) judge.fail("org", "needed: a key of letters, digits, '.', '_' and '-'");
        if (config.email.find('@') == std::string::npos) judge.fail("email", "needed: an e-mail address");
    }
}

Command chosen(const CommandLine& line, Judge& judge) {
    if (line.migrate->parsed()) return Command::migrate;
    if (line.bootstrap->parsed()) return Command::bootstrap;
    if (!line.serve->parsed()) judge.fail("no command: serve, migrate or bootstrap");
    return Command::serve;
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

ParsedConfig parse_config(const std::vector<std::string>& arguments, const Environment& environment) {
    ParsedConfig out;
    Judge judge(out);
    CommandLine line;
    auto all = with_environment(arguments, environment);
    std::ranges::reverse(all);  // as CLI11 wants them
    try {
        line.app.parse(std::move(all));
    } catch (const CLI::CallForVersion& version) {
        out.answer = std::string(version.what()) + "\n";
    } catch (const CLI::CallForHelp&) {
        out.answer = line.app.get_formatter()->make_help(&line.app, "fanion-control-plane", CLI::AppFormatMode::Normal);
    } catch (const CLI::ParseError& error) {
        judge.fail(error.what());
    }
    if (out.answer) return out;
    for (const auto& extra : line.app.remaining(true)) judge.fail("unknown: " + extra);
    out.config.command = chosen(line, judge);
    judge_values(line.given, out.config, judge);
    judge_whole(out.config, judge);
    return out;
}

}  // namespace fanion::app
