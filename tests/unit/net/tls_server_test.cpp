#include <catch2/catch.hpp>
#include <cmath>
#include <ctime>
#include <limits>
#include <memory>
#include <thread>
#include <vector>

#include "common/base/file.hpp"
#include "common/net/http_client.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/raw_http.hpp"
#include "tests/support/raw_tls.hpp"
#include "tests/support/run_coroutine.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;
using std::chrono::milliseconds;
using test::Authority;
using test::HttpServer;
using test::RawHttp;
using test::RawTls;

constexpr std::string_view hello = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";

void add_routes(Router& router) {
    router.sync(Method::get, "/hello", [](Request& request, Response& response) {
        response.body = request.is_https() ? "hello over https" : "hello";
    });
    router.sync(Method::post, "/echo", [](Request& request, Response& response) { response.body = request.body; });
    router.sync(Method::get, "/large", [](Request&, Response& response) { response.body.assign(5'000'000, 'x'); });
}

ServerTlsPtr server_tls(const CertificateFiles& own, const std::string& client_ca = {}) {
    return ServerTls::load({own, client_ca}).value();
}

ClientTls client_tls(const Authority& authority, const CertificateFiles& own = {}) {
    return make_client_tls(authority.ca_file(), own).value();
}

double metric(HttpServer& server, const std::string& series) {
    telemetry::Registry registry;
    server->register_metrics(registry);
    const auto text = registry.text();
    const auto found = text.find("\n" + series + " ");
    REQUIRE(found != std::string::npos);
    return std::stod(text.substr(found + series.size() + 2));
}

void await_failure(HttpServer& server, const std::string& reason, double count = 1) {
    const auto series = "fanion_http_tls_handshakes_failed_total{server=\"test\",reason=\"" + reason + "\"}";
    test::eventually("a handshake has failed: " + reason, [&] { return metric(server, series) >= count; });
}

TEST_CASE("requests are answered over TLS 1.2 and 1.3, many on one connection") {
    const Authority authority;
    HttpServer server(add_routes, {.tls = server_tls(authority.issue("server"))});
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        RawTls client(server.port(), client_tls(authority));
        SSL_set_max_proto_version(client.ssl(), version);
        REQUIRE_FALSE(client.handshake());
        CHECK(SSL_version(client.ssl()) == version);
        for (int i = 0; i < 3; ++i) {
            client.send(hello);
            CHECK(client.receive_until("hello over https").ends_with("hello over https"));
        }
    }
    CHECK(metric(server, "fanion_http_tls_handshakes_total{server=\"test\"}") == 2);
}

TEST_CASE("TLS 1.1 is refused") {
    const Authority authority;
    HttpServer server(add_routes, {.tls = server_tls(authority.issue("server"))});
    RawTls client(server.port(), client_tls(authority));
    SSL_clear_options(client.ssl(), SSL_OP_NO_TLSv1_1);
    SSL_set_security_level(client.ssl(), 0);
    SSL_set_max_proto_version(client.ssl(), TLS1_1_VERSION);
    CHECK(client.handshake());
    await_failure(server, "unsupported");
}

TEST_CASE("a request that comes byte by byte is answered, and so are many that come at once") {
    const Authority authority;
    HttpServer server(add_routes, {.tls = server_tls(authority.issue("server"))});
    RawTls client(server.port(), client_tls(authority));
    REQUIRE_FALSE(client.handshake());
    for (const char byte : hello) client.send({&byte, 1});
    CHECK(client.receive_until("https").ends_with("hello over https"));
    std::string pipeline;
    for (int i = 0; i < 100; ++i) pipeline += hello;
    client.send(pipeline);
    for (int i = 0; i < 100; ++i) REQUIRE(client.receive_until("over https").ends_with("hello over https"));
}

