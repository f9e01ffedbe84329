#include <catch2/catch.hpp>
#include <fstream>

#include "relay/cache/trust_chain.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/temporary_directory.hpp"

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

TEST_CASE("steps of trust are taken one at a time and kept over a restart") {
    const test::TemporaryDirectory directory;
    const Issuer issuer;
    auto chain = TrustChain::open(directory.path(), issuer.first);
    REQUIRE(chain);
    CHECK(chain->current()->version == 1);
    CHECK_FALSE(chain->append(issuer.step(3)));
    REQUIRE(chain->append(issuer.step(2)));
    REQUIRE(chain->append(issuer.step(3)));
    CHECK(chain->current()->version == 3);
    CHECK(chain->disk_problem().empty());
    CHECK(TrustChain::open(directory.path(), issuer.first)->current()->version == 3);
}

TEST_CASE("a step on disk is not believed because it is there") {
    const test::TemporaryDirectory directory;
    const Issuer issuer, other;
    REQUIRE(TrustChain::open(directory.path(), issuer.first)->append(issuer.step(2)));
    SECTION("damaged") { std::ofstream(directory / "2.trust") << "rubbish"; }
    SECTION("another issuer's") { std::ofstream(directory / "2.trust") << other.step(2); }
    auto chain = TrustChain::open(directory.path(), issuer.first);
    REQUIRE(chain);
    CHECK(chain->current()->version == 1);
    CHECK_FALSE(chain->disk_problem().empty());
    CHECK(chain->append(issuer.step(2)));
    CHECK(chain->disk_problem().empty());
}

TEST_CASE("a step that the disk does not take is in force all the same") {
    const test::TemporaryDirectory directory;
    const Issuer issuer;
    std::ofstream(directory / "file") << "not a directory";
    auto chain = TrustChain::open(directory / "file/trust", issuer.first);
    REQUIRE(chain);
    REQUIRE(chain->append(issuer.step(2)));
    CHECK(chain->current()->version == 2);
    CHECK_FALSE(chain->disk_problem().empty());
}

TEST_CASE("the operator's document must verify by itself") {
    const test::TemporaryDirectory directory;
    CHECK_FALSE(TrustChain::open(directory.path(), "rubbish\n"));
}
