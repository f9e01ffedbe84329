"""Every role sees exactly what it may, and the control plane says the same: the matrix of src/model/permissions.ts."""
import pathlib
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from site_of_pages import DashboardStack  # noqa: E402
from support.stack import PASSWORD, Admin  # noqa: E402

ROLES = ("viewer", "developer", "maintainer", "admin", "owner")
ON, OFF = {"variation": "on"}, {"variation": "off"}
INSTRUCTIONS = "application/vnd.fanion.instructions+json"
PLAN = {"from": "off", "to": "on", "steps": [{"share": 1000, "hold": "1d"}, {"share": 100_000}]}
ANY = {"If-Match": "*"}


def member(stack, name, role):
    made = stack.admin.call("POST", f"/orgs/{stack.org}/members", {"email": f"{name}@example.com", "role": role}).json
    person = Admin(stack.control.url)
    person.call("POST", "/auth/setup", {"token": made["setup_token"], "password": PASSWORD})
    return person.login(f"{name}@example.com")


class Prepared:
    """What one role tries: flags, requests, schedules, rollouts and entries of its own, so that the order does not matter."""

    def __init__(self, stack, asker, second, role):
        self.stack, self.asker, self.second, self.role = stack, asker, second, role

    def flag(self, name, *environments):
        key = f"{name}-{self.role}"
        self.stack.create_flag(key)
        for env in environments:
            self.stack.configure(key, {"enabled": True, "fallthrough": OFF}, env=env)
        return key

    def turn_on(self, flag, env):
        return {"method": "PATCH", "path": f"projects/{self.stack.project}/flags/{flag}/environments/{env}",
                "type": INSTRUCTIONS, "body": {"instructions": [{"kind": "turn_on"}]}}

    def at(self, env, what):
        return f"{self.stack.home}/environments/{env}/{what}"

    def request(self, name, env, is_approved=False):
        change = self.turn_on(self.flag(name), env)
        made = self.asker.call("POST", self.at(env, "requests"), {"title": f"{name} of {self.role}", "changes": [change]}).json
        if is_approved:
            approval = {"digest": made["result"]["digest"]}
            self.second.call("POST", self.at(env, f"requests/{made['id']}/approve"), approval, headers=ANY)
        return {"id": made["id"], "digest": made["result"]["digest"]}

    def schedule(self, flag, env):
        body = {"name": f"{flag} in {env}", "change": self.turn_on(flag, env), "at": "2099-01-01T00:00:00Z"}
        return self.stack.admin.call("POST", self.at(env, "schedules"), body).json["id"]

    def rollout(self, flag, env):
        return self.stack.admin.call("POST", self.at(env, "rollouts"), {"flag": flag, **PLAN}).json["id"]

    def entry(self, flag, env):
        self.stack.configure(flag, {"fallthrough": ON}, env=env)
        query = f"resource=projects/{self.stack.project}/flags/{flag}/environments/{env}"
        return self.stack.admin.call("GET", f"/orgs/{self.stack.org}/audit?{query}").json["items"][0]["entry"]["id"]

    def all(self):
        both = ("development", "production")
        promoted = self.flag("promote", "staging")
        rolled, steered, undone = self.flag("roll", *both), self.flag("steer", *both), self.flag("undo", *both)
        return {"promoted": promoted, "rolled": rolled, "scheduled": steered, "undone": undone, "plan": PLAN,
                "rollouts": {env: self.rollout(steered, env) for env in both},
                "schedules": {env: self.schedule(steered, env) for env in both},
                "entries": {env: self.entry(undone, env) for env in both}}

    def requests(self):
        return {"approve": self.request("approve", "staging"), "bypass": self.request("bypass", "staging"),
                "development": self.request("apply", "staging", is_approved=True),
                "production": self.request("apply-guarded", "guarded", is_approved=True)}


@pytest.fixture(scope="module")
def prepared():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with DashboardStack(directory) as stack:
        guarded = {"key": "guarded", "name": "Guarded", "protected": True, "order": 1000}
        stack.admin.call("POST", f"{stack.home}/environments", guarded)
        asker, second = member(stack, "asker", "maintainer"), member(stack, "second", "maintainer")
        for role in ROLES[:-1]:
            member(stack, role, role)
        roles = {role: Prepared(stack, asker, second, role) for role in ROLES}
        given = {role: one.all() for role, one in roles.items()}
        for env in ("staging", "guarded"):
            stack.admin.call("PUT", f"{stack.home}/environments/{env}/approvals", {"required": 1}, headers=ANY)
        versions = {env: stack.admin.call("GET", f"{stack.home}/environments/{env}/versions").json["items"][1]["version"]
                    for env in ("development", "production")}
        yield stack, {role: {**given[role], "requests": roles[role].requests(), "versions": versions} for role in ROLES}
    shutil.rmtree(directory, ignore_errors=True)


@pytest.mark.parametrize("role", ROLES)
def test_role(prepared, role):
    """Shown as allowed: 2xx. Shown as something to ask for: 403, and 201 for the request. Not shown: 403."""
    stack, given = prepared
    email = stack.email if role == "owner" else f"{role}@example.com"
    stack.flow("roles", role=role, **{**given[role], "email": email})


def test_developer_asks(prepared):
    """Asking for approval in a protected environment, and what becomes of it, seen by both."""
    stack, _ = prepared
    stack.create_flag("asked-for")
    stack.configure("asked-for", {"enabled": True}, env="production")
    stack.admin.call("PUT", f"{stack.home}/environments/production/approvals", {"required": 1}, headers=ANY)
    stack.flow("developer_asks", flag="asked-for", title="Take it over", developer="developer@example.com", maintainer="second@example.com")
    assert stack.admin.call("GET", f"{stack.home}/flags/asked-for/environments/production").json["enabled"] is False
    stack.admin.call("PUT", f"{stack.home}/environments/production/approvals", {"required": 0}, headers=ANY)
