#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/unit/relay/cache/one_environment.hpp"

using namespace fanion;
using fanion::test::env;
using fanion::test::OneEnvironment;
using fanion::test::SignedEnvironment;

TEST_CASE("a signed revocation, and nothing else, removes an environment") {
    OneEnvironment rig;
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    const SignedEnvironment stranger(env);
    const auto now = rig.relay.clock.now();
    CHECK(rig.relay.head(env, stranger.sign(rig.environment.manifest(wire::ManifestType::revoked), "")) ==
          "bad_signature");
    CHECK(rig.value() == "true");
    CHECK(rig.relay.head(env, rig.environment.revoked(now)) == "");
    CHECK(rig.relay.served(env) == nullptr);
    CHECK(rig.relay.cache().have().empty());
    CHECK(rig.relay.cache().report().empty());
    rig.relay.restart();
    CHECK(rig.relay.served(env) == nullptr);
    CHECK(rig.relay.passes_revocation_on(env));  // to relays below that were away

    SECTION("granted again, it is served again, also over a restart before the next head") {
        CHECK(rig.relay.apply(env, rig.change(false)) == "");
        CHECK(rig.value() == "false");
        rig.relay.restart();
        CHECK(rig.value() == "false");
        CHECK_FALSE(rig.relay.passes_revocation_on(env));
    }
    SECTION("a revocation on disk is verified like one from upstream") {
        std::fstream file(rig.directory / "env/e_1/head", std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(-10, std::ios::end);
        file.put('~');
        file.close();
        rig.relay.restart();
        CHECK_FALSE(rig.relay.passes_revocation_on(env));
    }
}

TEST_CASE("who granted a revoked environment is known after a restart") {
    OneEnvironment rig;
    SignedEnvironment gone("e_2", rig.environment);
    gone.put_relay_key("r1", "below");
    gone.put_relay_key("r2", "below too");
    gone.put_server_key("k1", "application");
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    REQUIRE(rig.relay.apply("e_2", gone.commit()) == "");
    CHECK_FALSE(rig.relay.granted_formerly("e_2", "below"));
    REQUIRE(rig.relay.head("e_2", gone.revoked(rig.relay.clock.now())) == "");
    const auto check_known = [&] {
        CHECK(rig.relay.granted_formerly("e_2", "below"));
        CHECK(rig.relay.granted_formerly("e_2", "below too"));
        CHECK_FALSE(rig.relay.granted_formerly("e_2", "application"));
        CHECK_FALSE(rig.relay.granted_formerly("e_2", "another"));
        CHECK_FALSE(rig.relay.granted_formerly(env, "below"));
    };
    check_known();
    rig.relay.restart();
    check_known();
    const auto file = rig.directory / "env/e_2/relay-keys";

    SECTION("also when the revocation is delivered again") {
        CHECK(rig.relay.head("e_2", gone.revoked(rig.relay.clock.now() + 1)) == "");
        rig.relay.restart();
        check_known();
    }
    SECTION("and when nothing is served at the start") {
        std::filesystem::remove_all(rig.directory / "env/e_1");
        rig.relay.restart();
        CHECK_FALSE(rig.relay.granted_formerly("e_2", "below"));
        CHECK(rig.relay.apply(env, rig.change(true)) == "");
        check_known();
    }
    SECTION("granted again and revoked again, the keys of the second time") {
        gone.erase("access/r1");
        CHECK(rig.relay.apply("e_2", gone.commit()) == "");
        CHECK_FALSE(rig.relay.granted_formerly("e_2", "below too"));  // but now
        rig.relay.restart();
        CHECK_FALSE(rig.relay.granted_formerly("e_2", "below too"));
        CHECK(rig.relay.head("e_2", gone.revoked(rig.relay.clock.now() + 1)) == "");
        rig.relay.restart();
        CHECK_FALSE(rig.relay.granted_formerly("e_2", "below"));
        CHECK(rig.relay.granted_formerly("e_2", "below too"));
    }
    SECTION("a file that is damaged or missing leaves the revocation") {
        const bool is_missing = GENERATE(true, false);
        if (is_missing) {
            CHECK(std::filesystem::remove(file));
        } else {
            std::ofstream(file, std::ios::app) << ' ';
        }
        rig.relay.restart();
        CHECK_FALSE(rig.relay.granted_formerly("e_2", "below"));
        CHECK(rig.relay.passes_revocation_on("e_2"));
        CHECK(rig.version() == rig.relay.version(env));
    }
    SECTION("keys beside a revocation that does not verify are not read") {
        std::ofstream(rig.directory / "env/e_2/head", std::ios::app) << '~';
        rig.relay.restart();
        CHECK_FALSE(rig.relay.granted_formerly("e_2", "below"));
    }
}

TEST_CASE("a revoked environment takes no place among those that may be held") {
    OneEnvironment rig;
    rig.relay.hold_at_most(1);
    SignedEnvironment second("e_2", rig.environment);
    second.put_server_key("k2", "second");
    SignedEnvironment third("e_0", rig.environment);  // before the others in the order of names
    third.put_server_key("k3", "third");
    REQUIRE(rig.relay.apply(env, rig.change(true)) == "");
    CHECK(rig.relay.apply("e_2", second.commit()) == "wrong_audience");
    REQUIRE(rig.relay.head(env, rig.environment.revoked(rig.relay.clock.now())) == "");
    CHECK(rig.relay.apply("e_2", second.commit()) == "");
    CHECK(rig.relay.apply(env, rig.change(false)) == "wrong_audience");  // granted again, when there is no place
    CHECK(rig.relay.apply("e_0", third.commit()) == "wrong_audience");
    rig.relay.restart();
    CHECK(rig.relay.served("e_2") != nullptr);
    CHECK(rig.relay.passes_revocation_on(env));
    CHECK(rig.relay.apply("e_0", third.commit()) == "wrong_audience");
    CHECK(rig.relay.apply("e_2", second.commit()) == "");
}
