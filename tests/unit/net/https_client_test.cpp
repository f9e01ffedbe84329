#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <cstdio>
#include <thread>

#include "common/net/http_client.hpp"
#include "common/net/tls.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace fanion;
using namespace fanion::net;
using test::run_coroutine;
namespace asio = boost::asio;

// A certificate signed by itself, for one host name, in files of a directory of its own.
class Certificate {
public:
    explicit Certificate(const std::string& host) {
        EVP_PKEY* key = EVP_EC_gen("P-256");
        X509* x509 = X509_new();
        ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
        X509_set_version(x509, 2);
        X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
        X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
        X509_set_pubkey(x509, key);
        auto* name = X509_get_subject_name(x509);
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
        X509_set_issuer_name(x509, name);
        auto* alternative = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + host).c_str());
        X509_add_ext(x509, alternative, -1);
        X509_EXTENSION_free(alternative);
        X509_sign(x509, key, EVP_sha256());
        write(certificate_file(), [&](FILE* file) { PEM_write_X509(file, x509); });
        write(key_file(), [&](FILE* file) { PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr); });
        X509_free(x509);
        EVP_PKEY_free(key);
    }

    std::string certificate_file() const { return directory_ / "certificate.pem"; }
    std::string key_file() const { return directory_ / "key.pem"; }

private:
    template <class Print>
    static void write(const std::string& path, Print print) {
        FILE* file = std::fopen(path.c_str(), "w");
        print(file);
        std::fclose(file);
    }

    test::TemporaryDirectory directory_;
};

// Serves so many connections over TLS, one after another: any number of requests, each answered with the name the client
// asked for.
class TlsServer {
public:
    explicit TlsServer(const Certificate& certificate, int connections = 1)
        : tls_(asio::ssl::context::tls_server), acceptor_(context_, {asio::ip::address_v4::loopback(), 0}) {
        tls_.use_certificate_file(certificate.certificate_file(), asio::ssl::context::pem);
        tls_.use_private_key_file(certificate.key_file(), asio::ssl::context::pem);
        thread_ = std::thread([this, connections] {
            for (int i = 0; i < connections; ++i) run();
        });
    }
    ~TlsServer() { thread_.join(); }
    std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }

private:
    void run() {
        boost::system::error_code ec;
        asio::ssl::stream<asio::ip::tcp::socket> stream(context_, tls_);
        acceptor_.accept(stream.next_layer(), ec);
        stream.handshake(asio::ssl::stream_base::server, ec);
        std::string received;
        while (!ec) {
            const auto count = asio::read_until(stream, asio::dynamic_buffer(received), "\r\n\r\n", ec);
            if (ec) break;
            received.erase(0, count);
            const auto* name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name);
            const std::string body = name ? name : "no name";
            const auto answer = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
            asio::write(stream, asio::buffer(answer), ec);
        }
    }

    asio::io_context context_;
    asio::ssl::context tls_;
    asio::ip::tcp::acceptor acceptor_;
    std::thread thread_;
};

Result<ClientResponse> send(const std::string& origin, const std::string& ca_file, int times = 1) {
    asio::io_context context;
    ClientConfig config;
    config.origin = origin;
    config.ca_file = ca_file;
    auto client = HttpClient::make(context.get_executor(), std::move(config));
    if (!client) return client.error();
    Result<ClientResponse> response = Error{};
    for (int i = 0; i < times; ++i) {
        ClientRequest request;
        request.target = "/";
        response = run_coroutine(context, client->send(std::move(request)));
    }
    return response;
}

TEST_CASE("https is spoken with a server whose certificate is trusted, on one kept connection") {
    const Certificate certificate("localhost");
    TlsServer server(certificate);
    const auto response = send("https://localhost:" + server.port(), certificate.certificate_file(), 3);
    REQUIRE(response);
    CHECK(response->body == "localhost");
}

TEST_CASE("a certificate for another name is refused") {
    const Certificate certificate("elsewhere.example");
    TlsServer server(certificate);
    const auto response = send("https://localhost:" + server.port(), certificate.certificate_file());
    REQUIRE_FALSE(response);
    CHECK(response.error().code == Errc::network);
    CHECK(response.error().detail.find("certificate") != std::string::npos);
}

TEST_CASE("a certificate that nobody vouches for is refused") {
    const Certificate certificate("localhost");
    const Certificate other("localhost");
    TlsServer server(certificate);
    const auto response = send("https://localhost:" + server.port(), other.certificate_file());
    REQUIRE_FALSE(response);
    CHECK(response.error().detail.find("is not trusted") != std::string::npos);
}

TEST_CASE("authorities may be changed") {
    const Certificate certificate("localhost");
    const Certificate other("localhost");
    TlsServer server(certificate, 3);
    asio::io_context context;
    ClientConfig config;
    config.origin = "https://localhost:" + server.port();
    config.ca_file = other.certificate_file();
    auto client = HttpClient::make(context.get_executor(), std::move(config)).value();
    const auto ask = [&] {
        ClientRequest request;
        request.target = "/";
        return run_coroutine(context, client.send(std::move(request)));
    };
    CHECK_FALSE(ask());
    client.set_tls(make_client_tls(certificate.certificate_file()).value());
    CHECK(ask());
    CHECK(ask());  // on the kept connection
    client.set_tls(make_client_tls(other.certificate_file()).value());
    CHECK_FALSE(ask());
}

TEST_CASE("a file of certificates that is not there is an error at once") {
    const auto response = send("https://localhost:1", "/nonexistent/ca.pem");
    REQUIRE_FALSE(response);
    CHECK(response.error().code == Errc::unavailable);
    CHECK(response.error().detail.find("/nonexistent/ca.pem") != std::string::npos);
}

}  // namespace
