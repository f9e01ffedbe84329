#include "control-plane/identity/password_rules.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/catch_result.hpp"

using fanion::cp::identity::check_password;

namespace {

std::string refusal_of(std::string_view password) {
    const auto result = check_password(password);
    if (result) return "";
    REQUIRE(result.error().findings.size() == 1);
    CHECK(result.error().findings[0].pointer == "/password");
    return result.error().findings[0].code;
}

}  // namespace

TEST_CASE("a password has 12 characters to 256 bytes") {
    CHECK(refusal_of("abcdefg1234") == "too_short");
    CHECK(refusal_of("abcdefg12345").empty());
    CHECK(refusal_of(std::string(128, 'a') + std::string(128, 'b')).empty());
    CHECK(refusal_of(std::string(128, 'a') + std::string(129, 'b')) == "too_long");
}

TEST_CASE("characters are counted, not their bytes") {
    CHECK(refusal_of("пароль") == "too_short");  // 12 bytes, 6 characters
    CHECK(refusal_of("пароль-чужой").empty());
}

TEST_CASE("the passwords everybody tries first are refused in any spelling") {
    for (const auto* common : {"password1234", "PassWord1234", "qwertyuiop123", "123456789012",
                               "CorrectHorseBatteryStaple", "aaaaaaaaaaaaaaaa"}) {
        INFO(common);
        CHECK(refusal_of(common) == "common_password");
    }
    CHECK(refusal_of("correct horse battery staple").empty());
}

TEST_CASE("a password is UTF-8") { CHECK(refusal_of("abcdefghijk\xff\xfe") == "not_utf8"); }
