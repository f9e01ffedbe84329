"""Two control-plane replicas with one database: each serves every change, and one may die; so may the database."""
import contextlib
import os
import random
import signal
import threading
import time

from support.processes import http, wait_for
from support.stack import Admin, ofrep_value


def test_changes_arrive_through_either_replica_and_after_one_died(stack):
    second = stack.add_control_plane("control-2").start()
    stack.create_flag("f")
    key = stack.create_key("server")
    relay = stack.add_relay("relay-1", controls=[stack.control, second]).start()
    other = stack.add_relay("relay-2", controls=[second, stack.control]).start()

    def both_say(value, what):
        for each in (relay, other):
            wait_for(lambda r=each: ofrep_value(r, key, "f", {"targetingKey": "u"}) is value, f"{each.name}: {what}")

    stack.configure("f", {"enabled": True})
    both_say(True, "a change through the first replica")
    through_second = Admin(second.url, stack.admin.token)
    stack.configure("f", {"enabled": False}, admin=through_second)
    both_say(False, "a change through the second")

    # The embedded database belongs to the replica that started it; only the second one's process dies here.
    second.process.kill()
    stack.configure("f", {"enabled": True})
    both_say(True, "a change after one replica was killed")


class Writer(threading.Thread):
    """Creates flags one after the other through one replica, and remembers which were acknowledged, and when."""

    def __init__(self, stack, service, name):
        super().__init__(daemon=True)
        self.url = f"{service.url}/api/v1{stack.home}/flags"
        self.headers = {"Authorization": f"Bearer {stack.admin.token}"}
        self.name, self.acknowledged, self.tried, self.ending = name, [], 0, threading.Event()

    def run(self):
        while not self.ending.is_set():
            key = f"{self.name}-{self.tried}"
            self.tried += 1
            answer = http("POST", self.url, {"key": key, "type": "boolean"}, self.headers, timeout=60)
            if answer is not None and answer.status == 201:
                self.acknowledged.append((key, time.monotonic()))
            elif answer is None or answer.status >= 500:
                self.ending.wait(0.05)  # the server is away
            else:
                self.acknowledged.append((f"refused: {answer.body}", 0))  # fails the comparison

    def end(self):
        self.ending.set()
        self.join(90)
        assert not self.is_alive()
        return [key for key, _ in self.acknowledged]


def stored(stack):
    keys, path = [], f"{stack.home}/flags?limit=200"
    after = ""
    while True:
        page = stack.admin.call("GET", path + after).json
        keys += [flag["key"] for flag in page["items"]]
        if not page["next"]:
            return keys
        after = "&cursor=" + page["next"]


def seeded():
    seed = int(os.environ.get("FANION_TEST_SEED", random.randrange(2**31)))
    print(f"FANION_TEST_SEED={seed}")
    return random.Random(seed)


def test_no_acknowledged_change_is_lost_when_a_replica_is_killed(stack):
    moments = seeded()
    second = stack.add_control_plane("control-2").start()
    writers = [Writer(stack, stack.control, "first"), Writer(stack, second, "second")]
    for writer in writers:
        writer.start()
    for round_number in range(3):
        until = len(writers[1].acknowledged) + moments.randrange(1, 20)
        wait_for(lambda n=until: len(writers[1].acknowledged) >= n, "the second replica writes")
        second.process.kill()  # in the middle of the next
        alone = len(writers[0].acknowledged)
        wait_for(lambda n=alone: len(writers[0].acknowledged) >= n + 5, f"the first goes on alone, round {round_number}")
        second.start()
    acknowledged = [key for writer in writers for key in writer.end()]
    assert set(acknowledged) <= set(stored(stack))
    # What is in the database is in the audit log, once.
    created, after = [], ""
    while after is not None:
        page = stack.admin.call("GET", f"/orgs/acme/audit?action=flag.created&limit=200{after}").json
        created += [entry["entry"]["resource"].rpartition("/")[2] for entry in page["items"]]
        after = "&cursor=" + page["next"] if page["next"] else None
    assert sorted(created) == sorted(stored(stack))


def test_changes_go_on_when_the_database_was_killed(stack):
    second = stack.add_control_plane("control-2").start()
    writers = [Writer(stack, stack.control, "first"), Writer(stack, second, "second")]
    for writer in writers:
        writer.start()
    for writer in writers:
        wait_for(lambda w=writer: len(w.acknowledged) >= 5, "both replicas write")
    state = next((stack.dir / "pg").rglob("postmaster.pid"))
    killed = int(state.read_text().splitlines()[0])
    os.kill(killed, signal.SIGKILL)

    def returned():
        with contextlib.suppress(OSError):
            lines = state.read_text().splitlines()
            return len(lines) > 7 and lines[0] != str(killed) and lines[7].strip() == "ready"
    wait_for(returned, "PostgreSQL is back")
    back = time.monotonic()
    for writer in writers:
        wait_for(lambda w=writer: w.acknowledged[-1][1] > back, f"changes through the {writer.name} replica")
        first = next(at for _, at in writer.acknowledged if at > back)
        assert first - back < 3, f"{writer.name}: {first - back:.1f} s"
    acknowledged = [key for writer in writers for key in writer.end()]
    assert set(acknowledged) <= set(stored(stack))
