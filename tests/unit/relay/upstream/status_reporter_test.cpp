// A report that upstream did not accept is replaced by a new one; on_reported is called for the accepted one.

#include "relay/upstream/status_reporter.hpp"

#include <catch2/catch.hpp>

#include "tests/support/catch_result.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/run_coroutine.hpp"

using namespace fanion;
using namespace fanion::relay::upstream;

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
    ReportTimes times;
    times.coalesce = std::chrono::milliseconds(0);
    times.interval = std::chrono::milliseconds(1);
    times.pause_after_failure = std::chrono::milliseconds(0);
    StatusReporter reporter(context.get_executor(), upstreams, source, metrics, times);
    boost::asio::co_spawn(context, reporter.run(), [](std::exception_ptr) {});
    test::run_until(context, [&] { return !accepted.empty(); });
    CHECK(metrics.reports_failed.value() == 1);
    CHECK(accepted.front() == "r2");
}
