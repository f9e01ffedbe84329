// A test for each row of the table in decide.hpp.

#include <catch2/catch.hpp>

#include "common/json/limits.hpp"
#include "control-plane/rollouts/decide.hpp"

using namespace fanion;
using namespace fanion::cp::rollouts;

namespace {

constexpr UnixMillis a_second = 1'000;
constexpr UnixMillis a_minute = 60 * a_second;
constexpr UnixMillis start = 1'763'720'000'000;

Guard query_guard(Response response, UnixMillis lasting = 0) {
    return {Query{"main", "q", {true, 1}}, lasting, response};
}

Plan plan_with(std::vector<Guard> guards) {
    Plan plan;
    plan.flag = "f";
    plan.from = "off";
    plan.to = "on";
    plan.steps = {{1'000, 10 * a_minute, 0, false}, {10'000, 10 * a_minute, 5, true}, {limits::slots, 0, 0, false}};
    plan.guards = std::move(guards);
    plan.max_wait = 60 * a_minute;
    return plan;
}

// With the first step taken at `start`, and applied by all relays.
Progress after_first_step(const Plan& plan) {
    Progress progress;
    progress.step = 1;
    progress.share = 1'000;
    progress.began_at = progress.waits_since = start;
    progress.applied_at = start;
    progress.is_approved = true;
    progress.guards.resize(plan.guards.size());
    return progress;
}

GuardReading measured(bool is_over, double value = 0.5) { return {true, is_over, value, 0, ""}; }

Evidence quiet(const Plan& plan) {
    Evidence evidence;
    evidence.guards.assign(plan.guards.size(), measured(false));
    evidence.evaluations = 100;
    return evidence;
}

Decision decision(Action action, Reason reason, std::optional<std::size_t> guard = std::nullopt) {
    return {action, reason, guard};
}

Decision decided(const Plan& plan, const Progress& progress, const Evidence& evidence, UnixMillis now) {
    return decide(plan, progress, evidence, now).second;
}

constexpr UnixMillis hold_over = start + 10 * a_minute;

}  // namespace

