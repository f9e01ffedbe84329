// A report that upstream did not accept is replaced by a new one; on_reported is called for the accepted one.

#include "relay/upstream/status_reporter.hpp"

#include <catch2/catch.hpp>
#include <cstdio>
#include <memory>

#include "tests/support/catch_result.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/run_coroutine.hpp"

using namespace fanion;
using namespace fanion::relay::upstream;

namespace {

ReportTimes without_pauses() {
    ReportTimes times;
    times.coalesce = std::chrono::milliseconds(0);
    times.interval = std::chrono::milliseconds(1);
    times.pause_after_failure = std::chrono::milliseconds(0);
    return times;
}

}  // namespace

TEST_CASE("a report counts as sent only after a 2xx answer") {
    std::atomic<unsigned> asked{0};
    test::HttpServer server([&](net::Router& router) {
        router.sync(net::Method::post, "/relay/v1/status",
                    [&](net::Request&, net::Response& response) { response.status = asked++ == 0 ? 503 : 204; });
    });
    boost::asio::io_context context;
    UpstreamConfig config;
    config.origins = {server.origin()};
    auto upstreams = Upstreams::make(context.get_executor(), config, "fan_rly_key").value();
    telemetry::Registry registry;
    UpstreamMetrics metrics;
    unsigned made = 0;
    std::vector<std::string> accepted;
    StatusSource source;
    source.make = [&] {
        wire::RelayStatus status;
        status.relay = "r" + std::to_string(++made);
        return status;
    };
    source.on_reported = [&](const wire::RelayStatus& status) { accepted.push_back(status.relay); };
    const Log log{-1};
    StatusReporter reporter(context.get_executor(), upstreams, source, metrics, log, without_pauses());
    boost::asio::co_spawn(context, reporter.run(), [](std::exception_ptr) {});
    test::run_until(context, [&] { return !accepted.empty(); });
    CHECK(metrics.reports_failed.value() == 1);
    CHECK(accepted.front() == "r2");
}

TEST_CASE("a report that is refused is logged once, with the reason") {
    std::atomic<unsigned> asked{0};
    test::HttpServer server([&](net::Router& router) {
        router.sync(net::Method::post, "/relay/v1/status", [&](net::Request&, net::Response& response) {
            response.status = asked++ < 3 ? 422 : 204;
            if (response.status == 422) response.body = R"({"detail":"the relay above has the same id"})";
        });
    });
    boost::asio::io_context context;
    UpstreamConfig config;
    config.origins = {server.origin()};
    auto upstreams = Upstreams::make(context.get_executor(), config, "fan_rly_key").value();
    telemetry::Registry registry;
    UpstreamMetrics metrics;
    bool is_accepted = false;
    StatusSource source;
    source.make = [] { return wire::RelayStatus(); };
    source.on_reported = [&](const wire::RelayStatus&) { is_accepted = true; };
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
    const Log log{::fileno(file.get())};
    StatusReporter reporter(context.get_executor(), upstreams, source, metrics, log, without_pauses());
    boost::asio::co_spawn(context, reporter.run(), [](std::exception_ptr) {});
    test::run_until(context, [&] { return is_accepted; });
    CHECK(metrics.reports_failed.value() == 3);
    std::string text(4096, '\0');
    std::rewind(file.get());
    text.resize(std::fread(text.data(), 1, text.size(), file.get()));
    const auto at = text.find("status_report_refused");
    REQUIRE(at != std::string::npos);
    CHECK(text.find("status_report_refused", at + 1) == std::string::npos);
    CHECK(text.find(R"("status":422,"detail":"the relay above has the same id")") != std::string::npos);
}
