"""From the command line to what it asks for."""
import contextlib
import sys

from delivery import engine, options
from delivery.commands import Commands
from delivery.errors import Failure, NoTarget, Usage
from delivery.guard import Guard
from delivery.kubernetes import Kubernetes
from delivery.prometheus import Prometheus
from delivery.report import Report
from delivery.systemd import Systemd
from delivery.waiting import Waiting


def make_prometheus(asked):
    token = ""
    if asked.prometheus_token_file:
        try:
            with open(asked.prometheus_token_file, encoding="utf-8") as file:
                token = file.read().strip()
        except OSError as error:
            raise Usage(f"--prometheus-token-file {asked.prometheus_token_file}: {error.strerror}") from None
    return Prometheus(asked.prometheus, token, asked.prometheus_ca)


def make_platform(asked, commands, waiting, prometheus):
    if bool(asked.target) == bool(asked.unit):
        raise Usage("what is rolled out? A --deployment, or each --unit")
    if asked.other_unit and not asked.unit:
        raise Usage("--other-unit goes with --unit")
    return Kubernetes(commands, waiting, asked) if asked.target else Systemd(commands, waiting, asked, prometheus)


def show_status(asked, report):
    asked.strategy, asked.build, asked.program = "canary", None, "relay"
    platform = make_platform(asked, Commands(report), None, None).find()
    report.say(platform.describe())
    left = platform.unfinished
    if left:
        report.say(f"a rollout is under way: {left['strategy']} of {left['build']} after {left['before']}, in the stage {left['stage']}")
    else:
        report.say("no rollout is under way")
    return 0


def take_up(asked, platform):
    """What an earlier run left behind, in the place of options."""
    left = platform.unfinished
    if left["stage"] == "rollback" and asked.command != "undo":
        raise Usage("the rollout under way was being taken back; go on with `undo`")
    if asked.build and asked.build != left["build"]:
        raise Usage(f"the rollout under way is of {left['build']}; to roll out {asked.build}, `undo` it first")
    if asked.command != "undo" and left["strategy"] != asked.command:
        raise Usage(f"the rollout under way is {left['strategy']}")
    asked.strategy, asked.build = left["strategy"], left["build"]


def roll_out(asked, report):
    commands = Commands(report, asked.dry_run)
    waiting = Waiting(report, asked.interval, asked.ready_timeout)
    prometheus = make_prometheus(asked)
    is_undo = asked.command == "undo"
    asked.strategy = "canary" if is_undo else asked.command
    asked.build = None if is_undo else asked.build
    platform = make_platform(asked, commands, waiting, prometheus).find()
    left = platform.unfinished
    if left and not is_undo and not asked.resume:
        raise NoTarget(f"a rollout is under way already: {left['strategy']} of {left['build']}, in the stage {left['stage']}. "
                       "--resume goes on with it, `undo` takes it back")
    if not left and (is_undo or asked.resume):
        raise NoTarget("no rollout is under way")
    if left:
        take_up(asked, platform)
    if not asked.build:
        raise Usage("which build? --build IMAGE, or on systemd the path of the program")
    report.say(platform.describe())
    guard = Guard(prometheus, asked, asked.job or platform.job() or f"fanion-{asked.program}")
    rollout = engine.Rollout(platform, guard, waiting, report, asked, commands)
    if is_undo:
        waiting.listen()
        rollout.roll_back("undo", "as asked")
        return 0
    if not left and asked.build == platform.running:
        raise Usage(f"{asked.build} runs already")
    platform.check_build()
    return rollout.run()


def carry_out(asked, report):
    if asked.command == "status":
        return show_status(asked, report)
    if asked.command != "watch":
        return roll_out(asked, report)
    # What an application counts has nothing to do with how its relays are, unless both are asked for.
    asked.even_if_burning = asked.even_if_burning or bool(asked.error_ratio and not asked.job)
    if asked.even_if_burning and not asked.error_ratio and not asked.selector:
        raise Usage("nothing is left to watch: give --selector or --error-ratio")
    guard = Guard(make_prometheus(asked), asked, asked.job or f"fanion-{asked.program}")
    return engine.watch(guard, Waiting(report, asked.interval, 0), report, asked, Commands(report, asked.dry_run))


def main(arguments):
    """Exit code."""
    asked = options.parser().parse_args(arguments)
    try:
        with contextlib.closing(Report(None if getattr(asked, "dry_run", False) else getattr(asked, "log", None))) as report:
            return carry_out(asked, report)
    except Failure as failure:
        print(f"rollout: {failure}", file=sys.stderr)
        return failure.code
