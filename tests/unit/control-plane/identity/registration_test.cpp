#include "control-plane/identity/registration.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using fanion::cp::identity::parse_registration;
using fanion::cp::identity::Registration;
using Mode = Registration::Mode;

TEST_CASE("the four ways to get an account are read by their names") {
    CHECK(*parse_registration("closed") == Registration{Mode::closed, ""});
    CHECK(*parse_registration("invite") == Registration{Mode::invite, ""});
    CHECK(*parse_registration("open") == Registration{Mode::open, ""});
    CHECK(*parse_registration("domain:Example.COM") == Registration{Mode::domain, "example.com"});
    for (const auto* text :
         {"", "Open", "domain", "domain:", "domain:a@b", "domain:a b", "domain:a,b", "domain:https://a"}) {
        INFO(text);
        CHECK_FALSE(parse_registration(text));
    }
}

TEST_CASE("only open and domain let people register themselves") {
    const auto closed = *parse_registration("closed");
    const auto invite = *parse_registration("invite");
    const auto open = *parse_registration("open");
    const auto domain = *parse_registration("domain:example.com");
    for (const auto* email : {"ada@example.com", "ada@other.example"}) {
        CHECK_FALSE(closed.admits(email));
        CHECK_FALSE(invite.admits(email));
        CHECK(open.admits(email));
    }
    CHECK(domain.admits("ada@example.com"));
    CHECK(domain.admits("Ada@Example.Com"));
    for (const auto* email : {"ada@other.example", "ada@evil-example.com", "ada@sub.example.com",
                              "ada@example.com.evil", "ada@example.com@evil.example", "example.com", ""}) {
        INFO(email);
        CHECK_FALSE(domain.admits(email));
    }
    CHECK_FALSE(open.admits("no address"));
}

TEST_CASE("an invitation makes an account unless registration is closed, where the operator's still does") {
    for (const auto* text : {"invite", "open", "domain:example.com"})
        CHECK(parse_registration(text)->admits_invited(false));
    CHECK_FALSE(parse_registration("closed")->admits_invited(false));
    CHECK(parse_registration("closed")->admits_invited(true));
}
