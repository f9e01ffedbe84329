"""Comparing, promoting, asking for approval, scheduling, rolling out, and the log of all of it, in a browser."""
import datetime
import pathlib
import re
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from site_of_pages import DashboardStack  # noqa: E402
from support.processes import wait_for  # noqa: E402
from support.stack import PASSWORD, Admin  # noqa: E402


@pytest.fixture(scope="module")
def stack():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with DashboardStack(directory) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)


def member(stack, email, role):
    """A new member, signed in."""
    made = stack.admin.call("POST", f"/orgs/{stack.org}/members", {"email": email, "role": role}).json
    person = Admin(stack.control.url)
    person.call("POST", "/auth/setup", {"token": made["setup_token"], "password": PASSWORD})
    return person.login(email)


def latest(stack, flag, action):
    page = stack.admin.call("GET", f"/orgs/{stack.org}/audit?resource=projects/{stack.project}/flags/{flag}&action={action}").json
    return page["items"][0]["entry"]["id"]


def test_compare_promote_parts(stack):
    """What differs, a part of it in production, undone as one, and all of it by keys."""
    stack.create_flag("promoted")
    stack.configure("promoted", {"enabled": True, "fallthrough": {"variation": "off"}}, env="staging")
    stack.flow("compare_promote_parts", flag="promoted")
    stack.configure("promoted", {"enabled": False}, env="staging")


def test_revert_entry(stack):
    """The newest change of the log is undone; it cannot be undone twice."""
    stack.create_flag("reverted")
    stack.configure("reverted", {"enabled": True})
    stack.flow("revert_entry", flag="reverted", entry=latest(stack, "reverted", "flag.configured"))


def test_audit_filter_export_verify_tampered(stack):
    """The export is what the filter selects, and an altered one is found out."""
    stack.create_flag("audited")
    stack.flow("audit_filter_export_verify_tampered", flag="audited")


def test_change_request_base_moves(stack):
    """An approval is of what a request comes to: when that changes, it does not count."""
    lead = member(stack, "lead@example.com", "maintainer")
    stack.create_flag("requested")
    home = f"{stack.home}/environments/staging"
    stack.admin.call("PUT", f"{home}/approvals", {"required": 1})
    change = {"method": "PATCH", "path": f"projects/{stack.project}/flags/requested/environments/staging",
              "type": "application/vnd.fanion.instructions+json", "body": {"instructions": [{"kind": "turn_on"}]}}
    asked = stack.admin.call("POST", f"{home}/requests", {"title": "Turn it on", "changes": [change]}).json
    given = {"request": asked["id"], "title": "Turn it on"}
    stack.flow("change_request_base_moves", step="own", **given)
    stack.flow("change_request_base_moves", step="approve", **{**given, "email": "lead@example.com"})
    other = {**change, "body": {"instructions": [{"kind": "set_fallthrough", "variation": "off"}]}}
    urgent = lead.call("POST", f"{home}/requests", {"title": "Another", "changes": [other]}).json
    stack.admin.call("POST", f"{home}/requests/{urgent['id']}/bypass", {"reason": "test"}, headers={"If-Match": "*"})
    stands = lambda: stack.admin.call("GET", f"{home}/requests/{asked['id']}").json["approvals"][0]["stands"]  # noqa: E731
    wait_for(lambda: not stands(), "the request comes to something else")
    stack.flow("change_request_base_moves", step="moved", **given)
    stack.admin.call("PUT", f"{home}/approvals", {"required": 0}, headers={"If-Match": "*"})


def test_rollout_pause_stop(stack):
    """A rollout is paused, resumed, and stopped with its flag turned off."""
    stack.create_flag("rolled")
    stack.configure("rolled", {"enabled": True, "fallthrough": {"variation": "off"}})
    steps = [{"share": 1000, "hold": "1d"}, {"share": 25000, "hold": "1d"}, {"share": 100000}]
    stack.admin.call("POST", f"{stack.home}/environments/development/rollouts",
                     {"flag": "rolled", "from": "off", "to": "on", "steps": steps})
    stack.flow("rollout_pause_stop", flag="rolled")


