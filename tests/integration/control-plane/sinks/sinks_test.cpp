// Batches from the relay's request to a sink, on a real PostgreSQL.

#include <functional>
#include <memory>
#include <thread>

#include "common/base/file.hpp"
#include "control-plane/sinks/file_sink.hpp"
#include "control-plane/sinks/runner.hpp"
#include "tests/integration/control-plane/events/ingest_fixture.hpp"
#include "tests/support/catch_result.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace fanion;
using namespace fanion::test;
namespace sinks = cp::sinks;

namespace {

// Keeps what it gets, unless it is told to fail.
class KeptSink : public sinks::EventSink {
public:
    explicit KeptSink(std::string name = "kept") : name_(std::move(name)) {}
    const std::string& name() const noexcept override { return name_; }
    Result<std::uint64_t> write(const std::vector<sinks::SinkBatch>& batches) override {
        for (int i = 0; i < 1'000 && hangs_until && !hangs_until(); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        if (is_failing) return Error{Errc::unavailable, "the receiver is away", {}};
        for (const auto& batch : batches) {
            ids += batch.batch_id + ' ';
            for (const auto& lines : batch.environments) text += lines.text;
        }
        return refuses;
    }

    std::function<bool()> hangs_until;  // for ten seconds at most
    bool is_failing = false;
    std::uint64_t refuses = 0;
    std::string ids;
    std::string text;

private:
    std::string name_;
};

class SinkFixture : public IngestFixture {
public:
    net::Response post_to_sinks(const std::string& key, std::string body, std::string_view encoding = "") {
        const std::string authorization = "Bearer " + key;
        net::Request request;
        request.method = net::Method::post;
        request.body = body;
        net::RequestBuilder::add_header(request, "Authorization", authorization);
        net::RequestBuilder::add_header(request, "Content-Type", "application/json");
        if (!encoding.empty()) net::RequestBuilder::add_header(request, "Content-Encoding", encoding);
        return run(api_with_sinks.handle_events(request));
    }
    void store(const std::string& id, const std::string& env = "e_1") {
        REQUIRE(post_to_sinks(key_a, to_json(batch_of(id, {count(env, "f", "on", 3)}))).status == 200);
    }
    std::string waiting(const std::string& name = "kept") {
        return sql("SELECT count(*) FROM sink_outbox WHERE sink = '" + name + "'");
    }
    sinks::Runner make_runner(sinks::EventSink& to, sinks::RunnerConfig config = {}) {
        return sinks::Runner({pool, registry, log}, to, config);
    }
    std::size_t deliver(sinks::Runner& runner) {
        const auto delivered = run(runner.deliver());
        REQUIRE(delivered);
        return *delivered;
    }

