#include "common/service/trace_exporter.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>
#include <mutex>

#include "tests/support/http_server.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/unit/service/captured_log.hpp"

using namespace fanion;
using namespace fanion::service;
using telemetry::SpanKind;
using telemetry::TraceSampler;
using namespace std::chrono_literals;

namespace {

struct Reply {
    unsigned status = 200;
    std::string body = "{}";
    std::string retry_after = "";
};

// Answers in turn with `replies`, and then with 200.
class Receiver {
public:
    explicit Receiver(std::vector<Reply> replies = {})
        : replies_(std::move(replies)), server_([this](net::Router& router) {
              router.sync(net::Method::post, "/base/v1/traces",
                          [this](net::Request& q, net::Response& r) { handle(q, r); });
          }) {}

    std::string origin() const { return server_.origin() + "/base"; }
    std::vector<std::string> bodies() const {
        const std::lock_guard lock(mutex_);
        return bodies_;
    }
    std::string header() const {
        const std::lock_guard lock(mutex_);
        return header_;
    }

private:
    void handle(const net::Request& request, net::Response& response) {
        const std::lock_guard lock(mutex_);
        const auto number = bodies_.size();
        bodies_.emplace_back(request.body);
        header_ = std::string(request.header("Content-Type")) + ' ' + std::string(request.header("x-key"));
        const auto reply = number < replies_.size() ? replies_[number] : Reply();
        response.status = reply.status;
        response.body = reply.body;
        if (!reply.retry_after.empty()) response.set("Retry-After", reply.retry_after);
    }

    std::vector<Reply> replies_;
    mutable std::mutex mutex_;
    std::vector<std::string> bodies_;
    std::string header_;
    test::HttpServer server_;
};

struct ExporterRig {
    explicit ExporterRig(std::string origin, TraceExporterConfig config = {}) {
        config.origin = std::move(origin);
        config.headers = {{"x-key", "k"}};
        config.batch = 4;
        exporter = TraceExporter::make(context.get_executor(), std::move(config), tracer, log.log()).value();
        tracer.on_batch([this] { exporter->wake(); });
    }

    void start() { boost::asio::co_spawn(context, exporter->run(), boost::asio::detached); }
    void record(int count) {
        for (int i = 0; i < count; ++i)
            tracer.open(tracer.admit("", TraceSampler(1)), "span-" + std::to_string(i), SpanKind::internal);
    }
    void finish(std::chrono::milliseconds limit = 60s) { test::run_coroutine(context, exporter->finish(limit)); }
    const telemetry::TraceMetrics& counts() const { return tracer.metrics(); }

    test::CapturedLog log;
    boost::asio::io_context context;
    telemetry::Tracer tracer{10, 4};
    std::unique_ptr<TraceExporter> exporter;
};

std::size_t spans_in(const std::string& body) {
    std::size_t count = 0;
    for (auto at = body.find("\"spanId\""); at != std::string::npos; at = body.find("\"spanId\"", at + 1)) ++count;
    return count;
}

}  // namespace

TEST_CASE("a full batch is sent at once, and the rest at the stop") {
    Receiver receiver;
    TraceExporterConfig slow;
    slow.interval = 1h;
    ExporterRig rig(receiver.origin(), slow);
    rig.start();
    rig.context.poll();
    rig.record(4);
    test::run_until(rig.context, [&] { return rig.counts().exported.value() == 4; });
    rig.record(2);
    rig.finish();
    CHECK(rig.counts().exported.value() == 6);
    const auto bodies = receiver.bodies();
    REQUIRE(bodies.size() == 2);
    CHECK(spans_in(bodies[0]) == 4);
    CHECK(spans_in(bodies[1]) == 2);
    CHECK(receiver.header() == "application/json k");
}

TEST_CASE("what waits is sent after a time") {
    Receiver receiver;
    TraceExporterConfig quick;
    quick.interval = 1ms;
    ExporterRig rig(receiver.origin(), quick);
    rig.start();
    rig.record(1);
    test::run_until(rig.context, [&] { return rig.counts().exported.value() == 1; });
    rig.finish();
}

TEST_CASE("an overloaded receiver gets the same batch again, and both changes are logged once") {
    Receiver receiver({{503}, {429, "", "0"}});
    TraceExporterConfig quick;
    quick.interval = 1ms;
    ExporterRig rig(receiver.origin(), quick);
    rig.start();
    rig.record(3);
    test::run_until(rig.context, [&] { return rig.counts().exported.value() == 3; });
    rig.finish();
    const auto bodies = receiver.bodies();
    REQUIRE(bodies.size() == 3);
    CHECK(bodies[0] == bodies[2]);
    const auto text = rig.log.text();
    CHECK(text.find("trace_export_failed") != std::string::npos);
    CHECK(text.find("trace_export_failed") == text.rfind("trace_export_failed"));
    CHECK(text.find("trace_export_recovered") != std::string::npos);
}

TEST_CASE("what the receiver refuses is counted, in whole and in part") {
    Receiver receiver({{400},
                       {200, R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"no"}})"},
                       {200, R"({"partialSuccess":{"rejectedSpans":1}})"},
                       {200, "not JSON"}});
    ExporterRig rig(receiver.origin());
    rig.record(2);
    rig.exporter->wake();
    rig.start();
    for (const std::uint64_t sent : {2u, 6u, 10u, 14u}) {
        if (sent > 2) rig.record(4);
        test::run_until(rig.context,
                        [&] { return rig.counts().exported.value() + rig.counts().rejected.value() == sent; });
    }
    rig.finish();
    CHECK(rig.counts().rejected.value() == 2 + 3 + 1);
    CHECK(rig.counts().exported.value() == 1 + 3 + 4);
}

TEST_CASE("a stop does not wait for a receiver that is gone, and counts what is lost") {
    std::string origin;
    {
        Receiver gone;
        origin = gone.origin();
    }
    TraceExporterConfig quick;
    quick.interval = 1ms;
    ExporterRig rig(origin, quick);
    rig.start();
    rig.record(9);
    test::run_until(rig.context, [&] { return rig.log.has("trace_export_failed"); });
    rig.record(9);
    rig.finish();
    CHECK(rig.counts().failed.value() + rig.counts().queue_full.value() == 18);
    CHECK(rig.counts().exported.value() == 0);
}

TEST_CASE("an exporter that was never started has nothing to wait for") {
    ExporterRig rig("http://127.0.0.1:1");
    rig.record(2);
    rig.finish();
    CHECK(rig.counts().failed.value() == 2);
}
