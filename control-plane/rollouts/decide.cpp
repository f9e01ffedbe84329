#include "control-plane/rollouts/decide.hpp"

#include <algorithm>

#include "common/json/limits.hpp"

namespace fanion::cp::rollouts {
namespace {

constexpr UnixMillis look_interval = 15'000;
constexpr UnixMillis propagation_interval = 2'000;
constexpr UnixMillis long_hold = 3'600'000;

bool is_last_step_taken(const Plan& plan, const Progress& progress) { return progress.step == plan.steps.size(); }

UnixMillis hold_of(const Plan& plan, const Progress& progress) {
    return progress.step == 0 ? 0 : plan.steps[progress.step - 1].hold;
}

class Judgement {
public:
    Judgement(const Plan& plan, Progress progress, const Evidence& evidence, UnixMillis now)
        : plan_(plan), progress_(std::move(progress)), evidence_(evidence), now_(now) {
        progress_.guards.resize(plan_.guards.size());
        note_guards();
        if (progress_.step > 0 && !progress_.applied_at && evidence_.relays_behind == 0) progress_.applied_at = now_;
    }

    std::pair<Progress, Decision> make() {
        auto decision = judge();
        if (decision.action == Action::wait) {
            if (const auto alert = untold_guard()) {
                progress_.guards[*alert].is_told = true;
                decision = {Action::alert, Reason::guard, *alert};
            } else if (is_held_long()) {
                progress_.is_hold_told = true;
                decision = {Action::alert, Reason::long_hold, std::nullopt};
            }
        }
        apply(decision);
        return {std::move(progress_), decision};
    }

private:
    void note_guards() {
        for (std::size_t i = 0; i < plan_.guards.size(); ++i) {
            auto& held = progress_.guards[i];
            const auto& reading = evidence_.guards[i];
            if (!reading.has_data) {
                held.clear_since.reset();  // not known; what was over may still be
            } else if (reading.is_over) {
                held.clear_since.reset();
                if (!held.over_since) held.over_since = now_;
            } else {
                held.over_since.reset();
                held.is_told = false;
                if (!held.clear_since) held.clear_since = now_;
            }
        }
    }

    bool is_over(std::size_t guard) const {
        return evidence_.guards[guard].has_data && evidence_.guards[guard].is_over;
    }
    bool is_breached(std::size_t guard) const {
        return is_over(guard) && now_ - *progress_.guards[guard].over_since >= plan_.guards[guard].lasting;
    }
    // Of the present step: what was over its threshold when the step began was not its doing.
    bool is_its_doing(std::size_t guard) const {
        return progress_.step > 0 && *progress_.guards[guard].over_since > progress_.began_at;
    }
    bool acts(std::size_t guard) const { return plan_.guards[guard].on_breach != Response::alert; }

    template <class Matches>
    std::optional<std::size_t> first_guard(const Matches& matches) const {
        for (std::size_t i = 0; i < plan_.guards.size(); ++i)
            if (matches(i)) return i;
        return std::nullopt;
    }
    std::optional<std::size_t> untold_guard() const {
        return first_guard([&](std::size_t i) { return !acts(i) && is_breached(i) && !progress_.guards[i].is_told; });
    }

    // Somebody should look: told once for each hold.
    bool is_held_long() const {
        return progress_.state == State::held && progress_.stopped_at && !progress_.is_hold_told &&
               now_ - *progress_.stopped_at >= long_hold;
    }

    Decision judge() {
        if (const auto conflict = judge_conflict()) return *conflict;
        if (const auto guarded = judge_guards()) return *guarded;
        if (const auto unknown = judge_no_data()) return *unknown;
        if (progress_.state == State::paused) return {Action::wait, Reason::person, std::nullopt};
        if (const auto held = judge_holds()) return *held;
        return judge_step();
    }

    std::optional<Decision> judge_conflict() const {
        const auto conflict = evidence_.conflict;
        const bool is_gone = conflict == Conflict::flag_gone || conflict == Conflict::environment_gone;
        if (is_gone) return Decision{Action::cancel, Reason::conflict, std::nullopt};
        const bool is_held_for_it = progress_.state == State::held && progress_.reason == Reason::conflict;
        if (is_held_for_it) return Decision{Action::wait, Reason::conflict, std::nullopt};
        if (conflict == Conflict::none) return std::nullopt;
        if (progress_.state == State::paused) return Decision{Action::wait, Reason::conflict, std::nullopt};
        return hold(Reason::conflict, std::nullopt);
    }

