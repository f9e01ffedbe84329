// Who else looks at a resource, or edits it: by request, as a live event, and from another replica.

#include "common/net/http_client.hpp"
#include "common/wire/sse_parser.hpp"
#include "tests/integration/control-plane/dashboard/project.hpp"
#include "tests/support/eventually.hpp"

using namespace fanion;
using test::acme;
using test::Project;
using test::web;
using Texts = std::vector<std::string>;
using namespace std::chrono_literals;

namespace {

const std::string presence = acme + "/presence";

class Present : public Project {
public:
    Present() { REQUIRE(post(web + "/flags", owner, R"({"key":"f","type":"boolean"})").status == 201); }

    unsigned say(const std::string& token, const std::string& resource, bool is_editing = false) {
        return put(presence, token,
                   R"({"resource":")" + resource + R"(","is_editing":)" + (is_editing ? "true" : "false") + "}")
            .status;
    }
    std::string people(const std::string& token, const std::string& resource = "projects/web/flags/f") {
        const auto reply = get(presence + "?resource=" + resource, token);
        return reply.status == 200 ? reply.at("/people") : std::to_string(reply.status);
    }
    std::string id_of(const std::string& email) {
        return sql("SELECT user_id FROM fanion.users WHERE email = '" + email + "'");
    }
};

}  // namespace

TEST_CASE_METHOD(Present, "people see who else is at a resource, by name") {
    const auto ann = add_member(owner, "acme", "ann@example.com", "developer");
    sql("UPDATE fanion.memberships SET name = 'Ann' WHERE user_id = '" + id_of("ann@example.com") + "'");
    CHECK(people(owner) == "[]");
    CHECK(say(ann, "projects/web/flags/f", true) == 204);
    const auto expected = R"([{"id":")" + id_of("ann@example.com") + R"(","name":"Ann","is_editing":true}])";
    CHECK(people(owner) == expected);
    CHECK(people(owner, "projects/web") == "[]");
    CHECK(sql("SELECT count(*) FROM fanion.audit WHERE resource = 'projects/web/flags/f'") == "1");  // its creation
    REQUIRE(del(acme + "/members/" + id_of("ann@example.com"), owner).status == 204);
    CHECK(people(owner) == "[]");
}

TEST_CASE_METHOD(Present, "a resource that may not be read, or is none, is not there") {
    CHECK(say(owner, "projects/web/flags/none") == 404);
    CHECK(say(owner, "projects/other") == 404);
    CHECK(say(owner, "nonsense") == 404);
    CHECK(people(owner, "nonsense") == "404");
    CHECK(people(owner, "projects/other") == "404");
    CHECK(put(presence, owner, "{}").errors() == Texts{"/resource missing"});
    CHECK(put(presence, owner, R"({"resource":"projects/web","since":1})").errors() == Texts{"/since unknown_field"});
    CHECK(say(service("developer", R"(["read","edit"])"), "projects/web") == 403);

    const auto outsider = add_member(owner, "acme", "out@example.com", "viewer");
    REQUIRE(post(acme + "/roles", owner, R"({"key":"none","name":"None","permissions":[]})").status == 201);
    REQUIRE(patch(acme + "/members/" + id_of("out@example.com"), owner, R"({"role":"none"})").status == 200);
    CHECK(say(outsider, "projects/web") == 404);
    CHECK(say(owner, "projects/web") == 204);
    CHECK(people(outsider, "projects/web") == "404");
}

TEST_CASE_METHOD(Present, "a person is at twenty resources at most") {
    for (int i = 0; i < 20; ++i) {
        const auto key = "f" + std::to_string(i);
        REQUIRE(post(web + "/flags", owner, R"({"type":"boolean","key":")" + key + "\"}").status == 201);
        CHECK(say(owner, "projects/web/flags/" + key) == 204);
    }
    CHECK(say(owner, "projects/web") == 429);
    CHECK(say(owner, "projects/web/flags/f0", true) == 204);
}

TEST_CASE_METHOD(Present, "another replica's people are seen") {
    const auto told = R"({"org":")" + sql("SELECT org_id FROM fanion.orgs WHERE key = 'acme'") + R"(","user":")" +
                      id_of("owner@example.com") + R"(","resource":"projects/web/flags/f","editing":false})";
    test::eventually("the replica hears of it", [&] {
        sql("SELECT pg_notify('fanion_presence', '" + told + "')");
        return people(owner) != "[]";
    });
    sql("SELECT pg_notify('fanion_presence', 'nonsense')");
    CHECK(say(owner, "projects/web") == 204);
}

TEST_CASE_METHOD(Present, "streams tell of people that come, to those who may read the resource") {
    net::ClientConfig config;
    config.origin = origin();
    auto client = net::HttpClient::make(context.get_executor(), config).value();
    auto stream =
        run(client.open_stream({net::Method::get, acme + "/events", {{"Authorization", "Bearer " + owner}}})).value();
    const auto ann = add_member(owner, "acme", "ann@example.com", "developer");
    wire::SseParser parser;
    std::vector<wire::SseEvent> events;
    const auto told = [&] {
        for (const auto& event : events)
            if (event.text().find("\"is_editing\":true") != std::string::npos) return std::string(event.text());
        return std::string();
    };
    CHECK(say(ann, "projects/web/flags/f", true) == 204);
    const auto read = [&]() -> boost::asio::awaitable<void> {
        std::string bytes;
        while (told().empty()) {
            bytes.clear();
            const auto more = co_await stream->read_some(bytes, 20s);
            if (!more || !*more || !parser.feed(bytes, events)) throw std::runtime_error("no event of presence");
        }
    };
    run(read());
    CHECK(told().find(R"("resource":"projects/web/flags/f")") != std::string::npos);
    CHECK(told().find(id_of("ann@example.com")) != std::string::npos);
}