TEST_CASE("row 1: what a person changed holds before anything else, until a person resumes") {
    const auto plan = plan_with({query_guard(Response::rollback)});
    auto evidence = quiet(plan);
    evidence.guards[0] = measured(true);
    const auto conflict = GENERATE(Conflict::flag_off, Conflict::rule_gone, Conflict::changed);
    evidence.conflict = conflict;
    auto [progress, made] = decide(plan, after_first_step(plan), evidence, hold_over);
    CHECK(made == decision(Action::hold, Reason::conflict));
    CHECK(progress.state == State::held);
    CHECK(progress.share == 1'000);
    CHECK_FALSE(progress.detail.empty());
    CHECK(next_look(plan, progress, hold_over) == hold_over + 15 * a_second);
    evidence.conflict = Conflict::none;  // put back: still a person's to resume
    CHECK(decided(plan, progress, evidence, hold_over + a_minute) == decision(Action::wait, Reason::conflict));
}

TEST_CASE("row 2: a breach of the present step rolls back, or turns off, whatever else is") {
    const auto [response, action, state] =
        GENERATE(table<Response, Action, State>({{Response::rollback, Action::rollback, State::rolled_back},
                                                 {Response::turn_off, Action::turn_off, State::turned_off}}));
    const auto plan = plan_with({query_guard(Response::hold), query_guard(response)});
    auto evidence = quiet(plan);
    evidence.guards = {measured(true), measured(true)};
    evidence.relays = evidence.relays_behind = 1;
    const auto before = GENERATE(State::running, State::held, State::paused);
    auto progress = after_first_step(plan);
    progress.state = before;
    progress.reason = before == State::held ? Reason::guard : Reason::none;
    auto [after, made] = decide(plan, progress, evidence, start + a_second);
    CHECK(made == decision(action, Reason::guard, 1));
    CHECK(after.state == state);
    CHECK(after.share == (action == Action::rollback ? 0u : 1'000u));
    CHECK(after.detail == "guard 2: the query gives 0.5; it guards against above 1");
    CHECK_FALSE(next_look(plan, after, start + a_second));
}

TEST_CASE("row 2: a breach that stood when the step began is not its doing") {
    const auto plan = plan_with({query_guard(Response::rollback)});
    auto evidence = quiet(plan);
    evidence.guards[0] = measured(true);
    auto progress = after_first_step(plan);
    progress.guards[0].over_since = start;
    CHECK(decided(plan, progress, evidence, hold_over) == decision(Action::hold, Reason::guard, 0));
    progress.guards[0].over_since = start + 1;
    CHECK(decided(plan, progress, evidence, hold_over) == decision(Action::rollback, Reason::guard, 0));
    progress.step = 0;  // nothing was put in yet
    CHECK(decided(plan, progress, evidence, hold_over) == decision(Action::hold, Reason::guard, 0));
}

TEST_CASE("row 2: a breach must last as long as the guard says, at every look") {
    const auto plan = plan_with({query_guard(Response::rollback, a_minute)});
    auto evidence = quiet(plan);
    evidence.guards[0] = measured(true);
    auto [progress, first] = decide(plan, after_first_step(plan), evidence, start + a_second);
    CHECK(first.action == Action::wait);
    auto [at_end, before] = decide(plan, progress, evidence, start + a_minute);
    CHECK(before.action == Action::wait);
    CHECK(decided(plan, at_end, evidence, start + a_minute + a_second).action == Action::rollback);
    evidence.guards[0] = measured(false);
    auto [cleared, gone] = decide(plan, at_end, evidence, start + a_minute);
    evidence.guards[0] = measured(true);
    CHECK(gone.action == Action::wait);
    CHECK(decided(plan, cleared, evidence, start + 2 * a_minute).action == Action::wait);
}

TEST_CASE("row 3: without data from Prometheus the plan says what is done") {
    const auto [response, expected] = GENERATE(table<Response, Action>({{Response::hold, Action::hold},
                                                                        {Response::rollback, Action::rollback},
                                                                        {Response::turn_off, Action::turn_off},
                                                                        {Response::alert, Action::alert}}));
    auto plan = plan_with({query_guard(Response::hold)});
    plan.on_no_data = response;
    auto evidence = quiet(plan);
    evidence.guards[0] = {false, false, 0, 0, "no sample"};
    auto [progress, made] = decide(plan, after_first_step(plan), evidence, start + a_second);
    CHECK(made == decision(expected, Reason::no_data, 0));
    if (response == Response::alert) {  // once
        CHECK(decided(plan, progress, evidence, start + 2 * a_second).action == Action::wait);
        CHECK(decided(plan, progress, evidence, hold_over).action == Action::advance);
    }
    auto unstarted = after_first_step(plan);
    unstarted.step = 0;
    const auto before = decided(plan, unstarted, evidence, start + a_second).action;
    CHECK(before == (response == Response::alert ? Action::alert : Action::hold));  // there is nothing to take back
}

TEST_CASE("row 3: counts that cannot be judged yet are no lack of data") {
    Guard counted{Evaluations{true, std::nullopt, "ERROR", {true, 0.1}, a_minute, 100}, 0, Response::rollback};
    const auto plan = plan_with({counted});
    auto evidence = quiet(plan);
    evidence.guards[0] = {false, false, 0, 0, "too few"};
    CHECK(decided(plan, after_first_step(plan), evidence, hold_over) == decision(Action::advance, Reason::step));
}

TEST_CASE("row 4: a guard that holds, until the breach is gone for twice its time") {
    const auto plan = plan_with({query_guard(Response::hold, a_minute)});
    auto evidence = quiet(plan);
    evidence.guards[0] = measured(true);
    auto progress = after_first_step(plan);
    progress.guards[0].over_since = start + 1;
    auto [held, made] = decide(plan, progress, evidence, start + 2 * a_minute);
    CHECK(made == decision(Action::hold, Reason::guard, 0));
    CHECK(decided(plan, held, evidence, start + 3 * a_minute) == decision(Action::wait, Reason::guard, 0));
    evidence.guards[0] = measured(false);
    auto [clear, waits] = decide(plan, held, evidence, start + 4 * a_minute);
    CHECK(waits == decision(Action::wait, Reason::guard, 0));
    auto [resumed, again] = decide(plan, clear, evidence, start + 6 * a_minute);
    CHECK(again == decision(Action::resume, Reason::cleared));
    CHECK(resumed.state == State::running);
    CHECK(resumed.applied_at == start + 4 * a_minute);  // four minutes of the hold were not its own
}

TEST_CASE("row 4: an alert is given once for each breach") {
    const auto plan = plan_with({query_guard(Response::alert)});
    auto evidence = quiet(plan);
    evidence.guards[0] = measured(true);
    auto [told, first] = decide(plan, after_first_step(plan), evidence, start + a_second);
    CHECK(first == decision(Action::alert, Reason::guard, 0));
    CHECK(decided(plan, told, evidence, start + 2 * a_second).action == Action::wait);
    evidence.guards[0] = measured(false);
    auto [clear, none] = decide(plan, told, evidence, start + 3 * a_second);
    CHECK(none.action == Action::wait);
    evidence.guards[0] = measured(true);
    CHECK(decided(plan, clear, evidence, start + 4 * a_second).action == Action::alert);
}

TEST_CASE("row 5: the hold counts from the moment when all relays have the step") {
    const auto plan = plan_with({});
    auto progress = after_first_step(plan);
    progress.applied_at.reset();
    auto evidence = quiet(plan);
    evidence.relays = 3;
    evidence.relays_behind = 1;
    auto [waiting, made] = decide(plan, progress, evidence, hold_over);
    CHECK(made == decision(Action::wait, Reason::propagation));
    evidence.relays_behind = 0;
    auto [applied, holds] = decide(plan, waiting, evidence, hold_over);
    CHECK(holds == decision(Action::wait, Reason::hold));
    CHECK(applied.applied_at == hold_over);
    evidence.relays_behind = 1;  // a relay that comes later takes nothing back
    CHECK(decided(plan, applied, evidence, hold_over + 10 * a_minute).action == Action::advance);
}

TEST_CASE("row 6: what the next step waits for") {
    const auto plan = plan_with({query_guard(Response::rollback, 100 * a_minute)});
    auto progress = after_first_step(plan);
    auto evidence = quiet(plan);
    CHECK(decided(plan, progress, evidence, hold_over - 1) == decision(Action::wait, Reason::hold));
    progress.is_approved = false;
    CHECK(decided(plan, progress, evidence, hold_over) == decision(Action::wait, Reason::approval));
    CHECK(lacks_approval(plan, progress));
    evidence.guards[0] = measured(true);  // over its threshold, but not for long enough to be a breach
    CHECK(decided(plan, progress, evidence, hold_over) == decision(Action::wait, Reason::guard));
    progress.step = 2;
    evidence.guards[0] = measured(false);
    evidence.evaluations = 4;
    CHECK(decided(plan, progress, evidence, hold_over) == decision(Action::wait, Reason::evaluations));
}

TEST_CASE("row 6: a wait is bounded, and the hold is no part of it") {
    const auto [response, expected] = GENERATE(table<Response, Action>({{Response::hold, Action::hold},
                                                                        {Response::rollback, Action::rollback},
                                                                        {Response::turn_off, Action::turn_off},
                                                                        {Response::alert, Action::alert}}));
    auto plan = plan_with({});
    plan.on_max_wait = response;
    auto progress = after_first_step(plan);
    progress.is_approved = false;
    const auto evidence = quiet(plan);
    const auto end = hold_over + plan.max_wait;
    CHECK(decided(plan, progress, evidence, end) == decision(Action::wait, Reason::approval));
    auto [late, made] = decide(plan, progress, evidence, end + 1);
    CHECK(made == decision(expected, Reason::max_wait));
    if (response == Response::hold) {  // only a person resumes
        CHECK(decided(plan, late, evidence, end + 2) == decision(Action::wait, Reason::max_wait));
    }
    if (response == Response::alert) CHECK(decided(plan, late, evidence, end + 2).action == Action::wait);
}

TEST_CASE("row 7: the next share, and after the last the end") {
    const auto plan = plan_with({});
    const auto evidence = quiet(plan);
    auto [second, made] = decide(plan, after_first_step(plan), evidence, hold_over);
    CHECK(made == decision(Action::advance, Reason::step));
    CHECK(second.step == 2);
    CHECK(second.share == 10'000);
    CHECK_FALSE(second.is_approved);
    CHECK_FALSE(second.applied_at);
    CHECK(second.began_at == hold_over);
    auto [applied, holds] = decide(plan, second, evidence, hold_over + a_second);
    CHECK(holds.action == Action::wait);
    auto [end, last] = decide(plan, applied, evidence, hold_over + 11 * a_minute);
    CHECK(last == decision(Action::complete, Reason::step));
    CHECK(end.state == State::completed);
    CHECK(end.step == 3);
    CHECK(end.share == limits::slots);
}

TEST_CASE("row 7: a share that a person made larger is not made smaller") {
    const auto plan = plan_with({});
    auto progress = after_first_step(plan);
    progress.share = 30'000;
    CHECK(next_share(plan, progress) == 30'000);
}

TEST_CASE("a pause stops the clock, and only a person goes on") {
    const auto plan = plan_with({query_guard(Response::hold)});
    auto evidence = quiet(plan);
    auto progress = after_first_step(plan);
    pause(progress, start + 4 * a_minute);
    CHECK(decided(plan, progress, evidence, hold_over) == decision(Action::wait, Reason::person));
    evidence.guards[0] = measured(true);
    CHECK(decided(plan, progress, evidence, hold_over) == decision(Action::wait, Reason::person));
    evidence.guards[0] = {};
    CHECK(decided(plan, progress, evidence, hold_over) == decision(Action::wait, Reason::person));
    evidence.conflict = Conflict::changed;
    CHECK(decided(plan, progress, evidence, hold_over) == decision(Action::wait, Reason::conflict));
    resume(progress, start + 64 * a_minute);
    CHECK(progress.applied_at == start + 60 * a_minute);
    CHECK(progress.state == State::running);
}

TEST_CASE("looks come every 15 seconds, and when a hold ends") {
    const auto plan = plan_with({});
    auto progress = after_first_step(plan);
    CHECK(next_look(plan, progress, start) == start + 15 * a_second);
    CHECK(next_look(plan, progress, hold_over - 4 * a_second) == hold_over);
    CHECK(next_look(plan, progress, hold_over) == hold_over + 15 * a_second);
    progress.applied_at.reset();
    CHECK(next_look(plan, progress, start) == start + 2 * a_second);
    progress.state = State::cancelled;
    CHECK_FALSE(next_look(plan, progress, start));
}

TEST_CASE("a rollout that has been held for an hour is told of once") {
    const auto plan = plan_with({});
    auto progress = after_first_step(plan);
    auto evidence = quiet(plan);
    evidence.conflict = Conflict::flag_off;
    progress = decide(plan, progress, evidence, start).first;
    REQUIRE(progress.state == State::held);
    const auto hour = start + 60 * a_minute;
    CHECK(next_look(plan, progress, start) == start + 15 * a_second);
    CHECK(decided(plan, progress, evidence, hour - 1) == decision(Action::wait, Reason::conflict));
    const auto [told, alert] = decide(plan, progress, evidence, hour);
    CHECK(alert == decision(Action::alert, Reason::long_hold));
    CHECK(told.reason == Reason::conflict);
    CHECK(told.state == State::held);
    CHECK(decided(plan, told, evidence, hour + a_minute) == decision(Action::wait, Reason::conflict));
    CHECK(next_look(plan, told, hour) == hour + 15 * a_second);
    auto again = told;
    resume(again, hour);
    CHECK_FALSE(again.is_hold_told);
}

TEST_CASE("another plan keeps what is known of guards that stay, and an approval of the step that stays") {
    const auto before = plan_with({query_guard(Response::hold), query_guard(Response::rollback)});
    auto progress = after_first_step(before);
    progress.guards[1] = {start - 5, std::nullopt, true};
    progress.is_wait_told = true;
    auto after = plan_with({query_guard(Response::rollback), query_guard(Response::turn_off)});
    auto kept = progress;
    replan(before, after, kept, start + a_minute);
    CHECK(kept.guards[0] == progress.guards[1]);
    CHECK(kept.is_approved);
    CHECK(kept.waits_since == start + a_minute);
    CHECK_FALSE(kept.is_wait_told);
    // What the new guard finds at its first look was there before: it does not turn off.
    auto evidence = quiet(after);
    evidence.guards[1] = measured(true, 2);
    CHECK(decided(after, kept, evidence, start + a_minute) == decision(Action::hold, Reason::guard, 1));
    // A breach that comes later is the step's doing.
    auto judged = decide(after, kept, quiet(after), start + a_minute).first;
    CHECK(decided(after, judged, evidence, start + 2 * a_minute) == decision(Action::turn_off, Reason::guard, 1));
    after.steps[1].share = 20'000;
    replan(before, after, progress, start);
    CHECK_FALSE(progress.is_approved);
}

TEST_CASE("progress is read back as it was stored") {
    const auto plan = plan_with({query_guard(Response::hold)});
    auto progress = after_first_step(plan);
    progress.state = State::held;
    progress.reason = Reason::guard;
    progress.detail = "why \"so\"";
    progress.is_hold_told = true;
    progress.stopped_at = start + 1;
    progress.basis = "abc";
    progress.published = "1.2";
    progress.flag_version = 7;
    progress.guards[0] = {start, std::nullopt, true};
    CHECK(read_stored_progress(progress_text(progress)) == progress);
    CHECK(read_stored_progress(progress_text({})) == Progress{});
}

TEST_CASE("a rollout whose environment was deleted is cancelled, also while it is held or paused") {
    const auto plan = plan_with({});
    auto progress = after_first_step(plan);
    progress.state = GENERATE(State::running, State::held, State::paused);
    auto evidence = quiet(plan);
    evidence.conflict = Conflict::environment_gone;
    const auto [after, made] = decide(plan, progress, evidence, start + a_minute);
    CHECK(made == decision(Action::cancel, Reason::conflict));
    CHECK(after.state == State::cancelled);
    CHECK(after.detail == "the environment was deleted");
    CHECK(evidence_text(evidence).find(R"("conflict":"environment_gone")") != std::string::npos);
}

TEST_CASE("a rollout of a flag that is gone is cancelled, also while it is held or paused") {
    const auto plan = plan_with({});
    auto progress = after_first_step(plan);
    progress.state = GENERATE(State::running, State::held, State::paused);
    if (progress.state == State::held) progress.reason = Reason::conflict;
    auto evidence = quiet(plan);
    evidence.conflict = Conflict::flag_gone;
    const auto [after, made] = decide(plan, progress, evidence, start + a_minute);
    CHECK(made == decision(Action::cancel, Reason::conflict));
    CHECK(after.state == State::cancelled);
    CHECK(after.share == progress.share);
    CHECK(after.detail == "flag `f` was archived or deleted");
    CHECK_FALSE(next_look(plan, after, start + a_minute));
}
