"""The ten jobs of people: presses of the pointer counted, keys timed, each held to its limit (flows/jobs/)."""
import os
import pathlib
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from site_of_pages import DashboardStack  # noqa: E402
from support.stack import PASSWORD, Admin  # noqa: E402

SLOWER = float(os.environ.get("FANION_JOBS_SLOWER", "1"))  # a machine that does much else takes longer
RUNS = 4  # one by the pointer, the median of three by keys
OFF = {"variation": "off"}


@pytest.fixture(scope="module")
def stack():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with DashboardStack(directory) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)


def flags_for(stack, job, changes, env="development", count=RUNS):
    flags = [f"{job}-{letter}" for letter in "abcdefgh"[:count]]
    for flag in flags:
        stack.create_flag(flag)
        stack.configure(flag, changes, env=env)
    return flags


def run(stack, job, flags, **given):
    print(stack.flow("jobs", job=job, flags=flags, slower=SLOWER, **given))


def test_job_1_turn_off(stack):
    """A flag is turned off in production."""
    run(stack, "1_turn_off", flags_for(stack, "banner", {"enabled": True}, env="production"))


def test_job_2_rollout(stack):
    """5 % become 25 %."""
    share = {"split": {"weights": [{"variation": "on", "weight": 5}], "otherwise": "off"}}
    run(stack, "2_rollout", flags_for(stack, "checkout", {"enabled": True, "fallthrough": share}))


def test_job_3_why(stack):
    """Why does alice get off?"""
    rules = [{"id": "pro", "when": 'plan is "pro"', "serve": {"variation": "on"}}]
    run(stack, "3_why", flags_for(stack, "quota", {"enabled": True, "fallthrough": OFF, "rules": rules}))


def test_job_4_new_flag(stack):
    """A new boolean flag, and its line of code."""
    stack.create_flag("there-already")
    run(stack, "4_new_flag", ["there-already", "two", "three", "four"])


def test_job_5_rule(stack):
    """A rule with three conditions."""
    stack.admin.call("POST", f"{stack.home}/segments", {"key": "staff"})
    run(stack, "5_rule", flags_for(stack, "search", {"enabled": True, "fallthrough": OFF}))


def test_job_6_promote(stack):
    """Staging's configuration into production."""
    run(stack, "6_promote", flags_for(stack, "prices", {"enabled": True, "fallthrough": OFF}, env="staging"))


def test_job_7_approve(stack):
    """A change request is read and approved."""
    lead = Admin(stack.control.url)
    made = stack.admin.call("POST", f"/orgs/{stack.org}/members", {"email": "lead@example.com", "role": "maintainer"}).json
    lead.call("POST", "/auth/setup", {"token": made["setup_token"], "password": PASSWORD})
    stack.admin.call("PUT", f"{stack.home}/environments/staging/approvals", {"required": 1})
    for by in ("pointer", "keys"):
        flag = f"asked-{by}"
        stack.create_flag(flag)
        change = {"method": "PATCH", "path": f"projects/{stack.project}/flags/{flag}/environments/staging",
                  "type": "application/merge-patch+json", "body": {"enabled": True}}
        stack.admin.call("POST", f"{stack.home}/environments/staging/requests", {"title": f"Change {flag}", "changes": [change]})
        run(stack, "7_approve", [flag], by=by, who={"email": "lead@example.com", "password": PASSWORD})
    stack.admin.call("PUT", f"{stack.home}/environments/staging/approvals", {"required": 0})


def test_job_8_everywhere(stack):
    """Which relays have it."""
    share = {"split": {"weights": [{"variation": "on", "weight": 5}], "otherwise": "off"}}
    stack.add_relay("everywhere").start()
    run(stack, "8_everywhere", flags_for(stack, "receipt", {"enabled": True, "fallthrough": share}))


def test_job_9_revert(stack):
    """The newest change is undone."""
    for by in ("pointer", "keys"):
        run(stack, "9_revert", flags_for(stack, f"mistake-{by}", {"enabled": True}, count=1), by=by)


def test_job_10_archive(stack):
    """20 flags that are done with."""
    for by in ("pointer", "keys"):
        for number in range(20):
            stack.create_flag(f"done-{by}-{number}")
        stack.look_old()
        run(stack, "10_archive", ["done"], by=by)
        left = stack.admin.call("GET", f"{stack.home}/flags?q=done-{by}&state=active&total=true").json
        assert left["total"] == 0, "all are archived"
