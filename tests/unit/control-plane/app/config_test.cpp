#include "control-plane/app/config.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>

#include "tests/support/option_docs.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion::cp::app;
namespace quotas = fanion::cp::quotas;
using Arguments = std::vector<std::string>;

namespace {

struct Surroundings {
    std::map<std::string, std::string, std::less<>> values;
    std::optional<std::string> operator()(std::string_view name) const {
        const auto found = values.find(name);
        return found == values.end() ? std::nullopt : std::optional(found->second);
    }
};

ParsedConfig parse(const Arguments& arguments, const Surroundings& surroundings = {}) {
    return parse_config(arguments, surroundings);
}

const Arguments plain{"serve", "--database-url", "postgresql://db/fanion", "--data-dir", "/data"};

Arguments with(Arguments more) {
    auto all = plain;
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

// A file that is gone at the end of the test.
struct ConfigFile {
    explicit ConfigFile(const std::string& text) { std::ofstream(path) << text; }

    fanion::test::TemporaryDirectory directory;
    std::string path = directory / "fanion.conf";
};

bool mentions(const std::vector<std::string>& errors, std::string_view text) {
    return std::any_of(errors.begin(), errors.end(),
                       [text](const auto& e) { return e.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("a database and a data directory are enough to serve") {
    const auto parsed = parse(plain);
    CHECK(parsed.errors.empty());
    CHECK(parsed.config.command == Command::serve);
    CHECK(parsed.config.database_url == "postgresql://db/fanion");
    CHECK(parsed.config.listen.port == 8081);
    CHECK(parsed.config.operators_listen.address == "127.0.0.1");
    CHECK_FALSE(parsed.config.migrate);
}

TEST_CASE("trusted proxies are networks, and a mistake names the one that is none") {
    const auto good = parse(with({"--trusted-proxies", "10.0.0.0/8", "--trusted-proxies", "2001:db8::/32"}));
    CHECK(good.errors.empty());
    CHECK(good.config.proxies.contains(*fanion::parse_ip("10.1.2.3")));
    CHECK(good.config.proxies.contains(*fanion::parse_ip("2001:db8::7")));
    CHECK(parse(plain).config.proxies.is_empty());
    CHECK(mentions(parse(with({"--trusted-proxies", "10.0.0.0/33"})).errors, "'10.0.0.0/33'"));
}

TEST_CASE("every error is told at once") {
    const auto parsed = parse({"serve", "--listen", "nowhere", "--pool-size", "0", "--log-level", "loud", "--bogus"});
    for (const auto* text : {"--listen", "--pool-size", "--log-level", "--bogus", "no database", "--trust",
                             "--signing-key", "--jwt-key"}) {
        CAPTURE(text);
        CHECK(mentions(parsed.errors, text));
    }
    CHECK(parsed.errors.size() == 8);
}

TEST_CASE("flags win over the environment, the environment over the file") {
    const ConfigFile file("listen = 127.0.0.1:3\noperators-listen = 127.0.0.1:3\npool-size = 3\nmigrate = true\n");
    const Surroundings surroundings{{{"FANION_LISTEN", "127.0.0.1:2"}, {"FANION_OPERATORS_LISTEN", "127.0.0.1:2"}}};
    const auto config = parse(with({"--config", file.path, "--listen", "127.0.0.1:1"}), surroundings).config;
    CHECK(config.listen.port == 1);
    CHECK(config.operators_listen.port == 2);
    CHECK(config.pool_size == 3);
    CHECK(config.migrate);
}

TEST_CASE("the file may be named by the environment, and unknown names in it are errors") {
    const ConfigFile file("nonsense = 1\n");
    CHECK(mentions(parse(plain, {{{"FANION_CONFIG", file.path}}}).errors, "nonsense"));
    CHECK(mentions(parse(with({"--config", "/does/not/exist"})).errors, "/does/not/exist"));
}

TEST_CASE("DATABASE_URL is understood, FANION_DATABASE_URL wins over it") {
    CHECK(parse({"migrate"}, {{{"DATABASE_URL", "a"}}}).config.database_url == "a");
    CHECK(parse({"migrate"}, {{{"DATABASE_URL", "a"}, {"FANION_DATABASE_URL", "b"}}}).config.database_url == "b");
}

TEST_CASE("a private cluster that is asked for wins over a DATABASE_URL") {
    const auto parsed = parse({"migrate", "--embedded-postgres", "/data/pg"}, {{{"DATABASE_URL", "a"}}});
    CHECK(parsed.errors.empty());
    CHECK(parsed.config.database_url.empty());
    CHECK(parsed.config.embedded_postgres == "/data/pg");
}

TEST_CASE("without a data directory each key file must be named") {
    const Arguments arguments{"serve", "--database-url", "x", "--trust", "t", "--signing-key", "s"};
    CHECK(parse(arguments).errors.size() == 1);
    auto complete = arguments;
    complete.insert(complete.end(), {"--jwt-key", "j"});
    CHECK(parse(complete).errors.empty());
}

TEST_CASE("a signer has the key instead of a file") {
    const Arguments external{"serve",    "--database-url",       "x", "--trust", "t", "--jwt-key", "j",
                             "--signer", "unix:/run/signer.sock"};
    const auto parsed = parse(external);
    CHECK(parsed.errors.empty());
    CHECK(has_signer(parsed.config));
    CHECK(parsed.config.signer.path == "/run/signer.sock");
    CHECK_FALSE(has_signer(parse(plain).config));
    auto both = external;
    both.insert(both.end(), {"--signing-key", "s"});
    CHECK(mentions(parse(both).errors, "--signing-key: not together with --signer"));
    CHECK(mentions(parse(with({"--signer", "unix:/run/signer.sock"})).errors, "--trust: required with --signer"));
    CHECK(mentions(parse(with({"--signer", "127.0.0.1:1", "--trust", "t"})).errors, "--signer: not a Unix socket"));
}

TEST_CASE("rewrap needs a file of keys") {
    CHECK(mentions(parse({"rewrap", "--database-url", "x"}).errors, "--secrets-key"));
    CHECK(parse({"rewrap", "--database-url", "x", "--secrets-key", "k", "--check"}).errors.empty());
    CHECK(parse({"rewrap", "--database-url", "x", "--data-dir", "/d"}).errors.empty());
}

TEST_CASE("a command is needed, and bootstrap needs an organisation and an address") {
    CHECK(mentions(parse({"--database-url", "x", "--data-dir", "/d"}).errors, "no command"));
    CHECK(parse({"bootstrap", "--database-url", "x"}).errors.size() == 2);
    CHECK(parse({"bootstrap", "--database-url", "x", "--org", "acme", "--email", "a@b.c"}).errors.empty());
    CHECK(parse({"reset-password", "--database-url", "x"}).errors.size() == 1);
    CHECK(parse({"reset-password", "--database-url", "x", "--email", "a@b.c"}).errors.empty());
    CHECK(parse({"make-owner", "--database-url", "x"}).errors.size() == 2);
    const auto made = parse({"make-owner", "a@b.c", "--org", "acme", "--database-url", "x"});
    CHECK(made.errors.empty());
    CHECK(made.config.email == "a@b.c");
    CHECK(made.config.org == "acme");
    CHECK(parse({"make-owner", "--database-url", "x", "--org", "acme", "--email", "a@b.c"}).config.email == "a@b.c");
    CHECK(parse({"make-owner", "a@b.c", "d@e.f", "--org", "acme", "--database-url", "x"}).errors.size() == 1);
    CHECK(parse({"bootstrap", "a@b.c", "--org", "acme", "--database-url", "x"}).errors.size() == 2);
    CHECK(parse({"migrate", "--check", "--database-url", "x"}).config.check);
}

TEST_CASE("set-quota takes quotas after it, and nothing from those of the installation") {
    const auto parsed = parse({"set-quota", "flags=5,keys=unlimited", "--org", "acme", "--database-url", "x"});
    REQUIRE(parsed.errors.empty());
    CHECK(parsed.config.command == Command::set_quota);
    REQUIRE(parsed.config.limits.size() == 2);
    CHECK(parsed.config.limits[0] == quotas::QuotaChange{quotas::Quota::flags, quotas::Limit(5)});
    CHECK(parse({"set-quota", "--org", "acme", "--database-url", "x", "--quotas", "flags=1"}).errors.size() == 1);
    CHECK(parse({"set-quota", "flags=5", "--database-url", "x"}).errors.size() == 1);
    CHECK(parse({"set-quota", "flag=5", "--org", "acme", "--database-url", "x"}).errors.size() == 1);
    CHECK(parse({"migrate", "--database-url", "x", "--quotas", "keys=1,flags=x"}).errors.size() == 1);
}

TEST_CASE("help and version are answers, whatever else is given") {
    CHECK(parse({"serve", "--help"}).answer.value().find("--embedded-postgres") != std::string::npos);
    CHECK(parse({"--version"}).answer.value().starts_with("fanion-control-plane "));
}

TEST_CASE("docs/configuration.md has every option as it is") {
    Config config;
    CHECK(fanion::test::documented_option_rows("fanion-control-plane") ==
          fanion::test::option_rows(describe_options(config)));
}

TEST_CASE("the public URL is read, and the command for a lost second factor takes an address") {
    CHECK(parse({"serve", "--database-url", "x", "--data-dir", "d", "--public-url", "https://a.example/f"})
              .errors.empty());
    CHECK(parse({"serve", "--database-url", "x", "--data-dir", "d", "--public-url", "a.example"}).errors.size() == 1);
    CHECK(parse({"remove-second-factor", "--database-url", "x"}).errors.size() == 1);
    const auto removed = parse({"remove-second-factor", "a@b.c", "--database-url", "x"});
    CHECK(removed.errors.empty());
    CHECK(removed.config.command == Command::remove_second_factor);
    CHECK(removed.config.email == "a@b.c");
}

TEST_CASE("the dashboard is a file, or none, or the one that is installed") {
    CHECK(dashboard_file(parse(with({"--dashboard", "/srv/d.tar"})).config) == "/srv/d.tar");
    CHECK(dashboard_file(parse(with({"--dashboard", "none"})).config).empty());
    const auto found = dashboard_file(parse(plain).config);
    if (!found.empty()) CHECK(found.string().ends_with("/share/fanion/dashboard.tar"));
    CHECK(public_prefix(parse(plain).config).empty());
    CHECK(public_prefix(parse(with({"--public-url", "https://a.example/f/"})).config) == "/f");
}

TEST_CASE("there are as many threads as --threads says, or as processors and connections allow") {
    CHECK(serving_threads(parse(with({"--threads", "3", "--pool-size", "1"})).config) == 3);
    CHECK(serving_threads(parse(with({"--pool-size", "15"})).config) == 1);
    CHECK(serving_threads(parse(plain).config) <= 2);
    CHECK(serving_threads(parse(with({"--pool-size", "1000"})).config) <= 4);
    CHECK(parse(with({"--threads", "0"})).errors.size() == 1);
}

TEST_CASE("a proxy for outgoing calls is given as such, and a variable meant for others is not taken for it") {
    const fanion::net::Origin hook = fanion::net::parse_origin("https://hooks.example").value();
    const Surroundings usual{{{"HTTPS_PROXY", "http://proxy.example:3128"}, {"NO_PROXY", "internal.example"}}};
    CHECK(parse(plain, usual).config.outgoing_proxies.proxy_for(hook) == nullptr);
    const auto given = parse(with({"--outgoing-proxy", "https://u:p@proxy.example"}), usual);
    REQUIRE(given.errors.empty());
    CHECK(given.config.outgoing_proxies.proxy_for(hook)->port == 443);
    const auto inside = fanion::net::parse_origin("https://prometheus.internal.example").value();
    CHECK(given.config.outgoing_proxies.proxy_for(inside) == nullptr);
    const auto wrong = parse(with({"--outgoing-proxy", "socks5://u:secret@proxy.example"}));
    CHECK(mentions(wrong.errors, "outgoing-proxy"));
    CHECK_FALSE(mentions(wrong.errors, "secret"));
}

TEST_CASE("healthcheck needs no database and no keys, and takes the operators' port of the service") {
    const auto ready = parse({"healthcheck"}, {{{"FANION_OPERATORS_LISTEN", "0.0.0.0:9191"}}});
    CHECK(ready.errors.empty());
    CHECK(ready.config.command == Command::healthcheck);
    CHECK(health_check(ready.config).port.port == 9191);
    CHECK(health_check(parse({"healthcheck", "--live"}).config).live);
    CHECK(parse({"healthcheck", "--operators-listen", "127.0.0.1:0"}).errors.size() == 1);
}
