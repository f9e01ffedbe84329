"""Calls every operation of proto-schemas/openapi/control-plane on a real control plane: success, and each typical error."""
import json
import os
import unittest
from unittest import mock

from attribute_calls import AttributeCalls
from audit_calls import AuditCalls
from calls import Calls
from change_calls import ChangeCalls
from directory_calls import DirectoryCalls
from document import fill
from environment_calls import EnvironmentCalls
from flag_calls import FlagCalls
from key_calls import KeyCalls
from lifecycle_calls import LifecycleCalls
from organisation_calls import OrganisationCalls
from people_calls import PeopleCalls
from policy_calls import PolicyCalls
from promotion_calls import PromotionCalls
from request_calls import RequestCalls
from rollout_calls import RolloutCalls
from saved_calls import SavedCalls
from schedule_calls import ScheduleCalls
from segment_calls import SegmentCalls
from session_calls import SessionCalls
from sign_on_calls import SignOnCalls
from stage_calls import StageCalls
from token_calls import TokenCalls
from webhook_calls import WebhookCalls

VALUES = {"org": "acme", "project": "web", "env": "development", "flag": "f", "segment": "s", "member": "nobody", "key": "nokey",
          "deleted_org": "nowhere", "invitation": "nothing", "role": "kept", "token": "notoken", "session": "nosession",
          "webhook": "wh_none", "delivery": "msg_none", "entry": "noentry",
          "schedule": "sc_none", "request": "cr_none", "upload": "up_none", "part": "1",
          "rollout": "ro_none", "source": "nosource", "policy": "nopolicy",
          "user": "u_none", "group": "g_none", "type": "None", "schema": "none", "organisation": "acme"}
ANY_OBJECT = {"/api/v1/auth/me/preferences"}  # whose members are the caller's own
ANY_QUERY = {"/api/v1/auth/sign-on/callback"}  # identity providers may add to it


class ControlPlane(SessionCalls, OrganisationCalls, AuditCalls, PeopleCalls, FlagCalls, SegmentCalls, LifecycleCalls,
                   EnvironmentCalls, PromotionCalls, WebhookCalls, ScheduleCalls, RequestCalls, RolloutCalls, PolicyCalls,
                   KeyCalls, TokenCalls, ChangeCalls, DirectoryCalls, SavedCalls, SignOnCalls, StageCalls, AttributeCalls, Calls):
    document_name = "control-plane"

    @classmethod
    def setUpClass(cls):
        with mock.patch.dict(os.environ, {"FANION_REGISTRATION": "domain:example.com",
                                          "FANION_WEBHOOK_ALLOW_NETWORKS": "127.0.0.1"}):
            super().setUpClass()
        cls.stack.create_flag("f")
        # What is not there is 404 before the body is looked at.
        home = "/orgs/acme/projects/web"
        view = cls.stack.admin.call("POST", home + "/views", {"name": "Kept"}).json
        context = cls.stack.admin.call("POST", home + "/contexts", {"name": "Kept", "context": {}}).json
        provider = {"key": "kept", "issuer": "https://login.example", "client_id": "c"}
        cls.stack.admin.call("POST", "/orgs/acme/identity-providers", provider)
        cls.values = {**VALUES, "view": view["id"], "context": context["id"], "provider": "kept"}

    def test_1_successes(self):
        tag = self.judged.call("get", "/openapi.json", expect=200).headers["ETag"]
        self.judged.call("get", "/openapi.json", expect=304, headers={"If-None-Match": tag})
        self.sign_in_and_out()
        self.organisation()
        self.people()
        self.directory()
        self.second_factor()
        self.flags()
        self.segments()
        self.lifecycle()
        self.saved()
        self.environments()
        self.attributes()
        self.webhooks()
        self.schedules()
        self.change_requests()
        self.prometheus()
        self.rollouts()
        self.policies()
        self.changes_of_changes()
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

    def test_2_typical_errors_of_every_operation(self):
        token = self.stack.admin.token
        for operation in self.document.operations.values():
            path = fill(operation.template, self.values)
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
                    is_scim = operation.template.startswith("/scim/")
                    self.assertEqual(problem["status"], str(status) if is_scim else status)
                    if not is_scim:
                        self.assertEqual(problem["request_id"], answer.headers["X-Request-Id"])
                        named = [error["pointer"] for error in problem.get("errors", []) if error["pointer"].startswith("{")]
                        self.assertEqual([name for name in named if name not in operation.template], [])

            if not self.document.is_open(operation):
                refused(401, credential=None)
                refused(401, credential="junk")
            if operation.template not in ANY_QUERY:
                refused(400, target=path + "?wave=1")
            if "{org}" in operation.template:
                refused(404, target=fill(operation.template, {**self.values, "org": "other"}))
            if "{project}" in operation.template:
                refused(404, target=fill(operation.template, {**self.values, "project": "other"}), content=self.whole(operation))
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
                  "/views": {"name": "a"}, "/contexts": {"name": "a", "context": {}},
                  "/rollback": {"version": "1"}, "/promote": {"from": "staging", "all": True},
                  "/members": {"add": ["a"]}, "/approvals": {"required": 0}, "/comments": {"text": "t"},
                  "{request}/approve": {"digest": "0" * 64}, "/bypass": {"reason": "r"},
                  "/rollout-policies/{policy}": {"require": {}},
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
