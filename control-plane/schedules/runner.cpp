#include "control-plane/schedules/runner.hpp"

#include <stdexcept>
#include <utility>

#include "control-plane/audit/audit_store.hpp"
#include "control-plane/db/savepoint.hpp"
#include "control-plane/projects/deletion_store.hpp"
#include "control-plane/schedules/carry_out.hpp"

namespace fanion::cp::schedules {

using boost::asio::awaitable;

namespace {

constexpr UnixMillis late_after = 60'000;

std::string resource_of(const ClaimedSchedule& claimed) {
    return "projects/" + claimed.project + "/environments/" + claimed.environment + "/schedules/" +
           claimed.schedule.schedule_id.str();
}

audit::AuditEntry run_entry(const http::Enclosure& enclosure, const DueSchedule& due, const ClaimedSchedule& before,
                            const Schedule& after) {
    audit::AuditEntry entry;
    entry.org_id = due.org_id;
    entry.at = after.updated_at;
    entry.id = enclosure.group;
    entry.actor_kind = access::ActorKind::system;
    entry.action = audit::Action::schedule_run;
    entry.resource = resource_of(before);
    entry.before = schedule_text(before.schedule);
    entry.after = schedule_text(after);
    for (const auto& version : enclosure.versions) {
        if (!version.publication.changed()) continue;
        entry.published.emplace_back(version.environment, wire::to_string(version.publication.version()));
    }
    return entry;
}

RunResult result_of(const Error& error) {
    const bool may_pass = error.code == Errc::unavailable || error.code == Errc::timed_out ||
                          error.code == Errc::rate_limited || error.code == Errc::internal;
    return may_pass ? RunResult::unavailable : RunResult::refused;
}

}  // namespace

awaitable<void> Runner::run() {
    for (;;) {
        try {
            co_await run_due();
            co_await update_backlog();
            is_failing_ = false;
        } catch (const db::PgError& error) {
            metrics_.errors.add();
            if (!is_failing_)
                services_.log.warn("schedules_failed", {{"detail", error.what()}, {"action", "retrying"}});
            is_failing_ = true;
        }
        co_await net::sleep_for(config_.poll);
    }
}

awaitable<std::size_t> Runner::run_due() {
    std::size_t all = 0;
    for (std::size_t done = 1; done > 0; all += done) done = co_await round();
    co_return all;
}

awaitable<std::size_t> Runner::round() {
    const auto due = co_await due_schedules(services_.pool, services_.clock.now(), config_.at_once);
    std::size_t done = 0;
    for (const auto& each : due) {
        std::string failure;
        try {
            const bool is_mine = co_await run_one(each);
            done += is_mine ? 1 : 0;
        } catch (const db::PgError& error) {
            failure = error.what();
        } catch (const std::logic_error& error) {  // a bug of one handler does not end the others' changes
            failure = error.what();
        }
        if (!failure.empty()) co_await note_unavailable(each, std::move(failure));
    }
    co_return done;
}

awaitable<Runner::Attempt> Runner::attempt(const DueSchedule& due, const ClaimedSchedule& claimed,
                                           http::Enclosure& enclosure) {
    auto actor = co_await act_as(enclosure.tx, services_, claimed.schedule.creator, due.org_id, due.org_key);
    if (!actor) co_return Attempt{RunResult::refused, actor.error().detail, false};
    actor->request_id = claimed.schedule.schedule_id.str();
    const std::vector<Change> changes(1, claimed.schedule.change);
    auto response = co_await carry_out(std::move(*actor), changes, enclosure, "/change");
    if (!response) co_return Attempt{result_of(response.error()), response.error().detail, false};
    if (response->status < 400) co_return Attempt{};
    const auto refusal = refusal_of(*response);
    co_return Attempt{RunResult::refused, refusal.detail};
}

awaitable<bool> Runner::run_one(DueSchedule due) {
    auto scope = db::Scope::tenant(due.org_id.str());
    auto tx = co_await services_.pool.begin(std::move(scope));
    auto claimed = co_await claim_schedule(tx, due.org_id, due.schedule_id, services_.clock.now());
    if (!claimed) co_return co_await refuse_in_deleted(std::move(tx), std::move(due));
    http::Enclosure enclosure{tx, audit::new_entry_id()};
    db::set_savepoint(tx);
    auto attempted = co_await attempt(due, *claimed, enclosure);
    if (attempted.is_to_keep) {
        db::release_savepoint(tx);
    } else {
        co_await db::undo_to_savepoint(tx);
        enclosure.versions.clear();
    }
    co_await finish(std::move(enclosure), due, std::move(*claimed), std::move(attempted));
    co_return true;
}

awaitable<bool> Runner::refuse_in_deleted(db::Transaction tx, DueSchedule due) {
    co_await projects::show_deleted(tx);
    auto claimed = co_await claim_schedule(tx, due.org_id, due.schedule_id, services_.clock.now());
    if (!claimed || !claimed->is_environment_deleted) co_return false;
    http::Enclosure enclosure{tx, audit::new_entry_id()};
    Attempt attempted{RunResult::refused, "the environment is deleted", false};
    co_await finish(std::move(enclosure), due, std::move(*claimed), std::move(attempted));
    co_return true;
}

awaitable<void> Runner::finish(http::Enclosure enclosure, const DueSchedule& due, ClaimedSchedule claimed,
                               Attempt attempt) {
    auto after = after_run(claimed.schedule, attempt.result, std::move(attempt.error), services_.clock.now());
    co_await update_schedule(enclosure.tx, after);
    auto entry = run_entry(enclosure, due, claimed, after);
    co_await audit::append_audit(enclosure.tx, std::move(entry));
    co_await enclosure.tx.commit();
    for (auto& version : enclosure.versions) version.publication.committed();
    count(claimed.schedule, after, attempt.result);
    services_.log.info("schedule_run", {{"org_id", due.org_id.str()},
                                        {"schedule", due.schedule_id.str()},
                                        {"state", name_of(after.state)},
                                        {"detail", after.last_error}});
}

// What cannot be noted is tried again with the next round.
awaitable<void> Runner::note_unavailable(DueSchedule due, std::string reason) {
    services_.log.warn("schedule_failed", {{"schedule", due.schedule_id.str()}, {"detail", reason}});
    try {
        co_await put_off(std::move(due));
    } catch (const db::PgError&) {
        metrics_.errors.add();
    }
}

// The transaction is lost, and with it what it would have noted.
awaitable<void> Runner::put_off(DueSchedule due) {
    auto scope = db::Scope::tenant(due.org_id.str());
    auto tx = co_await services_.pool.begin(std::move(scope));
    auto claimed = co_await claim_schedule(tx, due.org_id, due.schedule_id, services_.clock.now());
    if (!claimed) co_return;
    http::Enclosure enclosure{tx, audit::new_entry_id()};
    Attempt attempted{RunResult::unavailable, "the system could not carry it out"};
    co_await finish(std::move(enclosure), due, std::move(*claimed), std::move(attempted));
}

void Runner::count(const Schedule& before, const Schedule& after, RunResult result) {
    (result == RunResult::done      ? metrics_.done
     : result == RunResult::refused ? metrics_.refused
                                    : metrics_.unavailable)
        .add();
    if (after.state == ScheduleState::failed) metrics_.failed.add();
    if (services_.clock.now() - before.due_at > late_after) metrics_.late.add();
}

awaitable<void> Runner::update_backlog() {
    const auto now = services_.clock.now();
    const auto backlog = co_await read_schedule_backlog(services_.pool, now);
    metrics_.active.set(static_cast<double>(backlog.active));
    metrics_.due.set(static_cast<double>(backlog.due));
    metrics_.oldest_due_seconds.set(backlog.oldest_due ? static_cast<double>(now - *backlog.oldest_due) / 1000 : 0);
}

}  // namespace fanion::cp::schedules
