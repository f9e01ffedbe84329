#include <catch2/catch.hpp>
#include <fstream>
#include <future>

#include "relay/cache/trust_chain.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/slow_disk.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/relay/cache/cache_rig.hpp"

using namespace fanion;
using namespace fanion::relay::cache;

namespace {

constexpr UnixMillis now = 1'763'720'000'000;

// Documents of one issuer whose root key never changes.
struct Issuer {
    Ed25519PrivateKey root = Ed25519PrivateKey::generate();
    Ed25519PrivateKey signer = Ed25519PrivateKey::generate();
    std::string first = wire::make_trust("fanion:test", root, signer.public_key(), now);

    std::string step(std::uint64_t version) const {
        auto document = wire::parse_first_trust(first).value();
        document.version = version;
        const auto payload = wire::to_json(document);
        const wire::SignatureLine line{{wire::sign_payload(root, wire::trust_payload_type, payload)}, std::nullopt};
        return wire::format_signed_head(line, payload);
    }
};

}  // namespace

TEST_CASE("successors are appended one version at a time and survive a restart") {
    const test::TemporaryDirectory directory;
    const Issuer issuer;
    auto chain = TrustChain::open(directory.path(), issuer.first);
    REQUIRE(chain);
    CHECK(chain->current()->version == 1);
    CHECK_FALSE(chain->append(issuer.step(3)));
    for (const std::uint64_t version : {2u, 3u}) {
        REQUIRE(chain->append(issuer.step(version)));
        REQUIRE(save_trust(chain->directory(), version, issuer.step(version)));
    }
    CHECK(chain->current()->version == 3);
    CHECK(chain->disk_problem().empty());
    CHECK(TrustChain::open(directory.path(), issuer.first)->current()->version == 3);
}

TEST_CASE("a successor on disk is verified like one from upstream") {
    const test::TemporaryDirectory directory;
    const Issuer issuer, other;
    REQUIRE(save_trust(directory.path(), 2, issuer.step(2)));
    SECTION("damaged") { std::ofstream(directory / "2.trust") << "rubbish"; }
    SECTION("another issuer's") { std::ofstream(directory / "2.trust") << other.step(2); }
    auto chain = TrustChain::open(directory.path(), issuer.first);
    REQUIRE(chain);
    CHECK(chain->current()->version == 1);
    CHECK_FALSE(chain->disk_problem().empty());
    REQUIRE(chain->append(issuer.step(2)));
    REQUIRE(save_trust(chain->directory(), 2, issuer.step(2)));
    const auto reopened = TrustChain::open(directory.path(), issuer.first);
    CHECK(reopened->current()->version == 2);
    CHECK(reopened->disk_problem().empty());
}

TEST_CASE("a successor that cannot be stored is in force until the next start") {
    const test::TemporaryDirectory directory;
    const Issuer issuer;
    std::ofstream(directory / "file") << "not a directory";
    auto chain = TrustChain::open(directory / "file/trust", issuer.first);
    REQUIRE(chain);
    REQUIRE(chain->append(issuer.step(2)));
    CHECK_FALSE(save_trust(chain->directory(), 2, issuer.step(2)));
    CHECK(chain->current()->version == 2);
    for (const auto& first : {issuer.first, Issuer().first}) {
        auto other = TrustChain::open(directory / "file/trust", first);
        REQUIRE(other);
        other->append_following(chain->unsaved());
        CHECK(other->current()->version == (first == issuer.first ? 2 : 1));
    }
    CHECK(TrustChain::open(directory / "file/trust", issuer.first)->current()->version == 1);
}

TEST_CASE("the control thread does not wait while a successor is written to a slow disk") {
    const test::TemporaryDirectory directory;
    const Issuer issuer;
    test::CacheRig relay(directory.path(), issuer.first);
    std::future<bool> appended;
    test::SlowDisk disk(test::DiskOperation::sync);
    appended = std::async(std::launch::async, [&] {
        const bool is_valid = relay.cache().append_trust(issuer.step(2)).has_value();
        return is_valid && relay.wait_for_disk(disk);
    });
    const bool went_on = appended.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
    disk.release();
    CHECK(went_on);
    CHECK(appended.get());
    CHECK(relay.cache().trust_version() == 2);
    relay.settle();
    relay.restart();
    CHECK(relay.cache().trust_version() == 2);
}

TEST_CASE("successors whose files are removed under the running relay are written again") {
    const test::TemporaryDirectory directory;
    const Issuer issuer;
    test::CacheRig relay(directory.path(), issuer.first);
    REQUIRE(relay.cache().append_trust(issuer.step(2)));
    relay.settle();
    relay.restart();  // it is read from the disk
    REQUIRE(relay.cache().append_trust(issuer.step(3)));
    relay.settle();
    std::filesystem::remove_all(directory / "trust");
    relay.clock.advance(10'000);
    relay.housekeep();
    relay.restart();
    CHECK(relay.cache().trust_version() == 3);
}

TEST_CASE("a first document that is replaced keeps the successors that follow from the new one, stored or not") {
    const test::TemporaryDirectory directory;
    const Issuer issuer;
    test::CacheRig relay(directory.path(), issuer.first);
    REQUIRE(relay.cache().append_trust(issuer.step(2)));
    REQUIRE(relay.replace_trust(issuer.first));  // the writer has not begun, or is under way
    CHECK(relay.cache().trust_version() == 2);
    relay.settle();
    REQUIRE(relay.replace_trust(issuer.first));
    CHECK(relay.cache().trust_version() == 2);
    CHECK_FALSE(relay.replace_trust("rubbish\n"));
    CHECK(relay.cache().trust_version() == 2);
    REQUIRE(relay.replace_trust(Issuer().first));
    CHECK(relay.cache().trust_version() == 1);
}

TEST_CASE("the operator's document must be signed by the keys that it names") {
    const test::TemporaryDirectory directory;
    CHECK_FALSE(TrustChain::open(directory.path(), "rubbish\n"));
}
