// Several control planes over one database.

#include <catch2/catch.hpp>

#include "common/base/text.hpp"
#include "tests/integration/control-plane/requests/reviewed.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/run_coroutine.hpp"

using namespace fanion;
using boost::asio::awaitable;
using test::Reviewed;

namespace {

class TwoRunning : public Reviewed {
public:
    std::string scheduled(const std::string& change) {
        const auto reply = post(web + "/environments/development/schedules", author,
                                R"({"change":)" + change + R"(,"at":")" + format_rfc3339(clock.now() + 1000) + "\"}");
        INFO(reply.body);
        REQUIRE(reply.status == 201);
        return reply.header("Location");
    }
    // Both at once.
    std::size_t run_both() {
        std::size_t ran = 0;
        int ended = 0;
        const auto run_one = [&](test::RunningReplica& each) {
            boost::asio::co_spawn(context, each.runner.run_due(), [&](std::exception_ptr failed, std::size_t count) {
                if (failed) std::rethrow_exception(failed);
                ran += count;
                ++ended;
            });
        };
        run_one(one);
        run_one(two);
        test::run_until(context, [&] { return ended == 2; });
        return ran;
    }

    test::RunningReplica one{*this};
    test::RunningReplica two{*this};
};

cp::schedules::DueSchedule first_due(TwoRunning& all) {
    auto due = all.run(cp::schedules::due_schedules(all.one.pool, all.clock.now(), 1));
    REQUIRE(due.size() == 1);
    return due.front();
}

// One replica has claimed the schedule and ends without a commit; meanwhile the other one does not wait for it.
awaitable<std::size_t> end_in_the_middle(TwoRunning& all, cp::schedules::DueSchedule due) {
    auto scope = cp::db::Scope::tenant(due.org_id.str());
    auto tx = co_await all.one.pool.begin(std::move(scope));
    const auto claimed = co_await cp::schedules::claim_schedule(tx, due.org_id, due.schedule_id, all.clock.now());
    if (!claimed) throw std::runtime_error("the schedule is not due");
    co_return co_await all.two.runner.run_due();
}

}  // namespace

TEST_CASE_METHOD(TwoRunning, "two replicas carry out each schedule once") {
    constexpr int flags = 24;
    for (int i = 0; i < flags; ++i) {
        const auto key = "n" + std::to_string(i);
        REQUIRE(post(web + "/flags", owner, R"({"key":")" + key + R"(","type":"boolean"})").status == 201);
        scheduled(set_enabled(key, true, "development"));
    }
    clock.advance(1000);
    CHECK(run_both() == flags);
    CHECK(one.metrics.done.value() + two.metrics.done.value() == flags);
    CHECK(count("schedule.run") == std::to_string(flags));
    CHECK(count("flag.configured") == std::to_string(flags));
    CHECK(sql("SELECT string_agg(DISTINCT state, ' ') FROM fanion.schedules") == "done");
    CHECK(run_both() == 0);
}

TEST_CASE_METHOD(TwoRunning, "a replica that ends in the middle has done nothing, and another one does it") {
    const auto path = scheduled(set_enabled("f", true, "development"));
    clock.advance(1000);
    CHECK(run(end_in_the_middle(*this, first_due(*this))) == 0);
    CHECK(enabled("f", "development") == "false");
    // Once the server has rolled back what the first one had begun.
    CHECK(test::wait_for([&] { return run(two.runner.run_due()) == 1; }));
    CHECK(enabled("f", "development") == "true");
    CHECK(get(path, owner).at("/state") == "done");
}

TEST_CASE_METHOD(TwoRunning, "a connection that is lost in the middle leaves nothing half done") {
    scheduled(set_enabled("f", true, "development"));
    clock.advance(1000);
    // The change fails at its last step, the audit entry of the run.
    sql("CREATE FUNCTION public.cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.action = 'schedule.run' THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; "
        "END $$; CREATE TRIGGER cut BEFORE INSERT ON fanion.audit FOR EACH ROW EXECUTE FUNCTION public.cut()");
    try {
        run(one.runner.run_due());
    } catch (const cp::db::PgError&) {
    }
    CHECK(enabled("f", "development") == "false");
    CHECK(count("flag.configured") == "0");
    CHECK(sql("SELECT state FROM fanion.schedules") == "active");
    sql("DROP TRIGGER cut ON fanion.audit");
    CHECK(run(two.runner.run_due()) == 1);
    CHECK(enabled("f", "development") == "true");
    CHECK(count("flag.configured") == "1");
}

TEST_CASE_METHOD(TwoRunning, "the backlog is shown") {
    scheduled(set_enabled("f", true, "development"));
    scheduled(set_enabled("g", true, "development"));
    auto backlog = run(cp::schedules::read_schedule_backlog(one.pool, clock.now()));
    CHECK(backlog.active == 2);
    CHECK(backlog.due == 0);
    const auto due_at = clock.now() + 1000;
    clock.advance(5000);
    backlog = run(cp::schedules::read_schedule_backlog(one.pool, clock.now()));
    CHECK(backlog.due == 2);
    CHECK(backlog.oldest_due == due_at);
}
