#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>

#include "common/base/ids.hpp"
#include "common/base/text.hpp"
#include "relay/app/config.hpp"
#include "tests/support/option_docs.hpp"
#include "tests/support/signed_environment.hpp"
#include "tests/support/source_path.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::relay::app;

namespace {

struct Rig {
    test::TemporaryDirectory directory;
    std::string key = make_api_key("rly").text;
    std::map<std::string, std::string, std::less<>> environment;

    Rig() {
        write("relay.key", key + "\n");
        write("trust.json", test::SignedEnvironment("e_1").trust());
    }
    std::string write(const std::string& name, const std::string& bytes) const {
        std::ofstream(directory / name) << bytes;
        std::filesystem::permissions(directory / name, std::filesystem::perms(0600));
        return directory / name;
    }
    ParsedConfig parse(std::vector<std::string> arguments) const {
        return parse_config(arguments, [this](std::string_view name) -> std::optional<std::string> {
            const auto at = environment.find(name);
            return at == environment.end() ? std::nullopt : std::optional(at->second);
        });
    }
    // With all that is needed.
    ParsedConfig parse_with(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(),
                         {"--upstream", "http://127.0.0.1:8081", "--key-file", directory / "relay.key", "--trust",
                          directory / "trust.json", "--cache-dir", directory / "cache"});
        return parse(std::move(arguments));
    }
};

}  // namespace

TEST_CASE("what is needed is enough, the rest has defaults") {
    const Rig rig;
    const auto parsed = rig.parse_with({});
    CHECK(parsed.errors.empty());
    const auto& config = parsed.config;
    CHECK(config.relay_key == rig.key);
    CHECK(config.listen.port == 8080);
    CHECK(config.listen.address == "127.0.0.1");
    CHECK(config.operators_listen.port == 9090);
    CHECK(config.spool_dir == config.cache_dir + "/events");
    CHECK(config.upstreams == std::vector<std::string>{"http://127.0.0.1:8081"});
    CHECK_FALSE(config.ready_max_stale);
}

TEST_CASE("trusted proxies are networks, and a mistake names the one that is none") {
    const Rig rig;
    const auto good = rig.parse_with({"--trusted-proxies", "10.0.0.0/8,::1"});
    CHECK(good.errors.empty());
    CHECK(good.config.proxies.contains(*parse_ip("10.1.2.3")));
    CHECK(good.config.proxies.contains(*parse_ip("::1")));
    CHECK_FALSE(good.config.proxies.contains(*parse_ip("11.0.0.0")));
    CHECK(rig.parse_with({}).config.proxies.is_empty());
    const auto wrong = rig.parse_with({"--trusted-proxies", "10.0.0.0/8,the-ingress"});
    REQUIRE(wrong.errors.size() == 1);
    CHECK(wrong.errors[0].find("trusted-proxies") != std::string::npos);
    CHECK(wrong.errors[0].find("'the-ingress'") != std::string::npos);
}

TEST_CASE("options win over the environment, the environment over the file") {
    Rig rig;
    const auto file = rig.write("relay.conf", "threads = 3\ndrain-delay = 30\nstreams = 300\n");
    rig.environment = {{"FANION_CONFIG", file}, {"FANION_THREADS", "2"}, {"FANION_DRAIN_DELAY", "20"}};
    const auto parsed = rig.parse_with({"--threads", "1"});
    CHECK(parsed.errors.empty());
    CHECK(parsed.config.threads == 1);
    CHECK(parsed.config.drain_delay == std::chrono::milliseconds(20));
    CHECK(parsed.config.serve.streams == 300);
}

TEST_CASE("several upstreams, repeated or by comma, and the command line instead of the environment") {
    Rig rig;
    rig.environment["FANION_UPSTREAM"] = "http://a:1,https://b/prefix";
    const std::vector<std::string> common{
        "--key-file", rig.directory / "relay.key", "--trust", rig.directory / "trust.json", "--cache-dir", "c"};
    CHECK(rig.parse(common).config.upstreams == std::vector<std::string>{"http://a:1", "https://b/prefix"});
    auto arguments = common;
    arguments.insert(arguments.end(), {"--upstream", "http://c:1", "--upstream", "http://d:1"});
    CHECK(rig.parse(arguments).config.upstreams == std::vector<std::string>{"http://c:1", "http://d:1"});
}

TEST_CASE("labels are given repeatedly or by comma") {
    Rig rig;
    CHECK(rig.parse_with({"--label", "canary", "--label", "eu,edge"}).config.labels ==
          std::vector<std::string>{"canary", "eu", "edge"});
}

