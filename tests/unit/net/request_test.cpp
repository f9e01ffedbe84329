#include "common/net/request.hpp"

#include <catch2/catch.hpp>

#include "common/base/ids.hpp"
#include "common/net/request_builder.hpp"
#include "tests/support/catch_result.hpp"

namespace {

using namespace fanion::net;

Request request_with(std::initializer_list<Header> headers) {
    Request request;
    for (const auto& header : headers) RequestBuilder::add_header(request, header.name, header.value);
    return request;
}

TEST_CASE("the first header of a name counts, whatever its case") {
    const auto request = request_with({{"X-Thing", "one"}, {"x-thing", "two"}});
    CHECK(request.header("x-THING") == "one");
    CHECK(request.header("x-thin").empty());
}

TEST_CASE("a credential is a bearer token or an API key") {
    const auto of = [](std::initializer_list<Header> headers) {
        return std::string(request_with(headers).credential(fanion::has_api_key_form));
    };
    CHECK(of({{"Authorization", "Bearer abc"}}) == "abc");
    CHECK(of({{"authorization", "bearer  abc "}}) == "abc");
    CHECK(of({{"X-API-Key", "k"}}) == "k");
    CHECK(of({{"Authorization", "Basic abc"}, {"X-API-Key", "k"}}) == "k");
    CHECK(of({}).empty());
}

TEST_CASE("of two credentials the one that is ours by its form counts") {
    const auto of = [](std::string_view token, std::string_view key) {
        const std::string authorization = "Bearer " + std::string(token);
        const auto request = request_with({{"Authorization", authorization}, {"X-API-Key", key}});
        return std::string(request.credential(fanion::has_api_key_form));
    };
    const std::string mesh = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZXNoIn0.c2ln";
    CHECK(of(mesh, "fan_srv_ours") == "fan_srv_ours");
    CHECK(of("fan_srv_ours", "of-a-gateway") == "fan_srv_ours");
    CHECK(of("fan_srv_one", "fan_srv_two") == "fan_srv_one");
    CHECK(of(mesh, "of-a-gateway") == mesh);
    CHECK(of(mesh, "fan_abc_unknown-kind") == mesh);
    CHECK(of(mesh, "fan_srv_") == mesh);
    CHECK(of(mesh, "") == mesh);
}

TEST_CASE("a caller's request id is taken when it is harmless, else one is made and kept") {
    CHECK(request_with({{"X-Request-Id", "a.B-9_"}}).request_id() == "a.B-9_");
    const std::string long_id(65, 'a');
    for (const std::string_view id :
         {std::string_view(""), std::string_view("a b"), std::string_view("a\"b"), std::string_view(long_id)}) {
        auto request = request_with({{"X-Request-Id", id}});
        const std::string made(request.request_id());
        CHECK(made.size() == 20);
        CHECK(made != id);
        CHECK(request.request_id() == made);
    }
}

TEST_CASE("a target is split into path and query") {
    struct Case {
        std::string_view target, path, query;
    };
    for (const auto& [target, path, query] : {Case{"/a/b?c=d?e", "/a/b", "c=d?e"}, Case{"/a?", "/a", ""},
                                              Case{"http://host:1/p?q", "/p", "q"}, Case{"*", "*", ""}}) {
        CAPTURE(target);
        Request request;
        REQUIRE(RequestBuilder::set_target(request, target));
        CHECK(request.path == path);
        CHECK(request.raw_query == query);
    }
    for (const auto* target : {"a/b", "ftp://host/x", "http://host", "host:443"}) {
        Request request;
        CHECK_FALSE(RequestBuilder::set_target(request, target));
    }
}

TEST_CASE("query parameters are decoded, in order") {
    Request request;
    request.raw_query = "a=1&b=x+y%26&&c&a=2";
    const auto parameters = request.query_parameters();
    REQUIRE(parameters);
    const std::vector<std::pair<std::string, std::string>> expected{{"a", "1"}, {"b", "x y&"}, {"c", ""}, {"a", "2"}};
    CHECK(*parameters == expected);
    request.raw_query = "a=%4";
    CHECK(request.query_parameters().error().code == fanion::Errc::invalid_input);
}

TEST_CASE("one query parameter is found by its decoded name; the first counts") {
    Request request;
    CHECK_FALSE(request.query("a"));
    request.raw_query = "&a=1&b=x+y%26&c&a=2&%64+e=%3d&=empty&bad=%4&b%ZZ=1&last=";
    CHECK(request.query("a") == "1");
    CHECK(request.query("b") == "x y&");
    CHECK(request.query("c") == "");
    CHECK(request.query("d e") == "=");
    CHECK(request.query("") == "empty");
    CHECK(request.query("last") == "");
    CHECK_FALSE(request.query("bad"));
    CHECK_FALSE(request.query("lost"));
    CHECK_FALSE(request.query("x y&"));
}

}  // namespace
