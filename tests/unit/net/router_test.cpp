#include "common/net/router.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "common/net/request_builder.hpp"

namespace {

using namespace fanion::net;

void nothing(Request&, Response&) {}

Router make_router() {
    Router router;
    for (const auto* pattern : {"/", "/flags", "/flags/", "/flags/{key}", "/flags/all", "/flags/{key}/rules/{rule}",
                                "/{area}/all/deep", "/flags/all/other"}) {
        router.sync(Method::get, pattern, nothing);
    }
    router.sync(Method::post, "/flags", nothing);
    router.sync(Method::del, "/flags/{key}", nothing);
    router.sync(Method::options, "/flags/{flag}", nothing);
    return router;
}

struct Routed {
    std::string pattern;
    unsigned status;
};

Routed route(const Router& router, Method method, std::string_view target, Request& request) {
    request.method = method;
    RequestBuilder::set_target(request, target);
    const auto match = router.match(request);
    return {match.route ? match.route->pattern : std::string(), match.status};
}

TEST_CASE("a path finds the pattern that fits it") {
    const auto router = make_router();
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"/", "/"},
        {"/flags", "/flags"},
        {"/flags?limit=1", "/flags"},
        {"/flags/", "/flags/"},
        {"/flags/checkout", "/flags/{key}"},
        {"/flags/all", "/flags/all"},
        {"/flags/a/rules/b", "/flags/{key}/rules/{rule}"},
        {"/flags/all/rules/b", "/flags/{key}/rules/{rule}"},
        {"/flags/all/other", "/flags/all/other"},
        {"/flags/all/deep", "/{area}/all/deep"},
    };
    for (const auto& [target, pattern] : cases) {
        CAPTURE(target);
        Request request;
        CHECK(route(router, Method::get, target, request).pattern == pattern);
    }
}

TEST_CASE("a star fits whatever follows, after everything else") {
    Router router;
    for (const auto* pattern : {"/ui", "/ui/*", "/ui/about", "/ui/{org}/members", "/*"})
        router.sync(Method::get, pattern, nothing);
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"/ui", "/ui"},
        {"/ui/", "/ui/*"},
        {"/ui/a", "/ui/*"},
        {"/ui/a/b/c/d/e/f/g/h/i/j/k/l", "/ui/*"},
        {"/ui/%zz", "/ui/*"},
        {"/ui/about", "/ui/about"},
        {"/ui/about/us", "/ui/*"},
        {"/ui/a/members", "/ui/{org}/members"},
        {"/ui/a/members/b", "/ui/*"},
        {"/", "/*"},
        {"/uix", "/*"},
    };
    for (const auto& [target, pattern] : cases) {
        CAPTURE(target);
        Request request;
        CHECK(route(router, Method::get, target, request).pattern == pattern);
    }
    Request request;
    CHECK(route(router, Method::post, "/ui/a/b", request).status == 405);
    CHECK_THROWS_AS(router.sync(Method::get, "/a/*/b", nothing), std::logic_error);
}

TEST_CASE("a path that fits no pattern is 404") {
    const auto router = make_router();
    for (const auto* target :
         {"/flag", "/flags/a/rules", "/flags/a/rules/", "/flags//rules/x", "//", "/flags/a/b", "*"}) {
        CAPTURE(target);
        Request request;
        CHECK(route(router, Method::get, target, request).status == 404);
    }
}

TEST_CASE("a known path with another method is 405 and says which there are") {
    const auto router = make_router();
    Request request;
    request.method = Method::put;
    RequestBuilder::set_target(request, "/flags/checkout");
    const auto match = router.match(request);
    CHECK(match.route == nullptr);
    CHECK(match.status == 405);
    CHECK(match.allow == "GET, HEAD, DELETE, OPTIONS");
}

TEST_CASE("HEAD goes where GET goes, OPTIONS to a route of its own") {
    const auto router = make_router();
    Request request;
    CHECK(route(router, Method::head, "/flags", request).pattern == "/flags");
    CHECK(route(router, Method::options, "/flags/x", request).pattern == "/flags/{flag}");
    CHECK(route(router, Method::options, "/flags", request).status == 405);
}

TEST_CASE("names are decoded and belong to the pattern of the method") {
    const auto router = make_router();
    Request request;
    route(router, Method::get, "/flags/a%2Fb%20c/rules/r1", request);
    CHECK(request.param("key") == "a/b c");
    CHECK(request.param("rule") == "r1");
    CHECK(request.param("flag").empty());
    route(router, Method::options, "/flags/x", request);
    CHECK(request.param("flag") == "x");
    CHECK(request.param("key").empty());
    CHECK(request.param("rule").empty());
}

TEST_CASE("a malformed escape in a name is 400") {
    const auto router = make_router();
    Request request;
    CHECK(route(router, Method::get, "/flags/a%2", request).status == 400);
    CHECK(route(router, Method::get, "/flags/%zz", request).status == 400);
}

TEST_CASE("a pattern given twice, or without its slash, is a bug that shows at start") {
    auto router = make_router();
    CHECK_THROWS_AS(router.sync(Method::get, "/flags/{other}", nothing), std::logic_error);
    CHECK_THROWS_AS(router.sync(Method::get, "flags", nothing), std::logic_error);
}

}  // namespace
