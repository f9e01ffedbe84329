"""An organisation with one of everything that a path can name: acme, its project web, the flag new-checkout, and so on."""
import re

from support.processes import http
from support.stack import PASSWORD

PROJECT = "/orgs/acme/projects/web"
PLACES = {"org": "/orgs/acme", "project": PROJECT, "env": PROJECT + "/environments/development"}


class Scene:
    """Made on a new stack. `values`: path parameter -> value, of things that last. `spare`: of things to be deleted."""

    def __init__(self, stack, issuer):
        """`issuer`: of a provider that answers, so that single sign-on begins."""
        self.stack, self.issuer = stack, issuer
        self.values = {"org": "acme", "project": "web", "env": "development", "flag": "new-checkout", "segment": "beta-testers",
                       "part": "1", "role": "release-manager", "source": "main", "policy": "main", "deleted_org": "old-acme",
                       "provider": "main", "organisation": "acme", "type": "User",
                       "schema": "urn:ietf:params:scim:schemas:core:2.0:User"}
        self.spare = {"org": "spare", "project": "spare", "env": "spare", "flag": "old-checkout", "segment": "spare", "role": "spare",
                      "source": "spare", "policy": "spare", "provider": "spare"}
        self.flags()
        self.people()
        self.programs()
        self.directory()
        self.saved()
        self.changes()
        self.places()

    def post(self, path, body, **more):
        return self.stack.admin.call("POST", path, body, **more).json

    def scim(self, path, body):
        headers = {"Authorization": f"Bearer {self.stack.admin.token}", "Content-Type": "application/scim+json"}
        made = http("POST", self.stack.control.url + "/scim/v2/acme" + path, body, headers)
        assert made.status == 201, made.body
        return made.json

    def flags(self):
        everyone = {"fallthrough": {"variation": "on"}, "enabled": True}
        for key, name in (("new-checkout", "New checkout"), ("old-checkout", "Old checkout"), ("search", "Search"), ("staged", "Staged")):
            self.post(PROJECT + "/flags", {"key": key, "type": "boolean", "name": name, "environments": {"development": everyone}})
        for key in ("beta-testers", "spare"):
            included = [{"attribute": "targetingKey", "values": ["alice", "bob"]}]
            self.post(PROJECT + "/segments", {"key": key, "name": "Beta testers",
                                              "environments": {"development": {"included": included}}})

    def people(self):
        for where, email in ((self.values, "ada@example.com"), (self.spare, "bob@example.com")):
            invited = self.post("/orgs/acme/members", {"email": email, "name": email.split("@")[0].title(), "role": "developer"})
            self.post("/auth/setup", {"token": invited["setup_token"], "password": PASSWORD})
            members = self.stack.admin.call("GET", "/orgs/acme/members").json["items"]
            where["member"] = next(member["id"] for member in members if member["email"] == email)
        self.spare["invitation"] = self.post("/orgs/acme/members", {"email": "cid@example.com", "role": "viewer"})["id"]
        for role in ("release-manager", "spare"):
            self.post("/orgs/acme/roles", {"key": role, "name": role, "permissions": ["read", "edit"]})
        for place in (PROJECT, PLACES["env"]):
            for where in (self.values, self.spare):
                self.stack.admin.call("PUT", f"{place}/assignments/{where['member']}", {"role": "release-manager"})

    def programs(self):
        for level, place in PLACES.items():
            for where in (self.values, self.spare):
                where[level + ".key"] = self.post(place + "/keys", {"kind": "relay", "name": "eu-1"})["id"]
        for where in (self.values, self.spare):
            where["auth.token"] = self.post("/auth/tokens", {"name": "report", "scopes": ["read"]})["id"]
            where["org.token"] = self.post("/orgs/acme/tokens", {"name": "ci", "role": "developer", "scopes": ["read"]})["id"]
            where["webhook"] = self.post("/orgs/acme/webhooks", {"name": "chat", "url": "https://hooks.example/fanion"})["id"]
        self.values["delivery"] = self.post(f"/orgs/acme/webhooks/{self.values['webhook']}/test", {}, expect=(202,))["id"]
        for key in ("main", "spare"):
            self.stack.admin.call("PUT", f"/orgs/acme/prometheus/{key}", {"url": "https://prometheus.example"})
            self.stack.admin.call("PUT", f"{PROJECT}/rollout-policies/{key}", {"require": {"min_steps": 1}})

    def directory(self):
        """People and groups of SCIM, and identity providers."""
        for where, name in ((self.values, "dora"), (self.spare, "emil")):
            person = self.scim("/Users", {"userName": f"{name}@example.com"})
            where["user"] = person["id"]
            where["group"] = self.scim("/Groups", {"displayName": name, "members": [{"value": person["id"]}]})["id"]
            provider = {"key": where["provider"], "issuer": self.issuer, "client_id": "fanion"}
            self.post("/orgs/acme/identity-providers", provider)

    def saved(self):
        for where, name in ((self.values, "Ann"), (self.spare, "Bob")):
            where["view"] = self.post(PROJECT + "/views", {"name": name, "shared": True, "filter": {"tag": ["web"]}})["id"]
            where["context"] = self.post(PROJECT + "/contexts", {"name": name, "context": {"key": name.lower()}})["id"]

    def changes(self):
        change = {"method": "PATCH", "path": "projects/web/flags/search/environments/development", "body": {"enabled": False}}
        for where in (self.values, self.spare):
            once = {"name": "launch", "change": change, "at": "2036-01-01T09:00:00Z"}
            where["schedule"] = self.post(PLACES["env"] + "/schedules", once)["id"]
            members = f"{PROJECT}/segments/beta-testers/environments/development/members"
            where["upload"] = self.post(members + "/uploads", {"format": "lines"})["id"]
        self.values["request"] = self.post(PLACES["env"] + "/requests", {"title": "Launch", "changes": [change]})["id"]
        plan = {"flag": "staged", "from": "on", "to": "off", "steps": [{"share": 1000, "hold": "1h"}, {"share": 100000}]}
        self.values["rollout"] = self.post(PLACES["env"] + "/rollouts", plan)["id"]
        self.values["entry"] = self.stack.admin.call("GET", "/orgs/acme/audit?limit=1").json["items"][0]["entry"]["id"]

    def path_values(self, template, is_spent=False):
        """Values for the parameters of a path. `is_spent`: the last one names what may be deleted."""
        names = re.findall(r"\{(\w+)\}", template)
        level = "env" if "env" in names else "project" if "project" in names else "org"
        full = {"key": level + ".key", "token": "auth.token" if "/auth/" in template else "org.token"}
        found = {}
        for name in names:
            source = self.spare if is_spent and name == names[-1] else self.values
            entry = full.get(name, name)
            found[name] = source.get(entry) or self.values.get(entry) or "none"
        return found

    def session(self):
        """An access token of another session of the owner."""
        given = {"email": self.stack.email, "password": PASSWORD}
        return self.post("/auth/login", given)["access_token"]

    def places(self):
        for key in ("spare", "old-acme"):
            self.post("/orgs", {"key": key, "name": "Spare"})
        self.stack.admin.call("DELETE", "/orgs/old-acme?confirm=old-acme")
        self.post("/orgs/acme/projects", {"key": "spare"})
        self.post(PROJECT + "/environments", {"key": "spare"})
