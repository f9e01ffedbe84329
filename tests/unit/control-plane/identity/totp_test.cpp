#include "control-plane/identity/totp.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace fanion;
using namespace fanion::cp::identity;

namespace {

const std::string rfc_secret = "12345678901234567890";

}  // namespace

// RFC 6238, appendix B, SHA-1: the last six of its eight digits.
TEST_CASE("codes are those of the vectors of RFC 6238") {
    struct Vector {
        UnixMillis seconds;
        const char* code;
    };
    constexpr Vector vectors[] = {{59, "287082"},
                                  {1'111'111'109, "081804"},
                                  {1'111'111'111, "050471"},
                                  {1'234'567'890, "005924"},
                                  {2'000'000'000, "279037"},
                                  {20'000'000'000, "353130"}};
    for (const auto& vector : vectors) {
        INFO(vector.seconds);
        CHECK(totp_code(rfc_secret, totp_step(vector.seconds * 1000)) == vector.code);
    }
}

// RFC 4226, appendix D.
TEST_CASE("codes are those of the vectors of RFC 4226") {
    constexpr const char* codes[] = {"755224", "287082", "359152", "969429", "338314",
                                     "254676", "287922", "162583", "399871", "520489"};
    for (std::int64_t step = 0; step < 10; ++step) CHECK(totp_code(rfc_secret, step) == codes[step]);
}

TEST_CASE("the code of one step before or after is taken, and none of a step that was used") {
    constexpr UnixMillis now = 1'111'111'111'000;
    const auto step = totp_step(now);
    for (const auto offset : {-1, 0, 1}) {
        CHECK(matching_step(rfc_secret, totp_code(rfc_secret, step + offset), now, 0) == step + offset);
    }
    for (const auto offset : {-2, 2})
        CHECK_FALSE(matching_step(rfc_secret, totp_code(rfc_secret, step + offset), now, 0));
    CHECK_FALSE(matching_step(rfc_secret, totp_code(rfc_secret, step), now, step));
    CHECK_FALSE(matching_step(rfc_secret, totp_code(rfc_secret, step - 1), now, step));
    CHECK(matching_step(rfc_secret, totp_code(rfc_secret, step + 1), now, step) == step + 1);
    for (const auto* code : {"", "05047", "0504711", "50471 "}) CHECK_FALSE(matching_step(rfc_secret, code, now, 0));
}

// RFC 4648, section 10.
TEST_CASE("secrets are written in base32 without padding") {
    CHECK(to_base32("").empty());
    CHECK(to_base32("f") == "MY");
    CHECK(to_base32("fo") == "MZXQ");
    CHECK(to_base32("foo") == "MZXW6");
    CHECK(to_base32("foob") == "MZXW6YQ");
    CHECK(to_base32("fooba") == "MZXW6YTB");
    CHECK(to_base32("foobar") == "MZXW6YTBOI");
    CHECK(to_base32("\xFF\xFF\xFF\xFF\xFF") == "77777777");
    CHECK(to_base32(new_totp_secret()).size() == 32);
}

TEST_CASE("authenticator programs are told issuer, account and secret") {
    CHECK(totp_uri("foobar", "ada@example.com") ==
          "otpauth://totp/Fanion:ada%40example.com?secret=MZXW6YTBOI&issuer=Fanion");
}

TEST_CASE("recovery codes are ten, all different, and read however they are typed") {
    const auto codes = new_recovery_codes();
    CHECK(std::set<std::string>(codes.begin(), codes.end()).size() == 10);
    for (const auto& code : codes) {
        CHECK(code.size() == 19);
        CHECK_FALSE(is_totp_form(code));
    }
    CHECK(recovery_code_hash("abcd-efgh-ijkl-mnop") == recovery_code_hash("ABCDEFGH ijkl mnop"));
    CHECK(recovery_code_hash("abcd-efgh-ijkl-mnop") != recovery_code_hash("abcd-efgh-ijkl-mnoq"));
    CHECK(is_totp_form("012345"));
    for (const auto* code : {"", "12345", "1234567", "12345a"}) CHECK_FALSE(is_totp_form(code));
}
