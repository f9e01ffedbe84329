// Logs whose entries are larger than a page: they are checked, exported, followed and undone like others.

#include <catch2/catch.hpp>
#include <chrono>

#include "common/net/http_client.hpp"
#include "common/wire/sse_parser.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace std::chrono_literals;
using test::acme;
using test::ApiFixture;
using test::Reply;
using test::web;

namespace {

class LargeEntries : public ApiFixture {
public:
    LargeEntries() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
    }
    // Appends entries of so many bytes, as the control plane would.
    void append(int count, int bytes) {
        sql("DO $$ DECLARE o text; last bytea; n bigint; c text; BEGIN "
            "SELECT org_id, seq, hash INTO o, n, last FROM fanion.audit ORDER BY seq DESC LIMIT 1; "
            "FOR i IN 1.." +
            std::to_string(count) +
            " LOOP n := n + 1; "
            "c := format('{\"org_id\":\"%s\",\"seq\":%s,\"id\":\"a_x%s\",\"at\":1763720000000,\"actor_kind\":\"user\","
            "\"actor_id\":\"\",\"action\":\"flag.created\",\"resource\":\"projects/web/flags/x\",\"before\":null,"
            "\"after\":{\"n\":\"%s\"}}', o, n, n, repeat('x', " +
            std::to_string(bytes) +
            ")); "
            "INSERT INTO fanion.audit (org_id, seq, id, at, actor_kind, actor_id, action, resource, project, "
            "canonical, "
            "prev_hash, hash) VALUES (o, n, 'a_x' || n, now(), 'user', '', 'flag.created', 'projects/web/flags/x', "
            "'web', c, "
            "last, sha256(last || convert_to(c, 'UTF8'))); last := sha256(last || convert_to(c, 'UTF8')); "
            "END LOOP; PERFORM pg_notify('fanion_audit', o); END $$");
    }
    std::string newest() { return sql("SELECT max(seq) FROM fanion.audit"); }

    struct Opened {
        std::unique_ptr<net::HttpClient> client;
        std::unique_ptr<net::ResponseStream> stream;
    };
    Opened open(const std::string& path) {
        Opened opened;
        net::ClientConfig config;
        config.origin = origin();
        opened.client =
            std::make_unique<net::HttpClient>(net::HttpClient::make(context.get_executor(), config).value());
        net::ClientRequest request{net::Method::get, path, {{"Authorization", "Bearer " + owner}}};
        opened.stream = run(opened.client->open_stream(std::move(request))).value();
        REQUIRE(opened.stream->status() == 200);
        return opened;
    }
    // To the end. Error: the body broke off.
    static boost::asio::awaitable<Result<std::size_t>> read_all(net::ResponseStream& stream) {
        std::size_t total = 0;
        std::string bytes;
        for (;;) {
            bytes.clear();
            const auto more = co_await stream.read_some(bytes, 20s);
            if (!more) co_return more.error();
            total += bytes.size();
            if (!*more) co_return total;
        }
    }
    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(LargeEntries, "the server's check goes past entries that are larger than a page, to the end") {
    append(2, 1'500'000);
    append(3, 10);
    append(2, 2'500'000);
    const auto checked = get(acme + "/audit/verification?after=0", owner);
    INFO(checked.body);
    CHECK(checked.at("/ok") == "true");
    CHECK(checked.at("/checked/from") == "1");
    CHECK(checked.at("/checked/to") == newest());
    CHECK(checked.at("/next") == "null");
    CHECK(get(acme + "/audit/verification", owner).at("/ok") == "true");
    const auto after_end = get(acme + "/audit/verification?after=" + newest(), owner);
    CHECK(after_end.at("/next") == "null");
    sql("UPDATE fanion.audit SET canonical = canonical || ' ' WHERE seq = (SELECT max(seq) FROM fanion.audit)");
    CHECK(get(acme + "/audit/verification?after=0", owner).at("/broken_at") == newest());
    sql("DELETE FROM fanion.audit WHERE seq = 4");
    CHECK(get(acme + "/audit/verification?after=4", owner).at("/broken_at") == "5");
}

TEST_CASE_METHOD(LargeEntries, "a check ends at a size, and the next one goes on there") {
    append(70, 1'200'000);
    auto checked = get(acme + "/audit/verification?after=0", owner);
    CHECK(checked.at("/ok") == "true");
    REQUIRE(checked.at("/next") == checked.at("/checked/to"));
    checked = get(acme + "/audit/verification?after=" + checked.at("/next"), owner);
    CHECK(checked.at("/ok") == "true");
    CHECK(checked.at("/checked/to") == newest());
    CHECK(checked.at("/next") == "null");
}

TEST_CASE_METHOD(LargeEntries, "an export that breaks off is an error for whoever reads it, whatever its format") {
    append(60, 1'000'000);
    const auto query = GENERATE("?format=ndjson", "?format=csv", "?format=csv&project=web");
    INFO(query);
    auto whole = open(acme + "/audit/export" + std::string(query));
    CHECK(run(read_all(*whole.stream)));
    auto broken = open(acme + "/audit/export" + std::string(query));
    sql("DELETE FROM fanion.audit WHERE seq < (SELECT max(seq) FROM fanion.audit)");  // more than a connection holds
    const auto read = run(read_all(*broken.stream));
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::network);
}

