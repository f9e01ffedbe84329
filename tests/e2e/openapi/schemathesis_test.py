"""Schemathesis drives every operation of the three OpenAPI documents: no answer is a fault of the server, none contradicts the document,
and what contradicts the document is refused. Its phases `examples`, `fuzzing` and `stateful` take every operation; `coverage`, which
tries the bounds of every member and takes longer than the others together, takes a share of them, which the seed selects.

The seed is printed; FANION_TEST_SEED=N takes another. FANION_TEST_WHOLE=1 tries the bounds of all operations, and more examples
(tests/deep openapi).
"""
import json
import os
import pathlib
import random
import subprocess
import unittest
from unittest import mock

from document import FOLDER, Document
from judged import JudgedTest
from scene import Scene

from support.identity_provider import Provider
from support.processes import wait_for
from support.stack import CLIENTS, ofrep

SEED = os.environ.get("FANION_TEST_SEED", "1")
IS_WHOLE = "FANION_TEST_WHOLE" in os.environ
EXAMPLES = 10 if IS_WHOLE else 2
SHARE = 1 if IS_WHOLE else 1 / 60  # of the operations whose bounds are tried

CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
          "response_schema_conformance", "negative_data_rejection", "missing_required_header", "unsupported_method",
          "allow_header_conformance")
# They end the session that they are called with, so each call gets one that may end.
ENDS_ITS_SESSION = {"logOut", "endBrowserSession"}
# Beside DELETE and rotations: they change the state of what the path names for good, so they get a spare one.
SPENDS = {"changeMember", "changeIdentityProvider"}
# Streams of events, and polls, which wait: most never end, and Schemathesis compares each event with the schema, which is that of the body. watch() in
# audit_calls.py, stream() and heads in distribution_test.py and streams in relay_test.py read them.
STREAMS = {"watchChanges", "streamRulesets", "getHeads", "streamOfrep", "streamSdkRuleset", "pollSdkRuleset", "streamToRelay"}

# 412: an ETag is compared before the body is looked at. 414: what is too long for its place may be too long for any request.
SETTINGS = f"""
continue-on-failure = true
suppress-health-check = ["all"]
request-timeout = 30.0
warnings.enabled = false
cache.enabled = false
generation.max-examples = {EXAMPLES}
generation.with-security-parameters = false
generation.database = "none"
generation.no-shrink = true
checks.negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 406, 409, 412, 413, 414, 415, 422, 428, 429]
"""


class Driven(JudgedTest):
    document_name = "control-plane"

    @classmethod
    def setUpClass(cls):
        with mock.patch.dict(os.environ, {"FANION_WEBHOOK_ALLOW_NETWORKS": "127.0.0.1"}):  # where the identity provider is
            super().setUpClass()
        print(f"FANION_TEST_SEED={SEED}", flush=True)
        cls.provider = Provider(cls.stack, "provider").start()
        cls.addClassCleanup(cls.provider.process.stop)

    def drive(self, name, location, url, credential, settings):
        folder = pathlib.Path(self.stack.dir)
        config = folder / f"{name}.toml"
        config.write_text(SETTINGS + "\n".join(settings) + "\n")
        command = [CLIENTS / "python/bin/schemathesis", "--config-file", config, "run", location, "--url", url, "--seed", SEED,
                   "--checks", ",".join(CHECKS), "--no-color", "--header", f"Authorization: Bearer {credential}"]
        done = subprocess.run([str(part) for part in command], cwd=folder, timeout=5400 if IS_WHOLE else 540, check=False)
        self.assertEqual(done.returncode, 0)

    def test_1_the_control_plane(self):
        scene = Scene(self.stack, self.provider.issuer)
        url = self.stack.control.url
        self.drive("control-plane", url + "/openapi.json", url, self.stack.admin.token, self.operations(scene))
        self.stack.admin.call("GET", "/auth/me")  # the session has lasted, or the run has seen little but 401

    def test_2_the_distribution(self):
        values = {"path.env_id": self.environment()["env_id"]}
        control, key = self.stack.control, self.stack.create_key("relay")
        self.drive_both("distribution.yaml", control, key, values)

    def test_3_the_relay(self):
        self.stack.create_flag("f", client=True)
        key = self.stack.create_key("server")
        relay = self.stack.add_relay("relay-1").start()
        wait_for(lambda: ofrep(relay, key, "f").status == 200, "that the relay knows the key")
        self.drive_both("relay.yaml", relay, key, {"path.key": "f", "path.env": self.environment()["env_id"]})

    def environment(self):
        return self.stack.admin.call("GET", f"{self.stack.home}/environments/development").json

    def drive_both(self, name, service, key, values):
        """A document with two ports: that of applications, and that of operators."""
        for url in (service.url, service.operators):
            lines = [table(values)]
            for operation in Document(name).operations.values():
                is_here = (url == service.operators) == ("operators" in operation.parts["tags"])
                if not is_here or operation.parts["operationId"] in STREAMS:
                    lines += disabled(operation.parts["operationId"])
            self.drive(name, FOLDER / name, url, key, lines)

    def operations(self, scene):
        """Path parameters that name what is there. An operation that ends something gets a spare one."""
        bounds = self.with_bounds(self.document)
        lines = []
        for operation in self.document.operations.values():
            name = operation.parts["operationId"]
            if name in STREAMS:
                lines += disabled(name)
                continue
            lines += ["[[operations]]", f'include-operation-id = "{name}"', f"phases.coverage.enabled = {json.dumps(name in bounds)}"]
            if name in ENDS_ITS_SESSION:
                lines.append(f'headers = {{ Authorization = "Bearer {scene.session()}" }}')
            given = scene.path_values(operation.template, operation.method == "delete" or name in SPENDS
                                      or operation.template.endswith("/rotate"))
            parameters = {f"path.{key}": value for key, value in given.items()}
            # Else nearly every change would be refused with 412.
            if any(self.document.resolve(parameter)["name"] == "If-Match" for parameter in operation.parameters):
                parameters["header.If-Match"] = "*"
            lines.append(table(parameters))
        return lines

    @staticmethod
    def with_bounds(document):
        """The operationIds of the share whose bounds are tried."""
        names = sorted(operation.parts["operationId"] for operation in document.operations.values())
        return set(random.Random(SEED).sample(names, round(len(names) * SHARE)))


def disabled(name):
    return ["[[operations]]", f'include-operation-id = "{name}"', "enabled = false"]


def table(parameters):
    return "parameters = { " + ", ".join(f'"{key}" = {json.dumps(value)}' for key, value in parameters.items()) + " }"


if __name__ == "__main__":
    unittest.main()
