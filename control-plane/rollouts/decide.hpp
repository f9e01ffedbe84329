#pragma once

// What a rollout does next. Pure: the same plan, progress, evidence and time give the same answer.
//
// The first of these rows that applies decides:
//  0. The flag was archived or deleted, or the environment deleted: cancel, also while it is held
//     or paused.
//  1. A person changed what the rollout is about, or turned the flag off: hold; only a person
//     resumes.
//  2. A guard that rolls back or turns off is breached by the present step: rollback, turn_off.
//  3. Prometheus did not answer: as `on.prometheus_no_data` says.
//  4. Another guard that acts is breached, or one of row 2 was before the step: hold; resumes when
//     it is gone.
//  5. Relays have not all applied the step: wait.
//  6. The hold is not over, too few evaluations, a guard may be breached, no approval: wait, at most
//     `max_wait`.
//  7. Else: the next step; after the last, complete.
//
// While a person has paused the rollout, rows 1 to 3 still protect: it rolls back and turns off,
// and does nothing else. A rollout that has been held for an hour is told of once. What an
// experiment's statistics or exposures would say is more evidence and more rows, between 2 and 3.

#include <utility>

#include "common/base/clock.hpp"
#include "control-plane/rollouts/plan.hpp"
#include "control-plane/rollouts/progress.hpp"

namespace fanion::cp::rollouts {

// `progress` is of an open rollout; evidence.guards has one reading for each guard of the plan.
std::pair<Progress, Decision> decide(const Plan& plan, Progress progress, const Evidence& evidence, UnixMillis now);

// What a person asks for. resume() goes on where the rollout stopped: the time in between counts
// as no part of the hold.
void pause(Progress& progress, UnixMillis now);
void resume(Progress& progress, UnixMillis now);
// Another plan of the same rule, which keeps the steps that were taken. An approval of the next
// step stands if that step is the same.
void replan(const Plan& before, const Plan& after, Progress& progress, UnixMillis now);
// Whether the next step waits, or will wait, for an approval that it does not have.
bool lacks_approval(const Plan& plan, const Progress& progress) noexcept;
// The share after the next step, or everything after the last.
std::uint32_t next_share(const Plan& plan, const Progress& progress) noexcept;

// When to look again; none when it has ended. One that waits for a person is looked at too: its
// flag may be gone.
std::optional<UnixMillis> next_look(const Plan& plan, const Progress& progress, UnixMillis now) noexcept;

}  // namespace fanion::cp::rollouts
