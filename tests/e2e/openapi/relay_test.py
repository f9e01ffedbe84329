"""Calls every operation of proto-schemas/openapi/relay.yaml on real relays, with every documented status."""
import json
import re
import unittest

from chain_calls import ChainCalls
from judged import FirstEvent, Judged, JudgedTest

from support.processes import free_port, wait_for
from support.stack import ROOT, ofrep, ofrep_value

SINGLE, BULK, STREAM = "/ofrep/v1/evaluate/flags/f", "/ofrep/v1/evaluate/flags", "/ofrep/v1/stream"
NATIVE, MANY, LINE = "/api/v1/evaluate/f", "/api/v1/evaluate", "/evaluate/f"
EXPLAIN = "/api/v1/explain/f"
RULESET, SDK_STREAM, POLL, TRUST = "/sdk/v1/ruleset", "/sdk/v1/stream", "/sdk/v1/poll", "/sdk/v1/trust"
EVENTS = "/sdk/v1/events"
EVENT = {"batch": "i.1", "counts": [{"flag": "f", "variation": "on", "n": 2}],
         "exposures": [{"flag": "f", "variation": "on", "unit": "alice", "at": 1763720001234}],
         "metrics": [{"key": "visit", "at": 1763720001234, "units": {"targetingKey": "alice", "/org/id": "acme"}}]}
ASKING = [("post", SINGLE), ("post", BULK), ("post", NATIVE), ("post", EXPLAIN), ("post", MANY), ("get", LINE)]
ALICE = {"context": {"targetingKey": "alice", "country": "DE"}}
LARGE = {"context": {f"a{i}": "x" * 1000 for i in range(70)}}  # past 64 KiB
ORIGIN = "https://app.example"

# A start is too short to be observed, and WebSockets are opened and refused by e2e_websocket.
UNSEEN = {("get", "/startupz", 503), ("get", "/debug/profile", 200), ("get", "/debug/profile", 409), ("get", "/debug/profile", 503),
           ("get", SDK_STREAM, 101), ("get", SDK_STREAM, 426)}


