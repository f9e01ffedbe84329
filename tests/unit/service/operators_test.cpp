#include "common/service/operators.hpp"

#include <catch2/catch.hpp>

#include "common/service/version.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/raw_http.hpp"
#include "tests/unit/service/captured_log.hpp"

using namespace fanion;
using namespace fanion::service;

namespace {

// A service whose only part is its operators' port.
class OperatorsRig {
public:
    OperatorsRig() {
        const OperatorsPage page{
            .program = "example",
            .health = health,
            .metrics = metrics_,
            .not_ready_reason = [this] { return own_reason; },
            .write_status = [](json::Writer& w) { w.member("extra", 1); },
            .add_routes =
                [](net::Router& router) {
                    router.sync(net::Method::get, "/debug/x", [](net::Request&, net::Response& r) { r.body = "x"; });
                },
        };
        auto server = listen_operators(workers_, {config::Endpoint{"127.0.0.1", 0}, {}, nullptr}, page, log_.log());
        REQUIRE(server);
        server_ = std::move(*server);
        workers_.start();
    }
    ~OperatorsRig() {
        workers_.stop();
        workers_.join();
    }

    test::RawAnswer get(const std::string& path) const {
        test::RawHttp client(server_->port());
        client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
        return client.receive();
    }

    // Set before a request is sent; the answer comes after it was read.
    Health health;
    std::string own_reason;

private:
    test::CapturedLog log_;
    telemetry::Registry metrics_;
    net::Workers workers_{1};
    std::unique_ptr<net::Server> server_;
};

}  // namespace

TEST_CASE("readiness follows start, stop and the service's reason, under both names") {
    OperatorsRig rig;
    for (const std::string path : {"/readyz", "/healthz"}) {
        CAPTURE(path);
        rig.health.started = false;
        CHECK(rig.get(path).body == R"({"status":"unavailable","reason":"starting"})");
        rig.health.started = true;
        const auto ready = rig.get(path);
        CHECK(ready.status == 200);
        CHECK(ready.header("Content-Type") == "application/json");
        CHECK(ready.body == R"({"status":"ok"})");
        rig.own_reason = "environment e_2 has no data";
        const auto not_ready = rig.get(path);
        CHECK(not_ready.status == 503);
        CHECK(not_ready.body == R"({"status":"unavailable","reason":"environment e_2 has no data"})");
        rig.own_reason.clear();
    }
    rig.health.stopping = true;
    CHECK(rig.get("/readyz").body == R"({"status":"unavailable","reason":"stopping"})");
}

TEST_CASE("a process is alive whatever its readiness, and started once") {
    OperatorsRig rig;
    CHECK(rig.get("/livez").body == R"({"status":"ok"})");
    CHECK(rig.get("/startupz").body == R"({"status":"unavailable","reason":"starting"})");
    rig.health.started = true;
    rig.health.stopping = true;
    CHECK(rig.get("/livez").status == 200);
    CHECK(rig.get("/startupz").status == 200);
}

TEST_CASE("the status has the service's members behind what all have in common") {
    OperatorsRig rig;
    CHECK(rig.get("/status").body == std::string(R"({"program":"example","version":")") + version_text +
                                         R"(","ready":false,"not_ready_because":"starting","extra":1})");
    rig.health.started = true;
    CHECK(rig.get("/status").body.find(R"("ready":true,"not_ready_because":"")") != std::string::npos);
}

TEST_CASE("the port exports the build and its own requests, and serves the service's routes") {
    OperatorsRig rig;
    const auto metrics = rig.get("/metrics");
    CHECK(metrics.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(metrics.body.find(std::string("fanion_build_info{version=\"") + version_text + "\"} 1") != std::string::npos);
    CHECK(metrics.body.find("server=\"operators\"") != std::string::npos);
    CHECK(rig.get("/debug/x").body == "x");
    CHECK(rig.get("/nowhere").status == 404);
}

TEST_CASE("a metric says whether the service is ready") {
    OperatorsRig rig;
    CHECK(rig.get("/metrics").body.find("\nfanion_ready 0\n") != std::string::npos);
    rig.health.started = true;
    CHECK(rig.get("/metrics").body.find("\nfanion_ready 1\n") != std::string::npos);
    rig.health.stopping = true;
    CHECK(rig.get("/metrics").body.find("\nfanion_ready 0\n") != std::string::npos);
}

TEST_CASE("an address that cannot be bound is an error") {
    const test::CapturedLog log;
    net::Workers workers(1);
    Health health;
    telemetry::Registry metrics;
    const OperatorsPage page{.program = "example",
                             .health = health,
                             .metrics = metrics,
                             .not_ready_reason = [] { return std::string(); },
                             .write_status = [](json::Writer&) {}};
    const auto server = listen_operators(workers, {config::Endpoint{"nowhere", 0}, {}, nullptr}, page, log.log());
    REQUIRE_FALSE(server);
    CHECK(server.error().code == Errc::invalid_input);
}
