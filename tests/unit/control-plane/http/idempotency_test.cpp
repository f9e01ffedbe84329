#include "control-plane/http/idempotency.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::http;

namespace {

constexpr const char* uuid = "7c0f4f6e-7f7e-4a53-9d0a-2f1b8f7f1c11";

}  // namespace

TEST_CASE("an Idempotency-Key is 16 to 255 visible ASCII characters") {
    CHECK(check_idempotency_key(uuid));
    CHECK(check_idempotency_key(std::string(16, 'x')));
    CHECK(check_idempotency_key(std::string(255, '~')));
    for (const auto& key : {std::string(15, 'x'), std::string(256, 'x'), std::string(16, ' '),
                            std::string("0123456789abcde\x7f"), std::string("0123456789abcd\xc3\xa4")}) {
        const auto refused = check_idempotency_key(key);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().findings[0].code == "bad_idempotency_key");
    }
}

TEST_CASE("the stored hashes differ by caller, key, target and body") {
    const auto one = idempotent_request(uuid, "u_1", "/a?", "{}");
    CHECK(one.key_sha256 == idempotent_request(uuid, "u_1", "/b?", "[]").key_sha256);
    CHECK(one.key_sha256 != idempotent_request(uuid, "u_2", "/a?", "{}").key_sha256);
    CHECK(one.key_sha256 != idempotent_request(std::string(uuid) + "x", "u_1", "/a?", "{}").key_sha256);
    CHECK(one.request_sha256 != idempotent_request(uuid, "u_1", "/b?", "{}").request_sha256);
    CHECK(one.request_sha256 != idempotent_request(uuid, "u_1", "/a?", "[]").request_sha256);
    CHECK(idempotent_request(uuid, "u", "/a?b", "c").request_sha256 !=
          idempotent_request(uuid, "u", "/a?", "bc").request_sha256);
}

TEST_CASE("a stored response is opened with the key and request that it was made for, and is unreadable otherwise") {
    auto response = net::json_response(R"({"id":"k1","key":"fan_srv_secret"})", 201);
    response.set("Location", "/api/v1/orgs/acme/keys/k1");
    response.set("ETag", "\"1\"");
    response.set("X-Other", "dropped");
    const auto request = idempotent_request(uuid, "u_1", "/a?", "{}");
    const auto sealed = seal_response(response, request);
    CHECK(sealed.find("fan_srv_secret") == std::string::npos);
    CHECK(sealed != seal_response(response, request));
    const auto opened = open_response(sealed, request);
    REQUIRE(opened);
    CHECK(opened->status == 201);
    CHECK(opened->body == response.body);
    std::string headers;
    for (const auto& [name, value] : opened->headers) headers += std::string(name) + '=' + value + ' ';
    CHECK(headers == "Location=/api/v1/orgs/acme/keys/k1 ETag=\"1\" Idempotency-Replayed=true ");
    CHECK_FALSE(open_response(sealed, idempotent_request(std::string(uuid) + "x", "u_1", "/a?", "{}")));
    CHECK_FALSE(open_response(sealed, idempotent_request(uuid, "u_2", "/a?", "{}")));
    CHECK_FALSE(open_response(sealed, idempotent_request(uuid, "u_1", "/a?", "[]")));
}
