// To which installation a database and the keys of the program belong.

#include <catch2/catch.hpp>

#include "common/base/clock.hpp"
#include "common/base/crypto.hpp"
#include "common/wire/trust.hpp"
#include "tests/integration/control-plane/app/machine.hpp"

using namespace fanion;
using namespace fanion::control_plane_test;

TEST_CASE("a new installation has the name that the given trust document says") {
    Machine machine;
    const auto root = Ed25519PrivateKey::generate();
    const auto signer = Ed25519PrivateKey::generate();
    const auto write = [&](const char* name, const std::string& text) {
        const auto file = machine.root / name;
        std::ofstream(file) << text;
        fs::permissions(file, fs::perms(0600));
        return file.string();
    };
    const auto trust =
        write("trust.json", wire::make_trust("fanion:acme", root, signer.public_key(), SystemClock().now()));
    auto arguments = machine.embedded();
    arguments.insert(arguments.end(), {"--trust", trust, "--signing-key", write("signer.pem", signer.to_pem()),
                                       "--jwt-key", write("jwt.pem", Ed25519PrivateKey::generate().to_pem()),
                                       "--listen", "127.0.0.1:0", "--operators-listen", "127.0.0.1:0"});
    REQUIRE(machine.run("migrate", arguments) == 0);
    // A command that comes before the first start names the installation too.
    auto bootstrap = arguments;
    bootstrap.insert(bootstrap.end(), {"--org", "acme", "--email", "owner@example.com"});
    write("trust.json", "no trust document\n");
    CHECK(machine.run("bootstrap", bootstrap) == 1);
    CHECK(content(machine.log()).find(trust) != std::string::npos);
    write("trust.json", wire::make_trust("fanion:acme", root, signer.public_key(), SystemClock().now()));
    REQUIRE(machine.run("bootstrap", bootstrap) == 0);
    const auto pid = machine.start("serve", arguments);
    test::eventually("the control plane is ready", [&] { return get(machine.port("operators"), "/readyz") == 200; });
    CHECK(content(machine.log()).find("\"iss\":\"fanion:acme\"") != std::string::npos);
    CHECK(machine.stop(pid) == 0);
}

TEST_CASE("keys of another installation are refused") {
    Machine machine;
    auto pid = machine.serve(machine.embedded());
    test::eventually("the control plane is ready", [&] { return get(machine.port("operators"), "/readyz") == 200; });
    CHECK(machine.stop(pid) == 0);
    fs::rename(machine.root / "pg", machine.root / "old");
    pid = machine.serve(machine.embedded());
    CHECK(test::wait_for_exit(pid, std::chrono::seconds(60)) == 1);
    CHECK(content(machine.log()).find("do not belong together") != std::string::npos);
}
