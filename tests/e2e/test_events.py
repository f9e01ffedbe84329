"""Events of SDKs, exactly accounted: a relay is killed while they come, and nothing that it answered is lost."""
import json
import subprocess
import threading
import time

from support.processes import http, wait_for
from support.stack import BIN, ofrep

KINDS = ("counts", "exposures", "metrics")


def ledger(relay):
    """accepted, delivered, dropped and queued of each kind."""
    values = relay.metrics()
    found = {}
    for kind in KINDS:
        dropped = sum(value for name, value in values.items()
                      if name.startswith("fanion_relay_events_dropped_total{") and f'kind="{kind}"' in name)
        one = {part: values[f'fanion_relay_events_{part}{{kind="{kind}"}}']
               for part in ("accepted_total", "delivered_total", "queued")}
        found[kind] = (one["accepted_total"], one["delivered_total"], dropped, one["queued"])
    return found


class Sdk(threading.Thread):
    """Sends batches one after the other, each until it is answered, and counts what was accepted."""

    def __init__(self, relay, key, name):
        super().__init__(daemon=True)
        self.relay, self.key, self.sdk = relay, key, name
        self.accepted = 0  # batches
        self.ended = threading.Event()
        self.wrong = []

    def batch(self, number):
        at = int(time.time() * 1000)
        return {"batch": f"{self.sdk}.{number}", "counts": [{"flag": "f", "variation": "on", "version": 1, "reason": "STATIC", "n": 3}],
                "exposures": [{"flag": "f", "variation": "on", "version": 1, "unit": f"{self.sdk}-{number}-{i}", "at": at} for i in range(2)],
                "metrics": [{"key": "purchase", "unit": f"{self.sdk}-{number}", "at": at, "value": 19.9}]}

    def run(self):
        number = 0
        while not self.ended.is_set():
            number += 1
            while not self.ended.is_set():
                answer = http("POST", self.relay.url + "/sdk/v1/events", self.batch(number),
                              {"Authorization": f"Bearer {self.key}", "Fanion-Sdk": f"test/1.0; {self.sdk}"})
                if answer is not None and answer.status == 202:
                    self.accepted += 1
                    break
                if answer is not None and answer.status != 503:
                    self.wrong.append(answer.body)
                    return
                time.sleep(0.02)


def test_nothing_that_was_answered_is_lost_when_relays_are_killed(stack):
    stack.create_flag("f")
    stack.configure("f", {"enabled": True})
    key = stack.create_key("server")
    relay = stack.add_relay("relay-1").start()
    wait_for(lambda: ofrep(relay, key, "f").status == 200, "the key is known")
    before = ledger(relay)["counts"][0]
    sdks = [Sdk(relay, key, f"sdk{number}") for number in range(4)]
    for sdk in sdks:
        sdk.start()
    kills = 5
    for _ in range(kills):
        reached = sum(sdk.accepted for sdk in sdks) + 20
        wait_for(lambda r=reached: sum(sdk.accepted for sdk in sdks) >= r or any(sdk.wrong for sdk in sdks), "events are accepted")
        relay.process.kill()
        relay.start()
    for sdk in sdks:
        sdk.ended.set()
        sdk.join()
        assert not sdk.wrong, sdk.wrong
    wait_for(lambda: all(one[3] == 0 for one in ledger(relay).values()), "everything is delivered")

    accepted = sum(sdk.accepted for sdk in sdks)
    found = ledger(relay)
    for kind, (taken, delivered, dropped, queued) in found.items():
        assert taken == delivered + dropped + queued, (kind, found)
        assert dropped == 0, (kind, found)
    # A kill may come between the spool and the answer: that batch is sent again, to a relay that does not know its id.
    most = accepted + kills * len(sdks)
    assert 2 * accepted <= found["exposures"][1] <= 2 * most
    assert accepted <= found["metrics"][1] <= most
    assert 3 * accepted <= found["counts"][1] - before <= 3 * most + kills * 100  # and evaluations of ofrep()

    # What the control plane stored is what the relay has delivered.
    stored = stack.control.metrics()
    assert stored["fanion_control_plane_evaluations_total"] == found["counts"][1]
    for kind in ("exposures", "metrics"):
        assert stored[f'fanion_control_plane_events_total{{kind="{kind}"}}'] == found[kind][1]
    (line,) = stack.admin.call("GET", f"/orgs/{stack.org}/relays/deliveries").json["items"]
    assert line["relay"] == "relay-1", line
    assert line["delivered"] == {kind: found[kind][1] for kind in KINDS}, (line, found)
    assert line["dropped"] == dict.fromkeys(KINDS, 0), line


def test_a_spool_is_read_while_its_relay_runs(stack):
    stack.create_flag("f")
    stack.configure("f", {"enabled": True})
    key = stack.create_key("server")
    relay = stack.add_relay("relay-1").start()
    wait_for(lambda: ofrep(relay, key, "f").status == 200, "the key is known")
    wait_for(lambda: all(one[3] == 0 for one in ledger(relay).values()), "everything is delivered")
    stack.control.process.kill()
    answer = http("POST", relay.url + "/sdk/v1/events", Sdk(relay, key, "sdk").batch(1), {"Authorization": f"Bearer {key}"})
    assert answer.status == 202, answer.body
    spool = stack.dir / "relay-1" / "spool"
    fanion = BIN / "fanion"
    batches = [json.loads(line) for line in subprocess.run([fanion, "spool", "cat", spool], check=True, capture_output=True, text=True)
               .stdout.splitlines()]
    units = [event["unit"] for batch in batches for event in batch["exposures"]]
    assert len(units) == 2 and all(len(unit) == 32 for unit in units), batches
    verified = subprocess.run([fanion, "spool", "verify", spool, "--json"], check=True, capture_output=True, text=True)
    said = json.loads(verified.stdout)
    assert said["queued"]["exposures"] == 2 and said["queued"]["metrics"] == 1 and said["damaged"] == [], said
    assert relay.process.alive
