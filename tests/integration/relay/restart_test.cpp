// Start, crash and stop: files on disk are used only if they verify.

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>

#include "tests/integration/relay/relay_rig.hpp"
#include "tests/support/eventually.hpp"

using namespace fanion;
using test::RelayProcess;
using test::RelayRig;
using test::wait_for;
using wire::StreamEvent;

namespace {

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// A relay that received versions 1 (false) and 2 (true) and was then killed; its control plane has been stopped.
void kill_after_two_versions(RelayRig& rig) {
    rig.start_with_ruleset(false);
    rig.commit(true);
    rig.push(StreamEvent::patch, rig.environment.delta());
    REQUIRE(rig.serves("true"));
    rig.relay->kill();
    rig.control.reset();
}

// The same, with the second version in a snapshot of its own and not only in the journal of the first.
void kill_after_two_snapshots(RelayRig& rig) {
    rig.start_with_ruleset(false);
    rig.commit(true);
    rig.push(StreamEvent::patch, rig.environment.delta());
    REQUIRE(wait_for([&] { return std::filesystem::exists(rig.snapshot_file()); }));
    rig.relay->kill();
    rig.control.reset();
}

}  // namespace

TEST_CASE("after a kill and without a control plane, the relay serves its cached ruleset") {
    RelayRig rig;
    kill_after_two_versions(rig);
    rig.start();
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
    CHECK(rig.relay->operators("/readyz").status == 200);
    CHECK(rig.relay->evaluate("f", "unknown") == "503");  // it may have been made meanwhile
}

TEST_CASE("after a restart without a control plane, keys of environments that could not be loaded get 503, never 401") {
    RelayRig rig;
    rig.start_with_ruleset();
    test::SignedEnvironment other("e_2", rig.environment);
    const auto other_key = make_api_key("srv").text;
    other.put_server_key("k2", other_key);
    other.put_boolean_flag("f", false);
    const auto other_ruleset = other.commit();
    rig.control->push(StreamEvent::put, "e_2", other.version(), other_ruleset);
    REQUIRE(wait_for([&] { return rig.relay->evaluate("f", other_key) == "false"; }));
    rig.relay->kill();
    const auto port = rig.control->port();
    rig.control.reset();
    for (const auto& file : std::filesystem::directory_iterator(rig.cache + "/env/e_2"))
        if (file.path().extension() == ".ruleset") write(file.path(), "torn");
    rig.nowhere = "http://127.0.0.1:" + std::to_string(port);
    rig.start();
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
    CHECK(rig.relay->evaluate("f", other_key) == "503");

    rig.control = std::make_unique<test::FakeControlPlane>(port);
    rig.control->set_heads(
        wire::format_event(StreamEvent::head, "e_2", other.version(), other.head(SystemClock().now())));
    REQUIRE(rig.connected());
    rig.push_head();
    REQUIRE(wait_for([&] { return rig.control->heads_asked() >= 2; }));  // which names what has yet to arrive
    CHECK(rig.relay->evaluate("f", other_key) == "503");
    CHECK(rig.relay->evaluate("f", "unknown") == "503");
    rig.control->push(StreamEvent::put, "e_2", other.version(), other_ruleset);
    rig.control->push(StreamEvent::head, "e_2", other.version(), other.head(SystemClock().now()));
    CHECK(wait_for([&] { return rig.relay->evaluate("f", other_key) == "false"; }));
    CHECK(wait_for([&] { return rig.relay->evaluate("f", "unknown") == "401"; }));
}

TEST_CASE("if the newest snapshot is torn, the one before it and its journal make up for it") {
    RelayRig rig;
    kill_after_two_snapshots(rig);
    const auto whole = read(rig.snapshot_file());
    REQUIRE(whole.size() > 2);
    write(rig.snapshot_file(), whole.substr(0, whole.size() / 2));
    rig.start();
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
    CHECK(rig.relay->operators("/readyz").status == 200);
}

