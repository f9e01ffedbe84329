#include "control-plane/identity/browser.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace fanion::cp::identity;

namespace {

BrowserSite site_of(std::string_view url) { return PublicUrl::parse(url)->site("elsewhere.example").value(); }

std::string code_of(const Result<>& result) { return result ? "" : result.error().findings.front().code; }

}  // namespace

TEST_CASE("the cookie of a site at the root belongs to its host alone, below a prefix to the prefix") {
    const auto root = site_of("https://Flags.Example.com");
    CHECK(root.origin == "https://flags.example.com");
    CHECK(set_cookie_text(root, "v") == "__Host-fanion=v; Path=/; Max-Age=604800; HttpOnly; Secure; SameSite=Lax");
    const auto below = site_of("https://tools.example.com:8443/fanion/");
    CHECK(below.origin == "https://tools.example.com:8443");
    CHECK(set_cookie_text(below, "") == "__Secure-fanion=; Path=/fanion/; Max-Age=0; HttpOnly; Secure; SameSite=Lax");
    CHECK(site_of("https://a.example:443").origin == "https://a.example");
}

TEST_CASE("without TLS there are cookies on one machine only") {
    CHECK(site_of("http://localhost:8081").origin == "http://localhost:8081");
    CHECK_FALSE(PublicUrl::parse("http://flags.example.com")->site("localhost"));
    const PublicUrl none;
    for (const auto* host : {"localhost", "localhost:8081", "127.0.0.1:8081", "127.1.2.3", "[::1]:8081"}) {
        INFO(host);
        const auto site = none.site(host);
        REQUIRE(site);
        CHECK(site->origin == "http://" + std::string(host));
    }
    for (const auto* host : {"", "flags.example.com", "10.0.0.1:8081", "localhost.example.com", "[::2]", "localhost/x",
                             "user@localhost"}) {
        INFO(host);
        const auto site = none.site(host);
        REQUIRE_FALSE(site);
        CHECK(site.error().findings.front().code == "tls_required");
    }
    for (const auto* url : {"", "flags.example.com", "ftp://a", "https://a?x"}) CHECK_FALSE(PublicUrl::parse(url));
}

TEST_CASE("the site's cookie is found among others") {
    const auto site = site_of("https://a.example");
    CHECK(cookie_value("__Host-fanion=v", site) == "v");
    CHECK(cookie_value("a=b; __Host-fanion=v=w ;c=d", site) == "v=w");
    CHECK(cookie_value("x__Host-fanion=1; __Host-fanion2=2; __Secure-fanion=3; __host-fanion=4", site).empty());
    for (const auto* cookies : {"", ";", "=", "__Host-fanion", "__Host-fanion;=v", "__Host-fanion="})
        CHECK(cookie_value(cookies, site).empty());
}

TEST_CASE("with a cookie, changes come from the site's own pages, and reads from no foreign one") {
    const auto site = site_of("https://a.example");
    struct Line {
        bool is_unsafe;
        const char* origin;
        const char* fetch_site;
        bool is_taken;
    };
    constexpr Line lines[] = {
        {true, "https://a.example", "", true},
        {true, "https://a.example", "same-origin", true},
        {true, "", "", false},
        {true, "", "same-origin", false},
        {true, "null", "", false},
        {true, "https://a.example", "none", false},
        {true, "https://a.example", "same-site", false},
        {true, "https://a.example", "cross-site", false},
        {true, "http://a.example", "", false},
        {true, "https://a.example:444", "", false},
        {true, "https://b.example", "same-origin", false},
        {false, "", "", true},
        {false, "", "same-origin", true},
        {false, "", "none", true},
        {false, "https://a.example", "", true},
        {false, "https://b.example", "", false},
        {false, "", "cross-site", false},
        {false, "", "same-site", false},
    };
    for (const auto& line : lines) {
        INFO(line.is_unsafe << ' ' << line.origin << ' ' << line.fetch_site);
        CHECK(code_of(check_source({line.is_unsafe, line.origin, line.fetch_site}, site)) ==
              (line.is_taken ? "" : "bad_origin"));
    }
}