    std::optional<Decision> judge_guards() const {
        const auto guard = first_guard([&](std::size_t i) {
            const auto response = plan_.guards[i].on_breach;
            const bool ends_it = response == Response::rollback || response == Response::turn_off;
            return ends_it && is_breached(i) && is_its_doing(i);
        });
        if (!guard) return std::nullopt;
        const bool turns_off = plan_.guards[*guard].on_breach == Response::turn_off;
        return Decision{turns_off ? Action::turn_off : Action::rollback, Reason::guard, guard};
    }

    std::optional<Decision> judge_no_data() {
        const auto guard = first_guard([&](std::size_t i) {
            return !source_of(plan_.guards[i]).empty() && acts(i) && !evidence_.guards[i].has_data;
        });
        if (!guard) {
            progress_.is_no_data_told = false;
            return std::nullopt;
        }
        return respond(plan_.on_no_data, Reason::no_data, guard, progress_.is_no_data_told);
    }

    std::optional<Decision> judge_holds() const {
        const auto guard = first_guard([&](std::size_t i) { return acts(i) && is_breached(i); });
        if (guard) return hold(Reason::guard, guard);
        if (progress_.state != State::held) return std::nullopt;
        const bool resumes_itself = progress_.reason == Reason::guard || progress_.reason == Reason::no_data;
        if (!resumes_itself) return Decision{Action::wait, progress_.reason, std::nullopt};
        const auto unsettled = first_guard([&](std::size_t i) { return acts(i) && !is_settled(i); });
        if (unsettled) return Decision{Action::wait, progress_.reason, unsettled};
        return Decision{Action::resume, Reason::cleared, std::nullopt};
    }

    bool is_settled(std::size_t guard) const {
        const auto& since = progress_.guards[guard].clear_since;
        if (!since) return source_of(plan_.guards[guard]).empty() && !is_over(guard);  // too few evaluations to judge
        return now_ - *since >= settling_time(plan_.guards[guard]);
    }

    Decision judge_step() {
        const auto waits = waiting_for();
        if (waits == Reason::none) {
            const bool is_done = is_last_step_taken(plan_, progress_) || is_immediate_end();
            return {is_done ? Action::complete : Action::advance, Reason::step, std::nullopt};
        }
        const bool is_late =
            waits != Reason::hold && now_ - progress_.waits_since > hold_of(plan_, progress_) + plan_.max_wait;
        if (is_late) {
            const auto late = respond(plan_.on_max_wait, Reason::max_wait, std::nullopt, progress_.is_wait_told);
            if (late) return *late;
        }
        return {Action::wait, waits, std::nullopt};
    }

    // The last step serves everybody; without a hold nothing stands between it and the end.
    bool is_immediate_end() const {
        return progress_.step + 1 == plan_.steps.size() && plan_.steps.back().hold == 0 &&
               plan_.steps.back().min_evaluations == 0;
    }

    Reason waiting_for() const {
        if (progress_.step > 0) {
            if (!progress_.applied_at) return Reason::propagation;
            const auto& step = plan_.steps[progress_.step - 1];
            if (now_ - *progress_.applied_at < step.hold) return Reason::hold;
            if (evidence_.evaluations < step.min_evaluations) return Reason::evaluations;
        }
        if (first_guard([&](std::size_t i) { return acts(i) && is_over(i); })) return Reason::guard;
        return lacks_approval(plan_, progress_) ? Reason::approval : Reason::none;
    }

    // nullopt: nothing is done about it. Before the first step there is nothing to take back.
    std::optional<Decision> respond(Response response, Reason reason, std::optional<std::size_t> guard, bool& is_told) {
        if (progress_.step == 0 && response != Response::alert) response = Response::hold;
        switch (response) {
            case Response::hold:
                if (progress_.state == State::paused) return std::nullopt;
                return hold(reason, guard);
            case Response::rollback:
                return Decision{Action::rollback, reason, guard};
            case Response::turn_off:
                return Decision{Action::turn_off, reason, guard};
            case Response::alert:
                if (is_told) return std::nullopt;
                is_told = true;
                return Decision{Action::alert, reason, guard};
        }
        return std::nullopt;
    }

