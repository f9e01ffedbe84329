"""Batches of events from relays, into a control plane's tables.

Eight relays send without a pause, each over a connection of its own, each the same content in all of its batches.
"""
import http.client
import json
import random
import sys
import threading
import time

RELAYS = 8


class Ingest:
    def __init__(self, bench, control):
        self.bench, self.control, self.stack = bench, control, control.stack
        self.seconds = bench.arguments.seconds

    def measure(self):
        self.control.renew()
        place = self.control.client.call("GET", f"{self.stack.home}/environments/development")[1]
        self.env = json.loads(place)["env_id"]
        self.measure_counts()
        self.measure_exposures()

    def measure_counts(self):
        counts = [{"env": self.env, "flag": f"bench-{number:05}", "variation": "on", "version": 1, "reason": "DEFAULT", "sdk": "",
                   "n": 3} for number in range(200)]
        batches = self.post_batches("counts", lambda: {"counts": counts})
        self.bench.row(f"event batches of 200 counts each, {RELAYS} relays", f"{batches:,.0f}/s", "500/s", batches >= 500)

    def measure_exposures(self):
        at = int(time.time() * 1000)

        def exposures():
            return {"units": "digest", "exposures": [
                {"env": self.env, "flag": f"bench-{number % 50:05}", "variation": "on", "version": 1,
                 "unit": random.randbytes(16).hex(), "at": at, "attrs": {}} for number in range(1000)]}

        rows = 1000 * self.post_batches("exposures", exposures)
        self.bench.row(f"exposures in batches of 1,000, {RELAYS} relays", f"{rows:,.0f}/s", "50,000/s", rows >= 50_000)

    def post_batches(self, name, content):
        """Batches a second."""
        key = self.stack.create_key("relay")
        now = int(time.time() * 1000)
        end, stored = time.monotonic() + self.seconds, []

        def send(worker):
            peer = http.client.HTTPConnection("127.0.0.1", self.stack.control.port, timeout=60)
            headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
            batch = {"batch": "", "relay": f"bench-{worker}", "from": now - 10_000, "to": now, **content()}
            rest = json.dumps(batch)[len('{"batch": ""'):]
            number = 0
            while time.monotonic() < end:
                number += 1
                peer.request("POST", "/relay/v1/events", f'{{"batch": "bench-{name}-{worker}.run.{number}"{rest}', headers)
                reply = peer.getresponse()
                text = reply.read()
                if reply.status != 200:
                    sys.exit(f"bench: a batch got {reply.status} {text[:300]}")
                stored.append(1)

        threads = [threading.Thread(target=send, args=(worker,)) for worker in range(RELAYS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return len(stored) / self.seconds


def measure(bench, control):
    Ingest(bench, control).measure()
