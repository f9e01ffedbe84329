"""Calls every operation of proto-schemas/openapi/distribution.yaml on a real control plane, with every documented status."""
import json
import re
import unittest

from document import FOLDER
from judged import FirstEvent, JudgedTest

from support.processes import http, wait_for
from support.stack import ROOT

EXAMPLES = FOLDER.parent / "examples"
STREAM, HEADS, TRUST, STATUS, EVENTS = (f"/relay/v1/{name}" for name in ("stream", "heads", "trust", "status", "events"))

# A start is too short to be observed, and a known caller gets a stream even without the database.
UNSEEN = {("get", "/startupz", 503), ("get", STREAM, 503)}


class Distribution(JudgedTest):
    document_name = "distribution.yaml"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stack.create_flag("f")
        cls.key, cls.server_key = cls.stack.create_key("relay"), cls.stack.create_key("server")
        cls.env_id = cls.stack.admin.call("GET", f"{cls.stack.home}/environments/development").json["env_id"]
        cls.ruleset = f"/relay/v1/rulesets/{cls.env_id}"
        cls.status = {**json.loads((EXAMPLES / "status.json").read_text()), "relay": "r"}
        cls.batch = json.loads((EXAMPLES / "event-batch.json").read_text())
        cls.batch = {**cls.batch, "exposures": [], "metrics": [], "counts": [{**cls.batch["counts"][0], "env": cls.env_id}]}
        cls.settle()

    @classmethod
    def settle(cls):
        """The upkeep of relay keys, which has a round a second, may publish once more."""
        tags = []

        def is_settled():
            reply = http("GET", cls.stack.control.url + cls.ruleset, headers={"Authorization": f"Bearer {cls.key}"})
            tags.append(reply.headers["ETag"])
            return len(tags) > 75 and len(set(tags[-75:])) == 1

        wait_for(is_settled, "the ruleset is no longer published")

    def call(self, method, target, body=None, expect=200, **more):
        return self.judged.call(method, target, body, expect, **{"credential": self.key, **more})

    def stream(self, expect, credential):
        first = FirstEvent(self.stack.control.url + STREAM, credential)
        self.addCleanup(first.close)
        self.assertEqual(first.answer.status, expect)
        self.assertEqual(self.document.judge(self.document.find("get", STREAM), first.answer), [])
        return first.answer.body.decode()

    def test_1_rulesets_and_trust(self):
        tag = self.call("get", self.ruleset).headers["ETag"]
        self.call("get", self.ruleset, expect=304, headers={"If-None-Match": tag})
        self.call("get", self.ruleset + "?since=" + tag.strip('"'))
        self.call("get", self.ruleset, headers={"Accept-Encoding": "gzip"})
        self.call("get", self.ruleset + "?since=yesterday", expect=400)
        self.call("get", "/relay/v1/rulesets/e_nowhere", expect=404)
        self.assertEqual(len(self.call("get", TRUST).body.splitlines()), 2)
        self.assertEqual(self.call("get", TRUST + "?from=1").body, b"")
        self.call("get", TRUST + "?from=junk", expect=400)
        self.end()

    def test_2_the_stream(self):
        block = self.stream(200, self.key).split("event:")[1]
        event = {name: value for name, value in re.findall(r"^(event|id): (.*)$", "event:" + block, re.M)}
        event["data"] = "\n".join(re.findall(r"^data: (.*)$", block, re.M))
        self.assertEqual(self.document.errors({"$ref": "#/components/schemas/StreamEvent"}, event), [])
        self.assertEqual(event["event"], "put")
        self.call("get", STREAM, expect=400, headers={"Fanion-Have": "junk"})
        heads = self.call("get", HEADS, headers={"Fanion-Have": f"{self.env_id}=1.1"}).body.decode()
        self.assertIn(f"event: head\nid: {self.env_id}:", heads)
        self.call("get", HEADS, expect=400, headers={"Fanion-Have": "junk"})
        self.end()

    def test_3_reports(self):
        self.call("post", STATUS, self.status, 204)
        future = {**self.status["environments"][0], "epoch": 9000000000000}
        self.call("post", STATUS, {**self.status, "environments": [future]}, 422)
        self.call("post", STATUS, {"relay": 7}, 400)
        self.call("post", STATUS, b"{bad", 400)
        self.call("post", STATUS, b"\x1f\x8b", 415, headers={"Content-Encoding": "gzip"})
        self.assertEqual(self.call("post", EVENTS, self.batch).json["duplicate"], False)
        self.assertEqual(self.call("post", EVENTS, self.batch).json["duplicate"], True)
        self.call("post", EVENTS, {"batch": 7}, 400)
        self.call("post", EVENTS, b"{}", 415, headers={"Content-Type": "text/plain"})
        exposure = {"env": self.env_id, "flag": "f", "unit": "u", "at": 1763720001234}
        self.call("post", EVENTS, {**self.batch, "batch": "r.b.1", "exposures": [exposure]})
        self.call("post", EVENTS, {**self.batch, "batch": "r.b.3", "exposures": [{**exposure, "env": "e_elsewhere"}]}, 422)
        part = {**self.batch, "batch": "r.b.4.0", "part": "0"}
        self.call("post", EVENTS, part)
        self.call("post", EVENTS, {**self.batch, "batch": "r.b.4"}, 413)
        other = {**self.batch, "batch": "r.b.2", "counts": [{**self.batch["counts"][0], "env": "e_elsewhere"}]}
        self.call("post", EVENTS, other, 422)
        self.end()

    def test_4_keys(self):
        for method, target, body in (("get", self.ruleset, None), ("get", TRUST, None), ("post", STATUS, self.status),
                                     ("post", EVENTS, self.batch), ("get", STREAM, None), ("get", HEADS, None)):
            self.call(method, target, body, 401, credential="junk")
            self.call(method, target, body, 401, credential=" ")
            self.call(method, target, body, 401, credential=self.key[:-1] + ("a" if self.key[-1] != "a" else "b"))
            self.call(method, target, body, 403, credential=self.server_key)
        self.end()

    def test_5_operators(self):
        for path in ("/livez", "/readyz", "/healthz", "/startupz", "/metrics", "/status"):
            self.call("get", path, url=self.stack.control.operators, credential=" ")
        self.end()

    def test_6_without_its_database(self):
        """Runs last, because the cluster is gone afterwards."""
        second = self.stack.add_control_plane("control-2").start()
        self.stack.control.process.kill()
        self.stack.take_database_away()
        wait_for(lambda: http("GET", second.operators + "/readyz").status == 503, "that the database is away is noticed")
        for method, target, body in (("get", self.ruleset, None), ("get", TRUST, None), ("get", HEADS, None),
                                     ("post", STATUS, self.status), ("post", EVENTS, self.batch)):
            self.call(method, target, body, 503, url=second.url)
        for path in ("/readyz", "/healthz"):
            self.call("get", path, expect=503, url=second.operators, credential=" ")
        self.call("get", "/livez", url=second.operators, credential=" ")
        self.end()

    def test_7_nothing_of_the_document_was_left_out(self):
        named = {(o.method, o.template, int(status)) for o in self.document.operations.values() for status in o.parts["responses"]}
        seen = {(o.method, o.template, status) for o in self.document.operations.values() for status in o.seen}
        self.assertEqual(sorted(named - seen - UNSEEN), [])

    def test_8_every_route_is_in_the_document(self):
        for file in ("control-plane/relays/relay_routes.cpp", "control-plane/events/ingest_routes.cpp", "common/service/operators.cpp"):
            routes = re.findall(r'Method::(\w+), "([^"]+)"', (ROOT / file).read_text())
            self.assertGreater(len(routes), 0)
            for method, pattern in routes:
                self.assertIn((method, pattern), self.document.operations, file)


if __name__ == "__main__":
    unittest.main()
