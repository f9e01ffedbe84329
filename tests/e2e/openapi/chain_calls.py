"""The relay's endpoints for relays below it, each with every documented status."""
from judged import FirstEvent

STREAM, HEADS, TRUST, STATUS, EVENTS = (f"/relay/v1/{name}" for name in ("stream", "heads", "trust", "status", "events"))


class ChainCalls:
    def test_7_relays_below(self):
        ruleset = f"/relay/v1/rulesets/{self.env_id}"
        status = {"relay": "below", "boot": "b", "environments": [{"env_id": self.env_id, "state": "applied"}]}
        count = {"env": self.env_id, "flag": "f", "variation": "on", "version": 1, "reason": "SPLIT", "sdk": "", "n": 1}
        batch = {"batch": "below.b.1", "relay": "below", "from": 1763720000000, "to": 1763720010000, "counts": [count]}

        def call(method, target, body=None, expect=200, credential=self.relay_key, **more):
            return self.call(method, target, body, expect, credential, **more)

        tag = call("get", ruleset).headers["ETag"]
        call("get", ruleset, expect=304, headers={"If-None-Match": tag})
        call("get", ruleset + "?since=old", expect=400)
        call("get", "/relay/v1/rulesets/e_nowhere", expect=404)
        self.assertEqual(len(call("get", TRUST).body.splitlines()), 2)
        call("get", TRUST + "?from=x", expect=400)
        self.assertIn(b"event: head", call("get", HEADS).body)
        call("get", HEADS, expect=400, headers={"Fanion-Have": "junk"})
        call("post", STATUS, status, 204)
        call("post", STATUS, {"relay": 7}, 400)
        call("post", STATUS, b"\x1f\x8b", 415, headers={"Content-Encoding": "gzip"})
        call("post", STATUS, {**status, "relay": "relay-1"}, 422)
        self.assertEqual(call("post", EVENTS, batch).json["duplicate"], False)
        self.assertEqual(call("post", EVENTS, batch).json["duplicate"], True)
        call("post", EVENTS, {"batch": 7}, 400)
        call("post", EVENTS, b"{}", 415, headers={"Content-Type": "text/plain"})
        call("post", EVENTS, {**batch, "batch": "below.b.2", "counts": [{**count, "env": "e_nowhere"}]}, 422)
        for method, target, body in (("get", ruleset, None), ("get", TRUST, None), ("get", HEADS, None), ("get", STREAM, None),
                                     ("post", STATUS, status), ("post", EVENTS, batch)):
            call(method, target, body, 401, "junk")
            call(method, target, body, 403, self.server)
            call(method, target, body, 503, url=self.lonely.url)
        first = FirstEvent(self.relay.url + STREAM, self.relay_key)
        self.addCleanup(first.close)
        self.assertEqual(first.answer.status, 200)
        self.assertEqual(self.document.judge(self.document.find("get", STREAM), first.answer), [])
        self.end()
