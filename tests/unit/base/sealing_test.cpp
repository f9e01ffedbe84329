#include "common/base/sealing.hpp"

#include <catch2/catch.hpp>

#include "common/base/crypto.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;

namespace {

SealingKeys keys_of(const std::string& text) { return SealingKeys::parse(text).value(); }

}  // namespace

TEST_CASE("what was sealed opens for its context, and no two sealed forms are alike") {
    const auto keys = keys_of(SealingKeys::make_text());
    for (const auto& secret : {std::string(), std::string("s"), std::string(5000, 'x'), std::string("\0a", 2)}) {
        const auto sealed = keys.seal(secret, "webhook/wh_1");
        REQUIRE(sealed);
        CHECK(*sealed != *keys.seal(secret, "webhook/wh_1"));
        CHECK(sealed->size() == secret.size() + 33);
        if (secret.size() > 1) CHECK(sealed->find(secret) == std::string::npos);
        REQUIRE(keys.open(*sealed, "webhook/wh_1"));
        CHECK(*keys.open(*sealed, "webhook/wh_1") == secret);
        CHECK(keys.open(*sealed, "webhook/wh_2").error().code == Errc::invalid_input);
    }
}

TEST_CASE("what was sealed for a tenant opens neither for another one, nor for the row alone") {
    const auto keys = keys_of(SealingKeys::make_text());
    const SealedPlace place{"o_1", "webhook/wh_1/url"};
    const auto sealed = *keys.seal("secret", place);
    CHECK(*keys.open(sealed, place) == "secret");
    for (const auto& other : {SealedPlace{"o_2", "webhook/wh_1/url"}, SealedPlace{"o_1", "webhook/wh_2/url"},
                              SealedPlace{"", "webhook/wh_1/url"}, SealedPlace{"", "o_1\nwebhook/wh_1/url"}}) {
        CAPTURE(other.tenant, other.context);
        CHECK(keys.open(sealed, other).error().code == Errc::invalid_input);
    }
    // An earlier form names the row only. It is no way around: the tenant's form does not open as one.
    CHECK(*keys.open(*keys.seal("early", place.context), place) == "early");
    auto disguised = sealed;
    disguised[0] = '\x01';
    CHECK_FALSE(keys.open(disguised, place));
    CHECK_FALSE(keys.open(disguised, SealedPlace{"", "o_1\nwebhook/wh_1/url"}));
}

TEST_CASE("a sealed form says which key it needs") {
    const auto first = SealingKeys::make_text();
    const auto keys = keys_of(first + SealingKeys::make_text());
    REQUIRE(keys.ids().size() == 2);
    CHECK(keys.seal("s", "c")->starts_with(keys.head(false)));
    CHECK(keys.seal("s", SealedPlace{"o_1", "c"})->starts_with(keys.head(true)));
    CHECK(keys.head(true) != keys.head(false));
    CHECK(sealing_key_id(*keys.seal("s", "c")) == to_hex(keys.ids().front()));
    CHECK(sealing_key_id("short").empty());
    CHECK(keys_of(first).ids().front() == keys.ids().front());
}

TEST_CASE("any changed or missing byte is noticed") {
    const auto keys = keys_of(SealingKeys::make_text());
    const auto sealed = *keys.seal("secret", "c");
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        CAPTURE(at);
        auto damaged = sealed;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        CHECK_FALSE(keys.open(damaged, "c"));
        CHECK_FALSE(keys.open(sealed.substr(0, at), "c"));
    }
}

TEST_CASE("a new key in front seals, and the old one still opens") {
    const auto old_text = SealingKeys::make_text();
    const auto old_keys = keys_of(old_text);
    const auto both = keys_of("# newest first\n" + SealingKeys::make_text() + "\n" + old_text);
    const auto sealed = *old_keys.seal("secret", "c");
    CHECK(*both.open(sealed, "c") == "secret");
    CHECK(old_keys.open(*both.seal("secret", "c"), "c").error().code == Errc::unavailable);
}

TEST_CASE("without a key nothing is sealed, and a text that is no key is refused") {
    CHECK(SealingKeys().seal("s", "c").error().code == Errc::unavailable);
    CHECK(SealingKeys().open("s", "c").error().code == Errc::unavailable);
    for (const auto* text : {"", "\n# nothing\n", "short", "AAAA", "not base64!"}) {
        CAPTURE(text);
        CHECK(SealingKeys::parse(text).error().code == Errc::invalid_input);
    }
    const auto key = SealingKeys::make_text();
    const auto twice = SealingKeys::parse("# new\n" + key + key);
    CHECK(twice.error().code == Errc::invalid_input);
    CHECK(twice.error().detail == "line 3: this key is there already");
    const auto broken = SealingKeys::parse(key + "AAAA\n");
    CHECK(broken.error().detail.starts_with("line 2: "));
    CHECK(broken.error().detail.find(key.substr(0, 20)) == std::string::npos);
}