def test_rollout_begin(stack):
    """A plan is typed, refused at its fields, reviewed and begun."""
    stack.create_flag("begun")
    stack.configure("begun", {"enabled": True, "fallthrough": {"variation": "off"}})
    stack.flow("rollout_begin", flag="begun")
    begun = [one for one in stack.admin.call("GET", f"{stack.home}/environments/development/rollouts").json["items"] if one["flag"] == "begun"]
    assert [step["share"] for step in begun[0]["steps"]] == [1000, 5000, 50_000, 100_000]
    stack.admin.call("POST", f"{stack.home}/environments/development/rollouts/{begun[0]['id']}/cancel", {}, headers={"If-Match": "*"})


def test_why_at_a_time(stack):
    """What somebody got before a change."""
    stack.create_flag("asked")
    stack.configure("asked", {"enabled": False})
    before = stack.admin.call("GET", f"{stack.home}/environments/development/versions").json["items"][0]["at"]
    wait_for(lambda: datetime.datetime.now(datetime.timezone.utc) > datetime.datetime.fromisoformat(before) + datetime.timedelta(seconds=1), "a second later")
    stack.configure("asked", {"enabled": True, "fallthrough": {"variation": "on"}})
    stack.flow("why_at_a_time", flag="asked", before=before)


def test_others_appear(stack):
    """Pages that are open have what others do."""
    stack.create_flag("followed")
    stack.create_flag("of-others")
    stack.configure("of-others", {"enabled": True, "fallthrough": {"variation": "off"}})
    home = f"{stack.home}/environments/development"

    def configure(enabled, comment):
        path = f"{stack.home}/flags/followed/environments/development"
        stack.admin.call("PATCH", f"{path}?comment={comment}", {"enabled": enabled}, headers={"Content-Type": "application/merge-patch+json"})

    change = {"method": "PATCH", "path": f"projects/{stack.project}/flags/followed/environments/development",
              "type": "application/vnd.fanion.instructions+json", "body": {"instructions": [{"kind": "turn_off"}]}}
    steps = [{"share": 1000, "hold": "1d"}, {"share": 100_000}]
    made = {}

    def schedule():
        made["schedule"] = stack.admin.call("POST", f"{home}/schedules", {"name": "By another", "change": change, "at": "2099-01-01T00:00:00Z"}).json["id"]

    def roll_out():
        plan = {"flag": "of-others", "from": "off", "to": "on", "steps": steps}
        made["rollout"] = stack.admin.call("POST", f"{home}/rollouts", plan).json["id"]

    def step(name):
        stack.admin.call("POST", f"{home}/rollouts/{made['rollout']}/{name}", {}, headers={"If-Match": "*"})

    stack.flow("others_appear", flag="followed", rolled="of-others", acts={
        "turn_on": lambda: configure(True, "turned+on+by+another"), "turn_off": lambda: configure(False, "turned+off+by+another"),
        "turn_on_again": lambda: configure(True, "turned+on+again+by+another"),
        "schedule": schedule, "roll_out": roll_out, "pause": lambda: step("pause")})
    step("cancel")
    stack.admin.call("DELETE", f"{home}/schedules/{made['schedule']}", headers={"If-Match": "*"})


def test_schedule_time_zone(stack):
    """23:30 in UTC is the next day in Auckland."""
    stack.create_flag("scheduled")
    day = datetime.date.today().replace(day=10) + datetime.timedelta(days=62)
    day = day.replace(month=1, year=day.year + 1)  # where Auckland has its summer time
    change = {"method": "PATCH", "path": f"projects/{stack.project}/flags/scheduled/environments/development",
              "type": "application/vnd.fanion.instructions+json", "body": {"instructions": [{"kind": "turn_on"}]}}
    stack.admin.call("POST", f"{stack.home}/environments/development/schedules",
                     {"name": "Evening", "change": change, "at": f"{day}T23:30:00Z"})
    shown = day + datetime.timedelta(days=1)
    assert re.fullmatch(r"\d{4}-01-\d\d", str(shown))
    stack.flow("schedule_time_zone", title="Evening", day=str(shown), month=str(shown)[:7])
