// The client through a proxy, which is written for this test and does what each test says.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <optional>
#include <thread>

#include "common/net/http_client.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/support/scripted_proxy.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;
using boost::asio::ip::tcp;
using test::Authority;
using test::HttpServer;
using test::ScriptedProxy;

// TLS before a proxy: takes one connection and passes on its bytes.
class TlsFront {
public:
    TlsFront(const net::CertificateFiles& files, std::uint16_t behind)
        : acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}) {
        use_certificate(tls_, files).value();
        client_.emplace(context_, tls_);
        boost::asio::co_spawn(context_, run(behind), boost::asio::detached);
        thread_ = std::thread([this] { context_.run(); });
    }
    ~TlsFront() {
        context_.stop();
        thread_.join();
    }
    std::string url(const std::string& credentials = "") const {
        return "https://" + credentials + "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }

private:
    template <class From, class To>
    static boost::asio::awaitable<void> copy(From& from, To& to, tcp::socket& one, tcp::socket& other) {
        char bytes[4096];
        try {
            for (;;) {
                const auto count =
                    co_await from.async_read_some(boost::asio::buffer(bytes), boost::asio::use_awaitable);
                co_await boost::asio::async_write(to, boost::asio::buffer(bytes, count), boost::asio::use_awaitable);
            }
        } catch (const boost::system::system_error&) {
            boost::system::error_code ec;
            one.close(ec);
            other.close(ec);
        }
    }
    boost::asio::awaitable<void> run(std::uint16_t behind) {
        try {
            co_await acceptor_.async_accept(client_->next_layer(), boost::asio::use_awaitable);
            co_await client_->async_handshake(boost::asio::ssl::stream_base::server, boost::asio::use_awaitable);
            server_.connect({boost::asio::ip::address_v4::loopback(), behind});
        } catch (const boost::system::system_error&) {
            boost::system::error_code ec;
            client_->next_layer().close(ec);
            co_return;
        }
        boost::asio::co_spawn(context_, copy(server_, *client_, server_, client_->next_layer()), boost::asio::detached);
        co_await copy(*client_, server_, server_, client_->next_layer());
    }

    boost::asio::io_context context_{1};
    boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_server};
    tcp::acceptor acceptor_;
    std::optional<boost::asio::ssl::stream<tcp::socket>> client_;  // once tls_ has its certificate
    tcp::socket server_{context_};
    std::thread thread_;
};

Result<ClientResponse> ask(const std::string& origin, const std::string& proxy, const ClientTls& tls,
                           std::chrono::milliseconds limit = std::chrono::seconds(60)) {
    boost::asio::io_context context;
    ClientConfig config;
    config.origin = origin;
    config.tls = tls;
    config.proxies = ProxySettings::parse(proxy, "").value();
    config.connect_timeout = config.request_timeout = limit;
    auto client = HttpClient::make(context.get_executor(), std::move(config)).value();
    ClientRequest request;
    request.target = "/hello";
    return test::run_coroutine(context, client.send(std::move(request)));
}

void add_tunnelled_routes(Router& router) {
    router.sync(Method::get, "/hello", [](Request&, Response& response) { response.body = "hello"; });
}

TEST_CASE("https goes through the proxy's tunnel, with the proxy's credentials for the proxy only") {
    const Authority authority;
    const auto tls = make_client_tls(authority.ca_file()).value();
    HttpServer server(add_tunnelled_routes, {.tls = ServerTls::load({authority.issue("server"), ""}).value()});
    for (const std::string answer : {"HTTP/1.1 200 Connection established\r\n\r\n", "HTTP/1.0 200 OK\r\nX: y\r\n\r\n",
                                     "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"}) {
        ScriptedProxy proxy(answer, server.port());
        const auto origin = "https://localhost:" + std::to_string(server.port());
        const auto response = ask(origin, proxy.url("user:secret@"), tls);
        REQUIRE(response);
        CHECK(response->body == "hello");
        CHECK(proxy.request().starts_with("CONNECT localhost:" + std::to_string(server.port()) + " HTTP/1.1\r\n"));
        CHECK(proxy.request().find("Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n") != std::string::npos);
    }
}