    std::vector<std::string> names{"kept"};
    cp::events::BatchWriter writer_with_sinks{{pool, blocking, clock, limits, pool, tasks, log, counters, names}};
    cp::events::IngestApi api_with_sinks{{keys, blocking, clock, counters, writer_with_sinks}};
    KeptSink sink;
};

}  // namespace

TEST_CASE_METHOD(SinkFixture, "a stored batch reaches the sink, in any encoding, and is then forgotten") {
    const auto body = to_json(batch_of("eu.1.1", {count("e_1", "f", "on", 3), count("e_2", "g", "", 1)}));
    REQUIRE(post_to_sinks(key_a, body).status == 200);
    REQUIRE(post_to_sinks(key_b, compress(Encoding::zstd, to_json(batch_of("eu.1.2", {count("e_9", "f", "on", 3)}))),
                          "zstd")
                .status == 200);
    REQUIRE(post_to_sinks(key_a, compress(Encoding::gzip, to_json(batch_of("eu.1.3", {}))), "gzip").status == 200);
    CHECK(waiting() == "3");
    auto runner = make_runner(sink);
    CHECK(deliver(runner) == 3);
    CHECK(sink.ids == "eu.1.1 eu.1.2 eu.1.3 ");
    CHECK(sink.text.find(R"("org_id":"o_a","org":"a","project":"web","environment":"dev")") != std::string::npos);
    CHECK(sink.text.find(R"("org_id":"o_a","org":"a","project":"app","environment":"dev")") != std::string::npos);
    CHECK(sink.text.find(R"("org_id":"o_b","org":"b","project":"web","environment":"dev")") != std::string::npos);
    CHECK(waiting() == "0");
    CHECK(deliver(runner) == 0);
    CHECK(runner.metrics().delivered.value() == 3);
    CHECK(runner.metrics().lines.value() == 3);
}

TEST_CASE_METHOD(SinkFixture, "what is not stored, or was stored before, does not reach the sink") {
    store("a");
    store("a");
    CHECK(post_to_sinks(key_a, to_json(batch_of("b", {count("e_9", "f", "on", 1)}))).status == 422);
    CHECK(waiting() == "1");
    sql("ALTER TABLE event_batches ADD CHECK (batch_id <> 'bad')");
    CHECK_THROWS(post_to_sinks(key_a, to_json(batch_of("bad", {count("e_1", "f", "on", 1)}))));
    CHECK(waiting() == "1");
    CHECK(post(key_a, to_json(batch_of("c", {}))).status == 200);  // where no sink is configured
    CHECK(waiting() == "1");
}

TEST_CASE_METHOD(SinkFixture, "a sink that fails gets the same batches again, in order, and nothing is lost") {
    for (const char* id : {"1", "2", "3"}) store(id);
    sink.is_failing = true;
    auto runner = make_runner(sink);
    for (int i = 0; i < 3; ++i) CHECK(!run(runner.deliver()));
    CHECK(waiting() == "3");
    store("4");
    sink.is_failing = false;
    CHECK(deliver(runner) == 4);
    CHECK(sink.ids == "1 2 3 4 ");
}

TEST_CASE_METHOD(SinkFixture, "each sink has its own queue") {
    names = {"kept", "other"};
    cp::events::BatchWriter writer_of_two({pool, blocking, clock, limits, pool, tasks, log, counters, names});
    cp::events::IngestApi api_of_two({keys, blocking, clock, counters, writer_of_two});
    const std::string authorization = "Bearer " + key_a;
    const auto body = to_json(batch_of("1", {count("e_1", "f", "on", 3)}));
    net::Request request;
    request.method = net::Method::post;
    request.body = body;
    net::RequestBuilder::add_header(request, "Authorization", authorization);
    net::RequestBuilder::add_header(request, "Content-Type", "application/json");
    REQUIRE(run(api_of_two.handle_events(request)).status == 200);
    KeptSink other("other");
    other.is_failing = true;
    auto runner = make_runner(sink);
    auto second = make_runner(other);
    CHECK(deliver(runner) == 1);
    CHECK(!run(second.deliver()));
    CHECK(waiting() == "0");
    CHECK(waiting("other") == "1");
    other.is_failing = false;
    CHECK(deliver(second) == 1);
    CHECK(other.text == sink.text);
}

TEST_CASE_METHOD(SinkFixture, "of several processes one delivers, and another when its lease has ended") {
    auto first = make_runner(sink);
    KeptSink elsewhere;
    auto second = make_runner(elsewhere);
    store("1");
    CHECK(deliver(first) == 1);
    store("2");
    CHECK(deliver(second) == 0);
    CHECK(deliver(first) == 1);
    sql("UPDATE sinks SET leased_until = now() - interval '1 second'");  // the first process has ended
    store("3");
    CHECK(deliver(second) == 1);
    CHECK(sink.ids == "1 2 ");
    CHECK(elsewhere.ids == "3 ");
    CHECK(second.metrics().is_holder.value() == 1);
}

TEST_CASE_METHOD(SinkFixture, "much is delivered in parts, by number and by what it unpacks to") {
    for (int i = 0; i < 7; ++i) store(std::to_string(i));
    sinks::RunnerConfig config;
    config.batches_at_once = 3;
    auto runner = make_runner(sink, config);
    CHECK(deliver(runner) == 3);
    CHECK(deliver(runner) == 3);
    sinks::RunnerConfig small;
    small.bytes_at_once = 1;
    sql("UPDATE sinks SET leased_until = now() - interval '1 second'");
    for (int i = 7; i < 9; ++i) store(std::to_string(i));
    auto careful = make_runner(sink, small);
    for (int i = 6; i < 9; ++i) CHECK(deliver(careful) == 1);
    CHECK(deliver(careful) == 0);
    CHECK(sink.ids == "0 1 2 3 4 5 6 7 8 ");
}

TEST_CASE_METHOD(SinkFixture, "what waits is bounded: the oldest is given up and counted") {
    for (int i = 0; i < 6; ++i) store(std::to_string(i));
    const auto bytes = std::stoull(sql("SELECT max(bytes) FROM sink_outbox"));
    sink.is_failing = true;
    sinks::RunnerConfig config;
    config.most_waiting_bytes = 4 * bytes;
    auto runner = make_runner(sink, config);
    CHECK(!run(runner.deliver()));
    CHECK(runner.metrics().given_up.value() == 2);
    CHECK(runner.metrics().waiting.value() == 4);
    CHECK(runner.metrics().waiting_bytes.value() == Approx(static_cast<double>(4 * bytes)).margin(8));
    sink.is_failing = false;
    CHECK(deliver(runner) == 4);
    CHECK(sink.ids == "2 3 4 5 ");
}

TEST_CASE_METHOD(SinkFixture, "what waits is bounded while a delivery hangs") {
    store("first");
    const auto bytes = std::stoull(sql("SELECT max(bytes) FROM sink_outbox"));
    sinks::RunnerConfig config;
    config.most_waiting_bytes = 4 * bytes;
    config.bounds_interval = std::chrono::milliseconds(1'000);
    auto runner = make_runner(sink, config);
    CHECK(deliver(runner) == 1);
    for (int i = 0; i < 6; ++i) store(std::to_string(i));
    const auto& given_up = runner.metrics().given_up;
    sink.hangs_until = [&] { return given_up.value() > 0; };
    tasks.spawn("sink_bounds", runner.run_bounds());
    deliver(runner);
    CHECK(given_up.value() == 2);
    CHECK(waiting() == "0");
    tasks.request_stop();
    CHECK(run(tasks.join(std::chrono::seconds(5))));
}

TEST_CASE_METHOD(SinkFixture, "what has waited a week is given up") {
    store("old");
    sql("UPDATE sink_outbox SET received_at = now() - interval '7 days 1 minute'");
    store("new");
    auto runner = make_runner(sink);
    CHECK(deliver(runner) == 1);
    CHECK(sink.ids == "new ");
    CHECK(runner.metrics().given_up.value() == 1);
    store("for nobody");
    sql("UPDATE sink_outbox SET sink = 'gone', received_at = now() - interval '9 days'");
    run(sinks::purge_outbox(pool));
    CHECK(waiting("gone") == "0");
}

TEST_CASE_METHOD(SinkFixture, "what cannot be read or taken is counted and holds nothing up") {
    for (const char* id : {"1", "2", "3"}) store(id);
    sql("UPDATE sink_outbox SET body = 'x' WHERE batch_id = '2'");
    sink.refuses = 1;
    auto runner = make_runner(sink);
    CHECK(deliver(runner) == 3);
    CHECK(sink.ids == "1 3 ");
    CHECK(runner.metrics().unreadable.value() == 1);
    CHECK(runner.metrics().lines.value() == 1);
    CHECK(runner.metrics().refused_lines.value() == 1);
    CHECK(waiting() == "0");
}

TEST_CASE_METHOD(SinkFixture, "a batch of a deleted environment is delivered, one of a purged organisation is gone") {
    store("1", "e_1");
    store("2", "e_2");
    sql("UPDATE environments SET deleted_at = now() WHERE env_id = 'e_1'; DELETE FROM environments WHERE env_id = "
        "'e_2'");
    auto runner = make_runner(sink);
    CHECK(deliver(runner) == 2);
    CHECK(sink.text.find("\"e_1\"") != std::string::npos);
    CHECK(sink.text.find("\"e_2\"") == std::string::npos);
    store("3", "e_1");
    sql("DELETE FROM orgs WHERE org_id = 'o_a'");
    CHECK(waiting() == "0");
}

TEST_CASE_METHOD(SinkFixture, "batches go to files") {
    const TemporaryDirectory folder;
    auto files = sinks::FileSink::open(folder.path());
    REQUIRE(files);
    store("1");
    sql("UPDATE sink_outbox SET sink = 'files', received_at = now() - interval '1 day'");
    const auto day = sql("SELECT to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') FROM sink_outbox");
    auto runner = make_runner(**files);
    CHECK(deliver(runner) == 1);
    const auto text = read_file(folder.path() + "/o_a/e_1/" + day + ".ndjson");
    REQUIRE(text);
    CHECK(text->find(R"({"batch":"1","line":0,"kind":"count")") == 0);
}
