#include "relay/serve/relay_api.hpp"

#include <boost/asio/co_spawn.hpp>

#include "common/base/compression.hpp"
#include "common/net/request_builder.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/unit/relay/serve/served_relay.hpp"

using namespace fanion;
using namespace fanion::test;

namespace {

Ask get(std::string target, std::vector<std::pair<std::string, std::string>> headers = {}) {
    return {.method = net::Method::get, .target = std::move(target), .headers = std::move(headers), .key = relay_key};
}

Ask post(std::string target, std::string body, std::vector<std::pair<std::string, std::string>> headers = {}) {
    headers.emplace_back("Content-Type", "application/json");
    return {.target = std::move(target), .body = std::move(body), .headers = std::move(headers), .key = relay_key};
}

std::string batch(std::string_view id, std::string_view env = "e_test") {
    return R"({"batch":")" + std::string(id) + R"(","relay":"below","from":1,"to":2,"counts":[{"env":")" +
           std::string(env) + R"(","flag":"f","variation":"on","version":1,"reason":"SPLIT","sdk":"","n":4}]})";
}

void put_and_revoke(ServedRelay& served, std::string env_id, const Items& items) {
    std::vector<eval::Item> list;
    for (const auto& [key, body] : items) list.push_back({key, std::make_shared<const std::string>(body)});
    auto state = std::make_shared<relay::cache::EnvironmentState>(*served.registry.current()->environments[0]);
    state->env_id = std::move(env_id);
    state->ruleset = eval::compile(list).value();
    served.registry.put(state);
    served.registry.erase(state->env_id);
}

}  // namespace

TEST_CASE("a relay below gets the whole ruleset, with the keys") {
    ServedRelay relay;
    const auto answer = relay.ask(get("/relay/v1/rulesets/e_test"));
    CHECK(answer.status == 200);
    CHECK(answer.header("ETag") == "\"1763719200.1\"");
    CHECK(answer.body.find("access/srv\t{") != std::string::npos);
    CHECK(relay.ask(get("/relay/v1/rulesets/e_test", {{"If-None-Match", "\"1763719200.1\""}})).status == 304);
    CHECK(relay.ask(get("/relay/v1/rulesets/e_other")).status == 404);
    CHECK(relay.ask(get("/relay/v1/rulesets/e_test?since=junk")).status == 400);
}

TEST_CASE("heads are withheld until everything has arrived here") {
    ServedRelay relay;
    CHECK(relay.ask(get("/relay/v1/heads")).status == 200);
    CHECK(relay.ask(get("/relay/v1/heads", {{"Fanion-Have", "junk"}})).status == 400);
    relay.set_synchronised(false);
    CHECK(relay.ask(get("/relay/v1/heads")).status == 503);
}

TEST_CASE("heads begin with the revocations of what the caller holds") {
    ServedRelay relay;
    relay.registry.put_revocation("e_gone", std::make_shared<const relay::cache::SignedHead>(relay::cache::SignedHead{
                                                {1, 1}, 1, std::make_shared<const std::string>("event: revoked\n\n")}));
    CHECK(relay.ask(get("/relay/v1/heads")).body.empty());
    CHECK(relay.ask(get("/relay/v1/heads", {{"Fanion-Have", "e_gone=1.1"}})).body == "event: revoked\n\n");
}

TEST_CASE("a report is kept for the next one, without what the key does not grant") {
    ServedRelay relay;
    const std::string report =
        R"({"relay":"below","boot":"b","environments":[{"env_id":"e_test","state":"applied"},)"
        R"({"env_id":"e_other","state":"applied"}],"keys":[{"id":"srv","used_at":60000},{"id":"foreign","used_at":60000}]})";
    const auto answer = relay.ask(post("/relay/v1/status", report));
    CHECK(answer.status == 204);
    CHECK(answer.body.empty());
    const auto due = relay.reports.due(relay.clock.now());
    REQUIRE(due.size() == 1);
    REQUIRE(due[0].environments.size() == 1);
    CHECK(due[0].environments[0].env_id == "e_test");
    const auto noted = relay.reports.take_noted();
    REQUIRE(noted.keys.size() == 1);
    CHECK(noted.keys[0].id == "srv");
    CHECK(relay.ask(post("/relay/v1/status", "{")).status == 400);
    CHECK(relay.ask(post("/relay/v1/status", report, {{"Content-Encoding", "gzip"}})).status == 415);
    CHECK(relay.ask(post("/relay/v1/status", R"({"relay":"relay-above","boot":"b"})")).status == 422);
}

TEST_CASE("a batch is spooled as it came, and a repeated one once") {
    ServedRelay relay;
    const auto body = batch("below.b.1");
    const auto first =
        relay.ask(post("/relay/v1/events", compress(Encoding::zstd, body), {{"Content-Encoding", "zstd"}}));
    CHECK(first.status == 200);
    CHECK(first.body == R"({"batch":"below.b.1","duplicate":false})");
    CHECK(relay.ask(post("/relay/v1/events", body)).body == R"({"batch":"below.b.1","duplicate":true})");
    const auto head = relay.batches->spool().spool.front();
    REQUIRE(head);
    CHECK(head->body == body);
    CHECK(relay.batches->status().queued.counts == 4);
}

