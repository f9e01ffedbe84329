#include "relay/serve/event_stream.hpp"
#include "common/net/request_builder.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/run_coroutine.hpp"
#include "tests/unit/relay/serve/served_relay.hpp"

using namespace fanion;
using namespace fanion::test;

namespace {

// A stream on the relay's event loop, until it ends.
class RunningStream {
public:
    RunningStream(ServedRelay& relay, const std::string& token, std::string last_event = "") : relay_(relay) {
        target_ = "/ofrep/v1/stream?token=" + token;
        net::RequestBuilder::clear(request_);
        request_.method = net::Method::get;
        REQUIRE(net::RequestBuilder::set_target(request_, target_));
        last_event_ = std::move(last_event);
        if (!last_event_.empty()) net::RequestBuilder::add_header(request_, "Last-Event-ID", last_event_);
        net::RequestBuilder::add_header(request_, "Origin", "https://app.example");
        const auto match = relay.router.match(request_);
        REQUIRE(match.route);
        auto run = match.route->stream(request_, stream);
        boost::asio::co_spawn(relay.context, std::move(run),
                              [this](std::exception_ptr failure, net::Response response) {
                                  REQUIRE_FALSE(failure);
                                  answer = answer_of(response);
                                  ended = true;
                              });
    }

    void until_sent(std::size_t count) {
        run_until(relay_.context, [&] { return stream.sent.size() >= count || ended; });
        REQUIRE(stream.sent.size() == count);
    }
    void until_ended() {
        run_until(relay_.context, [&] { return ended; });
    }

    RecordingStream stream;
    Answer answer;
    bool ended = false;

private:
    ServedRelay& relay_;
    std::string target_;
    std::string last_event_;
    net::Request request_;
};

// The standard items, where the server key is valid from `at` on.
Items with_key_valid_from(UnixMillis at) {
    auto items = standard_items();
    for (auto& [key, body] : items) {
        if (key == "access/srv") body.insert(body.size() - 1, R"(,"not_before":)" + std::to_string(at));
    }
    return items;
}

const std::string first_version =
    "id: 1763719200.1\ndata: "
    R"({"type":"refetchEvaluation","etag":"\"1763719200.1\"","lastModified":1763720000})"
    "\n\n";

}  // namespace

TEST_CASE("a new stream gets an announcement at once, and one for each change after that") {
    ServedRelay relay;
    RunningStream running(relay, relay.stream_token(client_key));
    running.until_sent(1);
    CHECK(running.stream.headers == "Vary: Origin\r\nAccess-Control-Allow-Origin: https://app.example\r\n");
    CHECK(running.stream.sent[0] == first_version);
    CHECK(relay.services->metrics.streams() == 1);
    relay.publish_and_wake(items_with_changed("basic"));
    running.until_sent(2);
    CHECK(running.stream.sent[1].starts_with("id: 1763719200.2\n"));
    relay.services->notifier.end_streams(std::chrono::milliseconds(0));
    running.until_ended();
    CHECK(running.stream.sent.back().starts_with("retry: "));
    CHECK(relay.services->metrics.streams() == 0);
    CHECK(relay.services->metrics.refetches() == 2);
}

TEST_CASE("a stream that resumes at the current version gets nothing until a change") {
    ServedRelay relay;
    RunningStream running(relay, relay.stream_token(), "1763719200.1");
    run_until(relay.context, [&] { return running.stream.started; });
    relay.publish_and_wake(items_with_changed("basic"));
    running.until_sent(1);
    CHECK(running.stream.sent[0].starts_with("id: 1763719200.2\n"));
    running.stream.closed = true;
    relay.services->notifier.notify("e_test");
    running.until_ended();
}

TEST_CASE("a change that concerns no flag that the key may see is not announced") {
    ServedRelay relay;
    RunningStream client(relay, relay.stream_token(client_key));
    RunningStream server(relay, relay.stream_token());
    client.until_sent(1);
    server.until_sent(1);
    relay.publish_and_wake(items_with_changed("secret"));
    server.until_sent(2);
    CHECK(server.stream.sent[1].starts_with("id: 1763719200.2\n"));
    auto items = items_with_changed("secret");
    std::erase_if(items, [](const auto& item) { return item.first == "access/min"; });
    relay.publish_and_wake(items);
    relay.publish_and_wake(items_with_changed("basic"));
    client.until_sent(2);
    CHECK(client.stream.sent[1].starts_with("id: 1763719200.4\n"));
    server.until_sent(3);
    CHECK(server.stream.sent[2].starts_with("id: 1763719200.4\n"));
    for (auto* running : {&client, &server}) running->stream.closed = true;
    relay.services->notifier.notify("e_test");
    client.until_ended();
    server.until_ended();
}