    Decision hold(Reason reason, std::optional<std::size_t> guard) const {
        const bool is_held = progress_.state == State::held && reason != Reason::conflict;
        return {is_held ? Action::wait : Action::hold, reason, guard};
    }

    void apply(const Decision& decision) {
        switch (decision.action) {
            case Action::alert:
                return;
            case Action::wait:
                if (progress_.state != State::running) return;
                break;
            case Action::hold:
                if (progress_.state != State::held) progress_.is_hold_told = false;
                progress_.state = State::held;
                if (!progress_.stopped_at) progress_.stopped_at = now_;
                break;
            case Action::resume:
                resume(progress_, now_);
                break;
            case Action::advance:
                progress_.share = next_share(plan_, progress_);
                ++progress_.step;
                progress_.is_approved = false;
                progress_.began_at = progress_.waits_since = now_;
                progress_.is_wait_told = false;
                progress_.applied_at.reset();
                break;
            case Action::complete:
                progress_.state = State::completed;
                progress_.step = plan_.steps.size();
                progress_.share = limits::slots;
                break;
            case Action::rollback:
                progress_.state = State::rolled_back;
                progress_.share = 0;
                break;
            case Action::turn_off:
                progress_.state = State::turned_off;
                break;
            case Action::cancel:
                progress_.state = State::cancelled;
                break;
        }
        const auto action = decision.action;
        const bool goes_on = action == Action::resume || action == Action::advance || action == Action::complete;
        progress_.reason = goes_on ? Reason::none : decision.reason;
        progress_.detail = goes_on ? "" : describe(plan_, decision, evidence_);
    }

    const Plan& plan_;
    Progress progress_;
    const Evidence& evidence_;
    UnixMillis now_;
};

}  // namespace

std::pair<Progress, Decision> decide(const Plan& plan, Progress progress, const Evidence& evidence, UnixMillis now) {
    return Judgement(plan, std::move(progress), evidence, now).make();
}

void pause(Progress& progress, UnixMillis now) {
    progress.state = State::paused;
    progress.reason = Reason::person;
    progress.detail.clear();
    if (!progress.stopped_at) progress.stopped_at = now;
}

void resume(Progress& progress, UnixMillis now) {
    const auto stopped_for = progress.stopped_at ? now - *progress.stopped_at : 0;
    if (progress.applied_at) progress.applied_at = std::min(now, *progress.applied_at + stopped_for);
    progress.state = State::running;
    progress.reason = Reason::none;
    progress.detail.clear();
    progress.stopped_at.reset();
    progress.began_at = progress.waits_since = now;
    progress.is_wait_told = progress.is_hold_told = false;
}

void replan(const Plan& before, const Plan& after, Progress& progress, UnixMillis now) {
    std::vector<GuardProgress> guards;
    for (const auto& guard : after.guards) {
        const auto held = std::find(before.guards.begin(), before.guards.end(), guard);
        const auto index = static_cast<std::size_t>(held - before.guards.begin());
        if (index < progress.guards.size()) {
            guards.push_back(progress.guards[index]);
        } else {
            // What a new guard finds at its first look was there before: it holds, and takes nothing back.
            guards.push_back({progress.began_at, std::nullopt, false});
        }
    }
    progress.guards = std::move(guards);
    const auto next = progress.step;
    const bool is_same_step =
        next < before.steps.size() && next < after.steps.size() && before.steps[next] == after.steps[next];
    if (!is_same_step) progress.is_approved = false;
    progress.waits_since = now;
    progress.is_wait_told = false;
}

bool lacks_approval(const Plan& plan, const Progress& progress) noexcept {
    return progress.step < plan.steps.size() && plan.steps[progress.step].needs_approval && !progress.is_approved;
}

std::uint32_t next_share(const Plan& plan, const Progress& progress) noexcept {
    if (progress.step == plan.steps.size()) return limits::slots;
    return std::max(plan.steps[progress.step].share, progress.share);
}

std::optional<UnixMillis> next_look(const Plan& plan, const Progress& progress, UnixMillis now) noexcept {
    if (!is_open(progress.state)) return std::nullopt;
    const auto regular = now + look_interval;
    if (progress.state != State::running || progress.step == 0) return regular;
    if (!progress.applied_at) return now + propagation_interval;
    const auto end = *progress.applied_at + hold_of(plan, progress);
    return end > now ? std::min(regular, end) : regular;
}

}  // namespace fanion::cp::rollouts
