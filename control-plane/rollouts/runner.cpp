#include "control-plane/rollouts/runner.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "control-plane/rollouts/decide.hpp"

namespace fanion::cp::rollouts {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds states_interval{5'000};

// What is done in the place of a change that cannot be published.
Decided refused(const Progress& present, const Error& error, UnixMillis now) {
    const bool is_known = present.state == State::held && present.reason == Reason::refused;
    const auto action = is_known ? Action::wait : Action::hold;
    Decided decided{present, {action, Reason::refused, std::nullopt}, describe(error)};
    if (is_known) return decided;
    decided.progress.state = State::held;
    decided.progress.reason = Reason::refused;
    decided.progress.detail = decided.detail;
    if (!decided.progress.stopped_at) decided.progress.stopped_at = now;
    return decided;
}

}  // namespace

class Runner::Flight {
public:
    explicit Flight(Runner& runner) : runner_(runner) { ++runner_.flights_; }
    ~Flight() {
        --runner_.flights_;
        runner_.has_ended_ = true;
        runner_.wake_.cancel();
    }
    Flight(const Flight&) = delete;

private:
    Runner& runner_;
};

Runner::Runner(RunnerDeps deps, RunnerConfig config) : deps_(std::move(deps)), config_(config), wake_(deps_.executor) {}

awaitable<void> Runner::run() {
    for (;;) {
        try {
            co_await begin_looks();
            co_await update_states();
            is_failing_ = false;
        } catch (const db::PgError& error) {
            has_ended_ = false;  // it is tried again after a pause
            note_error(error.what());
        }
        co_await wait(config_.poll);
    }
}

awaitable<std::size_t> Runner::run_until_idle() {
    std::size_t looks = 0;
    for (;;) {
        const auto begun = co_await begin_looks();
        looks += begun;
        if (begun == 0 && flights_ == 0 && !has_ended_) co_return looks;
        co_await wait(config_.lease);
    }
}

awaitable<std::size_t> Runner::begin_looks() {
    has_ended_ = false;
    if (flights_ >= config_.at_once) co_return 0;
    const auto now = deps_.change.clock.now();
    const auto until = now + config_.lease.count();
    auto leased = co_await lease_rollouts(deps_.change.pool, now, until, config_.at_once - flights_);
    for (auto& one : leased) deps_.tasks.spawn("rollout", look(std::move(one)));
    co_return leased.size();
}

awaitable<void> Runner::wait(milliseconds limit) {
    if (has_ended_) co_return;
    wake_.expires_after(limit);
    co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable));
}

awaitable<void> Runner::update_states() {
    const auto now = steady_clock::now();
    if (now < states_at_) co_return;
    states_at_ = now + states_interval;
    const auto counted = co_await count_by_state(deps_.change.pool);
    auto& metrics = deps_.metrics;
    for (auto* gauge : {&metrics.running, &metrics.held, &metrics.paused}) gauge->set(0);
    for (const auto& [state, n] : counted) {
        auto& gauge = state == "held" ? metrics.held : state == "paused" ? metrics.paused : metrics.running;
        gauge.set(static_cast<double>(n));
    }
}

awaitable<void> Runner::look(LeasedRollout leased) {
    const Flight flight(*this);
    try {
        co_await decide_and_carry_out(std::move(leased));
    } catch (const db::PgError& error) {
        note_error(error.what());  // the lease expires, and another look is taken
    }
}

awaitable<void> Runner::decide_and_carry_out(LeasedRollout leased) {
    const auto look = co_await look_at(deps_.evidence, leased);
    if (!look) {
        deps_.metrics.leases_lost.add();
        co_return;
    }
    const auto& rollout = look->placed.rollout;
    auto [progress, decision] = decide(rollout.plan, rollout.progress, look->evidence, look->evidence.at);
    Decided decided{std::move(progress), decision, describe(rollout.plan, decision, look->evidence)};
    auto carried_out = co_await carry_out(deps_.change, leased, *look, decided);
    if (!carried_out && carried_out.error().code == Errc::unavailable)
        co_return note_error(carried_out.error().detail);  // nothing can be signed now; as for an error of the database
    if (!carried_out) {
        decided = refused(rollout.progress, carried_out.error(), look->evidence.at);
        carried_out = co_await carry_out(deps_.change, leased, *look, decided);
    }
    if (!carried_out || !*carried_out) {
        deps_.metrics.leases_lost.add();
        co_return;
    }
    deps_.metrics.count(decided.decision);
    if (decided.decision.action == Action::wait) co_return;
    deps_.log.info("rollout_decided", {{"org_id", leased.org_id.str()},
                                       {"rollout", leased.rollout_id.str()},
                                       {"action", name_of(decided.decision.action)},
                                       {"reason", name_of(decided.decision.reason)}});
}

void Runner::note_error(std::string_view detail) {
    deps_.metrics.errors.add();
    if (!is_failing_) deps_.log.warn("rollouts_failed", {{"detail", detail}, {"action", "retrying"}});
    is_failing_ = true;
}

}  // namespace fanion::cp::rollouts
