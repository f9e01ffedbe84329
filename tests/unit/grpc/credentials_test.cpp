#include "common/grpc/credentials.hpp"

#include <catch2/catch.hpp>

#include "common/base/file.hpp"
#include "tests/support/certificates.hpp"
#include "tests/unit/grpc/byte_server.hpp"

using namespace fanion;
using namespace fanion::test;

namespace {

std::string content(const std::string& path) { return read_file(path).value(); }

Pem issue(const Authority& authority, const std::string& name) {
    const auto files = authority.issue(name);
    return {content(files.certificate), content(files.key)};
}

std::shared_ptr<::grpc::Channel> tls_channel(const ByteServer& server, const Authority& trusted, const Pem& own = {}) {
    ::grpc::SslCredentialsOptions options{content(trusted.ca_file()), own.key, own.certificate};
    return channel_to("ipv4:127.0.0.1:" + std::to_string(server.port()), ::grpc::SslCredentials(options));
}

bool answers(const ByteServer& server, const Authority& trusted, const Pem& own = {}) {
    return echo(tls_channel(server, trusted, own)).ok();
}

TEST_CASE("new connections have the new certificate, and open ones live on") {
    const Authority first;
    const Authority second;
    ByteServer server(issue(first, "server"));
    const auto open = tls_channel(server, first);
    REQUIRE(echo(open).ok());
    CHECK_FALSE(answers(server, second));
    server.certificates.set(issue(second, "server"));
    CHECK(answers(server, second));
    CHECK_FALSE(answers(server, first));
    CHECK(echo(open).ok());
}

TEST_CASE("clients need a certificate of an authority, which a change of the certificate may change") {
    const Authority authority;
    const Authority other;
    auto pem = issue(authority, "server");
    pem.client_ca = content(authority.ca_file());
    ByteServer server(pem);
    CHECK(answers(server, authority, issue(authority, "client")));
    CHECK_FALSE(answers(server, authority, issue(other, "client")));
    CHECK_FALSE(answers(server, authority));
    pem.client_ca = content(other.ca_file());
    server.certificates.set(pem);
    CHECK(answers(server, authority, issue(other, "client")));
    CHECK_FALSE(answers(server, authority, issue(authority, "client")));
}

TEST_CASE("a client without TLS is not served where there is TLS") {
    const Authority authority;
    const ByteServer server(issue(authority, "server"));
    const auto plain =
        channel_to("ipv4:127.0.0.1:" + std::to_string(server.port()), ::grpc::InsecureChannelCredentials());
    CHECK(echo(plain).error_code() == ::grpc::StatusCode::UNAVAILABLE);
    CHECK(answers(server, authority));
}

}  // namespace
