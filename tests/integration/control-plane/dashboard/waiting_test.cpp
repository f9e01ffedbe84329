// What waits: the change requests of all environments, and the marks of flags in the index.

#include "common/base/text.hpp"
#include "tests/integration/control-plane/dashboard/project.hpp"

using namespace fanion;
using test::acme;
using test::Project;
using test::web;
using Texts = std::vector<std::string>;

namespace {

const std::string all_requests = acme + "/requests";

class Waiting : public Project {
public:
    Waiting() {
        for (const auto* key : {"f", "g"})
            REQUIRE(post(web + "/flags", owner, R"({"type":"boolean","key":")" + std::string(key) + "\"}").status ==
                    201);
    }

    static std::string change(const std::string& flag, const std::string& env) {
        return R"({"method":"PATCH","path":"projects/web/flags/)" + flag + "/environments/" + env +
               R"(","body":{"enabled":true}})";
    }
    std::string ask(const std::string& token, const std::string& env, const std::string& changes,
                    const std::string& more = "") {
        const auto made = post(web + "/environments/" + env + "/requests", token,
                               R"({"title":"t","changes":[)" + changes + "]" + more + "}");
        INFO(made.body);
        REQUIRE(made.status == 201);
        return made.at("/id");
    }
    // "environment id" of each.
    Texts listed(const std::string& token, const std::string& query = "") {
        const auto reply = get(all_requests + query, token);
        INFO(reply.body);
        REQUIRE(reply.status == 200);
        Texts found;
        for (const auto item : reply.document->root().find("items").elements()) {
            CHECK(item.find("project").as_string() == "web");
            found.push_back(std::string(item.find("environment").as_string()) + ' ' +
                            std::string(item.find("request").find("id").as_string()));
        }
        return found;
    }
    std::string mark(const std::string& flag, const std::string& env, const std::string& name) {
        const auto reply = get(web + "/flag-index", owner);
        INFO(reply.body);
        REQUIRE(reply.status == 200);
        for (const auto item : reply.document->root().find("flags").elements())
            if (item.find("key").as_string() == flag) return item.find("environments").find(env).find(name).to_text();
        return "";
    }
};

}  // namespace

TEST_CASE_METHOD(Waiting, "change requests of all environments are one list, newest first, in pages") {
    const auto ann = add_member(owner, "acme", "ann@example.com", "maintainer");
    const auto id_of_ann = get("/api/v1/auth/me", ann).at("/user/id");
    const auto first =
        "staging " + ask(owner, "staging", change("f", "staging"), R"(,"reviewers":[")" + id_of_ann + "\"]");
    const auto second = "production " + ask(ann, "production", change("f", "production"));
    const auto third = "development " + ask(owner, "development", change("g", "development"), R"(,"draft":true)");
    CHECK(listed(owner) == Texts{third, second, first});
    CHECK(listed(owner, "?state=open") == Texts{second, first});
    CHECK(listed(owner, "?mine=author") == Texts{third, first});
    CHECK(listed(ann, "?mine=author") == Texts{second});
    CHECK(listed(ann, "?mine=reviewer&state=open") == Texts{first});
    CHECK(listed(owner, "?mine=reviewer").empty());
    const auto page = get(all_requests + "?limit=2", owner);
    CHECK(page.at("/items/1/request/title") == "t");
    CHECK(listed(owner, "?limit=2&cursor=" + page.at("/next")) == Texts{first});
    CHECK(get(all_requests + "?mine=yours", owner).errors() == Texts{"?mine unknown_value"});
    CHECK(get(all_requests + "?state=lost", owner).errors() == Texts{"?state unknown_state"});
}

TEST_CASE_METHOD(Waiting, "requests of environments that one may not read, or that are deleted, are not listed") {
    const auto staging = "staging " + ask(owner, "staging", change("f", "staging"));
    const auto production = "production " + ask(owner, "production", change("f", "production"));
    const auto ann = add_member(owner, "acme", "ann@example.com", "viewer");
    const auto id = get("/api/v1/auth/me", ann).at("/user/id");
    REQUIRE(post(acme + "/roles", owner, R"({"key":"none","name":"None","permissions":[]})").status == 201);
    REQUIRE(put(web + "/environments/production/assignments/" + id, owner, R"({"role":"none"})").status == 201);
    CHECK(listed(ann) == Texts{staging});
    CHECK(get(all_requests + "?limit=1", ann).at("/items") == "[]");
    CHECK(get(all_requests + "?limit=1", ann).at("/next") != "null");
    REQUIRE(del(web + "/environments/staging?confirm=staging", owner).status == 204);
    CHECK(listed(owner) == Texts{production});
}

TEST_CASE_METHOD(Waiting, "the index says what waits to change a flag") {
    CHECK(mark("f", "staging", "requests") == "0");
    const auto open = ask(owner, "staging", change("f", "staging") + "," + change("f", "staging"));
    ask(owner, "staging", change("f", "staging"), R"(,"draft":true)");
    CHECK(mark("f", "staging", "requests") == "1");
    CHECK(mark("f", "production", "requests") == "0");
    CHECK(mark("g", "staging", "requests") == "0");
    const auto due = format_rfc3339(clock.now() + 3'600'000);
    const auto kept = post(web + "/environments/production/schedules", owner,
                           R"({"name":"n","at":")" + due + R"(","change":)" + change("g", "production") + "}");
    INFO(kept.body);
    REQUIRE(kept.status == 201);
    CHECK(mark("g", "production", "schedules") == "1");
    CHECK(mark("f", "production", "schedules") == "0");
    REQUIRE(patch(web + "/flags/f/environments/development", owner, R"({"enabled":true})").status == 200);
    const auto plan =
        post(web + "/environments/development/rollouts", owner,
             R"({"flag":"f","from":"on","to":"off","steps":[{"share":1000,"hold":"15m"},{"share":100000}]})");
    INFO(plan.body);
    REQUIRE(plan.status == 201);
    CHECK(mark("f", "development", "rollouts") == "1");
    REQUIRE(post(web + "/environments/staging/requests/" + open + "/withdraw", owner, "{}").status == 200);
    CHECK(mark("f", "staging", "requests") == "0");
}
