#include "relay/serve/sdk_api.hpp"

#include "common/base/compression.hpp"
#include "relay/serve/open_stream.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/unit/relay/serve/running_stream.hpp"

using namespace fanion;
using namespace fanion::test;

namespace {

Ask download(std::string query = "", std::string_view key = server_key) {
    return {.method = net::Method::get, .target = "/sdk/v1/ruleset" + query, .key = key};
}

Items items_with_expiry(UnixMillis at) {
    auto items = standard_items();
    for (auto& [key, body] : items) {
        if (key == "access/srv") body.insert(body.size() - 1, R"(,"not_after":)" + std::to_string(at));
    }
    return items;
}

void set_head(ServedRelay& relay, std::uint64_t version, UnixMillis issued_at) {
    const auto text = "event: head\nid: e_test:1763719200." + std::to_string(version) + "\n\n";
    auto event = std::make_shared<const std::string>(text);
    const auto state = relay.registry.current();
    state->find_environment("e_test")->signals->set_head(std::make_shared<const relay::cache::SignedHead>(
        relay::cache::SignedHead{{1'763'719'200, version}, issued_at, std::move(event)}));
}

}  // namespace

TEST_CASE("the ruleset has its version as a strong tag, and 304 for who has it") {
    ServedRelay relay;
    const auto answer = relay.ask(download());
    CHECK(answer.status == 200);
    CHECK(answer.header("ETag") == "\"1763719200.1\"");
    CHECK(answer.content_type == "application/vnd.fanion.ruleset.v1");
    CHECK(answer.body.find("flag/secret\t{") != std::string::npos);
    CHECK(answer.body.find("access/srv\t#") != std::string::npos);
    CHECK(answer.body.find("access/srv\t{") == std::string::npos);
    auto question = download();
    question.headers = {{"If-None-Match", "\"1763719200.1\""}};
    const auto same = relay.ask(question);
    CHECK(same.status == 304);
    CHECK(same.body.empty());
    CHECK(same.header("ETag") == "\"1763719200.1\"");
    relay.publish(items_with_changed("basic"));
    CHECK(relay.ask(question).status == 200);
}

TEST_CASE("the ruleset is compressed as the client asks") {
    ServedRelay relay;
    const auto plain = relay.ask(download()).body;
    for (const auto& [accept, encoding] :
         {std::pair("gzip", Encoding::gzip), std::pair("gzip, zstd", Encoding::zstd)}) {
        auto question = download();
        question.headers = {{"Accept-Encoding", accept}};
        const auto answer = relay.ask(question);
        CHECK(answer.header("Content-Encoding") == name_of(encoding));
        CHECK(answer.header("Vary") == "Accept-Encoding");
        const auto tag = "\"1763719200.1-" + std::string(name_of(encoding)) + '"';
        CHECK(answer.header("ETag") == tag);
        for (const auto& held : {tag, std::string("\"1763719200.1\"")}) {  // whichever form is held is current
            question.headers = {{"Accept-Encoding", "gzip;q=0, zstd;q=0"}, {"If-None-Match", held}};
            const auto same = relay.ask(question);
            CHECK(same.status == 304);
            CHECK(same.header("ETag") == held);
        }
        question.headers = {{"If-None-Match", "\"1763719200.0-" + std::string(name_of(encoding)) + '"'}};
        CHECK(relay.ask(question).status == 200);
        CHECK(decompress(encoding, answer.body, 1 << 20).value() == plain);
    }
    CHECK(relay.ask(download()).header("Content-Encoding").empty());
}

TEST_CASE("?since= is answered with a delta from the version before, and else with the whole") {
    ServedRelay relay;
    relay.publish(items_with_changed("basic"));
    const auto delta = relay.ask(download("?since=1763719200.1"));
    CHECK(delta.body.find("\"delta\":\"1763719200.2\"") != std::string::npos);
    CHECK(delta.body.find("flag/basic\t{") != std::string::npos);
    CHECK(delta.body.find("flag/secret") == std::string::npos);
    CHECK(delta.header("ETag") == "\"1763719200.2\"");
    CHECK(relay.ask(download("?since=1763719200.7")).body.find("flag/secret\t{") != std::string::npos);
    CHECK(relay.ask(download("?since=old")).status == 400);
}

TEST_CASE("a client key gets rules only where it may have them, and only those that are for clients") {
    ServedRelay relay;
    const auto refused = relay.ask(download("", client_key));
    CHECK(refused.status == 403);
    CHECK(refused.header("Access-Control-Allow-Origin").empty());
    relay.publish(items_with_client_rules());
    const auto answer = relay.ask(download("", client_key));
    CHECK(answer.status == 200);
    CHECK(answer.body.find("flag/basic\t{") != std::string::npos);
    CHECK(answer.body.find("flag/secret\t#") != std::string::npos);
    CHECK(answer.body.find("access/cli\t#") != std::string::npos);
}

TEST_CASE("an environment stays the caller's while a newer version is published") {
    ServedRelay relay;
    const auto caller = fanion::relay::serve::current_caller(*relay.services, "e_test", "srv");
    relay.publish_and_wake(items_with_changed("basic"));
    const auto environment = fanion::relay::serve::shared_environment(caller);
    REQUIRE(environment);
    CHECK(environment->version == wire::Version{1'763'719'200, 1});
}

TEST_CASE("a stream begins with what leads to the newest version, and then brings changes and heads") {
    ServedRelay relay;
    set_head(relay, 1, 1'000);
    Running running(relay, "/sdk/v1/stream");
    running.until_sent(2);
    CHECK(running.stream.sent[0].starts_with("event: put\nid: e_test:1763719200.1\n"));
    CHECK(running.stream.sent[1].starts_with("event: head\nid: e_test:1763719200.1\n"));
    relay.publish_and_wake(items_with_changed("basic"));
    running.until_sent(3);
    CHECK(running.stream.sent[2].starts_with("event: patch\nid: e_test:1763719200.2\n"));
    set_head(relay, 2, 2'000);
    relay.services->notifier.notify_head("e_test");
    running.until_sent(4);
    CHECK(running.stream.sent[3].starts_with("event: head\nid: e_test:1763719200.2\n"));
    CHECK(relay.services->metrics.streams() == 1);
    CHECK(relay.services->metrics.ruleset_events(wire::StreamEvent::head) == 2);
    relay.services->notifier.end_streams(std::chrono::milliseconds(0));
    running.until_ended();
    CHECK(running.stream.sent.back().starts_with("retry: "));
}

TEST_CASE("a change reaches all of many streams, and each of them once") {
    ServedRelay relay;
    std::vector<std::unique_ptr<Running>> streams;
    for (int i = 0; i < 50; ++i) {
        const std::vector<std::pair<std::string, std::string>> headers{{"Fanion-Have", "e_test=1763719200.1"}};
        streams.push_back(std::make_unique<Running>(relay, "/sdk/v1/stream", headers));
        streams.back()->settle();
    }
    relay.publish_and_wake(items_with_changed("basic"));
    relay.services->notifier.notify_head("e_test");  // while some of them have not been woken yet
    for (auto& running : streams) {
        running->until_sent(1);
        running->settle();
        REQUIRE(running->stream.sent.size() == 1);
        CHECK(running->stream.sent[0].starts_with("event: patch\nid: e_test:1763719200.2\n"));
    }
}

TEST_CASE("a stream goes on where another relay's ended") {
    ServedRelay relay;
    relay.publish(items_with_changed("basic"));
    Running by_id(relay, "/sdk/v1/stream", {{"Last-Event-ID", "e_test:1763719200.1"}});
    Running by_have(relay, "/sdk/v1/stream",
                    {{"Fanion-Have", "e_test=1763719200.1"}, {"Last-Event-ID", "e_test:1763719200.2"}});
    Running current(relay, "/sdk/v1/stream", {{"Last-Event-ID", "e_test:1763719200.2"}});
    by_id.until_sent(1);
    CHECK(by_id.stream.sent[0].starts_with("event: patch\nid: e_test:1763719200.2\n"));
    by_have.until_sent(1);
    CHECK(by_have.stream.sent[0].starts_with("event: patch\n"));
    current.settle();
    CHECK(current.stream.started);
    CHECK(current.stream.sent.empty());
    for (auto* running : {&by_id, &by_have, &current}) running->close();
}

TEST_CASE("a change is encoded once for all streams, and changes in quick succession are sent together") {
    ServedRelay relay;
    std::vector<std::unique_ptr<Running>> all;
    for (int i = 0; i < 50; ++i)
        all.push_back(std::make_unique<Running>(
            relay, "/sdk/v1/stream",
            std::vector<std::pair<std::string, std::string>>{{"Last-Event-ID", "e_test:1763719200.1"}}));
    for (auto& running : all) running->settle();
    relay.publish_and_wake(items_with_changed("basic"));
    for (auto& running : all) running->until_sent(1);
    CHECK(relay.documents.made() == 1);
    for (auto& running : all) running->close();
}

TEST_CASE("a stream ends when its key is revoked, expires, or may no longer have rules") {
    ServedRelay relay;
    SECTION("revoked") {
        Running running(relay, "/sdk/v1/stream");
        running.until_sent(1);
        relay.publish_and_wake(items_without("access/srv"));
        running.until_ended();
        CHECK(running.stream.sent.size() == 1);
    }
    SECTION("expired") {
        relay.publish(items_with_expiry(relay.clock.now() + 30));
        Running running(relay, "/sdk/v1/stream");
        running.until_sent(1);
        relay.clock.advance(30);  // the wait was for these 30 ms
        running.until_ended();
        CHECK(running.stream.sent.size() == 1);
    }
    SECTION("no rules any more") {
        relay.publish(items_with_client_rules());
        Running running(relay, "/sdk/v1/stream", {}, client_key);
        running.until_sent(1);
        relay.publish_and_wake(standard_items());
        running.until_ended();
        CHECK(running.stream.sent.size() == 1);
    }
    CHECK(relay.services->metrics.streams() == 0);
}

TEST_CASE("a quiet stream of rulesets gets comments") {
    relay::serve::ServeConfig config;
    config.ruleset_keep_alive = std::chrono::milliseconds(1);
    ServedRelay relay(config);
    Running running(relay, "/sdk/v1/stream", {{"Last-Event-ID", "e_test:1763719200.1"}});
    running.until_sent(1);
    CHECK(running.stream.sent[0] == ": still here\n\n");
    running.close();
}

TEST_CASE("a poll is answered at once with what is newer, and then the head") {
    ServedRelay relay;
    set_head(relay, 1, 1'000);
    const auto get = [&](const std::string& query) {
        return relay.ask({.method = net::Method::get, .target = "/sdk/v1/poll" + query});
    };
    const auto first = get("");
    CHECK(first.status == 200);
    CHECK(first.content_type == "text/event-stream");
    CHECK(first.body.starts_with("event: put\n"));
    CHECK(first.body.ends_with("event: head\nid: e_test:1763719200.1\n\n"));
    const auto same = get("?version=1763719200.1&wait=1ms");
    CHECK(same.status == 200);
    CHECK(same.body == "event: head\nid: e_test:1763719200.1\n\n");
    for (const auto* query : {"?version=1", "?wait=soon", "?wait=5", "?wait=-1s"}) CHECK(get(query).status == 400);
}

TEST_CASE("a poll waits for a newer version, not for a head") {
    ServedRelay relay;
    Running running(relay, "/sdk/v1/poll?version=1763719200.1&wait=60s");
    running.settle();
    set_head(relay, 1, 1'000);
    relay.services->notifier.notify_head("e_test");
    running.settle();
    CHECK_FALSE(running.ended);
    CHECK(relay.services->metrics.streams() == 1);
    relay.publish_and_wake(items_with_changed("basic"));
    running.until_ended();
    CHECK(running.answer.body.starts_with("event: patch\nid: e_test:1763719200.2\n"));
    CHECK(relay.services->metrics.streams() == 0);
}

TEST_CASE("a poll is answered after its wait, however long many streams spread a change") {
    using Slot = relay::serve::ChangeNotifier::StreamSlot;
    relay::serve::ServeConfig config;
    config.stream_refetches_per_second = 1;
    ServedRelay relay(config);
    std::vector<std::unique_ptr<Slot>> others;
    for (int i = 0; i < 4'000; ++i) others.push_back(std::make_unique<Slot>(relay.services->notifier, "other"));
    Running running(relay, "/sdk/v1/poll?version=1763719200.1&wait=200ms");
    running.settle();
    relay.publish_and_wake(items_with_changed("basic"));
    running.until_ended();
    CHECK(running.answer.body.starts_with("event: patch\n"));
}

TEST_CASE("a poll ends with 401 when its key is revoked") {
    ServedRelay relay;
    Running running(relay, "/sdk/v1/poll?version=1763719200.1");
    running.settle();
    relay.publish_and_wake(items_without("access/srv"));
    running.until_ended();
    CHECK(running.answer.status == 401);
    CHECK(running.answer.header("WWW-Authenticate") == "Bearer");
}

TEST_CASE("polls are limited like streams") {
    relay::serve::ServeConfig config;
    config.streams_per_key = 1;
    ServedRelay relay(config);
    Running first(relay, "/sdk/v1/poll?version=1763719200.1");
    first.settle();
    Running second(relay, "/sdk/v1/poll?version=1763719200.1");
    second.until_ended();
    CHECK(second.answer.status == 429);
    CHECK_FALSE(second.answer.header("Retry-After").empty());
    relay.services->notifier.end_streams(std::chrono::milliseconds(0));
    first.until_ended();
    CHECK(first.answer.status == 200);
}

TEST_CASE("trust documents are given from the version after the one asked for") {
    ServedRelay relay;
    relay.registry.put_trust({{1, "one\n"}, {2, "two\n"}, {3, "three\n"}});
    const auto get = [&](const std::string& query) {
        return relay.ask({.method = net::Method::get, .target = "/sdk/v1/trust" + query, .key = client_key});
    };
    CHECK(get("").body == "one\ntwo\nthree\n");
    CHECK(get("?from=1").body == "two\nthree\n");
    CHECK(get("?from=3").body.empty());
    CHECK(get("?from=3").status == 200);
    CHECK(get("?from=x").status == 400);
    CHECK(get("").content_type == "application/vnd.fanion.trust.v1+json");
}

TEST_CASE("streams are counted by the SDK that the request names") {
    ServedRelay relay;
    Running running(relay, "/sdk/v1/stream", {{"Fanion-Sdk", "python/1.0; f3a9"}});
    running.until_sent(1);
    const auto samples = relay.sdks.samples();
    REQUIRE(samples.size() == 1);
    CHECK(samples[0].first[0].second == "python/1.0");
    CHECK(samples[0].second == 1);
    running.close();
    CHECK(relay.sdks.samples()[0].second == 0);
}
