// The program fanion-control-plane as a process of its own, on a private cluster.

#include <unistd.h>

#include <catch2/catch.hpp>
#include <functional>

#include "common/base/crypto.hpp"
#include "tests/integration/control-plane/app/machine.hpp"
#include "tests/support/metrics_docs.hpp"

using namespace fanion;
using namespace fanion::control_plane_test;

TEST_CASE("serve creates its cluster and keys and becomes ready; SIGTERM stops it and its cluster with exit status 0") {
    Machine machine;
    auto arguments = machine.embedded();
    arguments.insert(arguments.end(), {"--sink-files", (machine.root / "sink").string()});
    const auto pid = machine.serve(std::move(arguments));
    const auto operators = machine.port("operators");
    test::eventually("the control plane is ready", [&] { return get(operators, "/readyz") == 200; });
    CHECK(get(operators, "/livez") == 200);
    CHECK(get(operators, "/startupz") == 200);
    CHECK(get(operators, "/healthz") == 200);
    std::string body;
    CHECK(get(operators, "/metrics", &body) == 200);
    CHECK(test::exported_metrics(body) == test::documented_metrics("Control plane"));
    CHECK(get(operators, "/status", &body) == 200);
    CHECK(body.find("\"iss\":\"fanion:") != std::string::npos);
    CHECK(get(machine.port("public"), "/api/v1/orgs") == 401);
    for (const auto* file : {"root.pem", "signer.pem", "trust.json", "jwt.pem", "secrets.key"})
        CHECK(fs::exists(machine.root / "keys" / file));
    CHECK(machine.stop(pid) == 0);
    CHECK_FALSE(embedded_postgres::has_processes_of(machine.data()));
    CHECK(content(machine.log()).find("\"event\":\"stopped\",\"clean\":true") != std::string::npos);
}

TEST_CASE("silent connections beyond the limit of open files do not keep others out") {
    Machine machine;
    machine.has_few_descriptors = true;
    const auto pid = machine.serve(machine.embedded());
    const auto operators = machine.port("operators");
    test::eventually("the control plane is ready", [&] { return get(operators, "/readyz") == 200; });
    CHECK(content(machine.log()).find(R"("descriptor_limit","limit":256,"before":128)") != std::string::npos);
    asio::io_context context;
    std::vector<asio::ip::tcp::socket> silent;
    for (const auto& [port, count] : {std::pair(machine.port("public"), 300), std::pair(operators, 100)}) {
        for (int i = 0; i < count; ++i) {
            silent.emplace_back(context).connect({asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)});
        }
    }
    CHECK(get(operators, "/livez") == 200);
    CHECK(get(operators, "/readyz") == 200);
    CHECK(get(machine.port("public"), "/api/v1/orgs") == 401);
    CHECK(content(machine.log()).find("accept_paused") == std::string::npos);
    CHECK(machine.stop(pid) == 0);
}

TEST_CASE("a killed control plane leaves its database running, and the next one uses it") {
    Machine machine;
    const auto killed = machine.serve(machine.embedded());
    test::eventually("the control plane is ready", [&] { return get(machine.port("operators"), "/readyz") == 200; });
    std::string before;
    get(machine.port("operators"), "/status", &before);
    const auto server = embedded_postgres::read_postmaster_pid(machine.data());
    kill(killed, SIGKILL);
    test::wait_for_exit(killed, std::chrono::seconds(5));
    CHECK(embedded_postgres::read_postmaster_pid(machine.data()) == server);

    const auto next = machine.serve(machine.embedded());
    test::eventually("the control plane is ready", [&] { return get(machine.port("operators"), "/readyz") == 200; });
    std::string after;
    get(machine.port("operators"), "/status", &after);
    CHECK(after == before);
    CHECK(machine.stop(next) == 0);
    CHECK_FALSE(embedded_postgres::has_processes_of(machine.data()));
}

TEST_CASE("a control plane that is killed together with its database starts again at once, over what both left") {
    Machine machine;
    const auto killed = machine.serve(machine.embedded());
    test::eventually("the control plane is ready", [&] { return get(machine.port("operators"), "/readyz") == 200; });
    const auto server = embedded_postgres::read_postmaster_pid(machine.data());
    kill(killed, SIGKILL);
    kill(server, SIGKILL);
    test::wait_for_exit(killed, std::chrono::seconds(5));
    REQUIRE(fs::exists(machine.root / "pg" / ".s.PGSQL.5432.lock"));

    const auto next = machine.serve(machine.embedded());
    test::eventually("the control plane is ready", [&] { return get(machine.port("operators"), "/readyz") == 200; });
    CHECK(embedded_postgres::read_postmaster_pid(machine.data()) != server);
    CHECK(machine.stop(next) == 0);
}