TEST_CASE("the relay key comes from the environment too, and is never an option") {
    Rig rig;
    rig.environment["FANION_RELAY_KEY"] = rig.key;
    const auto parsed =
        rig.parse({"--upstream", "http://a:1", "--trust", rig.directory / "trust.json", "--cache-dir", "c"});
    CHECK(parsed.errors.empty());
    CHECK(parsed.config.relay_key == rig.key);
    Config config;
    const auto options = describe_options(config);
    for (const auto& option : options.all()) CHECK(option.name() != "relay-key");
}

TEST_CASE("a value that cannot be is named with its option") {
    struct Case {
        std::vector<std::string> arguments;
        std::string expected;
    };
    Rig rig;
    const auto server_key = rig.write("server.key", make_api_key("srv").text);
    const auto rubbish = rig.write("rubbish.json", "{}\n");
    const Case cases[] = {
        {{"--threads", "0"}, "--threads: '0'"},
        {{"--threads", "1.5"}, "--threads: '1.5'"},
        {{"--listen", "localhost:80"}, "--listen: 'localhost:80' is not of the form ADDRESS:PORT or unix:/PATH"},
        {{"--listen", "[::1]"}, "--listen"},
        {{"--operators-listen", "::1:80"}, "--operators-listen"},
        {{"--upstream", "control.example"}, "--upstream: 'control.example'"},
        {{"--log-level", "loud"}, "--log-level: 'loud'"},
        {{"--label", "Canary"}, "--label: 'Canary': a label is 1 to 63"},
        {{"--relay-id", "a b"}, "--relay-id: 'a b'"},
        {{"--ready-max-stale", "-1"}, "--ready-max-stale: '-1'"},
        {{"--spool-bytes", "10"}, "--spool-bytes: '10'"},
        {{"--key-file", server_key}, "does not contain a relay key"},
        {{"--key-file", "/nowhere"}, "cannot read /nowhere: No such file or directory"},
        {{"--trust", rubbish}, "--trust: " + rubbish},
        {{"--relay-key", "x"}, "unknown argument: --relay-key"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.expected);
        const auto parsed = rig.parse_with(c.arguments);
        REQUIRE_FALSE(parsed.errors.empty());
        CHECK(parsed.errors[0].find(c.expected) != std::string::npos);
    }
}

TEST_CASE("files of keys are refused while others may read them, unless that is allowed") {
    const Rig rig;
    const std::string file = rig.directory / "relay.key";
    std::filesystem::permissions(file, std::filesystem::perms(0644));
    const auto refused = rig.parse_with({});
    REQUIRE(refused.errors.size() == 1);
    CHECK(refused.errors[0].starts_with("--key-file: " + file + " has mode 0644"));
    CHECK(rig.parse_with({"--allow-open-key-files"}).errors.empty());
    std::filesystem::permissions(file, std::filesystem::perms(0640));
    CHECK(rig.parse_with({}).errors.empty());
}

TEST_CASE("the key of flagd's providers is for callers of this machine") {
    const Rig rig;
    const auto key = make_api_key("srv").text;
    const auto file = rig.write("application.key", " " + key + "\n");
    for (const auto* address : {"127.0.0.1:8013", "127.1.2.3:8013", "[::1]:8013", "unix:/run/fanion/flagd.sock"}) {
        const auto parsed = rig.parse_with({"--grpc-listen", address, "--grpc-key-file", file});
        CHECK(parsed.errors.empty());
        REQUIRE(parsed.config.grpc_listen);
        CHECK(config::to_string(*parsed.config.grpc_listen) == address);
        CHECK(parsed.config.grpc_key == key);
    }
    for (const auto* address : {"0.0.0.0:8013", "[::]:8013", "10.0.0.1:8013"}) {
        CHECK(rig.parse_with({"--grpc-listen", address}).errors.empty());
        CHECK_FALSE(rig.parse_with({"--grpc-listen", address, "--grpc-key-file", file}).errors.empty());
    }
    CHECK_FALSE(rig.parse_with({"--grpc-key-file", file}).errors.empty());
    CHECK_FALSE(rig.parse_with({"--grpc-listen", "localhost:8013"}).errors.empty());
    CHECK_FALSE(rig.parse_with({"--grpc-listen", "unix:flagd.sock"}).errors.empty());
    const std::vector<std::string> relay = {"--grpc-listen", "127.0.0.1:1", "--grpc-key-file",
                                            rig.directory / "relay.key"};
    CHECK_FALSE(rig.parse_with(relay).errors.empty());
}

