#pragma once

// A relay process with a cache directory, a scripted control plane, and a signed environment.

#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "common/base/ids.hpp"
#include "tests/integration/relay/fake_control_plane.hpp"
#include "tests/integration/relay/relay_process.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/signed_environment.hpp"
#include "tests/support/temporary_directory.hpp"

namespace fanion::test {

class RelayRig {
public:
    inline static const std::string env = "e_1";

    RelayRig() {
        write("trust.json", environment.trust());
        write("relay.key", relay_key + "\n");
        environment.put_server_key("k1", server_key);
        environment.put_boolean_flag("f", true);
    }

    void start(DescriptorLimits descriptors = {}) {
        relay.emplace(arguments(), directory / "log", descriptors);
        if (!relay->wait_started()) throw std::runtime_error("the relay did not start: " + relay->log());
    }
    std::vector<std::string> arguments() const {
        return {"--listen",
                "127.0.0.1:0",
                "--operators-listen",
                "127.0.0.1:0",
                "--threads",
                "2",
                "--drain-delay",
                "300",
                "--upstream",
                upstream(),
                "--key-file",
                directory / "relay.key",
                "--trust",
                directory / "trust.json",
                "--cache-dir",
                cache,
                "--relay-id",
                "test-relay",
                "--flush-interval",
                "200"};
    }
    std::string upstream() const { return control ? control->url() : nowhere; }

    // Makes the next version, with flag f as given, as a full ruleset. A fetch returns it too.
    std::string commit(bool on) {
        environment.put_boolean_flag("f", on);
        auto full = environment.commit();
        if (control) control->set_ruleset(env, full);
        return full;
    }
    void push(wire::StreamEvent event, const std::string& document) {
        control->push(event, env, environment.version(), document);
    }
    void push_head() { push(wire::StreamEvent::head, environment.head(SystemClock().now())); }
    bool serves(const std::string& value) const {
        return wait_for([&] { return relay->evaluate("f", server_key) == value; });
    }
    bool counts(const std::string& series, double value) const {
        return wait_for([&] { return relay->metric(series) == value; });
    }
    bool is_synchronised() const { return counts("fanion_relay_synchronised", 1); }
    bool connected() const {
        return wait_for([&] { return control->streams_open() > 0; });
    }
    // Starts the relay without a cache and waits until version 1 is served.
    void start_with_ruleset(bool on = true) {
        start();
        if (!connected()) throw std::runtime_error("the relay did not connect: " + relay->log());
        push(wire::StreamEvent::put, commit(on));
        push_head();
        if (!serves(on ? "true" : "false")) throw std::runtime_error("nothing is served: " + relay->log());
    }
    void write(const std::string& name, const std::string& bytes) const {
        std::ofstream(directory / name, std::ios::binary | std::ios::trunc) << bytes;
        std::filesystem::permissions(directory / name, std::filesystem::perms(0600));
    }
    std::string snapshot_file() const {
        return cache + "/env/" + env + "/" + wire::to_string(environment.version()) + ".ruleset";
    }

    TemporaryDirectory directory;
    std::string cache = directory / "cache";
    std::string nowhere = "http://127.0.0.1:9";
    std::string relay_key = make_api_key("rly").text;
    std::string server_key = make_api_key("srv").text;
    SignedEnvironment environment{env};
    std::unique_ptr<FakeControlPlane> control = std::make_unique<FakeControlPlane>();
    std::optional<RelayProcess> relay;
};

}  // namespace fanion::test
