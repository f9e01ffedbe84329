#include "common/service/ports.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"
#include "tests/support/certificates.hpp"
#include "tests/unit/service/captured_log.hpp"

using namespace fanion;
using namespace fanion::service;

namespace {

std::vector<std::string> errors_of(const PortOptions& ports) {
    config::Reading out;
    validate_ports(ports, out);
    return out.errors;
}

TEST_CASE("options of TLS need each other") {
    CHECK(errors_of({}).empty());
    CHECK(errors_of({.tls = {"c", "k"}, .client_ca = "a"}).empty());
    CHECK(errors_of({.tls = {"c", "k"}, .operators_tls = true, .operators_client_ca = "a"}).empty());
    CHECK(errors_of({.tls = {"c", ""}}).size() == 1);
    CHECK(errors_of({.tls = {"", "k"}}).size() == 1);
    CHECK(errors_of({.client_ca = "a"}).size() == 1);
    CHECK(errors_of({.operators_tls = true}).size() == 1);
    CHECK(errors_of({.tls = {"c", "k"}, .operators_client_ca = "a"}).size() == 1);
}

TEST_CASE("the mode of sockets is octal") {
    PortOptions ports;
    config::Options options;
    describe_ports(options, ports);
    for (const auto& option : options.all()) {
        if (option.name() != "socket-mode") continue;
        CHECK(option.apply("600").empty());
        CHECK(ports.socket_mode == 0600);
        for (const auto* wrong : {"680", "0600", "rw-", "6"}) CHECK_FALSE(option.apply(wrong).empty());
    }
}

TEST_CASE("each port has the certificate, and authorities of its own") {
    const test::Authority authority;
    PortOptions ports{.tls = authority.issue("server")};
    CHECK(load_tls(ports)->listen);
    CHECK_FALSE(load_tls(ports)->operators);
    ports.operators_tls = true;
    CHECK(load_tls(ports)->operators);
    ports.operators_client_ca = "/nonexistent/ca.pem";
    const auto loaded = load_tls(ports);
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().detail.find("/nonexistent/ca.pem") != std::string::npos);
    const auto plain = load_tls({});
    CHECK_FALSE(plain->listen);
}

TEST_CASE("a certificate that has expired is used where there is nothing better, and the log says so") {
    const test::Authority authority;
    test::CapturedLog log;
    const auto load = [&](const std::string& name, long seconds) {
        const auto files = authority.issue(name, seconds);
        return std::pair{PortOptions{.tls = files}, load_tls({.tls = files}).value()};
    };
    const auto [options, valid] = load("valid", 3600);
    const auto [expired_options, expired] = load("expired", -60);
    const auto [older_options, older] = load("older", -3600);
    CHECK(check_expiry(valid, {}, options, log.log()));
    CHECK(check_expiry(valid, expired, options, log.log()));
    CHECK(check_expiry({}, {}, {}, log.log()));
    CHECK_FALSE(log.has("certificate_expired"));
    CHECK(check_expiry(expired, {}, expired_options, log.log()));  // at a start
    CHECK(log.has("certificate_expired"));
    CHECK(log.has(expired_options.tls.certificate));
    CHECK(check_expiry(expired, expired, expired_options, log.log()));  // SIGHUP for another reason
    CHECK(check_expiry(expired, older, expired_options, log.log()));
    const auto refused = check_expiry(expired, valid, expired_options, log.log());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail == expired_options.tls.certificate + ": the certificate has expired");
    CHECK_FALSE(check_expiry(older, expired, older_options, log.log()));
}

TEST_CASE("a reload changes files, but neither begins TLS nor ends it") {
    const PortOptions with{.tls = {"c", "k"}, .operators_tls = true};
    const auto next =
        reread(with, {.tls = {"c2", "k2"}, .client_ca = "a", .operators_client_ca = "b", .socket_mode = 0777});
    REQUIRE(next);
    CHECK(tls_files(*next) == std::vector<std::string>{"c2", "k2", "a", "b"});
    CHECK(next->operators_tls);
    CHECK(next->socket_mode == 0660);
    CHECK_FALSE(reread(with, {}));
    CHECK_FALSE(reread({}, with));
}

}  // namespace
