// POST /sdk/v1/events: what is accepted, as what, and what is refused; exposures of the relay's own evaluations.

#include "relay/serve/events_api.hpp"

#include <catch2/catch.hpp>

#include "common/base/compression.hpp"
#include "common/wire/sdk_events.hpp"
#include "tests/unit/relay/serve/served_relay.hpp"

using namespace fanion;
using namespace fanion::test;

namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;
const Headers json{{"Content-Type", "application/json"}};

// Keeps at once what was put.
class EventRelay : public ServedRelay {
public:
    EventRelay() {
        intake.on_put([this] {
            auto taken = intake.take();
            exposures += taken.exposure_count;
            metrics += taken.metric_count;
            lists += taken.exposures + "|" + taken.metrics;
            for (const auto& done : taken.done) waiting.push_back(done);
            // The receipt waits by the time that the worker's context goes on.
            boost::asio::post(context, [this] {
                for (const auto& done : std::exchange(waiting, {})) done();
            });
        });
    }
    Answer post(std::string body, std::string_view key = server_key, const Headers& headers = json) {
        return ask({.target = "/sdk/v1/events", .body = std::move(body), .headers = headers, .key = key});
    }
    void mark_tracked() {
        auto items = standard_items();
        for (auto& [key, body] : items) {
            if (key != "flag/ruled" && key != "flag/text") continue;
            body.replace(body.find(R"("track":false)"), 13, R"("track":true)");
        }
        publish(items);
    }

    std::uint64_t exposures = 0;
    std::uint64_t metrics = 0;
    std::string lists;
    std::vector<relay::intake::Intake::Notify> waiting;
};

}  // namespace

TEST_CASE_METHOD(EventRelay,
                 "counts, exposures and metrics are accepted, and counts are added up with the relay's own") {
    evaluate("basic");
    const auto answer = post(R"({"batch":"i.1",
        "counts":[{"flag":"basic","variation":"on","version":12,"reason":"STATIC","n":5},
                  {"flag":"ruled","variation":"on","version":99,"reason":"TARGETING_MATCH","rule":"r-7f3a","n":2},
                  {"flag":"ruled","variation":"gone","version":3,"reason":"made up","rule":"r-gone","n":1},
                  {"flag":"missing","n":4},{"flag":"not a key","n":3}],
        "exposures":[{"flag":"basic","variation":"on","version":12,"unit":"u1","at":1763720000000}],
        "metrics":[{"key":"purchase","unit":"u1","at":1763720000000,"value":19.9}]})");
    CHECK(answer.status == 202);
    CHECK(answer.body == R"({"duplicate":false})");
    CHECK(exposures == 1);
    CHECK(metrics == 1);
    CHECK(lists.find("\"u1\"") == std::string::npos);
    std::string digest;
    wire::append_unit_digest(digest, "targetingKey", "u1");
    CHECK(lists.find(digest) != std::string::npos);
    CHECK(counted("basic", "on", "STATIC") == 6);
    CHECK(counted("ruled", "on", "TARGETING_MATCH") == 2);
    CHECK(counted("ruled", "(other)", "UNKNOWN") == 1);
    CHECK(counted("missing", "", "ERROR") == 4);
    CHECK(counted("(other)", "", "ERROR") == 3);
    CHECK(counted_in_all() == 16);
}

TEST_CASE_METHOD(EventRelay, "a repeated batch is accepted again and has no effect") {
    const std::string body = R"({"batch":"i.1","counts":[{"flag":"basic","variation":"on","reason":"STATIC","n":5}],)"
                             R"("exposures":[{"flag":"basic","unit":"u","at":1}]})";
    CHECK(post(body).body == R"({"duplicate":false})");
    const auto again = post(body);
    CHECK(again.status == 202);
    CHECK(again.body == R"({"duplicate":true})");
    CHECK(exposures == 1);
    CHECK(counted_in_all() == 5);
}

TEST_CASE_METHOD(EventRelay, "of a request with a fault nothing is accepted, and the fault has its place") {
    const auto answer = post(
        R"({"batch":"i.1","counts":[{"flag":"basic","n":5}],"exposures":[{"flag":"f","unit":"u","at":1},{"flag":"f","at":1}]})");
    CHECK(answer.status == 400);
    CHECK(answer.body.find(R"("pointer":"/exposures/1/unit")") != std::string::npos);
    CHECK(exposures == 0);
    CHECK(counted_in_all() == 0);
    CHECK(post("{").status == 400);
    CHECK(post("").status == 400);
    // Its id is not known for that.
    CHECK(post(R"({"batch":"i.1"})").body == R"({"duplicate":false})");
}

TEST_CASE_METHOD(EventRelay, "bodies may be packed, and are bounded") {
    const std::string body = R"({"exposures":[{"flag":"basic","unit":"u","at":1}]})";
    for (const auto encoding : {Encoding::gzip, Encoding::zstd}) {
        const Headers headers{json[0], {"Content-Encoding", std::string(name_of(encoding))}};
        CHECK(post(compress(encoding, body), server_key, headers).status == 202);
        CHECK(post("not packed", server_key, headers).status == 400);
        CHECK(post(compress(encoding, std::string(relay::serve::events_bytes + 1, ' ')), server_key, headers).status ==
              413);
    }
    CHECK(exposures == 2);
    CHECK(post(std::string(relay::serve::events_bytes + 1, ' ')).status == 413);
    CHECK(post(body, server_key, {json[0], {"Content-Encoding", "br"}}).status == 415);
    CHECK(post(body, server_key, {{"Content-Type", "text/html"}}).status == 415);
    CHECK(post(body, server_key, {{"Content-Type", "text/plain"}}).status == 415);
}

