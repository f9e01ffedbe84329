// Live changes: what a stream of an organisation's events brings, in which order, from where, and when it ends.

#include <catch2/catch.hpp>
#include <memory>

#include "common/base/text.hpp"
#include "common/net/task_group.hpp"
#include "common/wire/sse_parser.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "tests/integration/control-plane/admin/api_fixture.hpp"
#include "tests/integration/control-plane/admin/paths.hpp"
#include "tests/support/catch_result.hpp"

using namespace fanion;
using namespace std::chrono_literals;
using test::acme;
using test::ApiFixture;
using test::web;

namespace {

class LiveChanges : public ApiFixture {
public:
    LiveChanges() : owner(bootstrap_owner("acme", "owner@example.com")) {
        REQUIRE(post(acme + "/projects", owner, R"({"key":"web"})").status == 201);
    }

    // One stream as a client reads it.
    struct Watch {
        std::unique_ptr<net::HttpClient> client;
        std::unique_ptr<net::ResponseStream> stream;
        wire::SseParser parser;
        std::vector<wire::SseEvent> events;
        bool has_ended = false;
    };
    Watch open(const std::string& token, const std::string& query = "", const std::string& last_id = "") {
        Watch watch;
        net::ClientConfig config;
        config.origin = origin();
        watch.client = std::make_unique<net::HttpClient>(net::HttpClient::make(context.get_executor(), config).value());
        net::ClientRequest request{net::Method::get, acme + "/events" + query, {{"Authorization", "Bearer " + token}}};
        if (!last_id.empty()) request.headers.emplace_back("Last-Event-ID", last_id);
        watch.stream = run(watch.client->open_stream(std::move(request))).value();
        return watch;
    }
    // Reads until there are `count` events, or the stream ends.
    static boost::asio::awaitable<void> read(Watch& watch, std::size_t count) {
        std::string bytes;
        while (watch.events.size() < count && !watch.has_ended) {
            bytes.clear();
            const auto more = co_await watch.stream->read_some(bytes, 20s);
            if (!more) throw std::runtime_error("no event in time");
            watch.has_ended = !*more;
            if (!watch.parser.feed(bytes, watch.events)) throw std::runtime_error("not a stream of events");
        }
    }
    std::vector<wire::SseEvent> take(Watch& watch, std::size_t count) {
        run(read(watch, count));
        REQUIRE(watch.events.size() >= count);
        return std::exchange(watch.events, {});
    }
    // Reads to the end.
    void await_end(Watch& watch) {
        run(read(watch, 1'000));
        CHECK(watch.has_ended);
    }
    static std::string at(const wire::SseEvent& event, const std::string& pointer) {
        json::Document document;
        REQUIRE(document.parse(event.text()));
        const auto value = document.root().at(*json::parse_pointer(pointer));
        if (!value) return "";
        return value.is(json::Kind::string) ? std::string(value.as_string()) : value.to_text();
    }
    void make_flag(const std::string& key) {
        REQUIRE(post(web + "/flags?comment=why", owner, R"({"type":"boolean","key":")" + key + "\"}").status == 201);
    }
    std::string owner;
};

}  // namespace

TEST_CASE_METHOD(LiveChanges, "a change is told to who watches: what, by whom, and its new version") {
    auto watch = open(owner);
    CHECK(watch.stream->status() == 200);
    CHECK(watch.stream->header("Content-Type") == "text/event-stream");
    make_flag("f");
    REQUIRE(patch(web + "/flags/f/environments/staging", owner, R"({"enabled":true})").status == 200);
    const auto events = take(watch, 2);
    CHECK(events[0].event == "change");
    CHECK(at(events[0], "/action") == "flag.created");
    CHECK(at(events[0], "/resource") == "projects/web/flags/f");
    CHECK(at(events[0], "/project") == "web");
    CHECK(at(events[0], "/environment") == "null");
    CHECK(at(events[0], "/actor/email") == "owner@example.com");
    CHECK(at(events[0], "/comment") == "why");
    CHECK(at(events[0], "/version") == "1");
    CHECK_FALSE(at(events[0], "/published/production").empty());
    CHECK(at(events[1], "/environment") == "staging");
    CHECK(at(events[1], "/version") == "2");
    CHECK(at(events[1], "/after").empty());  // no states
    CHECK(events[1].id == sql("SELECT max(seq) FROM fanion.audit"));
}

TEST_CASE_METHOD(LiveChanges, "a change is told only to who may read the place where it was made") {
    const auto ada = add_member(owner, "acme", "ada@example.com", "developer");
    const auto id = get("/api/v1/auth/me", ada).at("/user/id");
    REQUIRE(post(acme + "/roles", owner, R"({"key":"none","permissions":[]})").status == 201);
    make_flag("f");
    auto watch = open(ada);
    REQUIRE(put(web + "/environments/production/assignments/" + id, owner, R"({"role":"none"})").status == 201);
    REQUIRE(patch(web + "/flags/f/environments/production", owner, R"({"enabled":true})", "*").status == 200);
    make_flag("g");
    auto events = take(watch, 1);
    if (at(events[0], "/resource").find("/assignments/") != std::string::npos) events = take(watch, 1);
    CHECK(at(events[0], "/resource") == "projects/web/flags/g");
}

TEST_CASE_METHOD(LiveChanges, "a stream resumes after the last event, and in the past, without a gap or a repetition") {
    auto first = open(owner);
    make_flag("a");
    const auto seen = take(first, 1);
    first.stream.reset();
    make_flag("b");
    make_flag("c");
    auto second = open(owner, "", seen[0].id);
    const auto rest = take(second, 2);
    CHECK(at(rest[0], "/resource") == "projects/web/flags/b");
    CHECK(at(rest[1], "/resource") == "projects/web/flags/c");
    auto whole = open(owner, "?since=0");
    const auto all = take(whole, 5);
    for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i].id == std::to_string(i + 1));
    make_flag("d");
    CHECK(at(take(whole, 1)[0], "/resource") == "projects/web/flags/d");
    CHECK(at(take(second, 1)[0], "/resource") == "projects/web/flags/d");
    for (const auto* bad : {"?since=x", "?since=-1", "?since="})
        CHECK(get(acme + "/events" + bad, owner).status == 400);
}

