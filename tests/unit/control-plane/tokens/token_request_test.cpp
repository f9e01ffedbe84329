#include "control-plane/tokens/token_request.hpp"

#include <catch2/catch.hpp>

#include "control-plane/tokens/token.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::tokens;
using cp::access::Permission;
using cp::access::Permissions;
using cp::access::Role;

namespace {

constexpr UnixMillis requested_at = 1'763'720'000'000;

auto personal(const std::string& text) {
    json::Document document;
    REQUIRE(document.parse(text));
    return read_personal_token_request(document.root(), requested_at);
}

auto service(const std::string& text) {
    json::Document document;
    REQUIRE(document.parse(text));
    return read_service_token_request(document.root(), requested_at);
}

template <class T>
std::string refused(const Result<T>& result) {
    REQUIRE_FALSE(result);
    std::string found;
    for (const auto& finding : result.error().findings) {
        found += (found.empty() ? "" : ", ") + finding.pointer + ' ' + finding.code;
    }
    return found;
}

}  // namespace

TEST_CASE("a token expires in 90 days unless told otherwise, and never only when asked with null") {
    CHECK(personal(R"({"name":"n","scopes":["read"]})")->expires_at == requested_at + token_lifetime);
    CHECK_FALSE(personal(R"({"name":"n","scopes":["read"],"expires_at":null})")->expires_at);
    CHECK(service(R"({"name":"n","role":"viewer"})")->expires_at == requested_at + token_lifetime);
    CHECK(refused(personal(R"({"name":"n","scopes":["read"],"expires_at":"2020-01-01T00:00:00Z"})")) ==
          "/expires_at in_the_past");
}

TEST_CASE("a personal token names its scopes") {
    const auto request = personal(R"({"name":"n","scopes":["edit","read","edit"]})");
    CHECK(request->scopes == Permissions{Permission::read, Permission::edit});
    CHECK(refused(personal(R"({"name":"n"})")) == "/scopes missing");
    CHECK(refused(personal(R"({"name":"n","scopes":[]})")) == "/scopes required");
    CHECK(refused(personal(R"({"name":"n","scopes":["signed_in"]})")) == "/scopes unknown_scope");
    CHECK(refused(personal(R"({"name":"n","scopes":["read","fly"]})")) == "/scopes unknown_scope");
    CHECK(refused(personal(R"({"name":"n","scopes":"read"})")) == "/scopes wrong_type");
    CHECK(refused(personal(R"({"name":"n","scopes":["edit"]})")) == "/scopes read_missing");
    CHECK(personal(R"({"name":"n","scopes":["manage_members"]})"));
    CHECK(refused(personal(R"({"name":"n","scopes":["read"],"role":"owner"})")) == "/role unknown_field");
}

TEST_CASE("a token has a name") {
    CHECK(refused(personal(R"({"scopes":["read"]})")) == "/name missing");
    CHECK(refused(personal(R"({"name":"","scopes":["read"]})")) == "/name required");
    CHECK(refused(personal(R"({"name":7,"scopes":["read"]})")) == "/name wrong_type");
    CHECK(refused(personal(R"({"name":")" + std::string(201, 'n') + R"(","scopes":["read"]})")) == "/name too_long");
}

TEST_CASE("a service account has a role, and scopes within it") {
    CHECK(service(R"({"name":"n","role":"maintainer"})")->scopes == permissions_of(Role::maintainer));
    CHECK(service(R"({"name":"n","role":"maintainer","scopes":["read"]})")->scopes == Permissions{Permission::read});
    CHECK(refused(service(R"({"name":"n","role":"viewer","scopes":["read","edit"]})")) == "/scopes beyond_role");
    CHECK(refused(service(R"({"name":"n","role":"viewer","scopes":[]})")) == "/scopes required");
    CHECK(refused(service(R"({"name":"n","role":"maintainer","scopes":["approve"]})")) == "/scopes read_missing");
    CHECK(refused(service(R"({"name":"n","role":"king"})")) == "/role unknown_role");
    CHECK(refused(service(R"({"name":"n"})")) == "/role missing");
}

TEST_CASE("scopes are counted before they are read, and have one finding") {
    std::string many = "\"fly\"";
    for (int i = 0; i < 100; ++i) many += ",\"fly\"";
    CHECK(refused(personal(R"({"name":"n","scopes":[)" + many + "]}")) == "/scopes too_many");
    CHECK(refused(personal(R"({"name":"n","scopes":["fly","swim"]})")) == "/scopes unknown_scope");
}
