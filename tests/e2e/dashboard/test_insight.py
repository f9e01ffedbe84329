"""What relays have and what was counted: stages, a relay that is gone, gaps, segments and their rules, in a browser."""
import concurrent.futures
import pathlib
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from site_of_pages import DashboardStack  # noqa: E402
from support.processes import wait_for  # noqa: E402


@pytest.fixture(scope="module")
def stack():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with DashboardStack(directory) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)


def propagation(stack, env):
    return stack.admin.call("GET", f"{stack.home}/environments/{env}/propagation").json


def test_propagation_live_relay_killed(stack):
    """A relay is killed while the page is open: it is named, and counts again when it is back."""
    stack.create_flag("followed")
    relays = [stack.add_relay(name, env="staging").start() for name in ("stays", "dies")]
    wait_for(lambda: propagation(stack, "staging")["complete"] and len(propagation(stack, "staging")["relays"]) == 2, "both report")
    killed = stack.dir / "killed"
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        flow = pool.submit(stack.flow, "propagation_live_relay_killed", flag="followed", env="staging", token=stack.admin.token,
                           api=stack.control.url, pid=relays[1].process.process.pid, relay="dies", killed=str(killed))
        wait_for(lambda: flow.done() or killed.exists(), "the page has said that a relay is behind", deadline=120)
        relays[1].start()
        flow.result()


def test_staged_propagation(stack):
    """A change waits at the canary; it is taken back by hand, and the next one is released by hand."""
    stack.create_flag("staged")
    place = f"{stack.home}/environments/production"
    stack.add_relay("canary", env="production", options=["--label", "canary"]).start()
    stack.add_relay("plain", env="production", options=["--label", "eu"]).start()
    wait_for(lambda: len(propagation(stack, "production")["relays"]) == 2, "both report")
    staging = {"label": "canary", "soak_seconds": 3600, "hold_seconds": 7200}
    stack.admin.call("PATCH", place, {"staging": staging}, headers={"If-Match": "*", "Content-Type": "application/merge-patch+json"})
    for step in ("withdraw", "release"):
        stack.configure("staged", {"enabled": True}, env="production")
        stack.flow("staged_propagation", step=step, flag="staged")
        enabled = stack.admin.call("GET", f"{stack.home}/flags/staged/environments/production").json["enabled"]
        assert enabled is (step == "release")
    reasons = [stack.admin.call("GET", f"/orgs/{stack.org}/audit?action=environment.stage_{end}").json["items"][0]["entry"]["comment"]
               for end in ("withdrawn", "released")]
    assert reasons == ["not yet", "the canary looks well"]


def test_evaluations_gap_and_marks(stack):
    """A gap of hours is no zero; a publication is marked; by variation and reason, and as shares."""
    stack.create_flag("counted")
    path = f"{stack.home}/flags/counted/environments/development"
    stack.admin.call("PATCH", path, {"comment": "more for everybody", "instructions": [{"kind": "turn_on"}]},
                     headers={"If-Match": "*", "Content-Type": "application/vnd.fanion.instructions+json"})
    both = {("on", "TARGETING_MATCH"): 30, ("off", "DEFAULT"): 70}
    hours = {**{ago: both for ago in range(9, 20)}, **{ago: {("on", "TARGETING_MATCH"): 5} for ago in range(1, 3)}}
    stack.counted("counted", hours)
    stack.flow("evaluations_gap_and_marks", flag="counted", total=11 * 100 + 2 * 5,
               hours={"gap": 25 - len(hours), "one": 2})  # of 24 hours and the present one


def test_playground_request(stack):
    """What an open request would change, before anybody approves it: the answer, and why."""
    stack.create_flag("proposed")
    stack.configure("proposed", {"enabled": True, "fallthrough": {"variation": "off"}})
    change = {"method": "PATCH", "path": f"projects/{stack.project}/flags/proposed/environments/development",
              "type": "application/vnd.fanion.instructions+json",
              "body": {"instructions": [{"kind": "add_rule", "id": "germany", "when": 'country is "DE"', "serve": {"variation": "on"}}]}}
    asked = stack.admin.call("POST", f"{stack.home}/environments/development/requests", {"title": "For Germany", "changes": [change]}).json
    stack.flow("playground_request", flag="proposed", request=asked["id"])


def test_cleanup_snooze(stack):
    """A flag that nobody asks for is left out of the list, with a reason, and comes back."""
    stack.create_flag("sleepy")
    stack.flow("cleanup_snooze", flag="sleepy")
    entries = stack.admin.call("GET", f"/orgs/{stack.org}/audit?resource=projects/{stack.project}/flags/sleepy").json["items"]
    assert [each["entry"]["action"] for each in entries][:2] == ["flag.unsnoozed", "flag.snoozed"]
    assert entries[1]["entry"]["comment"] == "until the sale is over"


def test_segment_rules(stack):
    """A rule is typed and reviewed; its draft survives a reload; the lists stay as they are."""
    members = {"included": [{"attribute": "targetingKey", "values": ["ann"]}], "rules": [{"when": 'plan is "pro"'}]}
    stack.admin.call("POST", f"{stack.home}/segments", {"key": "ruled", "environments": {"development": members}})
    stack.flow("segment_rules", segment="ruled")
    body = stack.admin.call("GET", f"{stack.home}/segments/ruled/environments/development").json
    assert body["included"] == members["included"]
    assert [(rule["when"]["attribute"], rule["when"]["values"]) for rule in body["rules"]] == [("country", ["DE", "AT"]), ("plan", ["pro"])]