TEST_CASE("TLS to the proxy hides its credentials, and the tunnel has TLS of its own") {
    const Authority authority;
    const auto tls = make_client_tls(authority.ca_file()).value();
    HttpServer server(add_tunnelled_routes, {.tls = ServerTls::load({authority.issue("server"), ""}).value()});
    ScriptedProxy proxy("HTTP/1.1 200 Connection established\r\n\r\n", server.port());
    const TlsFront front(authority.issue("proxy"), proxy.port());
    const auto response = ask("https://localhost:" + std::to_string(server.port()), front.url("user:secret@"), tls);
    REQUIRE(response);
    CHECK(response->body == "hello");
    CHECK(proxy.request().find("Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n") != std::string::npos);
}

TEST_CASE("a proxy whose certificate is not trusted gets no credentials, and the error names it") {
    const Authority authority;
    const Authority other;
    HttpServer behind(add_tunnelled_routes);
    const TlsFront front(other.issue("proxy"), behind.port());
    const auto response =
        ask("https://control.example", front.url("user:secret@"), make_client_tls(authority.ca_file()).value());
    REQUIRE_FALSE(response);
    CHECK(response.error().detail.starts_with("the proxy 127.0.0.1:"));
    CHECK(response.error().detail.find("is not trusted") != std::string::npos);
    CHECK(response.error().detail.find("secret") == std::string::npos);
}

TEST_CASE("a proxy is looked up by itself, and not by the look-up that checks the origin") {
    const Authority authority;
    boost::asio::io_context context;
    ClientConfig config;
    config.origin = "https://control.example";
    config.tls = make_client_tls(authority.ca_file()).value();
    ScriptedProxy proxy("HTTP/1.1 403 Forbidden\r\n\r\n");
    config.proxies = ProxySettings::parse(proxy.url(), "").value();
    bool was_asked = false;
    config.resolve = [&](std::string host, std::uint16_t port, std::chrono::steady_clock::time_point deadline) {
        was_asked = true;
        return resolve(std::move(host), port, deadline);
    };
    auto client = HttpClient::make(context.get_executor(), std::move(config)).value();
    ClientRequest request;
    request.target = "/";
    const auto response = test::run_coroutine(context, client.send(std::move(request)));
    REQUIRE_FALSE(response);
    CHECK(response.error().detail.find("(status 403)") != std::string::npos);
    CHECK_FALSE(was_asked);
}

TEST_CASE("a proxy that does not open a tunnel is an error that says why") {
    const Authority authority;
    const auto tls = make_client_tls(authority.ca_file()).value();
    const auto error_of = [&](const std::string& answer) {
        ScriptedProxy proxy(answer);
        const auto response = ask("https://control.example:8443", proxy.url(), tls);
        REQUIRE_FALSE(response);
        CHECK(response.error().code == Errc::network);
        CHECK(response.error().detail.find("the proxy 127.0.0.1:") == 0);
        return response.error().detail;
    };
    CHECK(
        error_of("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
            .find("credentials (status 407)") != std::string::npos);
    CHECK(error_of("HTTP/1.1 403 Forbidden\r\n\r\n").find("control.example:8443 (status 403)") != std::string::npos);
    CHECK(error_of("SSH-2.0-OpenSSH_9.2\r\n\r\n").find("gave a bad answer") != std::string::npos);
    CHECK(error_of("HTTP/1.1 200 OK\r\n\r\nunasked").find("more than its answer") != std::string::npos);
    CHECK(error_of("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n").find("gave a bad answer") !=
          std::string::npos);
}

TEST_CASE("where nobody is at the proxy's address, the error names the proxy") {
    const auto response = ask("https://control.example", "http://127.0.0.1:1", ClientTls());
    REQUIRE_FALSE(response);
    CHECK(response.error().detail.starts_with("the proxy 127.0.0.1:1: connecting failed"));
}

TEST_CASE("a proxy that says nothing is given up in time") {
    const Authority authority;
    const auto tls = make_client_tls(authority.ca_file()).value();
    for (const std::string answer : {"", "HTTP/1.1 200 OK\r\nX: "}) {
        ScriptedProxy proxy(answer);
        const auto response = ask("https://control.example", proxy.url(), tls, std::chrono::milliseconds(100));
        REQUIRE_FALSE(response);
        CHECK(response.error().code == Errc::timed_out);
    }
}

TEST_CASE("http goes past the proxy") {
    HttpServer server(add_tunnelled_routes);
    const auto response = ask(server.origin(), "http://127.0.0.1:1", {});
    REQUIRE(response);
    CHECK(response->body == "hello");
}

}  // namespace