TEST_CASE_METHOD(LiveChanges, "those who come back a little behind share what the first of them has read") {
    const auto seen = sql("SELECT max(seq) FROM fanion.audit");
    make_flag("a");
    make_flag("b");
    const auto reads = [this] {
        const auto text = server_registry.text();
        const std::string name = "\nfanion_control_plane_live_reads_total ";
        const auto begin = text.find(name) + name.size();
        return parse_u64(text.substr(begin, text.find('\n', begin) - begin)).value_or(0);
    };
    auto first = open(owner, "", seen);
    take(first, 2);
    const auto before = reads();
    REQUIRE(before > 0);
    std::vector<Watch> others;
    for (int i = 0; i < 8; ++i) {
        others.push_back(open(owner, "", seen));
        const auto again = take(others.back(), 2);
        CHECK(at(again[0], "/resource") == "projects/web/flags/a");
        CHECK(at(again[1], "/resource") == "projects/web/flags/b");
    }
    CHECK(reads() <= before + 2);  // now and then the log is looked at without a reason
}

TEST_CASE_METHOD(LiveChanges, "who asks for what is no longer kept, or was never there, is told to read again") {
    make_flag("a");
    sql("DELETE FROM fanion.audit WHERE seq < 3");
    auto watch = open(owner, "?since=0");
    auto events = take(watch, 2);
    CHECK(events[0].event == "reset");
    CHECK(events[0].id == "2");
    CHECK(at(events[1], "/resource") == "projects/web/flags/a");
    auto other = open(owner, "?since=1000");
    events = take(other, 1);
    CHECK(events[0].event == "reset");
    CHECK(events[0].id == "3");
    make_flag("b");
    CHECK(at(take(other, 1)[0], "/resource") == "projects/web/flags/b");
}

TEST_CASE_METHOD(LiveChanges, "a stream ends with its session, and with the membership") {
    const auto dev = add_member(owner, "acme", "dev@example.com", "viewer");
    SECTION("signing out") {
        auto watch = open(dev);
        REQUIRE(post("/api/v1/auth/logout", dev, "").status == 204);
        await_end(watch);
    }
    SECTION("being removed") {
        auto watch = open(dev);
        auto owners = open(owner);
        const auto id = get("/api/v1/auth/me", dev).at("/user/id");
        REQUIRE(del(acme + "/members/" + id, owner).status == 204);
        await_end(watch);
        CHECK(at(take(owners, 1)[0], "/action") == "member.removed");
        make_flag("f");
        CHECK(at(take(owners, 1)[0], "/action") == "flag.created");
    }
}

