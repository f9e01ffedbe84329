#include "relay/grpc/exchange.hpp"

#include <map>
#include <new>

#include "common/base/protobuf.hpp"
#include "relay/grpc/struct_codec.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/unit/relay/serve/served_relay.hpp"

using namespace fanion;
using namespace fanion::test;
using namespace fanion::relay;
using namespace fanion::relay::grpc;

namespace {

// The client's side: records what comes, and takes it if it is to.
class RecordingCall final : public Call {
public:
    void write(std::string message) override {
        if (throws) throw std::bad_alloc();
        sent.push_back(std::move(message));
        if (takes && exchange) exchange->on_written(true);
    }
    void finish(Status status) override {
        CHECK_FALSE(ended);
        ended = std::move(status);
    }
    void cut() override { was_cut = true; }

    std::vector<std::string> sent;
    std::optional<Status> ended;
    bool takes = true;
    bool throws = false;
    bool was_cut = false;
    std::shared_ptr<Exchange> exchange;
};

class GrpcRelay {
public:
    explicit GrpcRelay(std::string key_of_the_port = {})
        : worker(*relay.services, relay.context.get_executor()),
          shared{pool, FlagSets(log), std::move(key_of_the_port), log} {}
    ~GrpcRelay() { pool.join(); }

    std::shared_ptr<RecordingCall> begin(std::string_view path, std::string message = {},
                                         std::string_view key = server_key) {
        auto call = std::make_shared<RecordingCall>();
        Incoming incoming;
        while (path != methods()[incoming.method].path) ++incoming.method;
        incoming.message = std::move(message);
        if (!key.empty()) incoming.authorization = "Bearer " + std::string(key);
        incoming.traceparent = traceparent;
        call->exchange = std::make_shared<WorkerExchange>(call, std::move(incoming), worker, shared);
        call->exchange->start();
        return call;
    }
    std::shared_ptr<RecordingCall> call(std::string_view path, std::string message = {},
                                        std::string_view key = server_key) {
        auto made = begin(path, std::move(message), key);
        until_ended(*made);
        return made;
    }
    void until_ended(RecordingCall& call) {
        run_until(relay.context, [&] { return call.ended.has_value(); });
        call.exchange.reset();
    }
    void until_sent(RecordingCall& call, std::size_t count) {
        run_until(relay.context, [&] { return call.sent.size() >= count || call.ended; });
        REQUIRE(call.sent.size() == count);
    }
    Code code(std::string_view rpc, std::string message, std::string_view key = server_key) {
        return call("/flagd.evaluation.v1.Service/" + std::string(rpc), std::move(message), key)->ended->code;
    }

    std::string traceparent;  // of calls from now on
    telemetry::Tracer tracer;
    ServedRelay relay;
    Log log{-1};
    net::BlockingPool pool{1};
    Worker worker;
    Shared shared;
};

std::string request(std::string_view flag, std::string_view context = "{}") {
    json::Document document;
    REQUIRE(document.parse(context));
    return protobuf::Writer().text(1, flag).text(2, struct_of(document.root())).take();
}

std::map<unsigned, protobuf::Field> fields(std::string_view message) {
    std::map<unsigned, protobuf::Field> found;
    protobuf::Reader reader(message);
    for (protobuf::Field field; reader.next(field);) found[field.number] = field;
    return found;
}

std::string event_of(std::string_view message) {
    auto found = fields(message);
    std::string text(found[1].bytes);
    if (!found[2].bytes.empty()) REQUIRE(append_json(text, found[2].bytes));
    return text;
}

constexpr std::string_view event_stream = "/flagd.evaluation.v2.Service/EventStream";
constexpr std::string_view sync_flags = "/flagd.sync.v1.FlagSyncService/SyncFlags";

}  // namespace

TEST_CASE("a call in a trace has a span with its evaluations") {
    GrpcRelay grpc;
    grpc.relay.services->tracing = {&grpc.tracer, telemetry::TraceSampler(1)};
    grpc.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    CHECK(grpc.code("ResolveBoolean", request("basic")) == Code::ok);
    CHECK(grpc.code("ResolveBoolean", request("no-such-flag")) == Code::not_found);
    CHECK(grpc.code("ResolveAll", {}) == Code::ok);
    const auto spans = grpc.tracer.take(10);
    REQUIRE(spans.size() == 3);
    CHECK(spans[0].name == "flagd.evaluation.v1.Service/ResolveBoolean");
    CHECK(spans[0].parent == 0x00f067aa0ba902b7u);
    CHECK(spans[0].events.size() == 1);
    CHECK(telemetry::to_otlp_json({}, spans).find(R"("feature_flag.key","value":{"stringValue":"basic"})") !=
          std::string::npos);
    CHECK(spans[2].events.size() > 1);
    grpc.traceparent.back() = '0';
    CHECK(grpc.code("ResolveBoolean", request("basic")) == Code::ok);
    CHECK(grpc.tracer.queued() == 0);
}