TEST_CASE("a batch that cannot be passed on is refused") {
    ServedRelay relay;
    CHECK(relay.ask(post("/relay/v1/events", "{}")).status == 400);
    CHECK(relay.ask(post("/relay/v1/events", batch("below.b.1", "e_other"))).status == 422);
    CHECK(relay.ask(post("/relay/v1/events", batch("relay-above.boot.1"))).status == 422);
    CHECK(relay.ask(post("/relay/v1/events", batch("b"), {{"Content-Encoding", "br"}})).status == 415);
    CHECK(relay.batches->status().queued.counts == 0);
}

TEST_CASE("a batch whose key ends while it is unpacked is kept by the sender") {
    ServedRelay relay;
    auto items = standard_items();
    for (auto& [key, body] : items) {
        if (key == "access/rly") body.replace(body.size() - 1, 1, R"(,"not_after":1763720000000})");
    }
    relay.publish(items);
    net::Request request;
    net::RequestBuilder::clear(request);
    request.method = net::Method::post;
    const auto body = batch("below.b.1");
    request.body = body;
    net::RequestBuilder::add_header(request, "Content-Type", "application/json");
    net::Response response;
    relay::serve::Subscriber subscriber;
    subscriber.key_sha256 = to_hex(sha256(relay_key));
    std::optional<relay::serve::Admission> answer;
    boost::asio::co_spawn(relay.context,
                          relay::serve::handle_relay_events(*relay.services, request, response, subscriber),
                          [&](std::exception_ptr, relay::serve::Admission admission) { answer = admission; });
    run_until(relay.context, [&] { return answer.has_value(); });
    CHECK(answer->outcome == relay::serve::Outcome::unauthorized);
}

TEST_CASE("a batch of an environment that may have yet to arrive is to be sent again") {
    ServedRelay relay;
    relay.set_synchronised(false);
    CHECK(relay.ask(post("/relay/v1/events", batch("below.b.1"))).status == 200);
    const auto answer = relay.ask(post("/relay/v1/events", batch("below.b.2", "e_other")));
    CHECK(answer.status == 503);
    CHECK(answer.header("Retry-After") == "5");
    relay.set_synchronised(true);
    CHECK(relay.ask(post("/relay/v1/events", batch("below.b.2", "e_other"))).status == 422);
    relay.set_head_expiry(relay.clock.now() - 1);  // upstream has not been heard
    CHECK(relay.ask(post("/relay/v1/events", batch("below.b.2", "e_other"))).status == 503);
}

TEST_CASE("a batch of a revoked environment is taken from whom it was granted to") {
    ServedRelay relay;
    auto without_key = standard_items();
    std::erase_if(without_key, [](const auto& item) { return item.first == "access/rly"; });
    put_and_revoke(relay, "e_gone", standard_items());
    put_and_revoke(relay, "e_foreign", without_key);
    CHECK(relay.ask(post("/relay/v1/events", batch("below.b.1", "e_gone"))).status == 200);
    CHECK(relay.ask(post("/relay/v1/events", batch("below.b.2", "e_foreign"))).status == 422);
}

TEST_CASE("so is a batch of an environment that was revoked before the start") {
    ServedRelay relay;
    relay.set_synchronised(false);
    relay.registry.put_former_keys("e_gone", {sha256(relay_key)});
    relay.registry.put_former_keys("e_foreign", {sha256("the key of another relay")});
    relay.publish(standard_items());
    CHECK(relay.ask(post("/relay/v1/events", batch("below.b.1", "e_gone"))).status == 200);
    CHECK(relay.ask(post("/relay/v1/events", batch("below.b.2", "e_foreign"))).status == 503);
    relay.set_synchronised(true);
    CHECK(relay.ask(post("/relay/v1/events", batch("below.b.2", "e_foreign"))).status == 422);
    CHECK(relay.batches->status().queued.counts == 4);
}

TEST_CASE("the stream brings the ruleset, and what follows it") {
    ServedRelay relay;
    net::Request request;
    net::RequestBuilder::clear(request);
    request.method = net::Method::get;
    const std::string target = "/relay/v1/stream";
    const std::string bearer = "Bearer " + std::string(relay_key);
    REQUIRE(net::RequestBuilder::set_target(request, target));
    net::RequestBuilder::add_header(request, "Authorization", bearer);
    const auto match = relay.router.match(request);
    REQUIRE(match.route);
    RecordingStream stream;
    bool ended = false;
    boost::asio::co_spawn(relay.context, match.route->stream(request, stream),
                          [&ended](std::exception_ptr, net::Response) { ended = true; });
    run_until(relay.context, [&] { return !stream.sent.empty(); });
    CHECK(stream.sent[0].starts_with("event: put\nid: e_test:1763719200.1\n"));
    relay.publish_and_wake(items_with_changed("basic"));
    run_until(relay.context, [&] { return stream.sent.size() >= 2; });
    CHECK(stream.sent[1].starts_with("event: patch\nid: e_test:1763719200.2\n"));
    auto without_key = standard_items();
    std::erase_if(without_key, [](const auto& item) { return item.first == "access/rly"; });
    relay.publish_and_wake(without_key);
    run_until(relay.context, [&] { return ended; });
    CHECK(stream.sent.size() == 2);
}
