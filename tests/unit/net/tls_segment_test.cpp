// What a server reads at once of TLS, with OpenSSL on the client's socket.
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <memory>

#include "tests/support/catch_result.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/raw_http.hpp"
#include "tests/support/raw_tls.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;
using test::Authority;
using test::HttpServer;
using test::RawHttp;

constexpr std::string_view request = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";

void add_segment_routes(Router& router) {
    router.sync(Method::get, "/hello", [](Request&, Response& response) { response.body = "hello"; });
}

// The client's kernel keeps what it is given until it may send.
TEST_CASE("a request in one segment with the end of the handshake is answered") {
    const Authority authority;
    HttpServer server(add_segment_routes, {.tls = ServerTls::load({authority.issue("server"), ""}).value()});
    RawHttp connection(server.port());
    const int fd = connection.socket().native_handle();
    const auto keep = [&](int on) { REQUIRE(::setsockopt(fd, IPPROTO_TCP, TCP_CORK, &on, sizeof on) == 0); };
    const auto tls = make_client_tls(authority.ca_file()).value();
    const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(tls->native_handle()), &SSL_free);
    SSL_set_fd(ssl.get(), fd);
    keep(1);
    REQUIRE(SSL_connect(ssl.get()) == 1);  // the kernel sends its first part after a fifth of a second
    SSL_write(ssl.get(), request.data(), static_cast<int>(request.size()));
    keep(0);
    std::string received;
    char bytes[1024];
    while (!received.ends_with("hello")) {
        const int count = SSL_read(ssl.get(), bytes, sizeof bytes);
        REQUIRE(count > 0);
        received.append(bytes, static_cast<std::size_t>(count));
    }
}

}  // namespace