TEST_CASE("a flag is resolved and counted as over HTTP") {
    GrpcRelay grpc;
    for (const std::string version : {"v1", "v2"}) {
        const auto call = grpc.call("/flagd.evaluation." + version + ".Service/ResolveBoolean",
                                    request("ruled", R"({"targetingKey":"u","country":"DE"})"));
        CHECK(call->ended->code == Code::ok);
        auto response = fields(call->sent.at(0));
        CHECK(response[1].value == 1);
        CHECK(response[2].bytes == "TARGETING_MATCH");
        CHECK(response[3].bytes == "on");
    }
    CHECK(grpc.relay.counted("ruled", "on", "TARGETING_MATCH") == 2);
    CHECK(grpc.relay.services->metrics.requests(serve::ServeRoute::flagd_resolve, serve::Outcome::ok) == 2);
}

TEST_CASE("each refusal has the code that flagd's clients know") {
    GrpcRelay grpc;
    CHECK(grpc.code("ResolveBoolean", request("basic")) == Code::ok);
    CHECK(grpc.code("ResolveBoolean", request("unknown")) == Code::not_found);
    CHECK(grpc.code("ResolveString", request("basic")) == Code::invalid_argument);
    CHECK(grpc.code("ResolveObject", request("text")) == Code::invalid_argument);
    CHECK(grpc.code("ResolveBoolean", request("split")) == Code::failed_precondition);
    CHECK(grpc.code("ResolveBoolean", "\xff") == Code::data_loss);
    CHECK(grpc.code("ResolveBoolean", request("basic", R"({"a":")" + std::string(65'500, 'x') + "\"}")) == Code::ok);
    const std::string two = R"({"a":")" + std::string(40'000, 'x') + R"(","b":")" + std::string(40'000, 'x') + "\"}";
    CHECK(grpc.code("ResolveBoolean", request("basic", two)) == Code::resource_exhausted);
    CHECK(grpc.code("ResolveBoolean", request("basic"), "") == Code::unauthenticated);
    CHECK(grpc.code("ResolveBoolean", request("basic"), "fan_srv_other") == Code::unauthenticated);
    CHECK(grpc.code("ResolveBoolean", request("basic"), relay_key) == Code::permission_denied);
    CHECK(grpc.code("ResolveBoolean", request("secret"), client_key) == Code::not_found);
    grpc.relay.set_synchronised(false);
    CHECK(grpc.code("ResolveBoolean", request("basic"), "fan_srv_other") == Code::unavailable);
}

TEST_CASE("a context is checked as JSON is") {
    GrpcRelay grpc;
    const auto member = protobuf::Writer().text(1, "\xff").text(2, protobuf::Writer().number(4, 1).bytes()).take();
    const auto context = protobuf::Writer().text(1, member).take();
    CHECK(grpc.code("ResolveBoolean", protobuf::Writer().text(1, "basic").text(2, context).take()) == Code::data_loss);
    CHECK(grpc.code("ResolveBoolean", protobuf::Writer().text(1, "basic").take()) == Code::ok);
}

TEST_CASE("all flags that the key may see and that have a value are resolved at once") {
    GrpcRelay grpc;
    const auto keys = [&](std::string_view key) {
        const auto call = grpc.call("/flagd.evaluation.v1.Service/ResolveAll", {}, key);
        std::string text;
        protobuf::Reader reader(call->sent.at(0));
        for (protobuf::Field field; reader.next(field);) text.append(fields(field.bytes)[1].bytes).append(" ");
        return text;
    };
    CHECK(keys(server_key) == "basic behind number object ruled secret text ");
    CHECK(keys(client_key) == "basic behind number object ruled text ");
}

TEST_CASE("a call without a credential has the key of the port") {
    GrpcRelay grpc{std::string(server_key)};
    CHECK(grpc.code("ResolveBoolean", request("secret"), "") == Code::ok);
    CHECK(grpc.code("ResolveBoolean", request("secret"), client_key) == Code::not_found);
    CHECK(grpc.code("ResolveBoolean", request("secret"), "fan_srv_other") == Code::unauthenticated);
}