TEST_CASE("without its database the control plane is alive but not ready, and it recovers when the database is back") {
    Machine machine;
    const auto owner = machine.serve(machine.embedded());
    test::eventually("the control plane is ready", [&] { return get(machine.port("operators"), "/readyz") == 200; });
    CHECK(machine.stop(owner) == 0);

    const auto pid =
        machine.serve({"--database-url", "host=" + (machine.root / "pg").string() + " user=fanion dbname=fanion"});
    const auto operators = machine.port("operators");
    CHECK(get(operators, "/livez") == 200);
    std::string body;
    CHECK(get(operators, "/readyz", &body) == 503);
    CHECK(body == R"({"status":"unavailable","reason":"starting"})");
    test::eventually("the lost database is logged",
                     [&] { return content(machine.log()).find("database_down") != std::string::npos; });

    // Starts the first cluster again: `migrate` starts it only temporarily, `serve` keeps it running.
    const auto away_log = machine.root / "away.log";
    fs::rename(machine.log(), away_log);
    const auto again = machine.serve(machine.embedded());
    test::eventually("the control plane is ready", [&] { return get(operators, "/readyz") == 200; });
    CHECK(machine.stop(pid) == 0);
    CHECK(machine.stop(again) == 0);
}

TEST_CASE("SIGTERM while the database is waited for ends with 0") {
    Machine machine;
    const auto pid = machine.serve({"--database-url", "host=" + machine.root.string() + " user=fanion dbname=fanion"});
    test::eventually("the lost database is logged",
                     [&] { return content(machine.log()).find("database_down") != std::string::npos; });
    CHECK(machine.stop(pid) == 0);
    CHECK(content(machine.log()).find("\"event\":\"stopped\",\"clean\":true") != std::string::npos);
    CHECK(content(machine.log()).find("start_failed") == std::string::npos);
}

TEST_CASE("SIGTERM while the threads start ends with 0, and no port is opened after it") {
    Machine machine;
    auto arguments = machine.embedded();
    arguments.insert(arguments.end(), {"--threads", "16"});
    const auto pid = machine.serve(std::move(arguments));
    test::eventually("the start is logged",
                     [&] { return content(machine.log()).find("\"event\":\"starting\"") != std::string::npos; });
    CHECK(machine.stop(pid) == 0);
    const auto text = content(machine.log());
    const auto stopping = text.find("\"event\":\"stopping\"");
    REQUIRE(stopping != std::string::npos);
    CHECK(text.find("\"port\":\"public\"", stopping) == std::string::npos);
    CHECK(text.find("\"event\":\"stopped\",\"clean\":true", stopping) != std::string::npos);
}

TEST_CASE("a port that is in use ends the start with 1 and stops what had been started") {
    Machine machine;
    const auto first =
        machine.serve({"--database-url", "host=" + machine.root.string() + " user=fanion dbname=fanion"});
    const auto operators = "127.0.0.1:" + std::to_string(machine.port("operators"));
    auto arguments = machine.embedded();
    arguments.insert(arguments.end(), {"--data-dir", (machine.root / "keys").string(), "--migrate",
                                       "--operators-listen", "127.0.0.1:0", "--listen", operators});
    CHECK(machine.run("serve", arguments) == 1);
    CHECK(content(machine.log()).find("\"event\":\"start_failed\"") != std::string::npos);
    CHECK(content(machine.log()).find("\"event\":\"stopped\",\"clean\":true") != std::string::npos);
    CHECK_FALSE(embedded_postgres::has_processes_of(machine.data()));
    CHECK(machine.stop(first) == 0);
}

TEST_CASE("a killed private cluster is started again, and the control plane is ready again") {
    Machine machine;
    const auto pid = machine.serve(machine.embedded());
    const auto operators = machine.port("operators");
    test::eventually("the control plane is ready", [&] { return get(operators, "/readyz") == 200; });
    const auto server = embedded_postgres::read_postmaster_pid(machine.data());
    kill(server, SIGKILL);
    test::eventually("another server runs", [&] {
        const auto now = embedded_postgres::read_postmaster_pid(machine.data());
        return now != server && embedded_postgres::is_postgres_of(now, machine.data());
    });
    test::eventually("the control plane is ready", [&] { return get(operators, "/readyz") == 200; });
    CHECK(machine.stop(pid) == 0);
}

TEST_CASE("migrate --check reports, migrate migrates; serve refuses a schema that is not current") {
    Machine machine;
    auto check = machine.embedded();
    check.push_back("--check");
    CHECK(machine.run("migrate", check) == 1);
    auto serve = machine.embedded();
    serve.insert(serve.end(), {"--data-dir", (machine.root / "keys").string(), "--listen", "127.0.0.1:0",
                               "--operators-listen", "127.0.0.1:0"});
    CHECK(machine.run("serve", serve) == 1);
    CHECK(content(machine.log()).find("fanion-control-plane migrate") != std::string::npos);
    CHECK(content(machine.log()).find("\"event\":\"start_failed\"") != std::string::npos);
    CHECK(machine.run("migrate", machine.embedded()) == 0);
    CHECK(machine.run("migrate", check) == 0);
    CHECK_FALSE(embedded_postgres::has_processes_of(machine.data()));
}

