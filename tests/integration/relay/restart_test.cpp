// Start, kill, shutdown: what is on disk is used only as far as it verifies.

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>

#include "tests/integration/relay/relay_rig.hpp"

using namespace fanion;
using test::RelayProcess;
using test::RelayRig;
using test::wait_until;
using wire::StreamEvent;

namespace {

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// A relay that was given versions 1 (false) and 2 (true) and was then killed; its control plane is gone.
void kill_after_two_versions(RelayRig& rig) {
    rig.start_with_ruleset(false);
    rig.commit(true);
    rig.push(StreamEvent::patch, rig.environment.delta());
    REQUIRE(rig.serves("true"));
    rig.relay->kill();
    rig.control.reset();
}

}  // namespace

TEST_CASE("after a kill and without a control plane the relay serves what it held") {
    RelayRig rig;
    kill_after_two_versions(rig);
    rig.start();
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
    CHECK(rig.relay->operators("/readyz").status == 200);
    CHECK(rig.relay->evaluate("f", "unknown") == "401");
}

TEST_CASE("a torn newest snapshot: the previous one is served") {
    RelayRig rig;
    kill_after_two_versions(rig);
    const auto whole = read(rig.snapshot_file());
    write(rig.snapshot_file(), whole.substr(0, whole.size() / 2));
    rig.start();
    CHECK(rig.relay->evaluate("f", rig.server_key) == "false");
    CHECK(rig.relay->operators("/readyz").status == 200);
    CHECK(rig.relay->log().find("cache_load_warning") != std::string::npos);
}

TEST_CASE("a flipped bit in the newest snapshot: the previous one is served") {
    RelayRig rig;
    kill_after_two_versions(rig);
    auto flipped = read(rig.snapshot_file());
    flipped[flipped.size() - 10] = static_cast<char>(flipped[flipped.size() - 10] ^ 1);
    write(rig.snapshot_file(), flipped);
    rig.start();
    CHECK(rig.relay->evaluate("f", rig.server_key) == "false");
}

TEST_CASE("a replay of an older snapshot after a restart is a rollback") {
    RelayRig rig;
    rig.start_with_ruleset(false);
    const auto old = rig.environment.full();
    rig.commit(true);
    rig.push(StreamEvent::patch, rig.environment.delta());
    REQUIRE(rig.serves("true"));
    rig.relay->kill();
    rig.start();
    REQUIRE(rig.connected());
    rig.push(StreamEvent::put, old);
    CHECK(rig.counts("fanion_relay_rulesets_rejected_total{code=\"rollback\"}", 1));
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
}

TEST_CASE("neither cache nor control plane: alive, not ready, 503 with Retry-After, never 401") {
    RelayRig rig;
    rig.control.reset();
    rig.start();
    CHECK(rig.relay->operators("/livez").status == 200);
    CHECK(rig.relay->operators("/readyz").status == 503);
    net::ClientRequest request;
    request.method = net::Method::post;
    request.target = "/ofrep/v1/evaluate/flags/f";
    request.headers.emplace_back("Authorization", "Bearer anything");
    const auto response = rig.relay->ask(std::move(request));
    CHECK(response.status == 503);
    CHECK_FALSE(response.header("Retry-After").empty());
}

TEST_CASE("readiness depends on the required environments") {
    RelayRig rig;
    rig.start_with_ruleset();
    rig.relay->kill();
    auto arguments = rig.arguments();
    SECTION("one that is held, by id and by path") {
        arguments.insert(arguments.end(), {"--require-environments", "e_1,acme/web/production"});
        rig.relay.emplace(arguments, rig.directory / "log");
        REQUIRE(rig.relay->wait_started());
        CHECK(rig.relay->operators("/readyz").status == 200);
    }
    SECTION("one that is not") {
        arguments.insert(arguments.end(), {"--require-environments", "e_1,e_2"});
        rig.relay.emplace(arguments, rig.directory / "log");
        REQUIRE(rig.relay->wait_started());
        const auto ready = rig.relay->operators("/readyz");
        CHECK(ready.status == 503);
        CHECK(ready.body.find("e_2") != std::string::npos);
        CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
    }
}

TEST_CASE("SIGTERM: not ready at once, still serving for the drain delay") {
    RelayRig rig;
    rig.start_with_ruleset();
    rig.relay->kill();
    auto arguments = rig.arguments();
    arguments.insert(arguments.end(), {"--drain-delay", "600000"});
    rig.relay.emplace(arguments, rig.directory / "log");
    REQUIRE(rig.relay->wait_started());
    rig.relay->signal(SIGTERM);
    CHECK(wait_until([&] { return rig.relay->operators("/readyz").status == 503; }));
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
}

TEST_CASE("SIGTERM and SIGINT exit with 0, and the next start serves what was held") {
    RelayRig rig;
    rig.start_with_ruleset();
    rig.relay->signal(SIGTERM);
    CHECK(rig.relay->wait_exit() == 0);
    rig.start();
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
    rig.relay->signal(SIGINT);
    CHECK(rig.relay->wait_exit() == 0);
}

TEST_CASE("one process per cache directory") {
    RelayRig rig;
    rig.start();
    RelayProcess second(rig.arguments(), rig.directory / "second.log");
    CHECK(second.wait_exit() == 1);
    CHECK(second.log().find("in use by another process") != std::string::npos);
}

TEST_CASE("a cache directory that cannot be used is reported, and rulesets are served from memory") {
    RelayRig rig;
    std::filesystem::create_directories(rig.cache);
    write(rig.cache + "/env", "a file where the directory should be: refuses root too");
    rig.start_with_ruleset();
    CHECK(rig.relay->metric("fanion_relay_cache_disk_ok") == 0);
    CHECK(rig.relay->operators("/readyz").status == 200);
    std::filesystem::remove(rig.cache + "/env");
    rig.commit(false);
    rig.push(StreamEvent::patch, rig.environment.delta());
    CHECK(rig.serves("false"));
    CHECK(rig.counts("fanion_relay_cache_disk_ok", 1));
}

TEST_CASE("an invalid configuration: every error at once, exit 2") {
    const test::TemporaryDirectory directory;
    const auto log = directory / "log";
    RelayProcess relay({"--upstream", "ftp://x", "--key-file", directory / "none", "--threads", "many", "--listen",
                        "8080", "--unknown", "--ready-max-stale", "soon"},
                       log);
    CHECK(relay.wait_exit() == 2);
    const auto text = relay.log();
    for (const std::string expected :
         {"--upstream: 'ftp://x'", "--key-file: ", "--trust: needed", "--cache-dir: needed", "--threads: 'many'",
          "--listen: '8080'", "unknown: --unknown", "--ready-max-stale"}) {
        CAPTURE(expected);
        CHECK(text.find(expected) != std::string::npos);
    }
}
