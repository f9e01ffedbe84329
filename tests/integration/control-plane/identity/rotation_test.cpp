// What a rotation of tokens and keys ends, keeps and writes to the audit log.

#include <catch2/catch.hpp>

#include "control-plane/tokens/token.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using test::acme;
using test::ApiFixture;
using test::Reply;

namespace {

const std::string mine = "/api/v1/auth/tokens";

using Codes = std::vector<std::string>;

class Rotating : public ApiFixture {
public:
    Rotating() : owner(bootstrap_owner("acme", "owner@example.com")) {}

    Reply make(const std::string& body = R"({"name":"ci","scopes":["read"]})") { return post(mine, owner, body); }
    Reply rotate(const Reply& of, const std::string& credential, const std::string& body = "{}") {
        return post(of.header("Location") + "/rotate", credential, body);
    }
    std::string revoked() {
        return get(acme + "/audit?limit=1&action=" + revocation, owner).at("/items/0/entry/resource");
    }

    std::string owner;
    std::string revocation = "token.revoked";
};

}  // namespace

TEST_CASE_METHOD(Rotating, "a token that rotates itself does not live longer for it") {
    const auto first = make(R"({"name":"ci","scopes":["read"],"expires_at":"2030-01-01T00:00:00Z"})");
    const auto longer = rotate(first, first.at("/token"), R"({"expires_at":"2030-01-01T00:00:01Z"})");
    CHECK(longer.status == 400);
    CHECK(longer.errors() == Codes{"/expires_at beyond_own"});
    CHECK(rotate(first, first.at("/token"), R"({"expires_at":null})").errors() == Codes{"/expires_at beyond_own"});
    clock.advance(60'000);
    const auto second = rotate(first, first.at("/token"));
    REQUIRE(second.status == 201);
    CHECK(second.at("/expires_at") == first.at("/expires_at"));
    const auto third = rotate(second, second.at("/token"), R"({"expires_at":"2029-01-01T00:00:00Z"})");
    CHECK(third.at("/expires_at") == "2029-01-01T00:00:00.000Z");
    CHECK(rotate(third, owner, R"({"expires_at":null})").at("/expires_at") == "null");
}

TEST_CASE_METHOD(Rotating, "nor does a service account's") {
    const auto body = R"({"name":"n","role":"admin","expires_at":"2030-01-01T00:00:00Z"})";
    const auto first = post(acme + "/tokens", owner, body);
    CHECK(rotate(first, first.at("/token"), R"({"expires_at":null})").errors() == Codes{"/expires_at beyond_own"});
    const auto second = rotate(first, first.at("/token"));
    CHECK(second.at("/expires_at") == first.at("/expires_at"));
    CHECK(rotate(second, owner, R"({"expires_at":null})").status == 201);
}

TEST_CASE_METHOD(Rotating, "the third token of a chain revokes the first, with an entry of its own") {
    const auto service = post(acme + "/tokens", owner, R"({"name":"n","role":"viewer"})");
    for (const auto& first : {make(), service}) {
        const auto second = rotate(first, owner);
        REQUIRE(second.status == 201);
        CHECK(revoked() != first.at("/id"));
        REQUIRE(rotate(second, owner).status == 201);
        CHECK(revoked().ends_with("tokens/" + first.at("/id")));
        CHECK(get(first.header("Location"), owner).at("/revoked_at") != "null");
    }
}

TEST_CASE_METHOD(Rotating, "the third key of a chain revokes the first, with an entry of its own") {
    revocation = "key.revoked";
    const auto first = post(acme + "/keys", owner, R"({"kind":"relay"})");
    const auto second = rotate(first, owner);
    CHECK(revoked().empty());
    REQUIRE(rotate(second, owner).status == 201);
    CHECK(revoked() == "keys/" + first.at("/id"));
    const auto entry = get(acme + "/audit?limit=1&action=key.revoked", owner);
    CHECK(entry.at("/items/0/entry/before/revoked_at") == "null");
    CHECK(entry.at("/items/0/entry/after/revoked_at") != "null");
}

TEST_CASE_METHOD(Rotating, "a rotation does not go past the number of valid tokens") {
    Reply last;
    for (std::size_t i = 0; i < cp::tokens::most_personal_tokens; ++i) last = make();
    REQUIRE(last.status == 201);
    CHECK(rotate(last, owner).errors() == Codes{" too_many"});
    CHECK(get(last.header("Location"), owner).at("/revoked_at") == "null");
    CHECK(rotate(last, owner, R"({"overlap_seconds":0})").status == 201);
    CHECK(make().errors() == Codes{" too_many"});
}
