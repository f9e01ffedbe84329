// No byte between the signer and the receiver is free: each is changed, and each document is cut at each place.

#include <catch2/catch.hpp>
#include <functional>

#include "tests/support/catch_result.hpp"
#include "tests/unit/wire/documents.hpp"

using namespace fanion;
using namespace fanion::wire;
using namespace fanion::test;

namespace {

using Accepts = std::function<bool(std::string_view)>;

void no_flip_is_accepted(const std::string& bytes, const Accepts& accepts) {
    REQUIRE(accepts(bytes));
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        for (const unsigned flip : {0x01u, 0x20u, 0x80u}) {
            auto changed = bytes;
            changed[i] = static_cast<char>(static_cast<unsigned char>(changed[i]) ^ flip);
            if (!accepts(changed)) continue;
            ++accepted;
            UNSCOPED_INFO("byte " << i << " flipped by " << flip << ": " << bytes.substr(i, 20));
        }
    }
    CHECK(accepted == 0);
}

void no_cut_is_accepted(const std::string& bytes, const Accepts& accepts) {
    std::size_t accepted = 0;
    for (std::size_t length = 0; length < bytes.size(); ++length) accepted += accepts(bytes.substr(0, length)) ? 1 : 0;
    CHECK(accepted == 0);
}

}  // namespace

TEST_CASE("no byte of a full ruleset can be changed or left off") {
    const History h;
    const auto expected = h.at_version_1();
    const Accepts accepts = [&](std::string_view bytes) {
        return outcome(accept_ruleset(bytes, h.issuer.trust, expected)).empty();
    };
    no_flip_is_accepted(h.full2, accepts);
    no_cut_is_accepted(h.full2, accepts);
}

TEST_CASE("no byte of a delta can be changed or left off, its full hint included") {
    const History h;
    const auto expected = h.at_version_1();
    const Accepts accepts = [&](std::string_view bytes) {
        return outcome(accept_ruleset(bytes, h.issuer.trust, expected)).empty();
    };
    no_flip_is_accepted(h.delta(), accepts);
    no_cut_is_accepted(h.delta(), accepts);
}

TEST_CASE("no byte of a head can be changed or left off") {
    const History h;
    const auto expected = h.at_version_1();
    const Accepts accepts = [&](std::string_view bytes) {
        return outcome(accept_head(bytes, h.issuer.trust, expected)).empty();
    };
    const auto head = signed_head(h.issuer.signer, h.head_manifest());
    no_flip_is_accepted(head, accepts);
    no_cut_is_accepted(head, accepts);
}