TEST_CASE_METHOD(LiveChanges,
                 "another organisation's changes are told to nobody here, and a person has so many streams") {
    REQUIRE(post("/api/v1/orgs", owner, R"({"key":"other"})").status == 201);
    auto watch = open(owner);
    REQUIRE(post("/api/v1/orgs/other/projects", owner, R"({"key":"secret"})").status == 201);
    make_flag("f");
    CHECK(at(take(watch, 1)[0], "/resource") == "projects/web/flags/f");
    std::vector<Watch> more;
    for (int i = 0; i < 9; ++i) more.push_back(open(owner));
    CHECK(get(acme + "/events", owner).status == 429);
    const auto dev = add_member(owner, "acme", "dev@example.com", "viewer");
    auto others = open(dev);
    CHECK(others.stream->status() == 200);
    CHECK(get("/api/v1/orgs/other/events", dev).status == 404);
    CHECK(get(acme + "/events", "").status == 401);
}

TEST_CASE_METHOD(LiveChanges, "a browser watches with its cookie, from its own pages") {
    const std::string body = R"({"email":"owner@example.com","password":")" + std::string(default_password) + "\"}";
    const auto in = send({net::Method::post, "/api/v1/auth/session", "", body, {{"Origin", origin()}}});
    REQUIRE(in.status == 200);
    const auto cookie = in.header("Set-Cookie").substr(0, in.header("Set-Cookie").find(';'));
    net::ClientConfig config;
    config.origin = origin();
    Watch watch;
    watch.client = std::make_unique<net::HttpClient>(net::HttpClient::make(context.get_executor(), config).value());
    net::ClientRequest request{
        net::Method::get,
        acme + "/events",
        {{"Cookie", cookie}, {"Accept", "text/event-stream"}, {"Sec-Fetch-Site", "same-origin"}}};
    watch.stream = run(watch.client->open_stream(std::move(request))).value();
    REQUIRE(watch.stream->status() == 200);
    make_flag("f");
    CHECK(at(take(watch, 1)[0], "/action") == "flag.created");
    const auto foreign =
        send({net::Method::get, acme + "/events", "", "", {{"Cookie", cookie}, {"Sec-Fetch-Site", "cross-site"}}});
    CHECK(foreign.status == 403);
}

TEST_CASE_METHOD(LiveChanges, "who cannot keep a stream open asks for what has been since") {
    const auto ask = [&](const std::string& token, const std::string& since) {
        const auto query = since.empty() ? std::string() : "?since=" + since;
        return send({net::Method::get, acme + "/events" + query, token, "", {{"Accept", "application/json"}}});
    };
    const auto first = ask(owner, "");
    INFO(first.body);
    REQUIRE(first.status == 200);
    CHECK(first.header("Content-Type") == "application/json");
    CHECK(first.at("/changes") == "[]");
    make_flag("f");
    make_flag("g");
    const auto more = ask(owner, first.at("/seq"));
    CHECK(more.at("/changes/0/resource") == "projects/web/flags/f");
    CHECK(more.at("/changes/1/resource") == "projects/web/flags/g");
    CHECK(more.at("/reset") == "false");
    CHECK(ask(owner, more.at("/seq")).at("/changes") == "[]");
    CHECK(ask(owner, "999999").at("/reset") == "true");
    CHECK(ask(owner, "999999").at("/seq") == more.at("/seq"));
    CHECK(ask(owner, "x").errors() == std::vector<std::string>{"?since malformed"});
    for (int i = 0; i < 12; ++i) CHECK(ask(owner, more.at("/seq")).status == 200);  // it is no stream
    const auto dev = add_member(owner, "acme", "dev@example.com", "viewer");
    const auto id = get("/api/v1/auth/me", dev).at("/user/id");
    REQUIRE(post(acme + "/roles", owner, R"({"key":"none","name":"None","permissions":[]})").status == 201);
    REQUIRE(patch(acme + "/members/" + id, owner, R"({"role":"none"})").status == 200);
    CHECK(ask(dev, first.at("/seq")).at("/changes") == "[]");
}

TEST_CASE_METHOD(LiveChanges, "a change that another replica committed is told too") {
    auto watch = open(owner);
    const auto org = sql("SELECT org_id FROM fanion.orgs");
    cp::audit::AuditEntry entry;  // as another process writes it: on a connection of the test's own pool
    entry.org_id = cp::access::OrgId(org);
    entry.at = clock.now();
    entry.action = cp::audit::Action::flag_updated;
    entry.resource = "projects/web/flags/elsewhere";
    const auto write = [](cp::db::Pool& replica, cp::audit::AuditEntry made) -> boost::asio::awaitable<void> {
        auto tx = co_await replica.begin(cp::db::Scope::tenant(made.org_id.str()));
        co_await cp::audit::append_audit(tx, std::move(made));
        co_await tx.commit();
    };
    run(write(pool, std::move(entry)));
    CHECK(at(take(watch, 1)[0], "/resource") == "projects/web/flags/elsewhere");
}
