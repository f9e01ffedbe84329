// Schedules and change requests of an environment that is deleted.

#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "tests/integration/control-plane/requests/reviewed.hpp"

using namespace fanion;
using test::Errors;
using test::Reviewed;

namespace {

constexpr UnixMillis a_minute = 60'000;
constexpr UnixMillis a_day = 24 * 60 * a_minute;

class InDeleted : public Reviewed {
public:
    std::string scheduled(const std::string& when) {
        const auto reply = post(development + "/schedules", owner,
                                R"({"change":)" + set_enabled("f", true, "development") + "," + when + "}");
        INFO(reply.body);
        REQUIRE(reply.status == 201);
        return reply.header("Location");
    }
    std::string in(UnixMillis time) { return R"("at":")" + format_rfc3339(clock.now() + time) + "\""; }
    void remove(const std::string& path, const std::string& key) {
        owner = sign_in("owner@example.com");
        REQUIRE(del(path + "?confirm=" + key, owner, "*").status == 204);
    }
    void restore(const std::string& path) {
        owner = sign_in("owner@example.com");
        const auto reply = post(path + "/restore", owner, "{}");
        INFO(reply.body);
        REQUIRE(reply.status == 200);
    }
    std::size_t run_due() { return run(replica.runner.run_due()); }

    const std::string development = web + "/environments/development";
    test::RunningReplica replica{*this};
};

}  // namespace

TEST_CASE_METHOD(InDeleted, "a time that comes in a deleted environment is refused, and not made up for") {
    const auto single = scheduled(in(a_minute));
    const auto later = scheduled(in(2 * a_day));
    const auto daily = scheduled(R"("repeat":{"every":"day","time":"09:00"})");
    const bool with_project = GENERATE(false, true);
    if (with_project) {
        remove(web, "web");
    } else {
        remove(development, "development");
    }
    CHECK(run_due() == 0);
    clock.advance(a_day);
    CHECK(run_due() == 2);
    CHECK(run_due() == 0);
    CHECK(sql("SELECT count(*) FROM fanion.audit WHERE action = 'schedule.run' AND actor_kind = 'system' "
              "AND environment = 'development'") == "2");
    CHECK(replica.metrics.refused.value() == 2);
    restore(with_project ? web : development);
    CHECK(run_due() == 0);
    CHECK(enabled("f", "development") == "false");
    const auto ended = get(single, owner);
    CHECK(ended.at("/state") == "failed");
    CHECK(ended.at("/last_error") == "the environment is deleted");
    CHECK(get(later, owner).at("/last_error").empty());
    CHECK(get(daily, owner).at("/state") == "active");
    CHECK(get(daily, owner).at("/last_error") == "the environment is deleted");
    clock.advance(a_day);
    CHECK(run_due() >= 1);
    owner = sign_in("owner@example.com");
    CHECK(enabled("f", "development") == "true");
    CHECK(get(daily, owner).at("/last_error").empty());
}

TEST_CASE_METHOD(InDeleted, "a schedule of a deleted organisation is refused, too") {
    scheduled(in(a_minute));
    remove("/api/v1/orgs/acme", "acme");
    clock.advance(a_minute);
    CHECK(run_due() == 1);
    CHECK(run_due() == 0);
    CHECK(sql("SELECT state || ' ' || last_error FROM fanion.schedules") == "failed the environment is deleted");
    CHECK(count("flag.configured") == "0");
}

TEST_CASE_METHOD(InDeleted, "an approved request of a deleted environment is not applied, at no time") {
    const auto request = asked(set_enabled("f", true));
    REQUIRE(approve(request, reviewer).status == 200);
    const auto planned = post(request + "/apply", owner, "{" + in(a_minute) + "}");
    INFO(planned.body);
    REQUIRE(planned.status == 201);
    remove(production, "production");
    CHECK(get(request, owner).status == 404);
    CHECK(post(request + "/apply", owner, "{}").status == 404);
    CHECK(run(replica.rebaser.rebase_stale()) == 0);
    clock.advance(a_minute);
    CHECK(run_due() == 1);
    restore(production);
    CHECK(run_due() == 0);
    CHECK(enabled("f") == "false");
    CHECK(get(planned.header("Location"), owner).at("/state") == "failed");
    CHECK(state(request) == "approved");  // it is still there to be applied by a person
}