TEST_CASE_METHOD(LargeEntries, "live changes follow entries that are larger than a page without waiting in between") {
    auto watch = open(acme + "/events");
    const auto begun = std::chrono::steady_clock::now();
    append(12, 1'200'000);
    const auto read = [](net::ResponseStream& stream) -> boost::asio::awaitable<std::size_t> {
        wire::SseParser parser;
        std::vector<wire::SseEvent> events;
        std::string bytes;
        while (events.size() < 12) {
            bytes.clear();
            const auto more = co_await stream.read_some(bytes, 20s);
            if (!more || !*more || !parser.feed(bytes, events)) break;
        }
        co_return events.size();
    };
    CHECK(test::run_on(context, read(*watch.stream), 120s) == 12);
    CHECK(std::chrono::steady_clock::now() - begun < 30s);  // a page at each look would take a minute
}

TEST_CASE_METHOD(LargeEntries, "a change is not undone when the present state is too large to compare by hand") {
    REQUIRE(post(web + "/segments", owner, R"({"key":"s"})").status == 201);
    const auto place = web + "/segments/s/environments/development";
    const auto members = [](int count) {
        std::string values;
        for (int i = 0; i < count; ++i) values += (i > 0 ? ",\"user-" : "\"user-") + std::to_string(i) + '"';
        return R"({"included":[{"attribute":"targetingKey","values":[)" + values + "]}]}";
    };
    const auto revert = [&](const std::string& id) {
        return send({net::Method::post, acme + "/audit/" + id + "/revert", owner});
    };
    REQUIRE(put(place, owner, members(2)).status == 200);
    const auto small = get(acme + "/audit?limit=1", owner).at("/items/0/entry/id");
    REQUIRE(put(place, owner, members(60'000)).status == 200);
    const auto large = get(acme + "/audit?limit=1", owner).at("/items/0/entry/id");
    const auto refused = revert(small);
    CHECK(refused.status == 409);
    CHECK(refused.errors().size() <= 120);
    CHECK(refused.errors().at(0).ends_with(" changed_since"));
    CHECK(revert(large).errors() == std::vector<std::string>{" state_not_kept"});
    // What was created is removed, however large it was.
    const auto body = R"({"key":"big","environments":{"development":)" + members(90'000) + "}}";
    REQUIRE(post(web + "/segments", owner, body).status == 201);
    CHECK(revert(get(acme + "/audit?limit=1", owner).at("/items/0/entry/id")).status == 204);
}

TEST_CASE_METHOD(LargeEntries, "a state that can no longer be is refused with the reason") {
    const auto staging = web + "/flags/f/environments/staging";
    REQUIRE(post(web + "/flags", owner,
                 R"({"key":"f","type":"string","variations":[{"key":"a","value":"a"},{"key":"b","value":"b"},)"
                 R"({"key":"c","value":"c"}]})")
                .status == 201);
    REQUIRE(patch(staging, owner, R"({"fallthrough":{"variation":"c"}})").status == 200);
    REQUIRE(patch(staging, owner, R"({"fallthrough":{"variation":"a"}})").status == 200);
    const auto entry = get(acme + "/audit?limit=1", owner).at("/items/0/entry/id");
    auto changed =
        patch(web + "/flags/f", owner, R"({"variations":[{"key":"a","value":"a"},{"key":"b","value":"b"}]})", "*");
    INFO(changed.body);
    REQUIRE(changed.status == 200);
    const auto refused = send({net::Method::post, acme + "/audit/" + entry + "/revert", owner});
    INFO(refused.body);
    CHECK(refused.status == 409);
    CHECK_FALSE(refused.errors().empty());
}
