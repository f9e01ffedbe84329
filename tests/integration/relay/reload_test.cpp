// SIGHUP: what a running relay applies, what it refuses, and what requires a restart.

#include <catch2/catch.hpp>
#include <csignal>

#include "tests/integration/relay/relay_rig.hpp"
#include "tests/support/eventually.hpp"

using namespace fanion;
using test::RelayRig;
using test::wait_for;

namespace {

struct ReloadRig : RelayRig {
    void start_with(const std::string& file, std::vector<std::string> more = {}) {
        write("relay.conf", file);
        auto all = arguments();
        all.insert(all.end(), {"--config", directory / "relay.conf"});
        all.insert(all.end(), more.begin(), more.end());
        relay.emplace(all, directory / "log");
        REQUIRE(relay->wait_started());
    }
    // The lines added to the log, once `event` has been logged again.
    std::string reread(const std::string& file, const std::string& event) {
        write("relay.conf", file);
        const auto before = relay->log().size();
        relay->signal(SIGHUP);
        CAPTURE(event);
        CHECK(wait_for([&] { return relay->log().find("\"" + event + "\"", before) != std::string::npos; }));
        return relay->log().substr(before);
    }
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE(
    "SIGHUP applies new values, names what needs a restart, and rejects a configuration with an error as a whole") {
    ReloadRig rig;
    rig.start_with("");
    REQUIRE(rig.connected());
    rig.push(wire::StreamEvent::put, rig.commit(true));
    REQUIRE(rig.serves("true"));

    auto log = rig.reread("key-rate = 1\nmax-environments = 7\nrequire-environments = e_2\n", "configuration_reread");
    CHECK(has(log, R"("event":"option_needs_restart","option":"--max-environments")"));
    CHECK_FALSE(has(log, "--key-rate"));
    CHECK(rig.serves("429"));
    CHECK(rig.relay->operators("/readyz").status == 503);

    rig.reread("key-rate = many\nstreams = -1\nrequire-environments = e_1\n", "configuration_refused");
    CHECK(wait_for([&] { return has(rig.relay->log(), "--streams: '-1' is not a number"); }));
    CHECK(has(rig.relay->log(), "--key-rate: 'many' is not a number"));
    CHECK(rig.relay->operators("/readyz").status == 503);  // the valid line was not applied either

    log = rig.reread("key-rate = 0\nrequire-environments = e_1\n", "configuration_reread");
    CHECK_FALSE(has(log, "option_needs_restart"));
    CHECK(rig.relay->operators("/readyz").status == 200);
    CHECK(rig.serves("true"));
}

TEST_CASE("the level of the log changes with SIGHUP") {
    ReloadRig rig;
    rig.start_with("");
    REQUIRE(rig.connected());
    rig.reread("log-level = error\n", "configuration_reread");
    const auto before = rig.relay->log().size();
    const auto opened = rig.control->streams_opened();
    rig.control->end_streams();
    REQUIRE(wait_for([&] { return rig.control->streams_opened() > opened; }));
    CHECK(rig.relay->log().size() == before);
    rig.reread("log-level = debug\n", "configuration_reread");
}

TEST_CASE("if the CA file cannot be read, it is reported and nothing else of the configuration is applied") {
    ReloadRig rig;
    rig.start_with("", {"--upstream", "https://localhost:1"});
    REQUIRE(rig.connected());
    const auto file = rig.directory / "none.pem";
    const auto log =
        rig.reread("upstream-ca-file = " + file + "\nrequire-environments = e_2\n", "configuration_refused");
    CHECK(has(log, "--upstream-ca-file: "));
    CHECK(has(log, file));
    rig.push(wire::StreamEvent::put, rig.commit(true));
    CHECK(rig.serves("true"));
    CHECK(rig.relay->operators("/readyz").status == 200);
}

TEST_CASE("many SIGHUPs do not interrupt the relay") {
    ReloadRig rig;
    rig.start_with("");
    for (int i = 0; i < 50; ++i) rig.relay->signal(SIGHUP);
    CHECK(wait_for([&] { return has(rig.relay->log(), "configuration_reread"); }));
    CHECK(rig.relay->operators("/livez").status == 200);
    rig.relay->signal(SIGTERM);
    CHECK(rig.relay->wait_exit() == 0);
}
