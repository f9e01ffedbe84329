"""Schemathesis drives every operation of the control plane's OpenAPI document: no answer is a fault of the server, and none
contradicts the document. The seed is fixed and printed; FANION_TEST_SEED=N takes another."""
import json
import os
import pathlib
import subprocess
import unittest
from unittest import mock

from judged import JudgedTest
from scene import Scene

from support.identity_provider import Provider
from support.stack import CLIENTS

CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
          "response_schema_conformance")
# They end the session that they are called with, so each call gets one that may end.
ENDS_ITS_SESSION = {"logOut", "endBrowserSession"}
# Beside DELETE and rotations: they change the state of what the path names for good, so they get a spare one.
SPENDS = {"changeMember", "changeIdentityProvider"}
# It never ends: watch() in audit_calls.py reads its beginning.
ENDLESS = "watchChanges"

SETTINGS = f"""
continue-on-failure = true
suppress-health-check = ["all"]
request-timeout = 30.0

[warnings]
enabled = false

[generation]
max-examples = 3
with-security-parameters = false
database = "none"
no-shrink = true

[phases.coverage]
enabled = false  # it takes ten times as long as the others together

[phases.stateful]
enabled = false

[[operations]]
include-operation-id = "{ENDLESS}"
enabled = false
"""


class Driven(JudgedTest):
    document_name = "control-plane"

    @classmethod
    def setUpClass(cls):
        with mock.patch.dict(os.environ, {"FANION_WEBHOOK_ALLOW_NETWORKS": "127.0.0.1"}):  # where the identity provider is
            super().setUpClass()
        cls.provider = Provider(cls.stack, "provider").start()
        cls.addClassCleanup(cls.provider.process.stop)

    def test_no_answer_is_a_fault_or_undocumented(self):
        seed = os.environ.get("FANION_TEST_SEED", "1")
        print(f"FANION_TEST_SEED={seed}", flush=True)
        config = pathlib.Path(self.stack.dir) / "schemathesis.toml"
        config.write_text(SETTINGS + self.operations(Scene(self.stack, self.provider.issuer)))
        command = [CLIENTS / "python/bin/schemathesis", "--config-file", config, "run", self.stack.control.url + "/openapi.json",
                   "--seed", seed, "--checks", ",".join(CHECKS), "--no-color", "--workers", "2",
                   "--header", f"Authorization: Bearer {self.stack.admin.token}"]
        done = subprocess.run([str(part) for part in command], timeout=540, check=False)
        self.stack.admin.call("GET", "/auth/me")  # the session has lasted, or the run has seen little but 401
        self.assertEqual(done.returncode, 0)

    def operations(self, scene):
        """Path parameters that name what is there. An operation that ends something gets a spare one."""
        lines = []
        for operation in self.document.operations.values():
            name = operation.parts["operationId"]
            if name == ENDLESS:
                continue
            lines += ["[[operations]]", f'include-operation-id = "{name}"']
            if name in ENDS_ITS_SESSION:
                lines.append(f'headers = {{ Authorization = "Bearer {scene.session()}" }}')
            given = scene.path_values(operation.template, operation.method == "delete" or name in SPENDS
                                      or operation.template.endswith("/rotate"))
            lines.append("parameters = { " + ", ".join(f'"path.{key}" = {json.dumps(value)}' for key, value in given.items()) + " }")
        return "\n".join(lines) + "\n"


if __name__ == "__main__":
    unittest.main()