TEST_CASE("large bodies go both ways, also to a reader that takes its time") {
    const Authority authority;
    HttpServer server(add_routes, {.tls = server_tls(authority.issue("server"))});
    RawTls client(server.port(), client_tls(authority));
    REQUIRE_FALSE(client.handshake());
    const std::string body(1'000'000, 'y');
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n" + body);
    client.receive_until("\r\n\r\n");
    CHECK(client.receive_until(body) == body);
    client.send("GET /large HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    client.receive_until("\r\n\r\n");
    CHECK(client.receive_all() == std::string(5'000'000, 'x'));
    CHECK(client.ending() == boost::asio::error::eof);
}

TEST_CASE("the answer that ends a connection is followed by a closing alert") {
    const Authority authority;
    HttpServer server(add_routes, {.tls = server_tls(authority.issue("server"))});
    RawTls client(server.port(), client_tls(authority));
    REQUIRE_FALSE(client.handshake());
    client.send("GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n and more that nobody reads");
    CHECK(client.receive_all().ends_with("hello over https"));
    CHECK(client.ending() == boost::asio::error::eof);
}

// With OpenSSL on the socket: Asio sends a closing alert only where it waits for the other one.
TEST_CASE("a client may end its side after its request and is answered") {
    const Authority authority;
    HttpServer server(add_routes, {.tls = server_tls(authority.issue("server"))});
    RawHttp connection(server.port());
    const auto tls = client_tls(authority);
    const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(tls->native_handle()), &SSL_free);
    SSL_set_fd(ssl.get(), connection.socket().native_handle());
    REQUIRE(SSL_connect(ssl.get()) == 1);
    SSL_write(ssl.get(), hello.data(), static_cast<int>(hello.size()));
    CHECK(SSL_shutdown(ssl.get()) == 0);
    std::string received;
    char bytes[1024];
    int count = 0;
    while ((count = SSL_read(ssl.get(), bytes, sizeof bytes)) > 0)
        received.append(bytes, static_cast<std::size_t>(count));
    CHECK(received.ends_with("hello over https"));
    CHECK(SSL_get_error(ssl.get(), count) == SSL_ERROR_ZERO_RETURN);
}

TEST_CASE("a request that cannot be parsed, and one that comes too late, are answered over TLS") {
    const Authority authority;
    ServerLimits limits;
    limits.header_timeout = milliseconds(50);
    HttpServer server(add_routes, {.limits = limits, .tls = server_tls(authority.issue("server"))});
    RawTls wrong(server.port(), client_tls(authority));
    REQUIRE_FALSE(wrong.handshake());
    wrong.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n");
    CHECK(wrong.receive_all().starts_with("HTTP/1.1 400 "));
    CHECK(wrong.ending() == boost::asio::error::eof);
    RawTls late(server.port(), client_tls(authority));
    REQUIRE_FALSE(late.handshake());
    late.send("GET /hello HT");
    CHECK(late.receive_all().starts_with("HTTP/1.1 408 "));
    CHECK(late.ending() == boost::asio::error::eof);
}