TEST_CASE("every error is reported at once") {
    const Rig rig;
    const auto parsed = rig.parse({"--threads", "x", "--listen", "y", "--streams", "z"});
    std::string all;
    for (const auto& error : parsed.errors) all += error + "\n";
    for (const std::string expected :
         {"--threads", "--listen", "--streams", "--upstream", "no relay key", "--trust", "--cache-dir"}) {
        CAPTURE(expected);
        CHECK(all.find(expected) != std::string::npos);
    }
}

TEST_CASE("help and version answer whatever else is wrong") {
    const Rig rig;
    CHECK(rig.parse({"--version"}).answer->starts_with("fanion-relay "));
    const auto help = rig.parse({"--help", "--threads", "x"}).answer;
    REQUIRE(help);
    Config config;
    const auto options = describe_options(config);
    for (const auto& option : options.all()) CHECK(help->find("--" + option.name()) != std::string::npos);
}

TEST_CASE("docs/configuration.md has every option as it is") {
    Config config;
    CHECK(test::documented_option_rows("fanion-relay") == test::option_rows(describe_options(config)));
}

TEST_CASE("a relay that starts from elsewhere needs neither an upstream nor a key") {
    const Rig rig;
    const std::vector<std::string> common{"--trust", rig.directory / "trust.json", "--cache-dir", "c"};
    CHECK(rig.parse(common).errors.size() == 2);
    auto arguments = common;
    arguments.insert(arguments.end(), {"--bootstrap", "/srv/bundle,s3://flags", "--publish-to", "redis://cache"});
    const auto parsed = rig.parse(arguments);
    CHECK(parsed.errors.empty());
    REQUIRE(parsed.config.bootstrap.size() == 2);
    CHECK(parsed.config.bootstrap[1].bucket == "flags");
    REQUIRE(parsed.config.publish_to.size() == 1);
    CHECK(parsed.config.publish_to[0].host == "cache");
    arguments.insert(arguments.end(), {"--upstream", "http://a:1"});
    CHECK(rig.parse(arguments).errors.size() == 1);  // the key
}

TEST_CASE("a place that cannot be is named with its option, without what may be a secret") {
    const Rig rig;
    const auto read = rig.parse_with({"--bootstrap", "redis://user:geheim@cache"});
    REQUIRE(read.errors.size() == 1);
    CHECK(read.errors[0] == "--bootstrap: credentials do not belong into a URL");
    const auto written = rig.parse_with({"--publish-to", "https://example.com/bundle"});
    REQUIRE(written.errors.size() == 1);
    CHECK(written.errors[0].starts_with("--publish-to: "));
}

TEST_CASE("healthcheck needs nothing that only the service needs, and takes its operators' port") {
    Rig rig;
    rig.environment = {{"FANION_OPERATORS_LISTEN", "0.0.0.0:9190"}};
    const auto ready = rig.parse({"healthcheck"});
    CHECK(ready.errors.empty());
    CHECK(ready.config.command == Command::healthcheck);
    CHECK(health_check(ready.config).port.port == 9190);
    CHECK_FALSE(health_check(ready.config).live);
    CHECK(health_check(rig.parse({"healthcheck", "--live"}).config).live);
    CHECK(rig.parse({"healthcheck", "--operators-listen", "127.0.0.1:0"}).errors.size() == 1);
    CHECK(rig.parse({"healthcheck", "--streams", "many"}).errors.size() == 1);
    CHECK(rig.parse_with({}).config.command == Command::serve);
}

TEST_CASE("inject-webhook needs a certificate and what pods get, and nothing of a relay") {
    const Rig rig;
    const auto sidecar = test::source_path("tests/fixtures/inject/sidecar.json");
    const auto parsed = rig.parse({"inject-webhook", "--tls-cert", "c", "--tls-key", "k", "--sidecar", sidecar});
    CHECK(parsed.errors.empty());
    CHECK(parsed.config.command == Command::inject_webhook);
    REQUIRE(parsed.config.sidecar);
    CHECK(parsed.config.sidecar->name() == "fanion-relay");
    const auto none = rig.parse({"inject-webhook"});
    REQUIRE(none.errors.size() == 2);
    CHECK(none.errors[0].starts_with("--tls-cert: required"));
    CHECK(none.errors[1].starts_with("--sidecar: required"));
    for (const auto& file : {rig.write("wrong.json", "{}"), std::string("/nowhere")}) {
        const auto wrong = rig.parse({"inject-webhook", "--tls-cert", "c", "--tls-key", "k", "--sidecar", file});
        REQUIRE(wrong.errors.size() == 1);
        CHECK(wrong.errors[0].find(file) != std::string::npos);
    }
}