TEST_CASE("an event stream begins at once and names the flags that change") {
    GrpcRelay grpc;
    const auto call = grpc.begin(event_stream, {}, client_key);
    grpc.until_sent(*call, 1);
    CHECK(event_of(call->sent[0]) == "provider_ready");
    CHECK(grpc.relay.services->metrics.streams() == 1);
    grpc.relay.publish_and_wake(items_with_changed("secret"));  // which the client may not see
    grpc.relay.publish_and_wake(items_with_changed("basic"));
    grpc.until_sent(*call, 2);
    CHECK(event_of(call->sent[1]) == R"(configuration_change{"flags":{"basic":{"type":"update"}}})");
    grpc.relay.services->notifier.end_streams(std::chrono::milliseconds(0));
    grpc.until_ended(*call);
    CHECK(call->ended->code == Code::unavailable);
    CHECK(grpc.relay.services->metrics.streams() == 0);
}

TEST_CASE("a change while the client takes a message is announced after it") {
    GrpcRelay grpc;
    grpc.relay.services->config.stream_keep_alive = std::chrono::hours(1);
    const auto call = grpc.begin(event_stream);
    call->takes = false;
    grpc.until_sent(*call, 1);
    grpc.relay.publish_and_wake(items_with_changed("basic"));
    call->takes = true;
    call->exchange->on_written(true);
    grpc.until_sent(*call, 2);
    CHECK(event_of(call->sent[1]) == R"(configuration_change{"flags":{"basic":{"type":"update"}}})");
    call->exchange->on_cancelled();
    grpc.until_ended(*call);
}

TEST_CASE("a quiet stream says that it lives") {
    GrpcRelay grpc;
    grpc.relay.services->config.stream_keep_alive = std::chrono::milliseconds(1);
    const auto call = grpc.begin(event_stream);
    run_until(grpc.relay.context, [&] { return call->sent.size() >= 3; });
    CHECK(event_of(call->sent[2]) == "keep_alive");
    call->exchange->on_cancelled();
    grpc.until_ended(*call);
    CHECK(call->ended->code == Code::cancelled);
}

TEST_CASE("a stream ends with its key") {
    GrpcRelay grpc;
    const auto call = grpc.begin(event_stream);
    grpc.until_sent(*call, 1);
    auto items = standard_items();
    std::erase_if(items, [](const auto& item) { return item.first == "access/srv"; });
    grpc.relay.publish_and_wake(items);
    grpc.until_ended(*call);
    CHECK(call->ended->code == Code::unauthenticated);
}

TEST_CASE("a cancelled stream ends while it waits") {
    GrpcRelay grpc;
    const auto call = grpc.begin(event_stream);
    grpc.until_sent(*call, 1);
    call->exchange->on_cancelled();
    grpc.until_ended(*call);
    CHECK(call->ended->code == Code::cancelled);
    CHECK(grpc.relay.services->metrics.streams() == 0);
}

TEST_CASE("flags are sent at first and when they change, to server keys") {
    GrpcRelay grpc;
    const auto call = grpc.begin(sync_flags);
    grpc.until_sent(*call, 1);
    const std::string first(fields(call->sent[0])[1].bytes);
    CHECK(first.find(R"("basic":{"state":"ENABLED")") != std::string::npos);
    CHECK(first.find(R"("leftOut":"behind")") != std::string::npos);
    grpc.relay.publish_and_wake(items_with_changed("basic"));
    grpc.until_sent(*call, 2);
    CHECK(std::string(fields(call->sent[1])[1].bytes).find(R"("version":13)") != std::string::npos);
    call->exchange->on_cancelled();
    grpc.until_ended(*call);

    CHECK(grpc.call(sync_flags, {}, client_key)->ended->code == Code::permission_denied);
    const auto fetched = grpc.call("/flagd.sync.v1.FlagSyncService/FetchAllFlags");
    CHECK(fetched->ended->code == Code::ok);
    CHECK(fetched->sent.at(0) == call->sent[1]);
    const auto metadata = grpc.call("/flagd.sync.v1.FlagSyncService/GetMetadata");
    CHECK(metadata->ended->code == Code::ok);
    CHECK(metadata->sent.at(0) == std::string("\x12\x00", 2));
}

TEST_CASE("what is thrown ends its call, and no other") {
    GrpcRelay grpc;
    for (const std::string_view path :
         {"/flagd.evaluation.v1.Service/ResolveBoolean", "/flagd.sync.v1.FlagSyncService/FetchAllFlags"}) {
        const auto call = grpc.begin(path, request("basic"));
        call->throws = true;
        grpc.until_ended(*call);
        CHECK(call->ended->code == Code::internal);
    }
    CHECK(grpc.code("ResolveBoolean", request("basic")) == Code::ok);
}

TEST_CASE("streams of a key are bounded") {
    GrpcRelay grpc;
    grpc.relay.services->config.streams_per_key = 1;
    const auto first = grpc.begin(event_stream);
    grpc.until_sent(*first, 1);
    CHECK(grpc.call(event_stream)->ended->code == Code::resource_exhausted);
    first->exchange->on_cancelled();
    grpc.until_ended(*first);
}