TEST_CASE_METHOD(EventRelay, "a page that is left names its client key in the body") {
    const Headers plain{{"Content-Type", "text/plain;charset=UTF-8"}, {"Origin", "https://app.example"}};
    const auto body = [](std::string_view key) {
        return R"({"key":")" + std::string(key) + R"(","metrics":[{"key":"leave","unit":"u","at":1}]})";
    };
    const auto answer = post(body(client_key), "", plain);
    CHECK(answer.status == 202);
    CHECK(answer.header("Access-Control-Allow-Origin") == "https://app.example");
    CHECK(metrics == 1);
    CHECK(post(body(server_key), "", plain).status == 403);
    CHECK(post(body("fan_cli_unknown"), "", plain).status == 401);
    CHECK(post(R"({"metrics":[]})", "", plain).status == 401);
    CHECK(post(body(client_key), "", json).status == 401);
    CHECK(post(body(client_key) + std::string(relay::serve::beacon_bytes, ' '), "", plain).status == 401);
    CHECK(metrics == 1);
}

TEST_CASE_METHOD(EventRelay, "keys are those of evaluations") {
    CHECK(post("{}", client_key).status == 202);
    CHECK(post("{}", relay_key).status == 403);
    CHECK(post("{}", "").status == 401);
    CHECK(post("{}", expired_key).status == 401);
}

TEST_CASE_METHOD(EventRelay, "events that find no room are to be sent again") {
    intake.on_put({});
    const std::string large(1'000'000, 'x');
    while (intake.put_exposure(large, clock.now())) {
    }
    const auto answer =
        post(R"({"batch":"i.1","counts":[{"flag":"basic","n":1}],"exposures":[{"flag":"basic","unit":")" +
             std::string(200, 'u') + R"(","at":1},)" +
             [] {
                 std::string more;
                 for (int i = 0; i < 8'000; ++i) more += R"({"flag":"basic","unit":"u","at":1},)";
                 return more;
             }() +
             R"({"flag":"basic","unit":"u","at":1}]})");
    CHECK(answer.status == 503);
    CHECK(answer.header("Retry-After") == "2");
    CHECK(counted_in_all() == 0);
}

TEST_CASE_METHOD(EventRelay, "who sends is a label: the first part of Fanion-Sdk") {
    post(R"({"counts":[{"flag":"basic","variation":"on","reason":"STATIC","n":1}]})", server_key,
         {json[0], {"Fanion-Sdk", "python/1.2; k2J9"}, {"X-Fanion-SDK", "other/1"}});
    REQUIRE(counts().size() == 1);
    CHECK(counts()[0].sdk == "python/1.2");
}

TEST_CASE_METHOD(EventRelay, "single evaluations of flags that are tracked are exposures, once for each unit") {
    mark_tracked();
    const std::string german = R"({"targetingKey":"u1","country":"DE"})";
    for (int i = 0; i < 3; ++i) CHECK(evaluate("ruled", german).status == 200);
    CHECK(exposures == 1);
    CHECK(services->metrics.exposures_repeated() == 2);
    CHECK(lists.find(R"("flag":"ruled","variation":"on","version":12,"unit":")") != std::string::npos);
    CHECK(lists.find("DE") == std::string::npos);  // a context does not leave the relay
    evaluate("ruled", R"({"targetingKey":"u1","country":"FR"})");
    CHECK(exposures == 2);  // another variation
    ask({.target = "/api/v1/evaluate/ruled", .body = R"({"context":{"targetingKey":"u2"}})"});
    CHECK(exposures == 3);
    ask({.method = net::Method::get, .target = "/evaluate/ruled?user_id=u3"});
    CHECK(exposures == 4);
    // Not tracked, without a unit, of all flags, and explained.
    evaluate("basic", german);
    evaluate("ruled", "{}");
    evaluate("ruled", R"({"targetingKey":""})");
    evaluate("gone", R"({"targetingKey":"u9"})");
    bulk(R"({"targetingKey":"u9"})");
    ask({.target = "/api/v1/evaluate", .body = R"({"context":{"targetingKey":"u9"}})"});
    ask({.target = "/api/v1/explain/ruled", .body = R"({"context":{"targetingKey":"u9"}})"});
    CHECK(exposures == 4);
}

TEST_CASE_METHOD(EventRelay, "all flags for an SDK are not counted, and say which of them are tracked") {
    mark_tracked();
    const Ask all{.target = "/ofrep/v1/evaluate/flags", .headers = {{"Fanion-Sdk", "web/1.0; a"}}};
    const auto answer = ask(all);
    CHECK(answer.status == 200);
    CHECK(counted_in_all() == 0);
    CHECK(
        answer.body.find(
            R"("key":"text","value":"a \"b\"","reason":"STATIC","variant":"t","metadata":{"version":12,"track":true})") !=
        std::string::npos);
    CHECK(answer.body.find(R"("variant":"one","metadata":{"version":12})") != std::string::npos);
    const auto other = bulk();
    CHECK(counted_in_all() > 0);
    CHECK(other.body.find("track") == std::string::npos);
    CHECK(other.header("ETag") != answer.header("ETag"));
}
