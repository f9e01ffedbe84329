// The client through a proxy, which is written for this test and does what each test says.
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <thread>

#include "common/net/http_client.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/run_coroutine.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;
using boost::asio::ip::tcp;
using test::Authority;
using test::HttpServer;

// Takes one connection, reads its request, writes `answer`, and then connects both sides with the port given, if there
// is one, or waits for the client to go.
class ScriptedProxy {
public:
    ScriptedProxy(std::string answer, std::uint16_t port = 0)
        : acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}) {
        thread_ = std::thread([this, answer = std::move(answer), port] { run(answer, port); });
    }
    ~ScriptedProxy() { thread_.join(); }

    std::string url(const std::string& credentials = "") const {
        return "http://" + credentials + "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }
    // Once the client is done.
    const std::string& request() {
        if (thread_.joinable()) thread_.join();
        thread_ = std::thread([] {});
        return request_;
    }

private:
    void run(const std::string& answer, std::uint16_t port) {
        boost::system::error_code ec;
        tcp::socket client(context_);
        acceptor_.accept(client, ec);
        boost::asio::read_until(client, boost::asio::dynamic_buffer(request_), "\r\n\r\n", ec);
        tcp::socket server(context_);
        if (port != 0) server.connect({boost::asio::ip::address_v4::loopback(), port}, ec);
        boost::asio::write(client, boost::asio::buffer(answer), ec);
        if (port == 0) return drain(client);
        std::thread back([&] { copy(server, client); });
        copy(client, server);
        back.join();
    }
    static void drain(tcp::socket& from) {
        char bytes[512];
        boost::system::error_code ec;
        while (!ec) from.read_some(boost::asio::buffer(bytes), ec);
    }
    static void copy(tcp::socket& from, tcp::socket& to) {
        char bytes[4096];
        boost::system::error_code ec;
        while (!ec) {
            const auto count = from.read_some(boost::asio::buffer(bytes), ec);
            if (count > 0) boost::asio::write(to, boost::asio::buffer(bytes, count), ec);
        }
        to.shutdown(tcp::socket::shutdown_send, ec);
    }

    boost::asio::io_context context_;
    tcp::acceptor acceptor_;
    std::string request_;
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
