"""Calls every operation of proto-schemas/openapi/control-plane on a real control plane: success, and each typical error."""
import json
import os
import unittest
from unittest import mock

from document import fill
from judged import FirstEvent, JudgedTest
from sign_on_calls import SignOnCalls

from support.authenticator import code_of
from support.processes import wait_for
from support.stack import PASSWORD

MERGE = {"Content-Type": "application/merge-patch+json"}
JSON_PATCH = {"Content-Type": "application/json-patch+json"}
INSTRUCTIONS = {"Content-Type": "application/vnd.fanion.instructions+json"}
VALUES = {"org": "acme", "project": "web", "env": "development", "flag": "f", "segment": "s", "member": "nobody", "key": "nokey",
          "deleted_org": "nowhere", "invitation": "nothing", "role": "kept", "token": "notoken", "session": "nosession",
          "webhook": "wh_none", "delivery": "msg_none", "entry": "noentry",
          "schedule": "sc_none", "request": "cr_none", "upload": "up_none", "part": "1",
          "rollout": "ro_none", "source": "nosource", "provider": "noprovider", "organisation": "acme"}
ANY_OBJECT = {"/api/v1/auth/me/preferences"}  # whose members are the caller's own
RULE = {"id": "r1", "when": {"op": "in_segment", "values": ["s"]}, "serve": {"variation": "on"}}


