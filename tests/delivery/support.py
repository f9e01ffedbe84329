"""What the tests of deploy/rollout share: the program, with stand-ins for kubectl, systemctl and ssh on its PATH."""
import contextlib
import importlib.machinery
import importlib.util
import io
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ROLLOUT = ROOT / "deploy/rollout"
PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
sys.path.insert(0, str(ROOT / "deploy"))
sys.dont_write_bytecode = True
from delivery import commands, engine, program, waiting  # noqa: E402

# A rollout takes its course soon: nothing is held, and what is measured counts at once.
QUICK = ["--hold", "1s", "--interval", "1s", "--settle", "1s", "--max-wait", "1s", "--ready-timeout", "1s", "--min-requests", "10",
         "--min-errors", "2"]


def environment(directory):
    path = f"{HERE / 'fakes'}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "FAKE_CLUSTER": str(directory), "FAKE_SYSTEMD": str(directory), "PYTHONDONTWRITEBYTECODE": "1"}


def stand_in(name):
    """The program of fakes/ as a module."""
    loader = importlib.machinery.SourceFileLoader(f"fake_{name}", str(HERE / "fakes" / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


class Output(io.StringIO):
    def isatty(self):
        return False


def called(function, argv, text=""):
    """What a program's main does, as subprocess.run tells it."""
    out, err = Output(), Output()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), mock.patch.object(sys, "argv", argv), \
            mock.patch.object(sys, "stdin", io.StringIO(text)):
        try:
            code = function()
        except SystemExit as end:
            code = end.code
    return subprocess.CompletedProcess(argv, code or 0, out.getvalue(), err.getvalue())


class Quick:
    """In the place of the module subprocess: stand-ins that are called often are called without a process."""
    TimeoutExpired = subprocess.TimeoutExpired

    def __init__(self, directory):
        self.homes = {"kubectl": str(directory), "systemctl": pathlib.Path(directory)}

    def run(self, argv, **options):
        if argv[0] not in self.homes:
            return subprocess.run(argv, **options)
        module = stand_in(argv[0])
        module.HOME = self.homes[argv[0]]
        return called(module.main, [*argv], options["input"])


class FastClock:
    """In the place of the module time: a second takes a tenth of one."""

    @staticmethod
    def monotonic():
        return time.monotonic() * 10


@contextlib.contextmanager
def fast():
    pause = waiting.Waiting.pause
    with mock.patch.object(engine, "time", FastClock), mock.patch.object(waiting, "time", FastClock), \
            mock.patch.object(waiting.Waiting, "pause", lambda self, seconds: pause(self, seconds / 10)):
        yield


def rollout(directory, *arguments, in_process=True):
    """Runs it to its end: in this process, or as people do."""
    arguments = [*map(str, arguments)]
    if not in_process:
        return subprocess.run([PYTHON, ROLLOUT, *arguments], env=environment(directory), capture_output=True, text=True, timeout=120,
                              check=False)
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        with mock.patch.dict(os.environ, environment(directory)), mock.patch.object(commands, "subprocess", Quick(directory)), fast():
            return called(lambda: program.main(arguments), ["rollout"])
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def calls(directory):
    file = pathlib.Path(directory) / "calls.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def events(log):
    return [json.loads(line) for line in pathlib.Path(log).read_text().splitlines()]
