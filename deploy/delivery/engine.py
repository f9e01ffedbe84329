"""A rollout from its first step to its last: act, watch, go on, or go back. It does not know what it acts on (kubernetes.py,
systemd.py), and decides by Verdicts alone (burn.py)."""
import dataclasses
import time
from typing import Callable

from delivery import burn, durations, steps
from delivery.errors import Failure, Interrupted, Stuck, Unsafe

ATTEMPTS = 3  # of a rollback


@dataclasses.dataclass(frozen=True)
class Stage:
    name: str       # as the platform notes it, so that --resume finds it again
    shown: str
    act: Callable
    watched: bool
    count: int = 0  # instances of the new build; 0: it does not matter


class Rollout:
    def __init__(self, platform, guard, waiting, report, options, commands):
        self.platform, self.guard, self.waiting, self.report = platform, guard, waiting, report
        self.options, self.commands = options, commands

    def stages(self):
        platform, build, size = self.platform, self.options.build, self.platform.size
        if self.options.strategy == "blue-green":
            return [Stage("prepare", f"{build} runs aside, without requests", platform.prepare, False),
                    Stage("switch", f"all requests go to {build}", platform.switch, True),
                    Stage("promote", f"{build} takes the place of what ran before", platform.promote, False)]
        counts = steps.counts(self.options.steps, size)
        if platform.in_place:
            counts = [count for count in counts if count < size]
        relation = "of" if platform.in_place else "beside"
        canaries = [Stage("canary", f"{count} {relation} {size} instances: {build}",
                          lambda count=count, step=step: platform.canary(count, step), True, count)
                    for step, count in enumerate(counts)]
        return [*canaries, Stage("promote", f"all {size} instances: {build}", platform.promote, True)]

    def run(self):
        """Exit code."""
        stages = self.stages()
        begin = self._resumed(stages) if self.platform.unfinished else 0
        self.guard.before(self.options.resume)
        self.waiting.listen()
        if self.options.before and not self.options.resume:
            self.commands.shell(self.options.before, "--before")
        self.report.note("resumed" if self.options.resume else "started", strategy=self.options.strategy, build=self.options.build,
                         before=self.platform.before, instances=self.platform.size)
        try:
            for number, stage in enumerate(stages[begin:], begin + 1):
                self._carry_out(number, len(stages), stage)
            self.platform.finish()
        except Unsafe as unsafe:
            return self.roll_back(unsafe.reason, str(unsafe))
        except Failure as failure:
            if not self.platform.touched:
                raise
            return self.roll_back("failed", str(failure))
        except Interrupted:
            return self._interrupted()
        except Exception as error:  # a mistake of ours: what was changed must not stay because of it
            return self.roll_back("failed", repr(error))
        if self.commands.dry_run:
            self.report.say("a dry run: nothing was changed")
        else:
            self.report.say(f"done: {self.options.build}", "finished", build=self.options.build)
        return 0

    def _resumed(self, stages):
        """The index of the stage in which it was left."""
        left = self.platform.unfinished
        for number, stage in enumerate(stages):
            if stage.name == left["stage"] and stage.count >= left.get("count", 0) * (stage.name == "canary"):
                return number
        return 0 if left["stage"] != "canary" else len(stages) - 1

    def _carry_out(self, number, total, stage):
        self.report.say(f"{number}/{total} {stage.shown}", "stage_started", stage=stage.name, detail=stage.shown)
        self.waiting.check()
        stage.act()
        if self.commands.dry_run:
            if stage.watched:
                self.report.say(f"  would watch for {durations.show(self.options.hold)}")
        elif stage.watched:
            self._watch()

    def _watch(self):
        """Returns when the time is over and all is good; Unsafe if it burns, an instance fails, or it stays unknown for too long."""
        began = time.monotonic()
        while True:
            age = time.monotonic() - began
            verdict = self._look(age)
            self.report.progress(verdict.state, f"{durations.show(age)} of {durations.show(self.options.hold)}: {verdict.text}")
            if verdict.state == burn.BURNING:
                raise Unsafe("burning", verdict.text)
            if verdict.state == burn.GOOD and age >= self.options.hold:
                self.report.say(f"  good: {verdict.text}", "stage_finished", detail=verdict.text)
                return
            if age >= self.options.hold + self.options.max_wait:
                raise Unsafe("no_data", f"not known to be good after {durations.show(age)}: {verdict.text}")
            self.waiting.pause(self.waiting.interval)

    def _look(self, age):
        """The guard's Verdict, or Unsafe. A platform that says nothing now may do so at the next look."""
        try:
            problems = self.platform.problems()
        except Failure as failure:
            return burn.Verdict(burn.UNKNOWN, str(failure))
        if problems:
            raise Unsafe("instance_failed", "; ".join(problems))
        return self.guard.look(self.platform.selector(), age)

    def _interrupted(self):
        self.waiting.forget()
        if self.options.on_interrupt == "leave":
            self.report.say("interrupted. It is left as it is: --resume goes on, `undo` goes back", "left")
            return 130
        self.roll_back("interrupted", "interrupted")
        return 130

    def roll_back(self, reason, detail):
        """1; Stuck if that does not succeed."""
        self.report.say(f"rolling back to {self.platform.before}: {detail}", "rollback_started", reason=reason, detail=detail)
        self.waiting.forget()
        if reason == "burning":
            run_on_burn(self.commands, self.report, self.options)
        try:
            self._persist()
        except Interrupted:
            raise Stuck("interrupted while rolling back; run it again with `undo`") from None
        except (Unsafe, Failure) as error:
            self.report.note("rollback_failed", detail=str(error))
            raise Stuck(f"THE ROLLBACK IS NOT COMPLETE: {error}. Look at it, then run it again with `undo`") from None
        self.report.say(f"rolled back to {self.platform.before}", "rolled_back", reason=reason)
        return 1

    def _persist(self):
        """The platform's rollback; again if something was refused, because that may pass."""
        for _ in range(ATTEMPTS - 1):
            try:
                return self.platform.rollback()
            except Failure as failure:
                self.report.say(f"  {failure}; trying again", "rollback_repeated", detail=str(failure))
                self.waiting.pause(self.waiting.interval)
        return self.platform.rollback()


def run_on_burn(commands, report, options):
    """It comes before the rollback, because turning a flag off is faster; whether it succeeds does not matter to the rollback."""
    for command in options.on_burn:
        try:
            commands.shell(command, "--on-burn")
            report.say(f"  done: {command}", "on_burn", command=command)
        except Failure as error:
            report.say(f"  --on-burn failed: {error}", "on_burn_failed", detail=str(error))


def watch(guard, waiting, report, options, commands):
    """The guard alone, for as long as --hold says. Exit code."""
    guard.before()
    waiting.listen()
    began = time.monotonic()
    while True:
        age = time.monotonic() - began
        verdict = guard.look(options.selector, None if not options.selector else age)
        report.progress(verdict.state, f"{durations.show(age)} of {durations.show(options.hold)}: {verdict.text}")
        if verdict.state == burn.BURNING:
            report.say(f"burning: {verdict.text}", "burning", detail=verdict.text)
            run_on_burn(commands, report, options)
            return 1
        if age >= options.hold:
            report.say(f"{verdict.state}: {verdict.text}", "watched", state=verdict.state)
            return 0 if verdict.state == burn.GOOD else 3
        try:
            waiting.pause(min(waiting.interval, max(0.05, options.hold - age)))
        except Interrupted:
            report.say("interrupted")
            return 130
