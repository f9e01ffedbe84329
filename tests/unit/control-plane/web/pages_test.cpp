#include "control-plane/web/pages.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "common/base/crypto.hpp"
#include "common/net/request_builder.hpp"
#include "control-plane/web/security_headers.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/small_dashboard.hpp"

using namespace fanion;
using namespace fanion::test;
using namespace fanion::cp::web;

namespace {

std::string value_of(const net::Response& response, std::string_view name) {
    const auto found = std::ranges::find(response.headers, name, [](const auto& each) { return each.first; });
    return found == response.headers.end() ? "" : found->second;
}

class Browser {
public:
    explicit Browser(std::optional<Bundle> bundle, std::string_view prefix = "")
        : pages_(std::move(bundle), prefix, metrics_) {
        pages_.add_routes(router_);
        pages_.add_docs(router_);
    }
    static Browser with_dashboard(std::string_view prefix = "") {
        return Browser(Bundle::parse(ustar(small_dashboard())).value(), prefix);
    }

    net::Response get(std::string_view target, std::vector<net::Header> headers = {}, bool is_https = false) {
        net::Request request;
        REQUIRE(net::RequestBuilder::set_target(request, target));
        for (const auto& [name, value] : headers) net::RequestBuilder::add_header(request, name, value);
        net::RequestBuilder::set_https(request, is_https);
        const auto match = router_.match(request);
        INFO(target);
        REQUIRE(match.route);
        net::Response response;
        match.route->sync(request, response);
        return response;
    }
    unsigned status_of(net::Method method, std::string_view target) {
        net::Request request;
        request.method = method;
        REQUIRE(net::RequestBuilder::set_target(request, target));
        return router_.match(request).status;
    }

    telemetry::Registry registry_;
    Metrics metrics_{registry_};

private:
    Pages pages_;
    net::Router router_;
};

void check_headers(const net::Response& response, const std::string& policy) {
    CHECK(value_of(response, "Content-Security-Policy") == policy);
    CHECK(value_of(response, "Cross-Origin-Opener-Policy") == "same-origin");
    CHECK(value_of(response, "Cross-Origin-Resource-Policy") == "same-origin");
    CHECK(value_of(response, "Referrer-Policy") == "no-referrer");
    CHECK(value_of(response, "Permissions-Policy").starts_with("accelerometer=(), "));
}

const std::string small_policy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' "
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types fanion default";

}  // namespace

TEST_CASE("every address below /ui/ has the page, asked for again each time") {
    auto browser = Browser::with_dashboard();
    const auto first = browser.get("/ui/");
    CHECK(first.status == 200);
    CHECK(first.content_type == "text/html; charset=utf-8");
    CHECK(first.bytes() == small_page);
    CHECK(value_of(first, "Cache-Control") == "no-cache");
    check_headers(first, small_policy);
    const auto tag = value_of(first, "ETag");
    CHECK(tag.starts_with('"'));
    for (const auto* target :
         {"/ui/?x=1", "/ui/?", "/ui/acme", "/ui/acme/web/flags/new-checkout/production?step=2&as=text",
          "/ui/-/signin?to=%2Fui%2Facme", "/ui/a/b/c/d/e/f/g/h/i/j/k", "/ui/%zz", "/ui//", "/ui/index.html",
          "/ui/csp-style-hashes", "/ui/../ui/x", "/ui/acme/assets/x.js"}) {
        CAPTURE(target);
        const auto response = browser.get(target);
        CHECK(response.status == 200);
        CHECK(response.bytes() == small_page);
        CHECK(value_of(response, "ETag") == tag);
    }
    const auto again = browser.get("/ui/acme", {{"If-None-Match", tag}});
    CHECK(again.status == 304);
    check_headers(again, small_policy);
    CHECK(browser.metrics_.pages.value() == 14);
}

