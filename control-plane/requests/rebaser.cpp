#include "control-plane/requests/rebaser.hpp"

#include <stdexcept>
#include <utility>

#include "control-plane/audit/audit_store.hpp"
#include "control-plane/requests/present_result.hpp"

namespace fanion::cp::requests {

using boost::asio::awaitable;

namespace {

// A later try finds something else, although nothing is published.
bool may_pass(const Error& error) noexcept {
    return error.code == Errc::unavailable || error.code == Errc::timed_out || error.code == Errc::rate_limited ||
           error.code == Errc::internal;
}

audit::AuditEntry rebase_entry(const projects::Environment& env, const ChangeRequest& before,
                               const ChangeRequest& after) {
    audit::AuditEntry entry;
    entry.org_id = env.org_id;
    entry.at = after.updated_at;
    entry.id = audit::new_entry_id();
    entry.actor_kind = access::ActorKind::system;
    entry.action = audit::Action::change_request_updated;
    entry.resource = "projects/" + env.project_key + "/environments/" + env.key + "/requests/" + after.request_id.str();
    entry.before = request_text(before);
    entry.after = request_text(after);
    return entry;
}

}  // namespace

RebaseMetrics::RebaseMetrics(telemetry::Registry& registry) {
    constexpr auto rebases = "fanion_control_plane_change_request_rebases_total";
    constexpr auto help = "Change requests rebased by this replica, by what became of their approvals.";
    registry.counter(rebases, help, {{"result", "same"}}, same);
    registry.counter(rebases, help, {{"result", "asks_again"}}, asks_again);
    registry.counter("fanion_control_plane_change_request_rebase_errors_total", "Rebases that ended with an error.", {},
                     errors);
}

awaitable<void> Rebaser::run() {
    for (;;) {
        try {
            co_await rebase_stale();
            is_failing_ = false;
        } catch (const db::PgError& error) {
            metrics_.errors.add();
            if (!is_failing_) services_.log.warn("rebases_failed", {{"detail", error.what()}, {"action", "retrying"}});
            is_failing_ = true;
        }
        co_await net::sleep_for(config_.poll);
    }
}

// By their numbers, so that one that cannot be rebased does not hold up the others.
awaitable<std::size_t> Rebaser::rebase_stale() {
    std::size_t done = 0;
    std::uint64_t after = 0;
    Pauses pauses;
    for (;;) {
        const auto stale = co_await stale_requests(services_.pool, after, config_.at_once);
        for (const auto& each : stale) {
            const bool is_mine = co_await try_one(each, pauses);
            done += is_mine ? 1 : 0;
        }
        if (stale.size() < config_.at_once) break;
        after = stale.back().number;
    }
    pauses_ = std::move(pauses);
    co_return done;
}

awaitable<bool> Rebaser::try_one(const StaleRequest& stale, Pauses& pauses) {
    const auto now = services_.clock.now();
    const auto paused = pauses_.find(stale.request_id.str());
    if (paused != pauses_.end() && now < paused->second) {
        pauses.insert(*paused);
        co_return false;
    }
    std::string failure;
    try {
        const bool is_mine = co_await rebase_one(stale);
        co_return is_mine;
    } catch (const db::PgError& error) {
        failure = error.what();
    } catch (const std::logic_error& error) {  // a bug of one handler does not end the others' rebases
        failure = error.what();
    }
    metrics_.errors.add();
    pauses.emplace(stale.request_id.str(), now + config_.pause.count());
    services_.log.warn("rebase_failed", {{"request", stale.request_id.str()}, {"detail", failure}});
    co_return false;
}

awaitable<bool> Rebaser::rebase_one(const StaleRequest& stale) {
    auto scope = db::Scope::tenant(stale.org_id.str());
    auto tx = co_await services_.pool.begin(std::move(scope));
    const auto env = co_await projects::find_environment(tx, stale.project_id, stale.environment);
    if (!env) co_return false;
    auto request = co_await claim_request(tx, env->env_id, stale.request_id);
    if (!request || request->state != RequestState::open) co_return false;
    auto base = co_await project_base(tx, stale.project_id);
    if (base == request->result.tried_of) co_return false;  // another replica has rebased it
    auto present = co_await present_result(services_, tx, *env, *request);
    if (!present && may_pass(present.error())) {
        metrics_.errors.add();
        co_return false;
    }
    auto result = present ? std::move(present->result) : refused_result(request->result, present.error());
    if (!present) {
        result.base = wire::to_string(env->version);
        result.tried_of = std::move(base);
    }
    co_await keep(tx, stale, *env, std::move(*request), std::move(result));
    co_return true;
}

awaitable<void> Rebaser::keep(db::Transaction& tx, const StaleRequest& stale, const projects::Environment& env,
                              ChangeRequest request, RequestResult present) {
    const bool asks_again = compare(request.result, present) == Rebase::asks_again;
    auto after = request;
    after.result = std::move(present);
    after.version += 1;
    after.updated_at = services_.clock.now();
    co_await update_request(tx, after);
    if (asks_again) {
        auto entry = rebase_entry(env, request, after);
        co_await audit::append_audit(tx, std::move(entry));
    }
    co_await tx.commit();
    (asks_again ? metrics_.asks_again : metrics_.same).add();
    if (asks_again)
        services_.log.info("change_request_rebased",
                           {{"org_id", stale.org_id.str()}, {"request", stale.request_id.str()}});
}

}  // namespace fanion::cp::requests
