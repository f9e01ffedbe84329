// Each kind of store, against the real server where there is one in the distribution.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "common/store/document_reader.hpp"
#include "common/store/object_store.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/scripted_proxy.hpp"
#include "tests/support/signed_environment.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::store;

namespace {

std::uint16_t free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(fd, generic, length) != 0 || ::getsockname(fd, generic, &length) != 0)
        throw std::runtime_error("no free port");
    ::close(fd);
    return ntohs(address.sin_port);
}

// A Redis with a password, with TLS or without.
class Redis {
public:
    explicit Redis(bool tls) : tls_(tls), port_(free_port()) {
        const auto port = std::to_string(port_);
        std::vector<std::string> arguments{"/usr/bin/redis-server", "--bind",        "127.0.0.1", "--save", "", "--dir",
                                           folder_.path(),          "--requirepass", "geheim"};
        if (tls) make_certificate();
        const std::vector<std::string> plain{"--port", port};
        const std::vector<std::string> secure{"--port",
                                              "0",
                                              "--tls-port",
                                              port,
                                              "--tls-auth-clients",
                                              "no",
                                              "--tls-cert-file",
                                              ca_file(),
                                              "--tls-key-file",
                                              folder_ / "key.pem",
                                              "--tls-ca-cert-file",
                                              ca_file()};
        std::ranges::copy(tls ? secure : plain, std::back_inserter(arguments));
        child_ = test::start_child(arguments, folder_ / "log");
        const auto location = parse_location(url()).value();
        test::eventually("Redis answers",
                         [&] { return make_object_store(location, access()).value()->list().has_value(); });
    }
    ~Redis() {
        ::kill(child_, SIGKILL);
        test::wait_for_exit(child_, std::chrono::seconds(10));
    }
    Redis(const Redis&) = delete;

    std::string url() const {
        return (tls_ ? "rediss://127.0.0.1:" : "redis://127.0.0.1:") + std::to_string(port_) + "/2/flags";
    }
    std::string ca_file() const { return folder_ / "cert.pem"; }
    Access access(const std::string& password = "geheim") const {
        const auto file = folder_ / ("credentials-" + password);
        std::ofstream(file) << "# of the test\nFANION_REDIS_PASSWORD=" << password << "\n";
        return {.credentials_file = file, .ca_file = tls_ ? ca_file() : ""};
    }

private:
    void make_certificate() const {
        const auto command =
            "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=redis -addext "
            "subjectAltName=IP:127.0.0.1 -keyout '" +
            (folder_ / "key.pem") + "' -out '" + ca_file() + "' 2>/dev/null";
        if (std::system(command.c_str()) != 0) throw std::runtime_error("no certificate");
    }

    test::TemporaryDirectory folder_;
    bool tls_;
    std::uint16_t port_;
    pid_t child_ = 0;
};

std::vector<std::string> sorted_names(ObjectStore& store) {
    auto names = store.list().value();
    std::ranges::sort(names);
    return names;
}

// What every store promises.
void check_store(const Location& location, const Access& access) {
    const auto store = make_object_store(location, access).value();
    CHECK(store->get("trust/1.trust", 10).error().code == Errc::not_found);
    REQUIRE(store->put("trust/1.trust", "one"));
    const std::string large(3u << 20, 'x');
    REQUIRE(store->put("env/e_1/7.1.ruleset", large + '\0' + "\r\n"));
    REQUIRE(store->put("trust/1.trust", "two"));
    CHECK(store->get("trust/1.trust", 3).value() == "two");
    CHECK(store->get("trust/1.trust", 2).error().code == Errc::too_large);
    CHECK(store->get("env/e_1/7.1.ruleset", 4u << 20).value() == large + '\0' + "\r\n");
    CHECK(store->get("env/e_1/7.1.ruleset", 1000).error().code == Errc::too_large);
    CHECK(sorted_names(*store) == std::vector<std::string>{"env/e_1/7.1.ruleset", "trust/1.trust"});
    REQUIRE(store->remove("env/e_1/7.1.ruleset"));
    REQUIRE(store->remove("env/e_1/7.1.ruleset"));
    CHECK(sorted_names(*store) == std::vector<std::string>{"trust/1.trust"});
}

