// Rulesets over WebSockets: what differs from event streams (sdk_api_test.cpp).
#include "relay/serve/sdk_api.hpp"
#include "tests/unit/relay/serve/running_stream.hpp"

using namespace fanion;
using namespace fanion::test;
using Lines = std::vector<std::pair<std::string, std::string>>;

namespace {

Lines upgrade(Lines more = {}) {
    more.emplace_back("Upgrade", "websocket");
    return more;
}

Items items_for_pages() {
    auto items = items_with_client_rules();
    for (auto& [key, body] : items) {
        if (key != "access/cli") continue;
        const auto at = body.find(R"("origins":[)");
        body.replace(at, body.find(']', at) + 1 - at, R"("origins":["https://app.example"])");
    }
    return items;
}

std::vector<std::string> first_events(ServedRelay& relay, const Lines& headers) {
    Running running(relay, "/sdk/v1/stream", headers);
    running.until_sent(1);
    running.close();
    return running.stream.sent;
}

}  // namespace

TEST_CASE("a WebSocket gets the events of an event stream, and is counted as one") {
    ServedRelay relay;
    CHECK(first_events(relay, upgrade()) == first_events(relay, {}));
    Running running(relay, "/sdk/v1/stream", upgrade({{"Fanion-Sdk", "js/1.0"}}));
    running.until_sent(1);
    CHECK(relay.services->metrics.streams() == 1);
    CHECK(relay.sdks.samples().size() == 2);
    running.close();
}

TEST_CASE("a WebSocket's key may be a subprotocol, and the relay selects its own") {
    ServedRelay relay;
    Running running(relay, "/sdk/v1/stream",
                    upgrade({{"Sec-WebSocket-Protocol", "fanion.v1, fanion.key." + std::string(server_key)}}), "");
    running.until_sent(1);
    CHECK(running.stream.headers.find("Sec-WebSocket-Protocol: fanion.v1\r\n") != std::string::npos);
    running.close();
    Running unknown(relay, "/sdk/v1/stream", upgrade({{"Sec-WebSocket-Protocol", "fanion.key.fan_srv_none"}}), "");
    unknown.until_ended();
    CHECK(unknown.answer.status == 401);
    Running plain(relay, "/sdk/v1/stream", {{"Sec-WebSocket-Protocol", "fanion.key." + std::string(server_key)}}, "");
    plain.until_ended();
    CHECK(plain.answer.status == 401);
}

TEST_CASE("a page opens a WebSocket only with a key that lists its origin") {
    ServedRelay relay;
    relay.publish(items_for_pages());
    const auto status = [&](const std::string& origin, std::string_view key) {
        Running running(relay, "/sdk/v1/stream", upgrade({{"Origin", origin}}), key);
        running.settle();
        if (running.stream.started) {
            running.close();
            return 101u;
        }
        running.until_ended();
        return running.answer.status;
    };
    CHECK(status("https://app.example", client_key) == 101);
    CHECK(status("https://evil.example", client_key) == 403);
    CHECK(status("https://app.example", server_key) == 403);
}

TEST_CASE("?since= says what the client holds, of a stream in either form") {
    ServedRelay relay;
    relay.publish(items_with_changed("basic"));
    for (const auto& headers : {Lines{}, upgrade()}) {
        Running running(relay, "/sdk/v1/stream?since=1763719200.1", headers);
        running.until_sent(1);
        CHECK(running.stream.sent[0].starts_with("event: patch\nid: e_test:1763719200.2\n"));
        running.close();
        Running malformed(relay, "/sdk/v1/stream?since=old", headers);
        malformed.until_ended();
        CHECK(malformed.answer.status == 400);
        CHECK_FALSE(malformed.stream.started);
    }
}

TEST_CASE("a stream says whether it ends with its key or with the relay") {
    ServedRelay relay;
    Running revoked(relay, "/sdk/v1/stream", upgrade());
    revoked.until_sent(1);
    relay.publish_and_wake(items_without("access/srv"));
    revoked.until_ended();
    CHECK(revoked.stream.end == net::StreamEnd::unauthorized);
    relay.publish_and_wake(standard_items());
    Running drained(relay, "/sdk/v1/stream", upgrade());
    drained.until_sent(1);
    relay.services->notifier.end_streams(std::chrono::milliseconds(0));
    drained.until_ended();
    CHECK(drained.stream.end == net::StreamEnd::going_away);
    CHECK(drained.stream.sent.back().starts_with("retry: "));
}

TEST_CASE("polls and streams share the bytes of their events") {
    ServedRelay relay;
    relay.publish(items_with_changed("basic"));
    for (int i = 0; i < 3; ++i) {
        Running poll(relay, "/sdk/v1/poll?version=1763719200.1");
        poll.until_ended();
        CHECK(poll.answer.body.starts_with("event: patch\n"));
    }
    CHECK(first_events(relay, {{"Last-Event-ID", "e_test:1763719200.1"}})[0].starts_with("event: patch\n"));
    CHECK(relay.documents.made() == 1);
}
