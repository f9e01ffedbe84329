// Probation and quarantine: which end of a process counts against a ruleset.

#include <catch2/catch.hpp>
#include <filesystem>

#include "common/base/file.hpp"
#include "relay/cache/floor.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/unit/relay/cache/one_environment.hpp"

using namespace fanion;
using namespace fanion::relay::cache;
using fanion::test::env;
using Rig = fanion::test::OneEnvironment;

TEST_CASE("a ruleset that crashes two processes is quarantined, and the last proven one is served") {
    Rig rig;
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    rig.relay.clock.advance(60'000);
    rig.relay.housekeep();
    REQUIRE_FALSE(rig.relay.report(env).on_probation);
    for (int i = 0; i < 4; ++i) {
        rig.environment.put_boolean_flag("other" + std::to_string(i), true);
        REQUIRE(rig.relay.apply(env, rig.change(i % 2 == 0)) == "");
    }
    const auto poison = rig.environment.full();
    REQUIRE(rig.value() == "false");
    CHECK(rig.relay.report(env).on_probation);
    rig.relay.crash_and_restart();
    CHECK(rig.value() == "false");
    rig.relay.restart();
    CHECK(rig.value() == "false");
    rig.relay.crash_and_restart();
    CHECK(rig.relay.version(env) == "1763719200.1");
    CHECK(rig.value() == "true");
    CHECK(rig.relay.report(env).status.state == wire::EnvironmentState::quarantined);
    CHECK(rig.relay.metrics().quarantined.value() == 1);
    CHECK(rig.relay.apply(env, poison) == "quarantined");
    CHECK(rig.value() == "true");
    SECTION("it ends with a newer version of another content") { CHECK(rig.relay.apply(env, rig.change(true)) == ""); }
    SECTION("and with a newer version of the same content") {
        CHECK(rig.relay.apply(env, rig.environment.commit()) == "");
        CHECK(rig.value() == "false");
    }
    CHECK(rig.relay.metrics().quarantined.value() == 0);
}

TEST_CASE("kills from outside never undo a change") {
    Rig rig;
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    REQUIRE(rig.relay.apply(env, rig.change(false)) == "");
    for (int i = 0; i < 4; ++i) {
        CHECK(rig.relay.report(env).on_probation);
        rig.relay.restart();
        CHECK(rig.value() == "false");
    }
}

TEST_CASE("a ruleset whose compile never came back twice is quarantined, even if there is no other") {
    Rig rig;
    const bool has_other = GENERATE(true, false);
    if (has_other) REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    const auto poison = rig.change(false);
    const wire::Floor ruleset{rig.environment.version(), rig.environment.root()};
    const auto leave_mark = [&] {
        const auto directory = rig.directory / "env/e_1";
        std::filesystem::create_directories(directory);
        REQUIRE(replace_file(directory + "/compiling", format_floor(ruleset), Durability::process));
    };
    leave_mark();
    rig.relay.crash_and_restart();  // the crash was in the compile: it does not count against what is served
    leave_mark();
    rig.relay.restart();
    CHECK(rig.value() == (has_other ? "true" : ""));
    CHECK(rig.relay.apply(env, poison) == "quarantined");
    CHECK(rig.relay.apply(env, rig.environment.commit()) == "");
    CHECK(rig.value() == "false");
    CHECK_FALSE(std::filesystem::exists(rig.directory / "env/e_1/compiling"));
}

TEST_CASE("a ruleset that does not compile leaves no mark and no directory") {
    Rig rig;
    rig.environment.put("flag/f", R"({"key":"f"})");
    CHECK(rig.relay.apply(env, rig.environment.commit()) == "invalid");
    CHECK_FALSE(std::filesystem::exists(rig.directory / "env/e_1"));
}

TEST_CASE("the only ruleset is never quarantined: an old answer is better than none") {
    Rig rig;
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    for (int i = 0; i < 4; ++i) {
        rig.relay.crash_and_restart();
        CHECK(rig.value() == "true");
    }
}

TEST_CASE("clean restarts do not count against a ruleset") {
    Rig rig;
    REQUIRE(rig.relay.apply(env, rig.change(false)) == "");
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    for (int i = 0; i < 4; ++i) {
        rig.relay.close_and_restart();
        CHECK(rig.value() == "true");
    }
}

TEST_CASE("a ruleset is proven after 10 s and 1,000 evaluations") {
    Rig rig;
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    rig.relay.clock.advance(10'000);
    rig.relay.housekeep();
    CHECK(rig.relay.report(env).on_probation);
    rig.relay.served(env)->signals->record_evaluations(0, 1'000);
    rig.relay.housekeep();
    CHECK_FALSE(rig.relay.report(env).on_probation);
}