class Relay(ChainCalls, JudgedTest):
    document_name = "relay.yaml"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_flags()
        cls.server = cls.stack.create_key("server")
        cls.minimal = cls.stack.create_key("server", ofrep_minimal=True)
        cls.client = cls.stack.create_key("client", origins=[ORIGIN])
        cls.relay_key = cls.stack.create_key("relay")
        cls.relay = cls.stack.add_relay("relay-1", key=cls.relay_key, options=("--allow-profiling",)).start()
        cls.env_id = cls.stack.admin.call("GET", f"{cls.stack.home}/environments/development").json["env_id"]
        cls.lonely = cls.start_other("relay-2", ["--upstream", f"http://127.0.0.1:{free_port()}"], ready=False)
        cls.slow = cls.start_other("relay-3", ["--key-rate", "1", "--streams-per-key", "1", "--threads", "1"])
        cls.hurried = cls.start_other("relay-4", ["--stranger-rate", "1", "--threads", "1"])
        for relay in (cls.relay, cls.slow):
            wait_for(lambda r=relay: ofrep_value(r, cls.client, "on", {"targetingKey": "u"}) is True, "the newest key")
            # Until everything granted has arrived, an unknown key may still become known.
            wait_for(lambda r=relay: ofrep(r, "junk", "on").status == 401, "that a key is unknown is known")
        cls.judged = Judged(cls.document, cls.relay.url)

    @classmethod
    def start_other(cls, name, options, ready=True):
        relay = cls.stack.add_relay(name, key=cls.relay_key)
        command = relay.process.command
        for option in options[::2]:
            while option in command:
                del command[command.index(option):command.index(option) + 2]
        command += options
        return relay.start(ready)

    @classmethod
    def make_flags(cls):
        stack = cls.stack
        stack.create_flag("f", client=True)
        stack.configure("f", {"enabled": True, "rules": [{"id": "r1", "when": {"attribute": "country", "op": "is", "values": ["DE"]},
                                                         "serve": {"variation": "on"}}], "fallthrough": {"variation": "off"}})
        stack.create_flag("split")
        split = {"split": {"ranges": [[0, 50000, "on"]], "otherwise": "off"}, "variation": None}
        stack.configure("split", {"enabled": True, "fallthrough": split})
        stack.create_flag("behind")
        stack.configure("behind", {"enabled": True, "prerequisites": [{"flag": "f", "variations": ["off"]}]})
        stack.create_flag("tree", "json", variations=[{"key": "a", "value": {"n": [1, None]}}])
        stack.create_flag("on", client=True)
        stack.configure("on", {"enabled": True, "fallthrough": {"variation": "on"}})

    def call(self, method, target, body=None, expect=200, credential=None, **more):
        return self.judged.call(method, target, body, expect, credential=credential or self.server, **more)

    def test_1_single_answers(self):
        for base in ("/ofrep/v1/evaluate/flags/", "/api/v1/evaluate/"):
            for key in ("f", "behind", "tree", "on"):
                self.call("post", base + key, ALICE)
                self.call("post", base + key, {})
            self.call("post", base + "split", ALICE)
            self.call("post", base + "f", {"context": None})
            self.call("post", base + "f", None)
            self.call("post", base + "f", ALICE, credential=self.client)
            self.call("post", base + "split", {}, 400)
            self.call("post", base + "f", {"context": []}, 400)
            self.call("post", base + "f", b"{bad", 400)
            self.call("post", base + "f", [], 400)
            self.call("post", base + "nowhere", ALICE, 404)
            self.call("post", base + "split", ALICE, 404, credential=self.client)
        self.call("post", "/api/v1/explain/f", ALICE)
        self.call("post", "/api/v1/explain/tree", None)
        self.call("post", "/api/v1/explain/split", {}, 400)
        self.call("post", "/api/v1/explain/f", b"{bad", 400)
        self.call("post", "/api/v1/explain/nowhere", ALICE, 404)
        self.call("post", "/api/v1/explain/f", ALICE, 403, credential=self.client)
        self.call("get", LINE + "?user_id=alice&country=DE")
        self.call("get", "/evaluate/split", expect=400)
        self.call("get", "/evaluate/nowhere", expect=404)
        self.call("post", SINGLE, ALICE, headers={"X-API-Key": self.server}, credential=" ")
        self.end()

    def test_2_bulk_answers(self):
        answer = self.call("post", BULK, ALICE)
        self.call("post", BULK, ALICE, 304, headers={"If-None-Match": answer.headers["ETag"]})
        self.call("post", BULK, {})
        self.call("post", BULK, None)
        self.call("post", BULK + "?flagConfigEtag=%22junk%22&flagConfigLastModified=1", ALICE)
        self.assertEqual(list(self.call("post", BULK, ALICE, credential=self.minimal).json), ["flags"])
        self.call("post", BULK, ALICE, credential=self.client)
        self.call("post", BULK, {"context": 7}, 400)
        self.call("post", BULK, b"{bad", 400)
        self.call("post", MANY, {"flags": ["f", "split", "nowhere"], "context": {}})
        self.call("post", MANY, ALICE)
        self.call("post", MANY, {})
        self.call("post", MANY, {"flags": ["f"], "contexts": [{}, {"targetingKey": "a"}]})
        self.call("post", MANY, {"flags": 7}, 400)
        self.call("post", MANY, {"contexts": {}}, 400)
        self.call("post", MANY, {"flags": ["f"] * 200, "contexts": [{}] * 1000}, 413)
        self.end()

    def test_2b_events(self):
        self.call("post", EVENTS, EVENT, 202)
        self.call("post", EVENTS, EVENT, 202)
        self.call("post", EVENTS, {}, 202, credential=self.client)
        self.call("post", EVENTS, {"exposures": [{"flag": "f", "at": 1}]}, 400)
        self.call("post", EVENTS, b"{bad", 400)
        self.call("post", EVENTS, {}, 401, credential="junk")
        self.call("post", EVENTS, {}, 403, credential=self.relay_key)
        self.call("post", EVENTS, b" " * (1024 * 1024 + 1), 413)
        self.call("post", EVENTS, b"{}", 415, headers={"Content-Encoding": "br"})
        self.call("post", EVENTS, {}, 503, url=self.lonely.url)
        self.call("options", EVENTS, None, 204, headers={"Origin": ORIGIN}, credential=" ")
        self.end()

    def test_3_keys_sizes_and_preflights(self):
        for method, target in ASKING:
            body = ALICE if method == "post" else None
            self.call(method, target, body, 401, credential="junk")
            self.call(method, target, body, 401, credential=" ")
            self.call(method, target, body, 403, credential=self.relay_key)  # an item of the ruleset, so known
            if method == "post":
                self.call(method, target, LARGE, 413)
                self.call(method, target, b"\x1f\x8b", 415, headers={"Content-Encoding": "gzip"})
                if target != EXPLAIN:  # not for browsers
                    self.call("options", target, None, 204, headers={"Origin": ORIGIN}, credential=" ")
        self.call("options", STREAM, None, 204, headers={"Origin": ORIGIN}, credential=" ")
        self.call("get", "/ofrep/v1/configuration", expect=404, credential=" ")
        self.end()

    def test_4_before_anything_was_received(self):
        for method, target in ASKING:
            self.call(method, target, ALICE if method == "post" else None, 503, url=self.lonely.url)
        self.call("get", STREAM + "?token=e_test.srv.1.x", expect=503, url=self.lonely.url)
        for path in ("/readyz", "/healthz"):
            self.call("get", path, expect=503, url=self.lonely.operators)
        self.call("get", "/livez", expect=200, url=self.lonely.operators)
        self.end()

    def test_5_too_many_requests(self):
        for method, target in ASKING:
            body = ALICE if method == "post" else None
            wait_for(lambda m=method, t=target, b=body: self.call(m, t, b, (200, 429), url=self.slow.url).status == 429, "429")
        without_key = [("options", target) for method, target in ASKING if method == "post" and target != EXPLAIN]
        wait_for(lambda: self.call("post", EVENTS, EVENT, (202, 429), url=self.slow.url).status == 429, "429")
        for method, target in [*without_key, ("options", EVENTS), ("options", STREAM), ("get", "/ofrep/v1/configuration")]:
            usual = 204 if method == "options" else 404
            wait_for(lambda m=method, t=target, u=usual: self.call(m, t, None, (u, 429), url=self.hurried.url).status == 429, "429")
        self.end()

    def stream_url(self, relay):
        bulk = []
        wait_for(lambda: bulk.append(self.call("post", BULK, ALICE, (200, 429), url=relay.url)) or bulk[-1].status == 200, "bulk")
        return bulk[-1].json["eventStreams"][0]["url"]

    def open_stream(self, url):
        """Opens a stream and validates its response. The stream stays open until the test ends."""
        first = FirstEvent(url)
        self.addCleanup(first.close)
        self.assertEqual(self.document.judge(self.document.find("get", STREAM), first.answer), [])
        return first.answer

    def test_6_streams(self):
        answer = self.open_stream(self.stream_url(self.relay))
        self.assertEqual(answer.status, 200)
        data = json.loads(re.search(rb"^data: ?(.*)$", answer.body, re.M).group(1))
        self.assertEqual(self.document.errors({"$ref": "#/components/schemas/RefetchEvaluation"}, data), [])
        url = self.stream_url(self.slow)
        wait_for(lambda: self.open_stream(url).status == 200, "a stream where requests are few")
        wait_for(lambda: self.open_stream(url).status == 429, "a second one is one too many")
        self.call("get", STREAM + "?token=junk", expect=401, credential=" ")
        self.end()

    def test_7_rulesets(self):
        whole = self.call("get", RULESET)
        tag = whole.headers["ETag"]
        self.call("get", RULESET, expect=304, headers={"If-None-Match": tag})
        self.call("get", RULESET + "?since=" + tag.strip('"'), headers={"Accept-Encoding": "gzip"})
        self.call("get", RULESET + "?since=old", expect=400)
        self.call("get", POLL)
        self.call("get", POLL + f"?wait=1ms&version={tag.strip(chr(34))}", headers={"Fanion-Sdk": "python/1.0; f3a9"})
        self.call("get", POLL + "?wait=soon", expect=400)
        self.call("get", TRUST + "?from=0", credential=self.client)
        self.call("get", TRUST + "?from=x", expect=400)
        self.call("get", TRUST, expect=403, credential=self.relay_key)
        for target in (RULESET, SDK_STREAM, POLL):
            self.call("get", target, expect=403, credential=self.client)
        for target in (RULESET, SDK_STREAM, POLL, TRUST):
            self.call("get", target, expect=401, credential="junk")
            self.call("get", target, expect=503, url=self.lonely.url)
            self.call("options", target, None, 204, headers={"Origin": ORIGIN}, credential=" ")
            wait_for(lambda t=target: self.call("options", t, None, (204, 429), url=self.hurried.url).status == 429, "429")
        for target in (RULESET, POLL, TRUST):
            wait_for(lambda t=target: self.call("get", t, None, (200, 429), url=self.slow.url).status == 429, "429")
        self.call("get", SDK_STREAM + "?since=x", expect=400)
        operation = self.document.find("get", SDK_STREAM)
        for relay, status in ((self.relay, 200), (self.slow, 429)):
            wait_for(lambda r=relay, s=status: self.open_ruleset_stream(r, operation) == s, "a stream")
        self.end()

    def open_ruleset_stream(self, relay, operation):
        first = FirstEvent(relay.url + SDK_STREAM, self.server)
        self.addCleanup(first.close)
        self.assertEqual(self.document.judge(operation, first.answer), [])
        return first.answer.status

    def test_8_operators(self):
        for path in ("/livez", "/readyz", "/healthz", "/startupz", "/metrics", "/status", f"/debug/ruleset/{self.env_id}"):
            self.call("get", path, url=self.relay.operators, credential=" ")
        self.call("get", "/debug/heap", url=self.relay.operators, credential=" ")
        self.call("get", "/debug/profile?seconds=x", expect=400, url=self.relay.operators, credential=" ")
        for path in ("/debug/profile", "/debug/heap"):
            self.call("get", path, expect=403, url=self.slow.operators, credential=" ")
        self.call("get", "/debug/ruleset/e_nowhere", expect=404, url=self.relay.operators, credential=" ")
        self.end()

    def test_9_nothing_of_the_document_was_left_out(self):
        named = {(o.method, o.template, int(status)) for o in self.document.operations.values() for status in o.parts["responses"]}
        seen = {(o.method, o.template, status) for o in self.document.operations.values() for status in o.seen}
        self.assertEqual(sorted(named - seen - UNSEEN), [])

    def test_9_every_route_is_in_the_document(self):
        for file in ("relay/serve/routes.cpp", "relay/app/status.cpp", "common/service/operators.cpp",
                     "common/service/profiling.cpp"):
            routes = re.findall(r'Method::(\w+), "([^"]+)"', (ROOT / file).read_text())
            self.assertGreater(len(routes), 0)
            for method, pattern in routes:
                self.assertIn((method, pattern.rstrip("/")), self.document.operations, file)


if __name__ == "__main__":
    unittest.main()
