#include "control-plane/identity/email.hpp"

#include <catch2/catch.hpp>
#include <string>

using fanion::cp::identity::email_key;
using fanion::cp::identity::is_email;

TEST_CASE("an e-mail address has one @ with something on both sides and nothing unprintable") {
    for (const auto* good : {"a@b", "owner@example.com", "jörg@müller.example", "a+b@c.d"}) CHECK(is_email(good));
    for (const auto* bad : {"", "@", "a@", "@b", "a@b@c", "a b@c", "a\n@b", "a@b\x7f", "\xff@b"}) {
        INFO(bad);
        CHECK_FALSE(is_email(bad));
    }
    CHECK_FALSE(is_email(std::string(250, 'a') + "@b.cd"));
}

TEST_CASE("the key of an address has its ASCII letters in lower case and changes nothing else") {
    CHECK(email_key("Ada.Kim@Example.COM") == "ada.kim@example.com");
    CHECK(email_key("JÖRG@b") == "jÖrg@b");
    CHECK(email_key("\u212Aim@b") == "\u212Aim@b");  // the Kelvin sign is not k
    CHECK(email_key("k\u0130m@b") == "k\u0130m@b");  // nor is a dotted I an i
}
