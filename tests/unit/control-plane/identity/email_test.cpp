#include "control-plane/identity/invitation_store.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/catch_result.hpp"

using fanion::cp::identity::is_email;

TEST_CASE("an e-mail address has one @ with something on both sides and nothing unprintable") {
    for (const auto* good : {"a@b", "owner@example.com", "jörg@müller.example", "a+b@c.d"}) CHECK(is_email(good));
    for (const auto* bad : {"", "@", "a@", "@b", "a@b@c", "a b@c", "a\n@b", "a@b\x7f", "\xff@b"}) {
        INFO(bad);
        CHECK_FALSE(is_email(bad));
    }
    CHECK_FALSE(is_email(std::string(250, 'a') + "@b.cd"));
}
