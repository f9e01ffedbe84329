#include "common/backup/recipient.hpp"

#include <catch2/catch.hpp>

#include "common/base/crypto.hpp"

using namespace fanion;
using namespace fanion::backup;

namespace {

struct Pair {
    explicit Pair(const char* name)
        : pems(make_key_pair(name, 1'764'468'900'000)),
          recipient(Recipient::from_pem(pems.certificate_pem).value()),
          key(OpeningKey::from_pem(pems.private_pem).value()) {}
    KeyPair pems;
    Recipient recipient;
    OpeningKey key;
};

// Making a pair takes a while.
const Pair& pair_a() {
    static const Pair pair("a");
    return pair;
}
const Pair& pair_b() {
    static const Pair pair("b");
    return pair;
}

}  // namespace

TEST_CASE("what is sealed for several is opened by each of them, and by nobody else") {
    const std::string text = "all rules of all organisations\n";
    const auto for_both = seal(text, {pair_a().recipient, pair_b().recipient});
    CHECK(open(for_both, pair_a().key).value() == text);
    CHECK(open(for_both, pair_b().key).value() == text);
    CHECK(for_both.find("organisations") == std::string::npos);
    CHECK(open(seal("", {pair_a().recipient}), pair_a().key).value().empty());
    const auto refused = open(seal(text, {pair_a().recipient}), pair_b().key);
    REQUIRE(refused.has_error());
    CHECK((refused.error().code == Errc::unprocessable));
}

TEST_CASE("nothing that was altered or cut short is opened") {
    const auto sealed = seal(std::string(300, 'x'), {pair_a().recipient});
    for (std::size_t length = 0; length < sealed.size(); length += 23)
        CHECK(open(std::string_view(sealed).substr(0, length), pair_a().key).has_error());
    CHECK(open(std::string_view(sealed).substr(0, sealed.size() - 1), pair_a().key).has_error());
    std::size_t opened = 0;
    for (std::size_t at = 0; at < sealed.size(); at += 7) {
        auto altered = sealed;
        altered[at] = static_cast<char>(altered[at] ^ 1);
        const auto result = open(altered, pair_a().key);
        // The issuer's name only says which key it is for.
        if (!result) continue;
        ++opened;
        CHECK(*result == std::string(300, 'x'));
    }
    CHECK(opened < 10);
}

TEST_CASE("a certificate and its private key have the same name") {
    CHECK(pair_a().recipient.key_id() == pair_a().key.key_id());
    CHECK(pair_a().recipient.key_id() != pair_b().recipient.key_id());
    CHECK(pair_a().key.key_id().size() == 32);
}

TEST_CASE("files that are something else are refused") {
    for (const std::string_view text : {std::string_view(""), std::string_view("-----BEGIN CERTIFICATE-----\nAAAA\n"),
                                        std::string_view(pair_a().pems.private_pem)}) {
        const auto recipient = Recipient::from_pem(text);
        REQUIRE(recipient.has_error());
        CHECK((recipient.error().code == Errc::invalid_input));
    }
    CHECK(OpeningKey::from_pem(pair_a().pems.certificate_pem).has_error());
    CHECK(OpeningKey::from_pem("not a key").has_error());
}