TEST_CASE("plain HTTP to a port that speaks TLS is told so") {
    const Authority authority;
    HttpServer server(add_routes, {.tls = server_tls(authority.issue("server"))});
    RawHttp client(server.port());
    client.send("DELETE /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto answer = client.receive();
    CHECK(answer.status == 400);
    CHECK(answer.body.find("use https") != std::string::npos);
    CHECK(client.is_closed_by_server());
    await_failure(server, "plain_http");
}

TEST_CASE("what is neither TLS nor HTTP ends the connection") {
    const Authority authority;
    HttpServer server(add_routes, {.tls = server_tls(authority.issue("server"))});
    RawHttp client(server.port());
    client.send(std::string(100, '\x7f'));
    client.receive_all();
    await_failure(server, "other");
    { RawHttp silent(server.port()); }
    await_failure(server, "closed");
}

TEST_CASE("a handshake has an absolute deadline, whatever the client sends meanwhile") {
    const Authority authority;
    ServerLimits limits;
    limits.handshake_timeout = milliseconds(100);
    limits.header_timeout = limits.idle_timeout = std::chrono::hours(1);
    HttpServer server(add_routes, {.limits = limits, .tls = server_tls(authority.issue("server"))});
    RawHttp silent(server.port());
    RawHttp slow(server.port());
    slow.send(std::string_view("\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 9));
    CHECK(slow.is_closed_by_server());
    CHECK(silent.is_closed_by_server());
    await_failure(server, "timeout", 2);
    test::eventually("both connections are closed", [&] { return server->connections() == 0; });
}

TEST_CASE("strangers in a handshake make room for others") {
    const Authority authority;
    ServerLimits limits;
    limits.connections = 2;
    HttpServer server(add_routes, {.limits = limits, .tls = server_tls(authority.issue("server"))});
    RawHttp first(server.port());
    RawHttp second(server.port());
    RawTls client(server.port(), client_tls(authority));
    REQUIRE_FALSE(client.handshake());
    client.send(hello);
    CHECK(client.receive_until("https").ends_with("hello over https"));
    CHECK(first.is_closed_by_server());
}

TEST_CASE("clients must show a certificate of the authority where one is named") {
    const Authority authority;
    const Authority other;
    HttpServer server(add_routes, {.tls = server_tls(authority.issue("server"), authority.ca_file())});
    const auto ask = [&](const CertificateFiles& own, int version) {
        RawTls client(server.port(), client_tls(authority, own));
        SSL_set_max_proto_version(client.ssl(), version);
        if (const auto ec = client.handshake()) return ec.message();
        client.send(hello);
        const auto answer = client.receive_until("https");
        return answer.empty() ? client.ending().message() : answer;
    };
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        CHECK(ask(authority.issue("client"), version).ends_with("hello over https"));
        CHECK(ask(other.issue("client"), version).find("unknown ca") != std::string::npos);
        CHECK(ask({}, version).find("alert") != std::string::npos);
    }
    await_failure(server, "client_certificate", 4);
}

TEST_CASE("a client that does not trust the server is counted as such") {
    const Authority authority;
    const Authority other;
    HttpServer server(add_routes, {.tls = server_tls(authority.issue("server"))});
    RawTls client(server.port(), client_tls(other));
    CHECK(client.handshake());
    await_failure(server, "refused_by_client");
}

TEST_CASE("HTTP/1.1 is chosen by ALPN, and a client that only speaks HTTP/2 is refused") {
    const Authority authority;
    HttpServer server(add_routes, {.tls = server_tls(authority.issue("server"))});
    const auto chosen = [&](const std::string& offered) {
        RawTls client(server.port(), client_tls(authority));
        SSL_set_alpn_protos(client.ssl(), reinterpret_cast<const unsigned char*>(offered.data()),
                            static_cast<unsigned>(offered.size()));
        if (const auto ec = client.handshake()) return ec.message();
        const unsigned char* name = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(client.ssl(), &name, &size);
        return std::string(name, name + size);
    };
    CHECK(chosen("\x02h2\x08http/1.1") == "http/1.1");
    CHECK(chosen("\x02h2").find("no application protocol") != std::string::npos);
    await_failure(server, "unsupported");
}

// The session of a connection that has been used, so that its ticket has come.
SSL_SESSION* used_session(HttpServer& server, const ClientTls& tls, SSL_SESSION* earlier, bool& resumed) {
    RawTls client(server.port(), tls);
    if (earlier != nullptr) SSL_set_session(client.ssl(), earlier);
    REQUIRE_FALSE(client.handshake());
    client.send(hello);
    CHECK(client.receive_until("https").ends_with("hello over https"));
    resumed = SSL_session_reused(client.ssl()) == 1;
    SSL_shutdown(client.ssl());  // otherwise the session counts as broken
    return SSL_get1_session(client.ssl());
}

TEST_CASE("sessions are resumed by tickets, where clients show certificates too, but not with a new certificate") {
    const Authority authority;
    const auto own = authority.issue("server");
    HttpServer server(add_routes, {.tls = server_tls(own, authority.ca_file())});
    const auto tls = client_tls(authority, authority.issue("client"));
    bool resumed = true;
    auto* const first = used_session(server, tls, nullptr, resumed);
    CHECK_FALSE(resumed);
    auto* const second = used_session(server, tls, first, resumed);
    CHECK(resumed);
    server->set_tls(server_tls(own, authority.ca_file()));
    auto* const third = used_session(server, tls, second, resumed);
    CHECK_FALSE(resumed);
    for (auto* session : {first, second, third}) SSL_SESSION_free(session);
}

std::string server_name(RawTls& client) {
    char name[64] = {};
    X509* const shown = SSL_get1_peer_certificate(client.ssl());
    X509_NAME_get_text_by_NID(X509_get_subject_name(shown), NID_commonName, name, sizeof name);
    X509_free(shown);
    return name;
}

TEST_CASE("a new certificate is for new connections, and old ones live on") {
    const Authority authority;
    HttpServer server(add_routes, {.tls = server_tls(authority.issue("old")), .workers = 2});
    std::vector<std::unique_ptr<RawTls>> old;
    for (int i = 0; i < 8; ++i) {
        old.push_back(std::make_unique<RawTls>(server.port(), client_tls(authority)));
        REQUIRE_FALSE(old.back()->handshake());
    }
    // While the certificate changes again and again, the old connections are used.
    std::thread changing([&] {
        for (int i = 0; i < 20; ++i) server->set_tls(server_tls(authority.issue("new")));
    });
    for (int i = 0; i < 20; ++i) {
        for (auto& client : old) {
            client->send(hello);
            CHECK(client->receive_until("https").ends_with("hello over https"));
        }
    }
    changing.join();
    CHECK(server_name(*old.front()) == "old");
    RawTls client(server.port(), client_tls(authority));
    REQUIRE_FALSE(client.handshake());
    CHECK(server_name(client) == "new");
}

TEST_CASE("the metric says when the certificate expires") {
    const Authority authority;
    const auto series = std::string("fanion_http_tls_certificate_expires_seconds{server=\"test\"}");
    HttpServer server(add_routes, {.tls = server_tls(authority.issue("server", 1000))});
    const auto now = static_cast<double>(std::time(nullptr));
    CHECK(metric(server, series) - now == Approx(1000).margin(60));
    server->set_tls(server_tls(authority.issue("server", 50'000)));
    CHECK(metric(server, series) - now == Approx(50'000).margin(60));
    HttpServer plain(add_routes);
    CHECK(std::isinf(metric(plain, series)));
}

TEST_CASE("files that cannot be used are errors that name them") {
    const Authority authority;
    const auto own = authority.issue("server");
    const auto other = authority.issue("other");
    const auto error_of = [](const ServerTlsFiles& files) {
        const auto loaded = ServerTls::load(files);
        REQUIRE_FALSE(loaded);
        return loaded.error().detail;
    };
    CHECK(error_of({{own.certificate, other.key}, ""}).find(other.key) != std::string::npos);
    CHECK(error_of({{own.key, own.key}, ""}).find(own.key + ": not a certificate") != std::string::npos);
    CHECK(error_of({{"/nonexistent/cert.pem", own.key}, ""}).find("/nonexistent/cert.pem") != std::string::npos);
    CHECK(error_of({own, own.key}).find(own.key + ": no certificates of authorities") != std::string::npos);
}

TEST_CASE("a certificate that has expired is loaded: who uses it asks for its end") {
    const Authority authority;
    const auto expired = server_tls(authority.issue("expired", -3600));
    CHECK(expired->expires_at() == Approx(std::time(nullptr) - 3600).margin(60));
    CHECK(certificate_expires_at(*client_tls(authority)) == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("what a server was made of is kept for servers of other libraries") {
    const Authority authority;
    const auto own = authority.issue("server");
    const auto pem = server_tls(own, authority.ca_file())->pem();
    CHECK(pem.certificate == read_file(own.certificate).value());
    CHECK(pem.key == read_file(own.key).value());
    CHECK(pem.client_ca == read_file(authority.ca_file()).value());
}

TEST_CASE("the client of this house speaks with the server of this house, with certificates on both sides") {
    const Authority authority;
    HttpServer server(add_routes, {.tls = server_tls(authority.issue("server"), authority.ca_file())});
    boost::asio::io_context context;
    ClientConfig config;
    config.origin = "https://localhost:" + std::to_string(server.port());
    config.tls = client_tls(authority, authority.issue("client"));
    auto client = HttpClient::make(context.get_executor(), std::move(config)).value();
    for (int i = 0; i < 3; ++i) {
        ClientRequest request;
        request.target = "/hello";
        const auto response = test::run_coroutine(context, client.send(std::move(request)));
        REQUIRE(response);
        CHECK(response->body == "hello over https");
    }
    CHECK(metric(server, "fanion_http_tls_handshakes_total{server=\"test\"}") == 1);
}

TEST_CASE("drain tells clients over TLS to close and ends idle connections with a closing alert") {
    const Authority authority;
    ServerLimits limits;
    limits.drain_grace = milliseconds(50);
    HttpServer server(add_routes, {.limits = limits, .tls = server_tls(authority.issue("server"))});
    RawTls idle(server.port(), client_tls(authority));
    REQUIRE_FALSE(idle.handshake());
    idle.send(hello);
    CHECK(idle.receive_until("https").ends_with("hello over https"));
    server->stop_accepting();
    server->drain();
    CHECK(idle.receive_all().empty());
    CHECK(idle.ending() == boost::asio::error::eof);
    CHECK(test::run_coroutine(server->join(std::chrono::hours(1))));
}

}  // namespace
