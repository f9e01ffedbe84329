#include "common/net/proxy.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;

Origin origin(const std::string& url) { return parse_origin(url).value(); }

bool goes_through(const std::string& no_proxy, const std::string& url) {
    const auto settings = ProxySettings::parse("http://proxy.example:3128", no_proxy).value();
    return settings.proxy_for(origin(url)) != nullptr;
}

TEST_CASE("a proxy's URL has a host, and may have a port and credentials") {
    const auto proxy_of = [](const std::string& url) {
        const auto settings = ProxySettings::parse(url, "").value();
        return *settings.proxy_for(origin("https://h"));
    };
    CHECK(proxy_of("http://proxy.example:3128").name == "proxy.example:3128");
    CHECK(proxy_of("proxy.example:3128/").name == "proxy.example:3128");
    CHECK(proxy_of("http://proxy.example").port == 80);
    CHECK(proxy_of("http://[::1]:8080").host == "::1");
    CHECK_FALSE(proxy_of("http://proxy.example").tls);
    CHECK(proxy_of("https://u:p@proxy.example").tls);
    CHECK(proxy_of("https://u:p@proxy.example").port == 443);
    CHECK(proxy_of("https://proxy.example:3129").name == "proxy.example:3129");
    CHECK(proxy_of("http://proxy.example").credentials.empty());
    // RFC 7617 section 2.
    CHECK(proxy_of("http://Aladdin:open%20sesame@h").credentials == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    CHECK(proxy_of("http://a:p%40ss@word@h:1").name == "h:1");
}

TEST_CASE("a proxy's URL that is malformed is refused, without its password in the message") {
    for (const std::string url : {"socks5://u:secret@proxy:1", "https://http://u:secret@h", "http://u:secret@",
                                  "http://u:secret@h:0", "http://u:sec%zzret@h", "http://u:secret@h h"}) {
        const auto settings = ProxySettings::parse(url, "");
        REQUIRE_FALSE(settings);
        CHECK(settings.error().code == Errc::invalid_input);
        CHECK(settings.error().detail.find("sec") == std::string::npos);
    }
}

TEST_CASE("only https goes through the proxy, and without one nothing does") {
    CHECK(goes_through("", "https://control.example"));
    CHECK_FALSE(goes_through("", "http://control.example"));
    CHECK(ProxySettings::parse("", "").value().proxy_for(origin("https://h")) == nullptr);
    CHECK(ProxySettings().proxy_for(origin("https://h")) == nullptr);
}

TEST_CASE("exceptions are names with those below them, addresses, networks, or all") {
    CHECK_FALSE(goes_through("*", "https://control.example"));
    CHECK_FALSE(goes_through("other, control.example", "https://control.example"));
    CHECK_FALSE(goes_through("EXAMPLE", "https://control.example"));
    CHECK_FALSE(goes_through(".example", "https://control.example"));
    CHECK(goes_through("trol.example", "https://control.example"));
    CHECK(goes_through("a.control.example", "https://control.example"));
    CHECK_FALSE(goes_through("control.example:8443", "https://control.example:8443"));
    CHECK(goes_through("control.example:8443", "https://control.example"));
    CHECK_FALSE(goes_through("10.0.0.0/8", "https://10.1.2.3"));
    CHECK(goes_through("10.0.0.0/8", "https://11.1.2.3"));
    CHECK_FALSE(goes_through("127.0.0.1", "https://127.0.0.1:9"));
    CHECK_FALSE(goes_through("::1", "https://[::1]:9"));
    CHECK_FALSE(goes_through("[::1]:9", "https://[::1]:9"));
    CHECK(goes_through(" , ,", "https://control.example"));
}

TEST_CASE("the request names the origin with its port") {
    const auto settings = ProxySettings::parse("http://u:p@proxy:1", "").value();
    const auto to = origin("https://[2001:db8::1]");
    CHECK(connect_request(*settings.proxy_for(to), to) ==
          "CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\nUser-Agent: fanion\r\n"
          "Proxy-Authorization: Basic dTpw\r\n\r\n");
}

}  // namespace