TEST_CASE("changes that are not announced do not delay the comments of a quiet stream, nor hasten them") {
    relay::serve::ServeConfig config;
    config.stream_keep_alive = std::chrono::milliseconds(50);
    ServedRelay relay(config);
    RunningStream running(relay, relay.stream_token(client_key), "1763719200.1");
    run_until(relay.context, [&] { return running.stream.started; });
    for (unsigned version = 13; running.stream.sent.empty(); ++version) {
        relay.publish_and_wake(items_with_changed("secret", version));
        relay.context.restart();
        relay.context.poll();
        REQUIRE(version < 100'000);
    }
    CHECK(running.stream.sent[0] == ": still here\n\n");
    running.stream.closed = true;
    relay.services->notifier.notify("e_test");
    running.until_ended();
}

TEST_CASE("a quiet stream gets comments") {
    relay::serve::ServeConfig config;
    config.stream_keep_alive = std::chrono::milliseconds(1);
    ServedRelay relay(config);
    RunningStream running(relay, relay.stream_token(), "1763719200.1");
    running.until_sent(1);
    CHECK(running.stream.sent[0] == ": still here\n\n");
    running.stream.closed = true;
    running.until_ended();
}

TEST_CASE("a stream ends when its key is removed, and when its lifetime is over") {
    ServedRelay relay;
    RunningStream running(relay, relay.stream_token());
    running.until_sent(1);
    SECTION("key removed") {
        auto items = standard_items();
        std::erase_if(items, [](const auto& item) { return item.first == "access/srv"; });
        relay.publish_and_wake(items);
        running.until_ended();
    }
    SECTION("lifetime over") {
        relay.clock.advance(37 * 60'000);
        relay.services->notifier.notify("e_test");
        running.until_ended();
    }
    CHECK(running.stream.sent.size() <= 2);
}

TEST_CASE("a stream ends when its key is given a later start") {
    ServedRelay relay;
    RunningStream running(relay, relay.stream_token());
    running.until_sent(1);
    relay.publish_and_wake(with_key_valid_from(relay.clock.now() + 1));
    running.until_ended();
    CHECK(running.stream.sent.size() == 1);
}

TEST_CASE("a stream ends when its key expires") {
    ServedRelay relay;
    auto items = standard_items();
    const auto expiry = std::to_string(relay.clock.now() + 30);
    for (auto& [key, body] : items) {
        if (key == "access/srv") body.insert(body.size() - 1, R"(,"not_after":)" + expiry);
    }
    relay.publish(items);
    RunningStream running(relay, relay.stream_token());
    running.until_sent(1);
    relay.clock.advance(30);  // the wait was for these 30 ms
    running.until_ended();
    CHECK(running.stream.sent.size() == 1);
}

TEST_CASE("the token of a key that is not valid yet opens no stream") {
    ServedRelay relay;
    const auto token = relay.stream_token();
    relay.publish(with_key_valid_from(relay.clock.now() + 1));
    RunningStream running(relay, token);
    running.until_ended();
    CHECK_FALSE(running.stream.started);
    CHECK(running.answer.status == 401);
}

TEST_CASE("a wait for the shutdown is not ended by a change") {
    ServedRelay relay;
    auto& notifier = relay.services->notifier;
    bool ended = false;
    boost::asio::co_spawn(relay.context, notifier.wait_for_shutdown(std::chrono::hours(1)),
                          [&](std::exception_ptr) { ended = true; });
    bool changed = false;
    boost::asio::co_spawn(relay.context, notifier.wait_for_change("e_test", std::chrono::hours(1)),
                          [&](std::exception_ptr) { changed = true; });
    boost::asio::post(relay.context, [&] { notifier.notify("e_test"); });
    run_until(relay.context, [&] { return changed; });
    relay.context.poll();
    CHECK_FALSE(ended);
    notifier.end_streams(std::chrono::milliseconds(0));
    run_until(relay.context, [&] { return ended; });
    CHECK(ended);
}

TEST_CASE("opening a stream with a token is a use of the token's key") {
    ServedRelay relay;
    const auto token = relay.stream_token(client_key);
    auto& uses = relay.registry.key_uses();
    uses.reported(uses.due());
    relay.clock.advance(60'000);
    RunningStream running(relay, token);
    running.until_sent(1);
    const auto due = uses.due();
    REQUIRE(due.size() == 1);
    CHECK(due[0].id == "cli");
    CHECK(due[0].at == relay.clock.now() - relay.clock.now() % 60'000);
    relay.services->notifier.end_streams(std::chrono::milliseconds(0));
    running.until_ended();
}

TEST_CASE("a token is valid for one to two hours and a day, and only unchanged") {
    ServedRelay relay;
    const auto token = relay.stream_token();
    const auto refused = [&](const std::string& shown) {
        RunningStream running(relay, shown);
        running.until_ended();
        CHECK_FALSE(running.stream.started);
        return running.answer.status == 401;
    };
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        CHECK(refused(changed));
    }
    CHECK(refused(""));
    CHECK(refused(token + "x"));
    relay.clock.advance(26 * 3'600'000);
    relay.set_head_expiry(relay.clock.now() + 60'000);
    CHECK(refused(token));
}

TEST_CASE("a stream that is opened with an expired token asks for an answer in full, which has another") {
    ServedRelay relay;
    const auto token = relay.stream_token(client_key);
    relay.clock.advance(2 * 3'600'000);
    relay.set_head_expiry(relay.clock.now() + 60'000);
    const auto tag = relay.bulk("{}", client_key).header("ETag");
    RunningStream expired(relay, token, "1763719200.1");
    expired.until_sent(1);
    CHECK(expired.stream.sent[0] ==
          "id: 1763719200.1\ndata: "
          R"({"type":"refetchEvaluation","etag":"\"1763719200.1.renew\"","lastModified":1763720000})"
          "\n\n");
    Ask question{.target = "/ofrep/v1/evaluate/flags?flagConfigEtag=%221763719200.1.renew%22",
                 .headers = {{"If-None-Match", tag}},
                 .key = client_key};
    question.body = R"({"context":{}})";
    const auto answer = relay.ask(question);
    CHECK(answer.status == 200);
    CHECK(answer.header("ETag") == tag);
    const auto renewed = relay.stream_token(client_key);
    CHECK(answer.body.find("token=" + renewed + "\"") != std::string::npos);
    CHECK(renewed != token);
    RunningStream fresh(relay, renewed, "1763719200.1");
    run_until(relay.context, [&] { return fresh.stream.started; });
    relay.publish_and_wake(items_with_changed("basic"));
    fresh.until_sent(1);
    CHECK(fresh.stream.sent[0].starts_with("id: 1763719200.2\n"));
    expired.until_sent(2);  // once is enough
    CHECK(expired.stream.sent[1].find("renew") == std::string::npos);
    for (auto* running : {&expired, &fresh}) running->stream.closed = true;
    relay.services->notifier.notify("e_test");
    expired.until_ended();
    fresh.until_ended();
}

TEST_CASE("a relay that shuts down refuses new streams with 503, and no bound is counted as met") {
    using relay::serve::Limit;
    ServedRelay relay;
    relay.services->notifier.end_streams(std::chrono::milliseconds(0));
    RunningStream late(relay, relay.stream_token());
    late.until_ended();
    CHECK(late.answer.status == 503);
    CHECK_FALSE(late.answer.header("Retry-After").empty());
    for (const auto limit : {Limit::streams, Limit::streams_per_key}) {
        CHECK(relay.services->metrics.limited_by(limit) == 0);
    }
}

TEST_CASE("streams above the limit are refused with 429") {
    relay::serve::ServeConfig config;
    config.streams_per_key = 1;
    ServedRelay relay(config);
    RunningStream first(relay, relay.stream_token());
    first.until_sent(1);
    RunningStream second(relay, relay.stream_token());
    second.until_ended();
    CHECK(second.answer.status == 429);
    CHECK(second.answer.header("Retry-After") == "20");
    CHECK(relay.services->metrics.limited_by(relay::serve::Limit::streams_per_key) == 1);
    RunningStream other(relay, relay.stream_token(client_key));
    other.until_sent(1);
    for (auto* running : {&first, &other}) running->stream.closed = true;
    relay.services->notifier.notify("e_test");
    first.until_ended();
    other.until_ended();
}

TEST_CASE("the stream's URL has the configured base, the request's Host, or none") {
    struct Row {
        std::string public_url;
        std::vector<std::pair<std::string, std::string>> headers;
        std::string expected;
        bool from_proxy = false;
    };
    const std::vector<Row> rows = {
        {"https://flags.example.com",
         {{"Host", "x"}},
         R"("url":"https://flags.example.com/ofrep/v1/stream?token=e_test.)"},
        {"", {{"Host", "relay:8080"}}, R"("url":"http://relay:8080/ofrep/v1/stream?token=)"},
        {"", {{"Host", "a.example"}, {"X-Forwarded-Proto", "https"}}, R"("url":"https://a.example/ofrep/)", true},
        {"",
         {{"Host", "a.example"}, {"X-Forwarded-Proto", "HTTPS , http"}},
         R"("url":"https://a.example/ofrep/)",
         true},
        {"", {{"Host", "a.example"}, {"X-Forwarded-Proto", "http,https"}}, R"("url":"http://a.example/ofrep/)", true},
        {"", {{"Host", "a.example"}, {"X-Forwarded-Proto", "https"}}, R"("url":"http://a.example/ofrep/)"},
        {"",
         {{"Host", "in"}, {"X-Forwarded-Host", "b.example:444, in"}},
         R"("url":"http://b.example:444/ofrep/)",
         true},
        {"", {{"Host", "in"}, {"X-Forwarded-Host", "b.example"}}, R"("url":"http://in/ofrep/)"},
        {"", {{"Host", "bad\"host"}}, R"("endpoint":{"requestUri":"/ofrep/v1/stream?token=)"},
        {"", {}, R"("endpoint":{"requestUri":"/ofrep/v1/stream?token=)"},
    };
    for (const auto& row : rows) {
        relay::serve::ServeConfig config;
        config.public_url = row.public_url;
        ServedRelay relay(config);
        const auto answer =
            relay.ask({.target = "/ofrep/v1/evaluate/flags", .headers = row.headers, .from_proxy = row.from_proxy});
        CHECK(answer.body.find(row.expected) != std::string::npos);
    }
}