class ControlPlane(SignOnCalls, JudgedTest):
    document_name = "control-plane"

    @classmethod
    def setUpClass(cls):
        with mock.patch.dict(os.environ, {"FANION_REGISTRATION": "domain:example.com",
                                          "FANION_WEBHOOK_ALLOW_NETWORKS": "127.0.0.1"}):
            super().setUpClass()
        cls.stack.create_flag("f")

    def call(self, method, path, body=None, expect=200, **more):
        return self.judged.call(method, "/api/v1" + path, body, expect, **{"credential": self.stack.admin.token, **more})

    def text(self, method, path, body=None, expect=200, **more):
        return json.loads(self.call(method, path, body, expect, **more).body)

    def changed(self, method, path, body, **more):
        """A change of the current version, and one of an older version, which gets 412 with the current state."""
        kind = MERGE if method == "patch" else {}
        self.call(method, path, body, 412, headers={"If-Match": '"999999"', **kind})
        tag = self.call("get", path).headers["ETag"]
        return self.call(method, path, body, headers={"If-Match": tag, **kind}, **more)

    def test_1_successes(self):
        tag = self.judged.call("get", "/openapi.json", expect=200).headers["ETag"]
        self.judged.call("get", "/openapi.json", expect=304, headers={"If-None-Match": tag})
        self.sign_in_and_out()
        self.organisation()
        self.people()
        self.second_factor()
        self.flags()
        self.segments()
        self.lifecycle()
        self.environments()
        self.webhooks()
        self.schedules()
        self.change_requests()
        self.prometheus()
        self.rollouts()
        self.identity_providers()
        self.single_sign_on()
        for place in ("/orgs/acme", "/orgs/acme/projects/web", "/orgs/acme/projects/web/environments/development"):
            self.keys(place)
        self.tokens("/auth/tokens", {"name": "report", "scopes": ["read"]})
        self.tokens("/orgs/acme/tokens", {"name": "deployments", "role": "developer", "scopes": ["read", "edit"]})
        self.call("delete", "/orgs/acme/projects/web/segments/s2", expect=204, headers={"If-Match": "*"})
        self.call("delete", "/orgs/acme/projects/web/flags/f2", expect=412, headers={"If-Match": '"999999"'})
        self.call("delete", "/orgs/acme/projects/web/flags/f2", expect=204, headers={"If-Match": "*"})
        self.assertEqual(self.judged.faults, [])

    def unchanged(self, path):
        """The same request again gets 304."""
        self.call("get", path, expect=304, headers={"If-None-Match": self.call("get", path).headers["ETag"]})

    def sign_in_and_out(self):
        given = {"email": self.stack.email, "password": PASSWORD}
        tokens = self.text("post", "/auth/login", given, credential=None)
        tokens = self.text("post", "/auth/refresh", {"refresh_token": tokens["refresh_token"]}, credential=None)
        self.call("get", "/auth/me", credential=tokens["access_token"])
        other = self.text("post", "/auth/login", given, credential=None)["access_token"]
        listed = self.text("get", "/auth/sessions?limit=2", credential=tokens["access_token"])["items"]
        self.call("delete", f"/auth/sessions/{next(s['id'] for s in listed if not s['current'])}", expect=204,
                  credential=tokens["access_token"])
        self.call("get", "/auth/me", expect=401, credential=other)
        self.call("delete", "/auth/sessions/nosession", expect=404, credential=tokens["access_token"])
        self.call("delete", "/auth/sessions", expect=204, credential=tokens["access_token"])
        self.call("post", "/auth/logout", expect=204, credential=tokens["access_token"])
        self.call("get", "/auth/me", expect=401, credential=tokens["access_token"])
        self.call("post", "/auth/login", {**given, "password": "not the password"}, 401, credential=None)
        self.call("post", "/auth/refresh", {"refresh_token": "nothing"}, 401, credential=None)
        self.call("post", "/auth/register", {"email": "ada@example.com", "password": PASSWORD, "name": "Ada"}, 202, credential=None)
        self.call("post", "/auth/register", {"email": "ada@other.example", "password": PASSWORD}, 403, credential=None)
        self.call("post", "/auth/setup", {"token": "nothing", "password": PASSWORD}, 401, credential=None)
        self.call("post", "/auth/reset", {"token": "nothing", "password": PASSWORD}, 401, credential=None)
        printed = self.stack.control_plane("reset-password", "--email", self.stack.email)
        token = printed.split("24 hours): ")[1].split()[0]
        self.call("post", "/auth/reset", {"token": token, "password": PASSWORD}, credential=None)
        self.stack.admin.login(self.stack.email)  # the reset has ended the session

    def second_factor(self):
        """Of a new member, who signs in with it, as programs and as browsers do."""
        email = "factor@example.com"
        invited = self.text("post", "/orgs/acme/members", {"email": email, "role": "viewer"}, 201)["setup_token"]
        own = {"Origin": self.stack.control.url}
        joined = self.call("post", "/auth/setup", {"token": invited, "password": PASSWORD, "session": True}, credential=None,
                           headers=own)
        self.assertIn("session_id", json.loads(joined.body))
        member = {"credential": self.text("post", "/auth/login", {"email": email, "password": PASSWORD},
                                          credential=None)["access_token"]}
        self.call("get", "/auth/second-factor", **member)
        self.call("post", "/auth/second-factor", {"password": "not the password"}, 400, **member)
        self.call("post", "/auth/second-factor/confirm", {"code": "000000"}, 409, **member)
        secret = self.text("post", "/auth/second-factor", {"password": PASSWORD}, **member)["secret"]
        self.call("post", "/auth/second-factor/confirm", {"code": "x"}, 400, **member)
        codes = self.text("post", "/auth/second-factor/confirm", {"code": code_of(secret)}, **member)["recovery_codes"]
        self.call("post", "/auth/second-factor", {"password": PASSWORD}, 409, **member)
        given = {"email": email, "password": PASSWORD}
        self.call("post", "/auth/session", given, 403, credential=None)
        self.call("post", "/auth/session", given, 401, credential=None, headers=own)
        started = self.call("post", "/auth/session", {**given, "code": codes[0]}, credential=None, headers=own)
        cookie = {"Cookie": started.headers["Set-Cookie"].partition(";")[0]}
        self.call("put", "/auth/me/preferences", {"theme": "dark"}, credential=None, headers={**own, **cookie})
        self.call("put", "/auth/me/preferences", [], 400, **member)
        self.call("get", "/auth/me", credential=None, headers=cookie)
        self.call("delete", "/auth/session", expect=403, credential=None, headers=cookie)
        self.call("delete", "/auth/session", expect=204, credential=None, headers={**own, **cookie})
        self.call("delete", "/auth/session", expect=401, credential=None, headers={**own, **cookie})
        codes = self.text("post", "/auth/second-factor/recovery-codes", {"code": codes[1]}, **member)["recovery_codes"]
        self.call("post", "/auth/second-factor/recovery-codes", {"code": "none"}, 400, **member)
        self.call("post", "/auth/second-factor/disable", {"code": "none"}, 400, **member)
        self.call("post", "/auth/second-factor/disable", {"code": codes[0]}, 204, **member)
        self.unchanged("/orgs/acme/sign-in")
        self.changed("put", "/orgs/acme/sign-in", {"second_factor": "optional"})
        self.call("put", "/orgs/acme/sign-in", {"second_factor": "required"}, 409)

    def organisation(self):
        self.call("get", "/orgs")
        self.call("post", "/orgs", {"key": "beta", "name": "Beta"}, 201)
        self.call("post", "/orgs", {"key": "beta"}, 409)
        self.unchanged("/orgs/acme")
        self.call("get", "/orgs/acme/projects")
        self.call("post", "/orgs/acme/projects", {"key": "shop", "name": "Shop"}, 201)
        self.place("/orgs/beta", {"name": "Beta Ltd"})
        self.place("/orgs/acme/projects/shop", {"name": "The shop", "description": "d"})
        self.place("/orgs/acme/projects/shop/environments/staging", {"order": 7, "colour": "#3b82f6", "description": "d"})
        self.call("delete", "/orgs/acme/projects/shop/environments/production?confirm=production", expect=428)
        self.call("post", "/orgs/acme/projects", {"key": "shop"}, 409)
        self.unchanged("/orgs/acme/projects/web")
        self.call("get", "/orgs/acme/audit")
        page = self.text("get", "/orgs/acme/audit?limit=1")
        self.call("get", f"/orgs/acme/audit?limit=1&cursor={page['next']}&resource=projects")
        self.call("get", "/orgs/acme/audit?limit=0", expect=400)
        self.audit()

    def place(self, path, settings):
        """What an organisation, a project and an environment have in common: settings, deletion and restoration."""
        parent, _, key = path.rpartition("/")
        self.changed("put", path, self.text("get", path))
        self.changed("patch", path, settings)
        self.call("put", path + "?dry_run=true", {"name": "tried"})
        self.call("patch", path + "?dry_run=true", {"name": "tried"}, headers=MERGE)
        self.call("patch", path, {"key": "other"}, 400, headers=MERGE)
        self.call("delete", path, expect=428)
        self.call("delete", path + "?confirm=other", expect=422)
        confirmed = path + "?confirm=" + key
        self.call("delete", confirmed, expect=412, headers={"If-Match": '"999999"'})
        self.call("delete", confirmed + "&dry_run=true")
        self.call("delete", confirmed, expect=204)
        self.call("get", path, expect=404)
        self.call("get", parent + "?deleted=true")
        self.call("get", parent + "?deleted=yes", expect=400)
        self.call("post", path + "/restore", {}, 412, headers={"If-Match": '"999999"'})
        self.call("post", path + "/restore", {})
        self.call("post", path + "/restore", {}, 404)

    def audit(self):
        made = self.text("post", "/orgs/acme/projects/web/flags", {"key": "audited", "type": "boolean"}, 201)
        self.call("patch", "/orgs/acme/projects/web/flags/audited", {"name": "A"}, headers=MERGE)
        self.assertEqual(made["key"], "audited")
        query = "action=flag.updated&project=web&text=audited&from=2026-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"
        found = self.text("get", f"/orgs/acme/audit?{query}&actor={self.stack.email}")["items"]
        entry = f"/orgs/acme/audit/{found[0]['entry']['id']}"
        self.unchanged(entry)
        self.call("get", "/orgs/acme/audit?action=none", expect=400)
        self.call("post", f"{entry}/revert?dry_run=true")
        self.call("post", f"{entry}/revert?comment=why")
        self.call("post", f"{entry}/revert", expect=409)
        self.call("post", f"{entry}/revert", b"x", 415, headers={"Content-Type": "text/plain"})
        created = self.text("get", "/orgs/acme/audit?action=flag.created&text=flags/audited")["items"][0]["entry"]["id"]
        self.call("post", f"/orgs/acme/audit/{created}/revert", expect=409)  # it was changed since
        self.call("post", "/orgs/acme/projects/web/segments", {"key": "brief"}, 201)
        brief = self.text("get", "/orgs/acme/audit?limit=1")["items"][0]["entry"]["id"]
        self.call("post", f"/orgs/acme/audit/{brief}/revert", expect=204)
        self.call("get", "/orgs/acme/audit/export?project=web")
        self.call("get", "/orgs/acme/audit/export?format=csv")
        self.call("get", "/orgs/acme/audit/export?format=pdf", expect=400)
        self.call("get", "/orgs/acme/audit/verification")
        self.call("get", "/orgs/acme/audit/verification?after=x", expect=400)
        self.unchanged("/orgs/acme/audit/settings")
        self.changed("put", "/orgs/acme/audit/settings", {"retention_days": 400})
        self.call("put", "/orgs/acme/audit/settings", {"retention_days": 1}, 400)
        usage = self.call("get", "/orgs/acme/usage")
        self.assertLessEqual(int(usage.headers["RateLimit-Remaining"]), int(usage.headers["RateLimit-Limit"]))
        self.call("get", "/orgs/none/usage", expect=404)
        self.watch("/orgs/acme/events?since=0")
        self.call("get", "/orgs/acme/events?since=x", expect=400)

    def watch(self, target):
        """The beginning of a stream."""
        stream = FirstEvent(f"{self.stack.control.url}/api/v1{target}", self.stack.admin.token)
        self.addCleanup(stream.close)
        operation = self.document.find("get", "/api/v1" + target.partition("?")[0])
        self.judged.faults += self.document.judge(operation, stream.answer)

    def people(self):
        invited = self.text("post", "/orgs/acme/members", {"email": "dev@example.com", "name": "Dev", "role": "viewer"}, 201)
        self.call("post", "/auth/setup", {"token": invited["setup_token"], "password": "short"}, 400, credential=None)
        tokens = self.text("post", "/auth/setup", {"token": invited["setup_token"], "password": PASSWORD}, credential=None)
        viewer = tokens["access_token"]
        self.call("get", "/orgs/acme/projects/web/flags", credential=viewer)
        self.call("post", "/orgs/acme/projects/web/flags", {"key": "x", "type": "boolean"}, 403, credential=viewer)
        self.call("post", "/orgs/acme/members", {"email": "x@example.com", "role": "viewer"}, 403, credential=viewer)
        self.call("post", "/orgs/acme/members", {"email": "dev@example.com", "role": "viewer"}, 409)
        other = self.text("post", "/orgs/acme/members", {"email": "other@example.com", "role": "viewer"}, 201)["id"]
        self.call("get", "/orgs/acme/invitations")
        self.call("get", "/orgs/acme/invitations", expect=403, credential=viewer)
        self.call("delete", f"/orgs/acme/invitations/{other}", expect=412, headers={"If-Match": '"0"'})
        self.call("delete", f"/orgs/acme/invitations/{other}", expect=204)
        self.call("delete", f"/orgs/acme/invitations/{other}", expect=404)
        members = self.text("get", "/orgs/acme/members")["items"]
        person = next(m["id"] for m in members if m["email"] == "dev@example.com")
        self.unchanged(f"/orgs/acme/members/{person}")
        self.call("patch", f"/orgs/acme/members/{person}", {"role": "developer"}, 412, headers={"If-Match": '"0"'})
        self.call("patch", f"/orgs/acme/members/{person}", {"role": "developer"})
        self.call("patch", f"/orgs/acme/members/{person}", {"role": "king"}, 400)
        self.roles(person)
        self.call("delete", f"/orgs/acme/members/{person}", expect=412, headers={"If-Match": '"0"'})
        self.call("delete", f"/orgs/acme/members/{person}", expect=204)
        self.call("delete", f"/orgs/acme/members/{person}", expect=404)

    def roles(self, person):
        home = "/orgs/acme/roles"
        new = {"key": "lead", "name": "Lead", "description": "d", "permissions": ["read", "edit", "manage_members"]}
        self.call("post", home, new, 201)
        self.call("post", home, new, 409)
        self.call("post", home, {"key": "kept"}, 201)
        self.call("post", home, {"key": "x", "permissions": ["fly"]}, 400)
        page = self.text("get", home + "?limit=1")
        self.call("get", home + f"?cursor={page['next']}")
        self.unchanged(home + "/lead")
        self.call("get", home + "/owner")
        self.changed("put", home + "/lead", self.text("get", home + "/lead"))
        self.changed("patch", home + "/lead", {"permissions": ["read", "edit"]})
        self.call("delete", home + "/owner", expect=409)
        for place in ("/orgs/acme/projects/web", "/orgs/acme/projects/web/environments/development"):
            given = f"{place}/assignments/{person}"
            self.call("put", given, {"role": "lead"}, 201)
            self.call("put", given, {"role": "nobodys"}, 400)
            self.unchanged(given)
            self.changed("put", given, {"role": "viewer"})
            self.call("get", place + "/assignments?limit=1")
        self.call("put", f"/orgs/acme/projects/web/assignments/{person}", {"role": "lead"})
        self.call("delete", home + "/lead", expect=409)
        for place in ("/orgs/acme/projects/web", "/orgs/acme/projects/web/environments/development"):
            self.call("delete", f"{place}/assignments/{person}", expect=412, headers={"If-Match": '"0"'})
            self.call("delete", f"{place}/assignments/{person}", expect=204)
            self.call("get", f"{place}/assignments/{person}", expect=404)
        self.call("delete", home + "/lead", expect=412, headers={"If-Match": '"0"'})
        self.call("delete", home + "/lead", expect=204)
        self.unchanged("/orgs/acme/me/permissions")

    def flags(self):
        home = "/orgs/acme/projects/web/flags"
        new = {"key": "f2", "type": "string", "name": "Two", "description": "d", "tags": ["t"], "owner": "o", "client": True,
               "track": True, "salt": "s", "variations": [{"key": "a", "value": "A"}, {"key": "b", "value": "B"}],
               "environments": {"staging": {"enabled": True, "fallthrough": {"variation": "b"}}}}
        self.call("post", home, new, 201)
        self.call("post", home, new, 409)
        self.call("post", home, {"key": "no good", "type": "boolean"}, 400)
        page = self.text("get", home + "?limit=1&q=f")
        self.call("get", home + f"?q=f&cursor={page['next']}")
        self.call("get", home + f"?cursor={page['next']}", expect=400)  # of another search
        self.call("get", home + "?cursor=junk", expect=400)
        for what in ("/f2", "/f2/environments/staging"):
            self.unchanged(home + what)
            self.changed("put", home + what, self.text("get", home + what))
        self.changed("patch", home + "/f2", {"description": "changed"})
        self.changed("patch", home + "/f2/environments/staging", {"enabled": False})
        self.other_forms(home + "/f2", [{"op": "replace", "path": "/owner", "value": "p"}],
                         [{"kind": "add_tags", "tags": ["u"]}, {"kind": "add_variation", "variation": "c", "value": "C"}])
        self.other_forms(home + "/f2/environments/staging", [{"op": "test", "path": "/enabled", "value": False}],
                         [{"kind": "add_rule", "id": "de", "when": "country is 'DE'", "serve": {"variation": "a"}, "at": 0},
                          {"kind": "set_weights", "rule": "de", "weights": [{"variation": "b", "weight": 12.5}], "otherwise": "next"}])
        self.tried(home, {"key": "f3", "type": "boolean"}, "/f2", {"owner": "tried"})
        self.call("get", home + "/f2/uses?variation=a")
        self.together(home)
        self.call("patch", home + "/f2/environments/production", {"enabled": True}, 428, headers=MERGE)
        self.call("patch", home + "/f2/environments/staging", {"fallthrough": {"variation": "zzz"}}, (400, 422), headers=MERGE)

    def other_forms(self, path, operations, instructions):
        """A change as JSON Patch and as instructions, each also with what is refused."""
        self.call("patch", path, operations, headers=JSON_PATCH)
        self.call("patch", path, [{"op": "test", "path": "/version", "value": 0}], 409, headers=JSON_PATCH)
        self.call("patch", path, [{"op": "remove", "path": "/nothing"}], 422, headers=JSON_PATCH)
        self.call("patch", path, {"comment": "why", "instructions": instructions}, headers={**INSTRUCTIONS, "If-Match": "*"})
        self.call("patch", path, {"instructions": [{"kind": "jump"}]}, 400, headers=INSTRUCTIONS)

    def tried(self, home, new, old, changed):
        """A dry run of every write, and the uses."""
        self.call("post", home + "?dry_run=true", new)
        for what in (old, old + "/environments/development"):
            self.call("put", home + what + "?dry_run=true", self.text("get", home + what))
        self.call("patch", home + old + "?dry_run=true&strict=true", changed, headers=MERGE)
        self.call("delete", home + old + "?dry_run=true", expect=(200, 409), headers={"If-Match": "*"})
        self.call("get", home + old + "/uses")
        self.call("get", home + old + "/uses?environment=development")
        self.call("get", home + old + "/uses?environment=nowhere", expect=404)

    def together(self, home):
        """Clones, bulk changes, and repeated requests."""
        self.call("post", home + "/f2/clone", {"key": "f4", "name": "Four", "salt": "s4", "environments": ["staging"]}, 201)
        self.call("post", home + "/f2/clone", {"key": "f4"}, 409)
        self.call("post", home + "/f2/clone?dry_run=true", {"key": "f5"})
        bulk, tags = "/orgs/acme/projects/web/bulk", [{"kind": "add_tags", "tags": ["together"]}]
        body = {"comment": "why", "changes": [{"flags": ["f2", "f4"], "instructions": tags},
                                              {"flags": ["f4"], "environment": "staging", "instructions": [{"kind": "turn_on"}]}]}
        self.call("post", bulk + "?dry_run=true", body)
        repeated = {"headers": {"Idempotency-Key": "0123456789abcdef"}}
        self.call("post", bulk, body, **repeated)
        self.call("post", bulk, body, **repeated)
        self.call("post", bulk, {"changes": [{"flags": ["nothing"], "instructions": tags}]}, 422)
        stale = {"flags": ["f4"], "versions": {"f4": 999}, "instructions": tags}
        self.call("post", bulk, {"changes": [stale]}, 412)
        on = {"flags": ["f4"], "environment": "production", "instructions": [{"kind": "turn_on"}]}
        self.call("post", bulk, {"changes": [on]}, 428)
        made = {"key": "f6", "type": "boolean"}
        self.call("post", home, made, 201, headers={"Idempotency-Key": "f6-0123456789abcdef"})
        self.call("post", home, made, 201, headers={"Idempotency-Key": "f6-0123456789abcdef"})
        self.call("post", home, {**made, "key": "f7"}, 422, headers={"Idempotency-Key": "f6-0123456789abcdef"})

    def segments(self):
        home = "/orgs/acme/projects/web/segments"
        alice = [{"attribute": "targetingKey", "values": ["alice"]}]
        self.call("post", home, {"key": "s", "name": "S", "description": "d", "environments": {"development": {"included": alice}}}, 201)
        self.call("post", home, {"key": "s2"}, 201)
        self.call("post", home, {"key": "s2"}, 409)
        page = self.text("get", home + "?limit=1&q=s")
        self.call("get", home + f"?q=s&cursor={page['next']}")
        self.call("get", home + f"?cursor={page['next']}", expect=400)  # of another search
        for what in ("/s", "/s/environments/development"):
            self.unchanged(home + what)
            self.changed("put", home + what, self.text("get", home + what))
        self.changed("patch", home + "/s", {"name": "changed"})
        self.changed("patch", home + "/s/environments/development", {"excluded": alice})
        self.other_forms(home + "/s", [{"op": "replace", "path": "/name", "value": "p"}], [{"kind": "set_name", "name": "q"}])
        self.other_forms(home + "/s/environments/development", [{"op": "remove", "path": "/excluded/0"}],
                         [{"kind": "add_included", "values": ["bob"]}, {"kind": "add_rule", "when": "country is 'DE'"}])
        flag = "/orgs/acme/projects/web/flags/f/environments/development"
        self.changed("patch", flag, {"enabled": True, "rules": [RULE]})
        self.tried(home, {"key": "s3"}, "/s", {"name": "tried"})
        self.lists(home + "/s/environments/development")
        self.call("delete", home + "/s", expect=412, headers={"If-Match": '"999999"'})
        self.call("delete", home + "/s", expect=409, headers={"If-Match": "*"})  # the flag refers to it

    def lists(self, config):
        lines, csv, stale = {"Content-Type": "text/plain"}, {"Content-Type": "text/csv"}, {"If-Match": '"999999"'}
        members = config + "/members"
        self.unchanged(members)
        self.call("get", members + "?list=included&attribute=targetingKey&q=b&limit=1")
        self.call("get", members + "?list=all", expect=400)
        self.call("patch", members, {"add": ["cid"], "remove": ["nobody"]})
        self.call("patch", members + "?list=excluded&attribute=email&dry_run=true&strict=true", {"add": ["dan"]})
        self.call("patch", members, {"add": ["eve"]}, 412, headers=stale)
        self.call("patch", members, {}, 400)
        self.call("post", members + "?mode=add&attribute=email&column=mail", b"id,mail\r\n1,a@example.com\r\n", headers=csv)
        self.call("post", members + "?mode=replace&dry_run=true", b"bob\nfay\n", headers=lines)
        self.call("post", members + "?mode=remove", b"fay\n", 412, headers={**lines, **stale})
        self.call("post", members + "?mode=remove&strict=true&list=excluded", b"", 400, headers=lines)
        self.call("post", members + "?mode=add", {"add": []}, 415)
        uploads = members + "/uploads"
        upload = uploads + "/" + self.text("post", uploads, {"format": "lines"}, 201)["id"]
        self.call("post", uploads, {"format": "xml"}, 400)
        self.call("post", upload + "/apply?mode=add", expect=409)
        self.call("put", upload + "/parts/1", b"gus\n", headers=lines)
        self.call("put", upload + "/parts/1", b"gus\n", 415, headers=csv)
        self.call("put", upload + "/parts/99", b"gus\n", 400, headers=lines)
        self.call("get", upload)
        self.call("post", upload + "/apply?mode=add&list=included&attribute=targetingKey", expect=412, headers=stale)
        self.call("post", upload + "/apply?mode=add&dry_run=true&strict=true")
        self.call("post", upload + "/apply?mode=add")
        upload = uploads + "/" + self.text("post", uploads, {}, 201)["id"]
        self.call("delete", upload, expect=204)
        self.call("delete", upload, expect=404)

    def environments(self):
        home = "/orgs/acme/projects/web/environments"
        self.call("get", home)
        self.call("post", home, {"key": "preview", "name": "Preview", "protected": False}, 201)
        copy = {"key": "copy", "copy_of": "staging", "order": 9, "colour": "#000000", "description": "d"}
        self.call("post", home + "?dry_run=true", copy)
        self.call("post", home, copy, 201)
        self.call("post", home, {**copy, "key": "none", "copy_of": "nowhere"}, 422)
        self.call("post", home, {"key": "preview"}, 409)
        self.unchanged(home + "/development")
        self.unchanged(home + "/development/ruleset")
        versions = self.text("get", home + "/development/versions?limit=1")
        self.call("get", home + f"/development/versions?cursor={versions['next']}&flag=f")
        self.call("get", home + "/development/versions?segment=s")
        self.call("get", home + "/development/versions?cursor=junk", expect=400)
        version = versions["items"][0]["version"]
        self.call("get", home + f"/development/ruleset?version={version}")
        self.call("get", home + f"/development/ruleset?version={version}&form=plain&flags=f")
        self.call("get", home + "/development/ruleset?version=1.1", expect=404)
        self.promotion(home, version)
        self.call("get", home + "/development/propagation")
        self.call("get", home + "/development/propagation?version=1&wait=1ms")
        self.call("get", home + "/development/propagation?wait=long", expect=400)
        self.call("get", home + "/development/stats?flag=f&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z")
        self.call("get", home + "/development/stats?from=yesterday", expect=400)
        self.call("get", home + "/development/stats/series?flag=f&step=minute&by=variation")
        self.call("get", home + "/development/stats/series?step=day&by=version&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z")
        self.call("get", home + "/development/stats/series?step=week", expect=400)
        question = {"flag": "f", "context": {"targetingKey": "bob"}, "now": "2026-01-01T00:00:00Z"}
        self.call("post", home + "/development/evaluate", question)
        self.call("post", home + "/development/evaluate", {**question, "draft": {"enabled": True, "fallthrough": {"variation": "on"}}})
        self.call("post", home + "/development/evaluate", {**question, "version": version})
        self.call("post", home + "/development/evaluate", {**question, "version": "1.1"}, 404)
        self.call("post", home + "/development/evaluate", {**question, "at": "2026-01-01T00:00:00Z"}, 404)
        self.call("post", home + "/development/evaluate", {**question, "at": "2026-01-01T00:00:00Z", "version": version}, 400)
        self.call("post", home + "/development/evaluate", {"flag": "nowhere"}, (200, 404))
        self.call("post", home + "/development/evaluate", {**question, "draft": {"fallthrough": {"variation": "zzz"}}}, (400, 422))

    def lifecycle(self):
        home = "/orgs/acme/projects/web"
        self.call("get", home + "/flags?q=f&tag=a&tag=b&owner=o&type=boolean&lifetime=release&state=active&sort=-updated&total=true")
        self.call("get", home + "/flags?environment=development&enabled=false&evaluated=never"
                  "&evaluated_after=2026-01-01T00:00:00Z&evaluated_before=2026-01-02T00:00:00Z")
        self.call("get", home + "/flags?sort=salt", expect=400)
        self.unchanged(home + "/flag-index")
        self.call("get", home + "/flags/f/evaluations")
        self.call("get", home + "/flags/nowhere/evaluations", expect=404)
        self.call("get", home + "/lifecycle?reason=unused&owner=o&environment=development&limit=2")
        self.call("get", home + "/lifecycle?reason=old", expect=400)
        self.unchanged(home + "/lifecycle/settings")
        self.changed("put", home + "/lifecycle/settings", {"unused_days": 7, "constant_days": 20, "lifetimes": {"release": None}})
        self.call("put", home + "/lifecycle/settings", {"unused_days": 0}, 400)

    def promotion(self, home, version):
        self.call("get", home + "/development/compare?with=staging&limit=1")
        self.call("get", home + "/development/compare?with=staging&flag=f")
        self.call("get", home + "/development/compare?with=staging&segment=s")
        self.call("get", home + "/development/compare?with=nowhere", expect=404)
        self.call("get", home + "/development/compare", expect=400)
        back = home + "/development/rollback"
        self.call("post", back, {"version": "1.1"}, 404)
        self.call("post", back, {"version": version, "flags": ["f"]}, 412, headers={"If-Match": '"0"'})
        self.call("post", back + "?dry_run=true", {"version": version})
        self.call("post", back, {"version": version, "flags": ["f"], "segments": ["s"]})
        self.call("post", back, {"version": version, "flags": ["nothing"]}, 422)
        wanted = {"from": "development", "flags": ["f"], "segments": ["s"], "take_along": True}
        self.call("post", home + "/production/promote", wanted, 428)
        self.call("post", home + "/production/promote", wanted, 412, headers={"If-Match": '"0"'})
        tag = self.call("post", home + "/production/promote?dry_run=true", wanted).headers["ETag"]
        self.call("post", home + "/production/promote", wanted, headers={"If-Match": tag})
        self.call("post", home + "/staging/promote", {"from": "development", "flags": ["f"], "parts": ["rules"], "from_version": "1.1"}, 409)
        self.call("post", home + "/staging/promote", {"from": "nowhere", "all": True}, 422)
        self.call("post", home + "/staging/promote", {"from": "development"}, 400)

    def schedules(self):
        home = "/orgs/acme/projects/web/environments/development/schedules"
        change = {"method": "PATCH", "path": "projects/web/flags/f/environments/development", "body": {"enabled": True}}
        once = self.text("post", home, {"name": "n", "change": {**change, "type": "application/json", "comment": "c"},
                                        "at": "2036-01-01T00:00:00Z", "repeat": None}, 201)
        for repeat in ({"every": "day", "time": "09:00"}, {"every": "week", "time": "09:00", "weekday": "monday"},
                       {"every": "month", "time": "09:00", "day": 28}):
            self.call("post", home, {"change": change, "at": None, "repeat": repeat}, 201)
        self.call("post", home, {"change": change}, 400)
        self.call("post", home, {"change": {**change, "path": "projects/web/flags/none"}, "at": "2036-01-01T00:00:00Z"}, 404)
        page = self.text("get", home + "?limit=1")
        self.call("get", home + f"?cursor={page['next']}&state=active")
        self.call("get", home + "?state=lost", expect=400)
        self.unchanged(f"{home}/{once['id']}")
        self.call("delete", f"{home}/{once['id']}", expect=412, headers={"If-Match": '"999999"'})
        for item in self.text("get", home)["items"]:
            self.call("delete", f"{home}/{item['id']}", expect=204)

    def change_requests(self):
        place = "/orgs/acme/projects/web/environments/staging"
        self.call("put", place + "/approvals", {"required": 11}, 400)
        self.changed("put", place + "/approvals", {"required": 1})
        self.unchanged(place + "/approvals")
        home = place + "/requests"
        path = "projects/web/flags/f/environments/staging"
        present = self.text("get", f"/orgs/acme/{path}")["enabled"]

        def ask(**more):
            change = {"method": "PATCH", "path": path, "body": {"enabled": not present}}
            return home + '/' + self.text("post", home, {"title": "t", "changes": [change], **more}, 201)["id"]
        me = self.text("get", "/auth/me")["user"]["id"]
        first = ask(description="d", reviewers=[me], draft=True)
        self.call("post", home, {"title": "t", "changes": []}, 400)
        self.changed("patch", first, {"draft": False, "title": "u"})
        self.call("patch", first, {"title": "v"})
        self.unchanged(first)
        self.call("get", first + "/preview")
        self.call("post", first + "/comments", {"text": "c"}, 201)
        self.call("post", first + "/comments", {"text": "d"}, 201)
        self.call("post", first + "/comments", {}, 400)
        page = self.text("get", first + "/comments?limit=1")
        self.call("get", first + f"/comments?cursor={page['next']}")
        invited = self.text("post", "/orgs/acme/members", {"email": "reviewer@example.com", "role": "admin"}, 201)
        given = {"token": invited["setup_token"], "password": PASSWORD}
        reviewer = self.text("post", "/auth/setup", given, credential=None)["access_token"]
        digest = self.text("get", first)["result"]["digest"]
        older = {"If-Match": '"999999"'}
        self.call("post", first + "/approve", {"digest": digest}, 403)
        self.call("post", first + "/apply", {}, 409)
        self.call("post", first + "/approve", {"digest": digest}, 412, credential=reviewer, headers=older)
        self.call("post", first + "/approve", {"digest": "other"}, 409, credential=reviewer)
        self.call("post", first + "/approve", {"digest": digest, "comment": "c"}, credential=reviewer)
        self.call("post", first + "/apply", {}, 412, headers=older)
        self.call("post", first + "/apply", {"at": "2036-01-01T00:00:00Z"}, 201)
        self.call("post", first + "/apply", {"at": "2001-01-01T00:00:00Z"}, 400)
        self.call("post", first + "/apply", {"at": None})
        present = not present
        second = ask()
        self.call("post", second + "/decline", {"reason": "r"}, 412, credential=reviewer, headers=older)
        self.call("post", second + "/decline", {"reason": "r"}, credential=reviewer)
        third = ask()
        self.call("post", third + "/withdraw", {"reason": "r"}, 412, headers=older)
        self.call("post", third + "/withdraw", {})
        fourth = ask()
        self.call("post", fourth + "/bypass", {"reason": "r"}, 412, headers=older)
        self.call("post", fourth + "/bypass", {"reason": "r"})
        page = self.text("get", home + "?limit=1")
        self.call("get", home + f"?cursor={page['next']}")
        self.call("get", home + "?state=lost", expect=400)
        self.call("put", place + "/approvals", {"required": 0})

    def webhooks(self):
        home = "/orgs/acme/webhooks"
        new = {"name": "w", "url": "http://127.0.0.1:1/in", "template": "generic", "enabled": True, "events": ["flag.*"],
               "projects": ["web"], "environments": ["staging"]}
        made = self.text("post", home, new, 201)
        self.assertTrue(made["secret"].startswith("whsec_"))
        self.call("post", home, {"url": "ftp://x"}, 400)
        other = self.text("post", home, {"url": "https://hooks.example"}, 201)["id"]
        page = self.text("get", home + "?limit=1")
        self.call("get", home + f"?cursor={page['next']}")
        self.call("get", home + "?limit=0", expect=400)
        self.call("delete", f"{home}/{other}", expect=204)
        place = f"{home}/{made['id']}"
        self.changed("put", place, self.text("get", place))
        self.changed("patch", place, {"name": "changed"})
        self.call("post", place + "/rotate", {"overlap_hours": 1}, 412, headers={"If-Match": '"999999"'})
        self.assertIn("secret", self.text("post", place + "/rotate", {"overlap_hours": 1}))
        self.call("post", place + "/rotate", {"overlap_hours": 1000}, 400)
        sent = self.text("post", place + "/test", {}, 202)["id"]
        log = place + "/deliveries"
        self.call("post", place + "/test", {}, 202)
        page = self.text("get", log + "?limit=1")
        self.call("get", log + f"?cursor={page['next']}")
        self.call("get", log + "?state=lost", expect=400)

        def attempted():
            return self.text("get", log + "?state=failed")["items"]
        wait_for(attempted, "an attempt")  # refused: the address is private
        self.call("get", f"{log}/{sent}")
        self.call("post", f"{log}/{sent}/replay", {}, 202)
        wait_for(lambda: self.text("get", f"{log}/{sent}")["state"] == "failed", "another attempt")
        self.call("patch", place, {"enabled": False}, headers=MERGE)
        self.unchanged(f"{log}/{sent}")
        self.call("post", f"{log}/{sent}/replay", {}, 409)
        self.call("post", place + "/test", {}, 409)
        self.call("delete", place, expect=412, headers={"If-Match": '"999999"'})
        self.call("delete", place, expect=204)

    def prometheus(self):
        home = "/orgs/acme/prometheus"
        main = {"url": "http://127.0.0.1:1", "token": "s3cret"}  # private: refused at once
        self.call("put", home + "/main", main, 201)
        self.call("put", home + "/other", {"url": "https://prometheus.example"}, 201)
        self.call("put", home + "/no%20good", main, 400)
        self.call("put", home + "/main", {"url": "ftp://x"}, 400)
        page = self.text("get", home + "?limit=1")
        self.call("get", home + f"?cursor={page['next']}")
        self.call("get", home + "?limit=0", expect=400)
        self.changed("put", home + "/main", main)
        self.unchanged(home + "/main")
        self.call("delete", home + "/other", expect=412, headers={"If-Match": '"999999"'})
        self.call("delete", home + "/other", expect=204)

    def rollouts(self):
        self.call("post", "/orgs/acme/projects/web/flags",
                  {"key": "staged", "type": "boolean",
                   "environments": {"staging": {"enabled": True, "fallthrough": {"variation": "off"}}}}, 201)
        home = "/orgs/acme/projects/web/environments/staging/rollouts"
        plan = {"flag": "staged", "rule": None, "from": "off", "to": "on", "max_wait": "1d",
                "on": {"prometheus_no_data": "alert", "max_wait": "hold"},
                "steps": [{"share": 1000, "hold": "15m", "min_evaluations": 10, "approval": True}, {"share": 100000}],
                "guards": [{"prometheus": "main", "query": "up", "below": 1, "for": "1m", "on_breach": "hold"},
                           {"prometheus": "main", "error_ratio": "e[$window]", "slo": 0.999, "burn": 6, "long": "6h",
                            "short": "30m", "on_breach": "rollback"},
                           {"evaluations": "share", "variation": "on", "reason": "ERROR", "above": 0.1, "window": "5m",
                            "min_evaluations": 10, "on_breach": "turn_off"}]}
        self.call("post", home + "?dry_run=true", plan)
        made = self.text("post", home, plan, 201)
        self.call("post", home, plan, 409)
        self.call("post", home, {"flag": "staged"}, 400)
        self.call("post", home, {**plan, "from": "none"}, 422)
        place = f"{home}/{made['id']}"
        wait_for(lambda: self.text("get", place)["decisions"], "a decision")  # an alert: nobody answers
        self.call("post", place + "/pause", {}, 412, headers={"If-Match": '"999999"'})
        for action in ("pause", "resume", "approve"):
            self.call("post", f"{place}/{action}", {})
        for action in ("resume", "approve"):
            self.call("post", f"{place}/{action}", {}, 409)
            self.call("post", f"{place}/{action}", {}, 412, headers={"If-Match": '"999999"'})
        self.call("post", f"{place}/cancel", {"now": True}, 400)
        self.call("post", f"{place}/cancel", {}, 412, headers={"If-Match": '"999999"'})
        self.call("post", f"{place}/cancel", {})
        self.call("post", f"{place}/pause", {}, 409)
        second = self.text("post", home, plan, 201)
        self.assertEqual(second["attempt"], 2)
        page = self.text("get", home + "?limit=1&state=running&flag=staged")
        page = self.text("get", home + "?limit=1")
        self.call("get", home + f"?cursor={page['next']}")
        self.call("get", home + "?state=odd", expect=400)
        self.call("post", f"{home}/{second['id']}/cancel", {})

    def keys(self, place):
        dates = {"not_before": "2026-01-01T00:00:00Z", "expires_at": None}
        made = self.text("post", place + "/keys", {"kind": "relay", "name": "r", **dates}, 201)
        self.assertIn("key", made)
        if "/environments/" in place:
            client = {"kind": "client", "origins": ["https://app.example"], "ofrep_minimal": True}
            self.call("post", place + "/keys", client, 201)
        self.call("post", place + "/keys", {"kind": "server", "name": 7}, 400)
        self.assertNotIn("key", self.text("get", place + "/keys")["items"][0])
        self.assertNotIn("key", self.text("get", place + f"/keys/{made['id']}"))
        second = self.text("post", place + f"/keys/{made['id']}/rotate", {"overlap_seconds": 60, "expires_at": None}, 201)
        self.assertEqual((second["replaces"], second["name"]), (made["id"], "r"))
        self.call("post", place + f"/keys/{made['id']}/rotate", {}, 409)
        self.call("delete", place + f"/keys/{made['id']}", expect=412, headers={"If-Match": '"0"'})
        self.call("delete", place + f"/keys/{made['id']}", expect=204, headers={"If-Match": "*"})
        self.call("delete", place + "/keys/nokey", expect=404)

    def tokens(self, home, new):
        made = self.text("post", home, {**new, "expires_at": None}, 201)
        self.call("get", "/auth/me", credential=made["token"])
        self.call("post", home, {**new, "scopes": ["fly"]}, 400)
        self.assertNotIn("token", self.text("get", home + "?limit=1")["items"][0])
        self.call("get", f"{home}/{made['id']}")
        second = self.text("post", f"{home}/{made['id']}/rotate", {"overlap_seconds": 60, "expires_at": None}, 201)
        self.assertEqual(second["replaces"], made["id"])
        self.call("post", f"{home}/{made['id']}/rotate", {}, 409)
        self.call("post", "/auth/tokens", {"name": "n", "scopes": ["read"]}, 403, credential=second["token"])
        self.call("delete", f"{home}/{made['id']}", expect=412, headers={"If-Match": '"0"'})
        self.call("delete", f"{home}/{made['id']}", expect=204)
        self.call("get", "/auth/me", expect=401, credential=made["token"])
        self.call("delete", f"{home}/nothing", expect=404)

    def test_2_typical_errors_of_every_operation(self):
        token = self.stack.admin.token
        for operation in self.document.operations.values():
            path = fill(operation.template, VALUES)
            body = b"{}" if "requestBody" in operation.parts else None
            kinds = list(operation.parts["requestBody"]["content"]) if body else ["application/json"]
            is_json = "application/json" in kinds

            def refused(status, target=path, credential=token, content=body, headers=None, operation=operation,
                        is_json=is_json, kinds=kinds):
                kind = "application/json" if is_json else kinds[0]
                headers = {"Content-Type": kind, **(headers or {})} if content is not None else headers
                answer = self.judged.call(operation.method, target, content, status, credential=credential, headers=headers)
                if answer.status == status:
                    problem = json.loads(answer.body)
                    self.assertEqual(problem["status"], status)
                    self.assertEqual(problem["request_id"], answer.headers["X-Request-Id"])

            if not self.document.is_open(operation):
                refused(401, credential=None)
                refused(401, credential="junk")
            refused(400, target=path + "?wave=1")
            if "{org}" in operation.template:
                refused(404, target=fill(operation.template, {**VALUES, "org": "other"}))
            if "{project}" in operation.template:
                refused(404, target=fill(operation.template, {**VALUES, "project": "other"}), content=self.whole(operation))
            if body is not None:
                refused(415, headers={"Content-Type": "text/html"})
            if body is not None and is_json:
                refused(400, content=b"{bad")
                refused(400, content=b"[]")
                if operation.template not in ANY_OBJECT:
                    refused(400, content=b'{"wave":1}')
                refused(400, content=b"[" * 100)
        self.assertEqual(self.judged.faults, [])

    def whole(self, operation):
        """A valid body, so that the refusal is about the resource."""
        if "requestBody" not in operation.parts:
            return None
        if "application/json" not in operation.parts["requestBody"]["content"]:
            return b"a value"
        bodies = {"/flags": {"key": "g", "type": "boolean"}, "/segments": {"key": "g"}, "/environments": {"key": "g"},
                  "/keys": {"kind": "relay"}, "/evaluate": {"flag": "f"}, "/assignments/{member}": {"role": "viewer"}, "/clone": {"key": "g"},
                  "/bulk": {"changes": [{"flags": ["f"], "instructions": [{"kind": "archive"}]}]},
                  "/rollback": {"version": "1"}, "/promote": {"from": "staging", "all": True},
                  "/members": {"add": ["a"]}, "/approvals": {"required": 0}, "/comments": {"text": "t"},
                  "{request}/approve": {"digest": "0" * 64}, "/bypass": {"reason": "r"},
                  "/rollouts": {"flag": "f", "from": "off", "to": "on", "steps": [{"share": 100000}]}}
        found = [body for end, body in bodies.items() if operation.template.endswith(end)]
        return json.dumps(found[0] if found else {}).encode()

    def test_3_nothing_of_the_document_was_left_out(self):
        self.assertEqual(self.judged.untried(), [])
        self.assertEqual(self.judged.untried(lambda status: status >= 400), [])

    def test_4_the_served_document_is_the_one_of_the_tree(self):
        self.assertTrue(self.judged.json("get", "/openapi.json") == self.document.root)


if __name__ == "__main__":
    unittest.main()