TEST_CASE("assets are kept for a year; one that is not there is no page") {
    auto browser = Browser::with_dashboard();
    const auto script = browser.get("/ui/assets/a-1.js?v=1", {{"Accept-Encoding", "gzip, br"}});
    CHECK(script.status == 200);
    CHECK(script.bytes() == "brotli");
    CHECK(value_of(script, "Content-Encoding") == "br");
    CHECK(value_of(script, "Cache-Control") == "max-age=31536000, immutable");
    check_headers(script, small_policy);
    for (const auto* target : {"/ui/assets/gone-9.js", "/ui/assets/", "/ui/assets/a-1.js/", "/ui/assets/a-1.js.br",
                               "/ui/assets/../icon.svg", "/ui/assets/%61-1.js"}) {
        CAPTURE(target);
        const auto response = browser.get(target);
        CHECK(response.status == 404);
        CHECK(response.content_type == "application/problem+json");
        CHECK(value_of(response, "Cache-Control").empty());  // no-store: the server adds it
        check_headers(response, small_policy);
    }
    CHECK(browser.metrics_.missing.value() == 6);
    const auto icon = browser.get("/ui/icon.svg");
    CHECK(icon.content_type == "image/svg+xml");
    CHECK(value_of(icon, "Cache-Control") == "no-cache");
    CHECK(browser.metrics_.files.value() == 2);
}

TEST_CASE("the front door leads to the dashboard, below a prefix to the one there") {
    for (const std::string prefix : {"", "/tools/fanion"}) {
        auto browser = Browser::with_dashboard(prefix);
        for (const auto* target : {"/", "/?next=https://evil.example", "/ui", "/ui?x"}) {
            const auto response = browser.get(target);
            CHECK(response.status == 302);
            CHECK(value_of(response, "Location") == prefix + "/ui/");
            CHECK(response.body_size() == 0);
            check_headers(response, small_policy);
        }
        CHECK(browser.get("/ui/x").bytes().find("<base href=\"" + prefix + "/ui/\" />") != std::string_view::npos);
    }
}

TEST_CASE("without a dashboard one line says what this is, and how to add it") {
    Browser browser(std::nullopt, "/fanion");
    for (const auto* target : {"/", "/ui/", "/ui/acme/web", "/ui/assets/a.js"}) {
        CAPTURE(target);
        const auto response = browser.get(target);
        CHECK(response.status == (std::string_view(target) == "/" ? 200 : 404));
        CHECK(response.content_type == "text/plain; charset=utf-8");
        CHECK(std::ranges::count(response.bytes(), '\n') == 1);
        CHECK(response.bytes().find("--dashboard FILE") != std::string_view::npos);
        CHECK(response.bytes().find("/fanion/docs") != std::string_view::npos);
        check_headers(response, "default-src 'none'; frame-ancestors 'none'");
    }
}

TEST_CASE("pages are only read") {
    auto browser = Browser::with_dashboard();
    for (const auto* target : {"/", "/ui", "/ui/", "/ui/acme", "/docs"}) {
        CHECK(browser.status_of(net::Method::head, target) == 200);
        for (const auto method : {net::Method::post, net::Method::put, net::Method::del, net::Method::options})
            CHECK(browser.status_of(method, target) == 405);
    }
    CHECK(browser.status_of(net::Method::get, "/docs/x") == 404);
    CHECK(browser.status_of(net::Method::get, "/uix") == 404);
}

TEST_CASE("over TLS, browsers are told to use nothing else") {
    auto browser = Browser::with_dashboard();
    CHECK(value_of(browser.get("/ui/"), "Strict-Transport-Security").empty());
    CHECK(value_of(browser.get("/ui/", {}, true), "Strict-Transport-Security") == "max-age=31536000");
}

TEST_CASE("the API's page is one file without scripts, whose style the policy names") {
    Browser browser(std::nullopt);
    const auto page = browser.get("/docs");
    CHECK(page.status == 200);
    CHECK(page.content_type == "text/html; charset=utf-8");
    const auto text = page.bytes();
    const auto style = text.find("<style>") + 7;
    const auto hash = sha256(text.substr(style, text.find("</style>") - style));
    check_headers(page, document_policy(to_base64(as_view(hash))));
    CHECK(text.find("<style", style) == text.npos);
    for (const auto* mark : {"<script", " style=", "<img", "<link", "<iframe", " src="})
        CHECK(text.find(mark) == text.npos);
    for (const auto* part : {"id=\"createFlag\"", "id=\"tag-flags\"", "id=\"schema-NewFlag\"", "id=\"schema-Problem\"",
                             "/api/v1/orgs/{org}/projects/{project}/flags/{flag}", "checkout-button"}) {
        CAPTURE(part);
        CHECK(text.find(part) != text.npos);
    }
    CHECK(value_of(browser.get("/docs", {{"Accept-Encoding", "gzip"}}), "Content-Encoding") == "gzip");
    CHECK(browser.get("/docs", {{"If-None-Match", value_of(page, "ETag")}}).status == 304);
}
