#include "control-plane/staging/runner.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/net/task_group.hpp"
#include "control-plane/audit/audit_store.hpp"
#include "control-plane/publish/history_store.hpp"
#include "control-plane/staging/stage_change.hpp"

namespace fanion::cp::staging {

using boost::asio::awaitable;

namespace {

constexpr const char* actor = "staging";

audit::AuditEntry entry_of(const publish::HeldVersion& held, const Look& look, UnixMillis now) {
    const bool is_release = look.decision.action == Action::release;
    audit::AuditEntry entry;
    entry.org_id = held.org_id;
    entry.at = now;
    entry.actor_kind = access::ActorKind::system;
    entry.actor_id = actor;
    entry.action = is_release ? audit::Action::stage_released : audit::Action::stage_withdrawn;
    entry.resource = "projects/" + held.project_key + "/environments/" + held.env_key;
    entry.comment = std::string(name_of(look.decision.reason)) + ": " + look.decision.detail;
    return entry;
}

}  // namespace

awaitable<void> Runner::run() {
    for (;;) {
        try {
            co_await run_once();
            is_failing_ = false;
        } catch (const db::PgError& error) {
            deps_.metrics.errors.add();
            if (!is_failing_) deps_.log.warn("stages_failed", {{"detail", error.what()}, {"action", "retrying"}});
            is_failing_ = true;
        }
        co_await net::sleep_for(poll_);
    }
}

awaitable<std::size_t> Runner::run_once() {
    auto scope = db::Scope::none();
    auto tx = co_await deps_.pool.begin(std::move(scope));
    const auto all = co_await publish::held_versions(tx);
    co_await tx.commit();
    std::vector<Seen> seen;
    std::size_t acted = 0;
    for (const auto& held : all) {
        if (!held.is_newest) {
            co_await forget(held);
            continue;
        }
        bool has_acted = false;
        auto found = co_await look(held, has_acted);
        if (found) seen.push_back(std::move(*found));
        if (has_acted) ++acted;
    }
    note(seen);
    co_return acted;
}

// A program that knows no stages has published after it, to all relays: nothing is held.
awaitable<void> Runner::forget(publish::HeldVersion held) {
    auto scope = db::Scope::tenant(held.org_id.str());
    auto tx = co_await deps_.pool.begin(std::move(scope));
    const auto env = co_await projects::lock_environment(tx, held.project_id, held.env_key);
    if (!env || env->env_id != held.env_id) co_return;
    const auto stage = co_await publish::find_held(tx, held.env_id);
    if (!stage || stage->version == env->version) co_return;
    publish::end_hold(tx, *env);
    co_await tx.commit();
}

// Nothing: it is not held any more.
awaitable<std::optional<Runner::Seen>> Runner::look(publish::HeldVersion held, bool& has_acted) {
    auto scope = db::Scope::tenant(held.org_id.str());
    auto tx = co_await deps_.pool.begin(std::move(scope), db::Mode::snapshot);
    const auto found = co_await look_at(tx, held.env_id);
    co_await tx.commit();
    if (!found) co_return std::nullopt;
    const auto env_id = held.env_id;
    if (found->decision.action != Action::wait) has_acted = co_await act(std::move(held));
    if (has_acted) co_return std::nullopt;
    co_return Seen{env_id, found->decision, found->stage.held_since};
}

awaitable<bool> Runner::act(publish::HeldVersion held) {
    const auto env_id = held.env_id;
    const auto done = co_await carry_out(std::move(held));
    if (done) co_return *done;
    // As when nothing can be signed: it is tried again.
    deps_.metrics.errors.add();
    if (!is_failing_) deps_.log.error("stage_not_ended", {{"env_id", env_id.str()}, {"error", describe(done.error())}});
    co_return false;
}

// False: another replica or a person was first, or the reports say something else by now.
awaitable<Result<bool>> Runner::carry_out(publish::HeldVersion held) {
    auto scope = db::Scope::tenant(held.org_id.str());
    auto tx = co_await deps_.pool.begin(std::move(scope));
    const auto env = co_await projects::lock_environment(tx, held.project_id, held.env_key);
    if (!env || env->env_id != held.env_id) co_return false;
    const auto found = co_await look_at(tx, held.env_id);
    if (!found || found->stage.version != env->version) co_return false;
    const auto& decision = found->decision;
    if (decision.action == Action::wait) co_return false;
    const auto now = deps_.clock.now();
    auto entry = entry_of(held, *found, now);
    Cause cause{decision.reason, decision.detail, access::ActorKind::system, actor, now};
    std::optional<publish::Publication> publication;
    if (decision.action == Action::release) {
        entry.after = stage_text(found->stage);
        const bool is_done = co_await release(tx, *env, found->stage, std::move(cause));
        if (!is_done) co_return false;
    } else {
        auto withdrawn = co_await withdraw(tx, deps_.publisher, *env, found->stage, std::move(cause));
        if (!withdrawn) co_return withdrawn.error();
        entry.before = std::move(withdrawn->before);
        entry.after = std::move(withdrawn->after);
        publication = std::move(withdrawn->publication);
        entry.published.emplace_back(env->key, wire::to_string(publication->version()));
    }
    publish::VersionAuthor author{std::string(access::name_of(access::ActorKind::system)),
                                  actor,
                                  std::string(audit::name_of(entry.action)),
                                  entry.comment,
                                  {}};
    author.audit_id = co_await append(tx, std::move(entry));
    if (publication) publish::record_author(tx, held.org_id, held.env_id, publication->version(), author);
    co_await tx.commit();
    if (publication) publication->committed();
    note_ended(held, decision);
    co_return true;
}

awaitable<std::string> Runner::append(db::Transaction& tx, audit::AuditEntry entry) {
    if (audit::is_slow_to_compact(entry)) {
        auto work = [held = std::move(entry)]() mutable {
            audit::compact_states(held);
            return std::move(held);
        };
        entry = co_await deps_.blocking.compute(std::move(work));
    }
    co_return co_await audit::append_audit(tx, std::move(entry));
}

void Runner::note(const std::vector<Seen>& seen) {
    const auto now = deps_.clock.now();
    std::map<std::string, double> ages;
    std::map<Reason, double> counts;
    for (const auto& each : seen) {
        counts[each.decision.reason] += 1;
        ages[each.env_id.str()] = static_cast<double>(std::max<UnixMillis>(0, now - each.held_since)) / 1000;
    }
    for (auto& [reason, gauge] : deps_.metrics.held) gauge.set(counts[reason]);
    deps_.metrics.set_ages(std::move(ages));
}

void Runner::note_ended(const publish::HeldVersion& held, const Decision& decision) {
    const auto at = deps_.metrics.ended.find({decision.action, decision.reason});
    if (at != deps_.metrics.ended.end()) at->second.add();
    const bool is_release = decision.action == Action::release;
    if (is_release) {
        deps_.log.info("stage_released", {{"env_id", held.env_id.str()},
                                          {"version", wire::to_string(held.version)},
                                          {"reason", name_of(decision.reason)},
                                          {"detail", decision.detail}});
    } else {
        deps_.log.warn("stage_withdrawn", {{"env_id", held.env_id.str()},
                                           {"version", wire::to_string(held.version)},
                                           {"reason", name_of(decision.reason)},
                                           {"detail", decision.detail}});
    }
}

}  // namespace fanion::cp::staging