std::vector<std::string> read_all(const std::string& place, const Access& access = {}, std::size_t limit = 1u << 20) {
    const auto reader = open_documents(parse_location(place).value(), access, {.most_bytes = limit});
    std::vector<std::string> documents;
    while (auto document = (*reader)->next().value()) documents.push_back(std::move(*document));
    return documents;
}

}  // namespace

TEST_CASE("a folder holds objects") {
    const test::TemporaryDirectory folder;
    check_store(parse_location(folder.path()).value(), {});
}

TEST_CASE("a Redis holds objects, with TLS and without") {
    for (const bool tls : {false, true}) {
        const Redis redis(tls);
        const auto location = parse_location(redis.url()).value();
        check_store(location, redis.access());
        const auto stranger = make_object_store(location, redis.access("falsch")).value();
        CHECK(stranger->list().error().code == Errc::forbidden);
        auto unknown_authority = redis.access();
        unknown_authority.ca_file.clear();
        if (tls) CHECK(make_object_store(location, unknown_authority).value()->list().error().code == Errc::network);
    }
}

TEST_CASE("documents are read from a Redis, the newest snapshot first") {
    const Redis redis(false);
    const auto store = make_object_store(parse_location(redis.url()).value(), redis.access()).value();
    REQUIRE(store->put("trust/2.trust", "t2"));
    REQUIRE(store->put("env/e_1/7.1.ruleset", "old"));
    REQUIRE(store->put("env/e_1/7.10.ruleset", "new"));
    CHECK(read_all(redis.url(), redis.access()) == std::vector<std::string>{"t2", "new", "old"});
}

TEST_CASE("a bundle is read from a URL, and a body without an end is left") {
    test::SignedEnvironment environment("e_1");
    const auto trust = environment.trust();
    const auto ruleset = environment.commit();
    const test::HttpServer server([&](net::Router& router) {
        router.sync(net::Method::get, "/bundle",
                    [&](net::Request&, net::Response& response) { response.body = trust + ruleset; });
        router.sync(net::Method::get, "/endless",
                    [](net::Request&, net::Response& response) { response.body = "{" + std::string(2u << 20, 'x'); });
    });
    CHECK(read_all(server.origin() + "/bundle") == std::vector<std::string>{trust, ruleset});
    const auto endless = open_documents(parse_location(server.origin() + "/endless").value(), {}, {.most_bytes = 1000});
    CHECK((*endless)->next().error().code == Errc::too_large);
    const auto missing = open_documents(parse_location(server.origin() + "/missing").value(), {}, {});
    CHECK((*missing)->next().error().code == Errc::not_found);
}

TEST_CASE("https goes through the proxy that is given, except where it is reached directly") {
    const auto error_of = [](const std::string& place, const Access& access) {
        return (*open_documents(parse_location(place).value(), access, {}))->next().error().code;
    };
    test::ScriptedProxy proxy("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    const Access access{.proxy = proxy.url("user:p%40ss@"), .no_proxy = "127.0.0.1"};
    CHECK(error_of("https://127.0.0.1:1/bundle", access) == Errc::network);
    CHECK(error_of("https://bundles.example/bundle", access) == Errc::network);
    CHECK(proxy.request().starts_with("CONNECT bundles.example:443 HTTP/1.1\r\n"));
    CHECK(proxy.request().find("Proxy-Authorization: Basic dXNlcjpwQHNz\r\n") != std::string::npos);

    test::ScriptedProxy of_buckets("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    const auto bucket = parse_location("s3://flags?endpoint=https://s3.example").value();
    CHECK_FALSE(make_object_store(bucket, {.proxy = of_buckets.url()}).value()->list());
    CHECK(of_buckets.request().starts_with("CONNECT s3.example:443 HTTP/1.1\r\n"));
}

TEST_CASE("a program that stops does not wait for a server that says nothing") {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(fd, generic, length) == 0);
    REQUIRE(::listen(fd, 8) == 0);
    REQUIRE(::getsockname(fd, generic, &length) == 0);
    const auto port = std::to_string(ntohs(address.sin_port));
    const auto stopped = std::make_shared<std::atomic<bool>>(true);
    const Access access{.credentials_file = "", .ca_file = "", .stopped = stopped};
    for (const auto& place : {"redis://127.0.0.1:" + port, "s3://flags?endpoint=http://127.0.0.1:" + port}) {
        const auto store = make_object_store(parse_location(place).value(), access).value();
        CHECK(store->list().error().code == Errc::unavailable);
    }
    ::close(fd);
}
