#include "common/service/health_check.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "common/service/operators.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/certificates.hpp"
#include "tests/unit/service/captured_log.hpp"

using namespace fanion;
using namespace fanion::service;

namespace {

// An operators' port that is ready, or says why it is not.
class AskedService {
public:
    explicit AskedService(config::Endpoint endpoint = {"127.0.0.1", 0}, PortOptions ports = {})
        : endpoint_(std::move(endpoint)), options_(std::move(ports)) {
        health.started = true;
        const OperatorsPage page{
            .program = "example",
            .health = health,
            .metrics = metrics_,
            .not_ready_reason = [this] { return reason; },
            .write_status = [](json::Writer&) {},
        };
        const auto tls = load_tls(options_);
        REQUIRE(tls);
        auto server = listen_operators(workers_, {endpoint_, options_, tls->operators}, page, log_.log());
        REQUIRE(server);
        server_ = std::move(*server);
        if (endpoint_.path.empty()) endpoint_.port = server_->port();
        workers_.start();
    }
    ~AskedService() {
        workers_.stop();
        workers_.join();
    }

    HealthCheck question(bool live = false) const { return {endpoint_, options_, live}; }
    HealthCheck question_to(const config::Endpoint& endpoint) const { return {endpoint, options_}; }
    std::uint16_t port() const { return endpoint_.port; }

    // Set before the question is put.
    Health health;
    std::string reason;

private:
    config::Endpoint endpoint_;
    PortOptions options_;
    test::CapturedLog log_;
    telemetry::Registry metrics_;
    net::Workers workers_{1};
    std::unique_ptr<net::Server> server_;
};

std::string answer_of(const HealthCheck& check) {
    const auto healthy = check_health(check);
    return healthy ? "" : describe(healthy.error());
}

std::vector<std::string> mistakes_of(const config::Endpoint& endpoint, const PortOptions& ports) {
    config::Reading out;
    validate_health_check({endpoint, ports}, out);
    return out.errors;
}

TEST_CASE("the health check says what the operators' port says, and why") {
    AskedService service;
    CHECK(answer_of(service.question()).empty());
    CHECK(run_health_check(service.question(), "example") == 0);
    service.reason = "no environment has data yet";
    CHECK(answer_of(service.question()) == "not ready: no environment has data yet");
    CHECK(run_health_check(service.question(), "example") == 1);
    CHECK(answer_of(service.question(true)).empty());
    service.health.stopping = true;
    CHECK(answer_of(service.question()) == "not ready: stopping");
}

TEST_CASE("a program that listens on all addresses is asked on the loopback one") {
    const AskedService service({"0.0.0.0", 0});
    CHECK(answer_of(service.question()).empty());
    const AskedService both({"::", 0});
    CHECK(answer_of(both.question()).empty());
}

TEST_CASE("the health check asks a Unix socket") {
    const test::TemporaryDirectory directory;
    const AskedService service({"", 0, directory / "operators"});
    CHECK(answer_of(service.question()).empty());
    const config::Endpoint nobody{"", 0, directory / "nobody"};
    CHECK(answer_of(service.question_to(nobody)).starts_with("no answer from unix:" + nobody.path + ": "));
}

TEST_CASE("over TLS the certificate may be for any name, and is shown where one is asked for") {
    const test::Authority authority;
    PortOptions ports{.tls = authority.issue("somewhere else"), .operators_tls = true};
    CHECK(answer_of(AskedService({"127.0.0.1", 0}, ports).question()).empty());
    ports.operators_client_ca = authority.ca_file();
    CHECK(answer_of(AskedService({"127.0.0.1", 0}, ports).question()).empty());
    const test::Authority other;
    ports.operators_client_ca = other.ca_file();
    CHECK(answer_of(AskedService({"127.0.0.1", 0}, ports).question()).starts_with("no answer from 127.0.0.1:"));
}

TEST_CASE("nobody there, and somebody who never answers, are errors that name the address") {
    config::Endpoint gone{"127.0.0.1", 0};
    {
        const AskedService service;
        gone.port = service.port();
    }
    const PortOptions plain;
    const auto refused = check_health({gone, plain});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::network);
    CHECK(refused.error().detail.starts_with("no answer from 127.0.0.1:" + std::to_string(gone.port) + ": "));

    boost::asio::io_context context;  // which accepts nothing
    const boost::asio::ip::tcp::acceptor silent(context, {boost::asio::ip::make_address("127.0.0.1"), 0});
    const config::Endpoint mute{"127.0.0.1", silent.local_endpoint().port()};
    const auto late = check_health({mute, plain, false, std::chrono::milliseconds(50)});
    REQUIRE_FALSE(late);
    CHECK(late.error().code == Errc::timed_out);
}

TEST_CASE("a proxy of the environment is not asked") {
    REQUIRE(::setenv("http_proxy", "http://127.0.0.1:1", 1) == 0);
    const AskedService service;
    CHECK(answer_of(service.question()).empty());
    ::unsetenv("http_proxy");
}

TEST_CASE("the question needs a port, and the port's options each other") {
    CHECK(mistakes_of({"127.0.0.1", 9090}, {}).empty());
    CHECK(mistakes_of({"", 0, "/run/fanion/operators"}, {}).empty());
    CHECK(mistakes_of({"127.0.0.1", 0}, {}).size() == 1);
    CHECK(mistakes_of({"127.0.0.1", 9090}, {.operators_tls = true}).size() == 1);
}

}  // namespace