TEST_CASE("bootstrap prints a setup token, even while the control plane is running") {
    Machine machine;
    const auto pid = machine.serve(machine.embedded());
    test::eventually("the control plane is ready", [&] { return get(machine.port("operators"), "/readyz") == 200; });
    auto arguments = machine.embedded();
    arguments.insert(arguments.end(), {"--org", "acme", "--email", "owner@example.com"});
    CHECK(machine.run("bootstrap", arguments) == 0);
    CHECK(content(machine.log()).find("Setup token of owner@example.com") != std::string::npos);
    CHECK(machine.stop(pid) == 0);
}

TEST_CASE("SIGHUP applies new keys and log levels, and refuses a configuration with a mistake as a whole") {
    Machine machine;
    const auto file = machine.root / "control-plane.conf";
    const auto jwt = machine.root / "other-jwt.pem";
    auto arguments = machine.embedded();
    arguments.insert(arguments.end(), {"--config", file.string()});
    std::ofstream(file) << "pool-size = 3\n";
    const auto pid = machine.serve(arguments);
    const auto operators = machine.port("operators");
    test::eventually("the control plane is ready", [&] { return get(operators, "/readyz") == 200; });
    const auto reread = [&](const std::string& text, const std::string& event) {
        std::ofstream(file) << text;
        const auto before = content(machine.log()).size();
        kill(pid, SIGHUP);
        test::eventually(event + " is logged",
                         [&] { return content(machine.log()).find("\"" + event + "\"", before) != std::string::npos; });
        return content(machine.log()).substr(before);
    };

    std::ofstream(jwt) << "no key\n";
    std::filesystem::permissions(jwt, std::filesystem::perms(0600));
    auto log = reread("jwt-key = " + jwt.string() + "\nlog-level = error\n", "configuration_refused");
    CHECK(log.find("--jwt-key: " + jwt.string()) != std::string::npos);
    CHECK(get(operators, "/readyz") == 200);

    std::ofstream(jwt) << Ed25519PrivateKey::generate().to_pem();
    std::filesystem::permissions(jwt, std::filesystem::perms(0644));
    log = reread("jwt-key = " + jwt.string() + "\n", "configuration_refused");
    CHECK(log.find("--jwt-key: " + jwt.string() + " has mode 0644") != std::string::npos);
    std::filesystem::permissions(jwt, std::filesystem::perms(0600));
    log = reread("jwt-key = " + jwt.string() + "\npool-size = 4\n", "configuration_reread");
    CHECK(log.find(R"("event":"option_needs_restart","option":"--pool-size")") != std::string::npos);
    CHECK(log.find("access_key_reloaded") != std::string::npos);

    fs::rename(machine.root / "keys" / "trust.json", machine.root / "keys" / "away.json");
    std::ofstream(machine.root / "keys" / "trust.json") << "no trust document\n";
    reread("", "configuration_refused");
    fs::rename(machine.root / "keys" / "away.json", machine.root / "keys" / "trust.json");

    // A file that cannot be accessed does not stop the program either.
    fs::rename(machine.root / "keys" / "jwt.pem", machine.root / "keys" / "away.pem");
    fs::create_symlink("jwt.pem", machine.root / "keys" / "jwt.pem");
    reread("", "configuration_refused");
    fs::rename(machine.root / "keys" / "away.pem", machine.root / "keys" / "jwt.pem");
    reread("", "configuration_reread");
    CHECK(get(operators, "/readyz") == 200);
    CHECK(machine.stop(pid) == 0);
}

TEST_CASE("an invalid configuration exits with 2 and reports every error") {
    Machine machine;
    CHECK(machine.run("serve", {"--listen", "nowhere", "--jwt-key", "/does/not/exist"}) == 2);
    const auto text = content(machine.log());
    for (const auto* part : {"--listen", "--jwt-key: cannot read", "no database", "--trust", "--signing-key"}) {
        CAPTURE(part);
        CHECK(text.find(part) != std::string::npos);
    }
}

TEST_CASE("a sink that cannot be opened ends the start with 1 and says which option it is, and no secret") {
    Machine machine;
    const auto file = (machine.root / "settings").string();
    std::ofstream(file) << "sasl.password=hunter2\nhunter2\n";
    std::filesystem::permissions(file, std::filesystem::perms(0600));
    const auto refused = [&](Arguments sink) {
        auto arguments = machine.embedded();
        arguments.insert(arguments.end(), {"--data-dir", (machine.root / "keys").string()});
        arguments.insert(arguments.end(), sink.begin(), sink.end());
        CHECK(machine.run("serve", std::move(arguments)) == 1);
        const auto text = content(machine.log());
        CHECK(text.find("hunter2") == std::string::npos);
        return text;
    };
    CHECK(refused({"--sink-files", file + "/folder"}).find("--sink-files: ") != std::string::npos);
    const auto kafka = refused({"--sink-kafka", "127.0.0.1:1", "--sink-kafka-settings", file});
    CHECK(kafka.find("--sink-kafka-settings: line 2 is not name=value") != std::string::npos);
}
