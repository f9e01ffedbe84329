"""What the tests of deploy/rollout share: the program, with stand-ins for kubectl, systemctl and ssh on its PATH."""
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ROLLOUT = ROOT / "deploy/rollout"
PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
sys.path.insert(0, str(ROOT / "deploy"))

# A rollout takes its course in a second: nothing is held, and what is measured counts at once.
QUICK = ["--hold", "1s", "--interval", "1s", "--settle", "1s", "--max-wait", "1s", "--ready-timeout", "1s", "--min-requests", "10",
         "--min-errors", "2"]


def environment(directory, **more):
    path = f"{HERE / 'fakes'}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "FAKE_CLUSTER": str(directory), "FAKE_SYSTEMD": str(directory), "PYTHONDONTWRITEBYTECODE": "1",
            **more}


def rollout(directory, *arguments, **more):
    """Runs it to its end."""
    return subprocess.run([PYTHON, ROLLOUT, *map(str, arguments)], env=environment(directory, **more), capture_output=True, text=True,
                          timeout=120, check=False)


def calls(directory):
    file = pathlib.Path(directory) / "calls.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def events(log):
    return [json.loads(line) for line in pathlib.Path(log).read_text().splitlines()]