TEST_CASE("if a bit of the newest snapshot is flipped and the journals are torn, the previous one is served") {
    RelayRig rig;
    kill_after_two_snapshots(rig);
    auto flipped = read(rig.snapshot_file());
    REQUIRE(flipped.size() > 10);
    flipped[flipped.size() - 10] = static_cast<char>(flipped[flipped.size() - 10] ^ 1);
    write(rig.snapshot_file(), flipped);
    const auto folder = std::filesystem::path(rig.snapshot_file()).parent_path();
    for (const auto& file : std::filesystem::directory_iterator(folder))
        if (file.path().extension() == ".journal") write(file.path(), "torn");
    rig.start();
    CHECK(rig.relay->evaluate("f", rig.server_key) == "false");
    CHECK(rig.relay->operators("/readyz").status == 200);
    CHECK(rig.relay->log().find("cache_load_warning") != std::string::npos);
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

TEST_CASE(
    "without cache and control plane, the relay is alive, not ready, and answers 503 with Retry-After, never 401") {
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

TEST_CASE("what a place has of an environment that upstream does not grant goes before the stream ends") {
    RelayRig rig;
    test::SignedEnvironment other("e_2", rig.environment);
    const auto other_key = make_api_key("srv").text;
    other.put_server_key("k2", other_key);
    other.put_boolean_flag("f", true);
    rig.write("bundle", other.commit());
    auto arguments = rig.arguments();
    arguments.insert(arguments.end(), {"--bootstrap", rig.directory / "bundle"});
    rig.relay.emplace(arguments, rig.directory / "log");
    REQUIRE(rig.relay->wait_started());
    REQUIRE(rig.connected());
    CHECK(wait_for([&] { return rig.relay->evaluate("f", other_key) == "true"; }));
    const auto full = rig.commit(true);
    const auto now = SystemClock().now();
    rig.control->set_heads(
        wire::format_event(StreamEvent::head, RelayRig::env, rig.environment.version(), rig.environment.head(now)) +
        wire::format_event(StreamEvent::revoked, "e_2", other.version(), other.revoked(now)));
    rig.push(StreamEvent::put, full);
    rig.push_head();
    CHECK(wait_for([&] { return rig.relay->evaluate("f", other_key) == "401"; }));
    CHECK(rig.serves("true"));
    CHECK(rig.is_synchronised());
    CHECK(rig.control->streams_opened() == 1);
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
        CHECK(ready.body == R"({"status":"unavailable","reason":"environment e_2 has no data"})");
        CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
    }
}

TEST_CASE("on SIGTERM the relay is not ready immediately and serves during the drain delay") {
    RelayRig rig;
    rig.start_with_ruleset();
    rig.relay->kill();
    auto arguments = rig.arguments();
    arguments.insert(arguments.end(), {"--drain-delay", "600000"});
    rig.relay.emplace(arguments, rig.directory / "log");
    REQUIRE(rig.relay->wait_started());
    rig.relay->signal(SIGTERM);
    CHECK(wait_for([&] { return rig.relay->operators("/readyz").status == 503; }));
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
}

TEST_CASE("SIGTERM and SIGINT exit with 0, and the next start serves the same rulesets") {
    RelayRig rig;
    rig.start_with_ruleset();
    rig.relay->signal(SIGTERM);
    CHECK(rig.relay->wait_exit() == 0);
    rig.start();
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
    rig.relay->signal(SIGINT);
    CHECK(rig.relay->wait_exit() == 0);
}

TEST_CASE("kills from outside, also with the signals of a crash, undo no change") {
    RelayRig rig;
    kill_after_two_versions(rig);
    for (const int signal : {SIGKILL, SIGSEGV, SIGABRT, SIGKILL}) {
        rig.start();
        CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
        rig.relay->signal(signal);
        CHECK(rig.relay->wait_exit() != 0);  // AddressSanitizer turns some signals into a status
    }
    rig.start();
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
    CHECK(rig.relay->log().find("quarantine") == std::string::npos);
}

TEST_CASE("after two crashes the quarantine is logged, counted and shown") {
    RelayRig rig;
    kill_after_two_versions(rig);
    for (int i = 0; i < 2; ++i) {
        write(rig.cache + "/crashed", "");  // as the handler leaves it
        rig.start();
        CHECK(rig.relay->log().find("earlier_process_crashed") != std::string::npos);
        if (i == 0) rig.relay->kill();
    }
    CHECK(rig.relay->evaluate("f", rig.server_key) == "false");
    CHECK(rig.relay->log().find("ruleset_quarantined") != std::string::npos);
    CHECK(rig.relay->metric("fanion_relay_environments_quarantined") == 1);
    CHECK(rig.relay->operators("/status").body.find(R"("state":"quarantined")") != std::string::npos);
}

TEST_CASE("FIFOs in place of the relay's own files do not stop the start") {
    RelayRig rig;
    kill_after_two_versions(rig);
    for (const std::string name : {"/relay-id", "/trust/2.trust", "/env/e_1/head", "/env/e_1/floor", "/env/e_2",
                                   "/events/spool/00000000000000009999.spool", "/events/counters/99-0.counts"}) {
        std::filesystem::create_directories(rig.cache + "/trust");
        std::filesystem::remove(rig.cache + name);
        REQUIRE(::mkfifo((rig.cache + name).c_str(), 0600) == 0);
    }
    rig.start();
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
    CHECK(rig.relay->log().find("head is not a regular file") != std::string::npos);
}

TEST_CASE("a cache directory that is removed under the running relay is made again") {
    RelayRig rig;
    rig.start_with_ruleset();
    std::filesystem::remove_all(rig.cache + "/env");
    std::filesystem::remove_all(rig.cache + "/events");
    std::filesystem::remove(rig.cache + "/lock");
    CHECK(wait_for([&] { return std::filesystem::exists(rig.snapshot_file()); }));
    CHECK(rig.relay->log().find("cache_disk_failed") != std::string::npos);
    CHECK(wait_for([&] { return std::filesystem::exists(rig.cache + "/events/spool/cursor"); }));
    CHECK(rig.counts("fanion_relay_cache_disk_ok", 1));
    CHECK(wait_for([&] { return std::filesystem::exists(rig.cache + "/lock"); }));
    CHECK(wait_for([&] { return std::filesystem::exists(rig.cache + "/events/lock"); }));
    RelayProcess second(rig.arguments(), rig.directory / "second.log");
    CHECK(second.wait_exit() == 1);
    CHECK(second.log().find("in use by another process") != std::string::npos);
    rig.relay->kill();
    rig.control.reset();
    rig.start();
    CHECK(rig.relay->evaluate("f", rig.server_key) == "true");
}

TEST_CASE("one process per cache directory") {
    RelayRig rig;
    rig.start();
    RelayProcess second(rig.arguments(), rig.directory / "second.log");
    CHECK(second.wait_exit() == 1);
    CHECK(second.log().find("in use by another process") != std::string::npos);
}

TEST_CASE("if the cache directory cannot be used, rulesets are served from memory and the fault is reported") {
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

TEST_CASE("an invalid configuration reports every error at once and exits with 2") {
    const test::TemporaryDirectory directory;
    const auto log = directory / "log";
    RelayProcess relay({"--upstream", "ftp://x", "--key-file", directory / "none", "--threads", "many", "--listen",
                        "8080", "--unknown", "--ready-max-stale", "soon"},
                       log);
    CHECK(relay.wait_exit() == 2);
    const auto text = relay.log();
    for (const std::string expected :
         {"--upstream: 'ftp://x'", "--key-file: ", "--trust: required", "--cache-dir: required", "--threads: 'many'",
          "--listen: '8080'", "unknown argument: --unknown", "--ready-max-stale"}) {
        CAPTURE(expected);
        CHECK(text.find(expected) != std::string::npos);
    }
}
