// What is signed by a new signer reaches the disk after the trust document that names the signer,
// or not at all.

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/support/catch_result.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/relay/cache/one_environment.hpp"

using namespace fanion;
using fanion::test::env;

namespace {

// An environment whose signer is replaced: the second trust document names the new one too.
struct Renewal {
    Renewal() {
        old.put_boolean_flag("dark-mode", false);
        renewed.put_boolean_flag("dark-mode", true);
    }

    std::string second_trust() const {
        auto document = wire::parse_first_trust(old.trust()).value();
        const auto other = wire::parse_first_trust(renewed.trust()).value();
        document.version = 2;
        document.signers.push_back(other.signers.at(0));
        const auto payload = wire::to_json(document);
        const wire::SignatureLine line{{wire::sign_payload(old.root_key(), wire::trust_payload_type, payload)},
                                       std::nullopt};
        return wire::format_signed_head(line, payload);
    }
    // The next version, by the new signer.
    std::string renew() {
        renewed.set_version(old.version());
        return renewed.commit();
    }

    test::SignedEnvironment old{env};
    test::SignedEnvironment renewed{env};
    test::TemporaryDirectory directory;
    test::CacheRig relay{directory.path(), old.trust()};

    // In the way of the folder of trust documents; refuses root too.
    void refuse_trust() const { std::ofstream(directory / "trust") << "not a directory"; }
    void allow_trust() const { std::filesystem::remove(directory / "trust"); }
    bool is_on_disk(wire::Version version) const {
        return std::filesystem::exists(directory / ("env/e_1/" + wire::to_string(version) + ".ruleset"));
    }
};

}  // namespace

TEST_CASE("a ruleset and its floor are not written while the trust document that names its signer cannot be") {
    Renewal one;
    auto& relay = one.relay;
    REQUIRE(relay.apply(env, one.old.commit()).empty());
    const auto before = one.old.version();
    one.refuse_trust();
    REQUIRE(relay.cache().append_trust(one.second_trust()));
    REQUIRE(relay.apply(env, one.renew()).empty());
    const auto after = one.renewed.version();
    CHECK(relay.version(env) == wire::to_string(after));
    CHECK_FALSE(relay.report(env).disk_problem.empty());
    CHECK(relay.metrics().disk_ok.value() == 0);
    CHECK_FALSE(one.is_on_disk(after));

    SECTION("an end of the process loses it whole") {
        relay.restart();
        CHECK(relay.version(env) == wire::to_string(before));
        CHECK(relay.report(env).floor == before);
        CHECK(relay.report(env).status.code.empty());
    }
    SECTION("both are written when the disk allows it") {
        relay.clock.advance(10'000);
        relay.housekeep();
        CHECK_FALSE(one.is_on_disk(after));
        one.allow_trust();
        relay.clock.advance(10'000);
        relay.housekeep();
        CHECK(relay.report(env).disk_problem.empty());
        CHECK(relay.metrics().disk_ok.value() == 1);
        relay.restart();
        CHECK(relay.cache().trust_version() == 2);
        CHECK(relay.version(env) == wire::to_string(after));
        CHECK(relay.report(env).floor == after);
    }
}

TEST_CASE("a ruleset waits for the write of the trust document that names its signer") {
    Renewal one;
    {
        test::SlowDisk disk(test::DiskOperation::sync);
        REQUIRE(one.relay.cache().append_trust(one.second_trust()));
        REQUIRE(one.relay.deliver(env, one.renew()).outcome == wire::Outcome::applied);
        REQUIRE(one.relay.wait_for_disk(disk));
        CHECK(one.relay.served(env) == nullptr);
        CHECK_FALSE(std::filesystem::exists(one.directory / "trust/2.trust"));
        CHECK_FALSE(std::filesystem::exists(one.directory / "env/e_1"));
    }
    one.relay.settle();
    CHECK(one.relay.metrics().disk_failures.value() == 0);
    one.relay.restart();
    CHECK(one.relay.version(env) == wire::to_string(one.renewed.version()));
}

TEST_CASE("a head is not replaced on disk by one that the next start could not verify") {
    Renewal one;
    auto& relay = one.relay;
    REQUIRE(relay.apply(env, one.old.commit()).empty());
    const auto head = one.old.head(relay.clock.now());
    REQUIRE(relay.head(env, head).empty());
    one.refuse_trust();
    REQUIRE(relay.cache().append_trust(one.second_trust()));
    relay.settle();
    one.renew();
    relay.clock.advance(1'000);
    REQUIRE(relay.head(env, one.renewed.head(relay.clock.now())).empty());
    relay.restart();
    REQUIRE(relay.served(env));
    const auto kept = relay.served(env)->signals->head();
    REQUIRE(kept);
    CHECK(kept->version == one.old.version());
}

TEST_CASE("a trust document whose write is not certain is written again before the next ruleset") {
    Renewal one;
    auto& relay = one.relay;
    {
        const test::FailingSync failing;
        REQUIRE(relay.cache().append_trust(one.second_trust()));
        relay.settle();
        REQUIRE(relay.apply(env, one.renew()).empty());
        CHECK_FALSE(one.is_on_disk(one.renewed.version()));
        CHECK(relay.metrics().disk_failures.value() == 3);  // twice the document, and the ruleset
    }
    relay.clock.advance(10'000);
    relay.housekeep();
    CHECK(relay.metrics().disk_ok.value() == 1);
    relay.restart();
    CHECK(relay.version(env) == wire::to_string(one.renewed.version()));
}

TEST_CASE("what an earlier process wrote is synced at the start, or written again") {
    Renewal one;
    auto& relay = one.relay;
    REQUIRE(relay.cache().append_trust(one.second_trust()));
    relay.settle();
    {
        const test::FailingSync failing;
        relay.restart();
        relay.settle();
        CHECK(relay.cache().trust_version() == 2);
        CHECK(relay.metrics().disk_failures.value() == 1);
    }
    REQUIRE(relay.apply(env, one.renew()).empty());
    CHECK(relay.metrics().disk_failures.value() == 1);
    relay.restart();
    CHECK(relay.version(env) == wire::to_string(one.renewed.version()));
}
