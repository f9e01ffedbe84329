#include "common/eval/rollout/bucketing.hpp"

#include <catch2/catch.hpp>
#include <string>

using fanion::eval::Bucketing;
using fanion::model::Hash;

namespace {

struct Vector {
    std::string salt;
    std::string unit;
    std::uint32_t murmur3;
    std::uint32_t murmur3_slot;
    std::uint32_t djb2;
    std::uint32_t djb2_slot;
};

const Vector vectors[] = {
    {"checkout", "alice", 0xbf71e731, 74783, 0xb3f30b73, 43000},
    {"checkout", "bob", 0xbf2b9cc7, 74675, 0x51f8f428, 28000},
    {"checkout", "", 0x08d14538, 3444, 0x467284b5, 97000},
    {"checkout", "user-123", 0x6fa3cdf8, 43609, 0xa0f37457, 91000},
    {"s", "日本語", 0x7706301c, 46493, 0x824b0772, 86000},
    {"s", "😀", 0x1a91e5ae, 10378, 0x18c025b9, 53000},
    {"new-checkout", "alice", 0x0ea4f1d8, 5720, 0xa3f0210a, 6000},
    {"a", std::string(300, 'b'), 0x42712d8a, 25953, 0xd7e96e58, 76000},
};

}  // namespace

TEST_CASE("the vectors of ruleset.md") {
    for (const auto& vector : vectors) {
        INFO(vector.salt << ":" << vector.unit);
        const Bucketing murmur3(Hash::murmur3, vector.salt);
        CHECK(murmur3.hash(vector.unit) == vector.murmur3);
        CHECK(murmur3.slot(vector.unit) == vector.murmur3_slot);
        const Bucketing djb2(Hash::djb2, vector.salt);
        CHECK(djb2.hash(vector.unit) == vector.djb2);
        CHECK(djb2.slot(vector.unit) == vector.djb2_slot);
    }
}

TEST_CASE("the hash does not depend on where the salt ends and the unit begins") {
    const std::string whole = "salt:0123456789abcdefghij";
    for (std::size_t cut = 5; cut <= whole.size(); ++cut) {
        // "salt" ":" "0123.." hashes as one text at whichever byte it is divided by the colon.
        const std::string text = whole.substr(0, cut) + ":" + whole.substr(cut);
        const auto first = Bucketing(Hash::murmur3, "salt").hash(text.substr(5));
        const auto second = Bucketing(Hash::murmur3, text.substr(0, cut)).hash(text.substr(cut + 1));
        CHECK(first == second);
    }
}

TEST_CASE("slots spread evenly") {
    const Bucketing bucketing(Hash::murmur3, "spread");
    int below_half = 0;
    for (int i = 0; i < 10'000; ++i) {
        const auto slot = bucketing.slot("user-" + std::to_string(i));
        REQUIRE(slot < 100'000);
        below_half += slot < 50'000 ? 1 : 0;
    }
    CHECK(below_half > 4'800);
    CHECK(below_half < 5'200);
}
