"""Programs of an earlier state (FANION_OLD_BIN) beside those of today (FANION_BIN), over the same database and the same wire, both
ways: while they are replaced under load no evaluation fails, no change is refused, and every event is stored once. `tests/deep
upgrades` builds the earlier state."""
import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import time

import pytest

from support.hostile import Balancer
from support.load import Load
from support.processes import DEADLINE, http, wait_for
from support.stack import BIN, Admin, Stack, ofrep
from support.verifying_sdk import Stream, VerifyingSdk

OLD, NEW = pathlib.Path(os.environ["FANION_OLD_BIN"]), BIN
KINDS = ("counts", "exposures", "metrics")


@contextlib.contextmanager
def stack_of(programs):
    """With a flag `f` that is on, and a server key."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with Stack(directory, programs) as running:
        running.create_flag("f")
        running.configure("f", {"enabled": True})
        running.key = running.create_key("server")
        running.asked = 0  # evaluations that were answered, beside those of the load
        yield running
    shutil.rmtree(directory, ignore_errors=True)


def is_ready(service):
    answer = http("GET", service.operators + "/readyz", timeout=5)
    return answer is not None and answer.status == 200


def value(stack, relay):
    answer = ofrep(relay, stack.key, "f", {"targetingKey": "u"})
    if answer is None or answer.status != 200:
        return None
    stack.asked += 1
    return answer.json["value"]


def serves(stack, relay):
    wait_for(lambda: value(stack, relay) is not None, f"{relay.name} serves")


def flipped(stack, control, on, relays, what):
    """A change through this control plane reaches these relays."""
    stack.configure("f", {"enabled": on}, admin=Admin(control.url, stack.admin.token))
    for relay in relays:
        wait_for(lambda r=relay: value(stack, r) is on, f"{relay.name}: {what}")


def ledgers(relays):
    """kind -> accepted, delivered, queued and dropped of all these relays."""
    metrics = [relay.metrics() for relay in relays]
    return {kind: {part: sum(value for values in metrics for series, value in values.items()
                             if series.startswith(f"fanion_relay_events_{part}") and f'kind="{kind}"' in series)
                   for part in ("accepted", "delivered", "queued", "dropped")} for kind in KINDS}


def balanced(stack, control, relays, loads):
    """Every evaluation was answered, and what was answered is accounted for once, in the relays and in the database."""
    for load in loads:
        load.check(least=200)
        assert load.lost == 0
    answered = stack.asked + sum(load.answered for load in loads)

    def settled():
        now = ledgers(relays)
        return all(each["queued"] == 0 and each["accepted"] == each["delivered"] and each["dropped"] == 0 for each in now.values()) and now
    now = wait_for(settled, lambda: f"everything is delivered: {ledgers(relays)}")
    assert now["counts"]["accepted"] == answered, (now, answered)
    wait_for(lambda: stored_counts(stack, control) >= answered, "stored")
    assert stored_counts(stack, control) == answered
    return now


def stored_counts(stack, control):
    admin = Admin(control.url, stack.admin.token)
    rows = admin.call("GET", f"{stack.home}/environments/development/stats?flag=f").json["flags"]
    return sum(row["count"] for row in rows)


class Writer(threading.Thread):
    """Changes a flag of its own through one control plane again and again: none of its changes may be refused."""

    def __init__(self, stack, control):
        super().__init__(daemon=True)
        self.stack, self.admin, self.key = stack, Admin(control.url, stack.admin.token), f"of-{control.name}"
        self.done, self.wrong, self.ending = 0, [], threading.Event()
        stack.create_flag(self.key)

    def run(self):
        try:
            while not self.ending.is_set():
                self.stack.configure(self.key, {"enabled": self.done % 2 == 0}, admin=self.admin)
                self.done += 1
        except AssertionError as refused:
            self.wrong.append(str(refused))

    def end(self):
        self.ending.set()
        self.join(60)
        assert not self.is_alive() and not self.wrong, self.wrong
        return self.done


def send_units(stack, relay, number):
    """Two exposures and a metric event through the relay, as an SDK does."""
    at = int(time.time() * 1000)
    batch = {"batch": f"{relay.name}.{number}", "metrics": [{"key": "purchase", "unit": f"u{number}", "at": at, "value": 1.5}],
             "exposures": [{"flag": "f", "variation": "on", "version": 1, "unit": f"u{number}-{i}", "at": at} for i in range(2)]}
    answer = http("POST", relay.url + "/sdk/v1/events", batch, {"Authorization": f"Bearer {stack.key}", "Fanion-Sdk": "test/1.0; u"})
    assert answer is not None and answer.status == 202, answer and answer.body


def start_again(stack, control):
    """An old control plane on the new schema works, or says that it does not."""
    command = [OLD / "fanion-control-plane", "migrate", "--check", *stack._database()]
    checked = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60, check=False)
    print((checked.stdout + checked.stderr).strip().splitlines()[-1])
    assert control.process.stop() == 0
    if checked.returncode == 0:
        control.start()
    else:
        assert "start a newer program" in checked.stderr


def test_control_planes_are_replaced_while_they_write():
    with stack_of(OLD) as stack:
        first = stack.control
        second = stack.add_control_plane("control-2").start()
        third = stack.add_control_plane("control-3", programs=NEW, migrate=False)
        relay = stack.add_relay("relay", [first, second, third]).start()
        serves(stack, relay)
        writers = [Writer(stack, first), Writer(stack, second)]
        with Load(relay.port, stack.key, "f", (True, False)) as load:
            for writer in writers:
                writer.start()
            wait_for(lambda: all(writer.done >= 5 for writer in writers), "both write")
            print("schema", stack.control_plane("migrate", "--check", programs=OLD).split()[-1], "before")
            print(stack.control_plane("migrate", programs=NEW).strip())
            reached = [writer.done for writer in writers]
            wait_for(lambda: all(writer.done >= before + 20 or writer.wrong for writer, before in zip(writers, reached)),
                     "the old ones write on the new schema")
            third.start()
            writers.append(Writer(stack, third))
            writers[2].start()
            wait_for(lambda: writers[2].done >= 20 or writers[2].wrong, "the new one writes beside them")
            assert is_ready(first) and is_ready(second)
            for control, on in ((first, False), (third, True), (second, False), (third, True)):
                flipped(stack, control, on, [relay], f"a change through {control.name}")
            assert sum(writer.end() for writer in writers[:2]) > 0
            start_again(stack, second)
            for control in (second, first):
                assert control.process.stop() == 0
            flipped(stack, third, False, [relay], "a change when only the new one is left")
            assert writers[2].end() > 0
            flipped(stack, third, True, [relay], "another")
        balanced(stack, third, [relay], [load])
        print(f"{load.answered} evaluations, {sum(writer.done for writer in writers)} changes")


@pytest.mark.parametrize("control_programs,relay_programs", [(OLD, NEW), (NEW, OLD)], ids=["new-relay", "new-control-plane"])
def test_a_relay_follows_a_control_plane_of_the_other_state(control_programs, relay_programs):
    with stack_of(control_programs) as stack:
        relay = stack.add_relay("relay", programs=relay_programs).start()
        serves(stack, relay)
        with Load(relay.port, stack.key, "f", (True, False)) as load:
            for number in range(6):
                flipped(stack, stack.control, number % 2 == 1, [relay], f"change {number}")
                send_units(stack, relay, number)
            stack.create_key("server")  # keys, segments and environments travel in rulesets too
            segment = f"{stack.home}/segments"
            stack.admin.call("POST", segment, {"key": "beta", "name": "beta"})
            wait_for(lambda: load.answered > 500, "load")
            stack.control.process.stop()
            reached = load.answered
            wait_for(lambda: load.answered > reached + 200, "the relay goes on without its control plane")
            stack.control.start()
            flipped(stack, stack.control, False, [relay], "a change after a restart")
        now = balanced(stack, stack.control, [relay], [load])
        assert (now["exposures"]["delivered"], now["metrics"]["delivered"]) == (12, 6)
        assert relay.process.alive and not [line for line in relay.process.tail().splitlines() if '"level":"error"' in line]


def test_relays_are_replaced_in_place_forth_and_back():
    """With what they have on disk: rulesets, floors, and events that are not delivered yet."""
    with stack_of(NEW) as stack:
        relays = [stack.add_relay(f"relay-{number}", programs=OLD) for number in (1, 2)]
        for relay in relays:
            command = relay.process.command
            command[command.index("--drain-delay") + 1] = "1500"
            relay.start()
            serves(stack, relay)
        balancer = Balancer(relays, is_ready)
        loads = [Load(balancer.port, stack.key, "f", (True, False), threads=2), Load(balancer.port, stack.key, "f", (True, False), threads=2, per_connection=5)]
        with loads[0], loads[1]:
            for turn, programs in enumerate((NEW, OLD, NEW)):
                for relay in relays:
                    flipped(stack, stack.control, turn % 2 == 1, relays, f"turn {turn}")
                    reached = [load.answered for load in loads]
                    wait_for(lambda n=reached: all(load.answered > before + 50 for load, before in zip(loads, n)), "load")
                    send_units(stack, relay, turn)
                    version = relay.status()["environments"][0]["version"]
                    assert relay.process.stop() == 0
                    relay.process.command[0] = str(programs / "fanion-relay")
                    relay.start()
                    wait_for(lambda r=relay, v=version: number_of(r) >= number_in(v), f"{relay.name} is not behind what it had")
        now = balanced(stack, stack.control, relays, loads)
        assert (now["exposures"]["delivered"], now["metrics"]["delivered"]) == (12, 6)
        balancer.close()


def number_in(version):
    return int(str(version).split(".")[-1])


def number_of(relay):
    return number_in(relay.status()["environments"][0]["version"])


@pytest.mark.parametrize("top_programs,bottom_programs", [(OLD, NEW), (NEW, OLD)], ids=["new-below-old", "old-below-new"])
def test_relays_of_both_states_are_chained(top_programs, bottom_programs):
    with stack_of(NEW) as stack:
        top = stack.add_relay("top", programs=top_programs).start()
        key = stack.create_key("relay")

        def is_known():
            answer = http("GET", f"{top.url}/relay/v1/trust", None, {"Authorization": f"Bearer {key}"})
            return answer is not None and answer.status == 200
        wait_for(is_known, "the upper relay knows the key of the lower")
        bottom = stack.add_relay("bottom", [top], key, programs=bottom_programs).start()
        serves(stack, bottom)
        with Load(bottom.port, stack.key, "f", (True, False)) as load:
            for number in range(6):
                flipped(stack, stack.control, number % 2 == 1, [top, bottom], f"change {number}")
                send_units(stack, bottom, number)
            top.process.stop()
            reached = load.answered
            wait_for(lambda: load.answered > reached + 200, "the lower relay goes on alone")
            top.start()
            flipped(stack, stack.control, False, [top, bottom], "a change when the upper relay is back")
        now = balanced(stack, stack.control, [top, bottom], [load])
        assert (now["exposures"]["delivered"], now["metrics"]["delivered"]) == (12, 6)
        below = ledgers([bottom])["counts"]["accepted"]
        passed = top.metrics()
        assert below >= load.answered
        assert passed['fanion_relay_passed_events_delivered_total{kind="counts"}'] == below
        assert passed['fanion_relay_passed_events_dropped_total{kind="counts"}'] == 0


@pytest.mark.parametrize("control_programs,programs", [(OLD, NEW), (NEW, OLD)], ids=["new-command-line", "old-command-line"])
def test_the_command_line_works_with_a_control_plane_of_the_other_state(control_programs, programs):
    with stack_of(control_programs) as stack:
        place = {"URL": stack.control.url, "TOKEN": stack.admin.token, "ORG": stack.org, "PROJECT": stack.project, "ENV": "development"}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FANION_")}

        def fanion(*arguments):
            env = {**kept, "XDG_CONFIG_HOME": str(stack.dir), **{f"FANION_{name}": value for name, value in place.items()}}
            done = subprocess.run([programs / "fanion", *arguments], capture_output=True, text=True, timeout=60, check=False, env=env)
            assert done.returncode == 0, done.stderr
            return done.stdout
        assert '"f"' in fanion("flag", "list", "--json")
        fanion("flag", "create", "g", "--type", "boolean")
        fanion("flag", "rule", "add", "g", "--when", 'country in ["SE"]', "--serve", "on", "--yes")
        fanion("flag", "on", "g", "--yes")
        assert '"enabled":true' in fanion("flag", "get", "g", "--json").replace(" ", "")
        assert "flag.created" in fanion("audit", "list", "--json")
        (stack.dir / "audit").write_text(fanion("audit", "export"))
        fanion("audit", "verify", stack.dir / "audit")


def test_an_sdk_goes_on_where_it_was_at_relays_of_both_states():
    """With what it holds: a relay of the other state continues by a delta, and every document verifies."""
    with stack_of(NEW) as stack:
        for number in range(20):  # so many that a delta is shorter than the whole
            stack.create_flag(f"other-{number}")
        relays = [stack.add_relay(f"relay-{number}", programs=programs).start()
                  for number, programs in enumerate((OLD, NEW))]
        for relay in relays:
            serves(stack, relay)
        sdk = VerifyingSdk((stack.dir / "control" / "trust.json").read_bytes())
        headers = {}
        for turn in range(4):
            stream = Stream(relays[turn % 2], stack.key, DEADLINE, **headers)
            if not headers:
                sdk.accept(stream.next("put")[2])
            flipped(stack, stack.control, turn % 2 == 1, relays, f"turn {turn}")
            while sdk.body("flag/f")["enabled"] is not (turn % 2 == 1):
                event, _, document = stream.next("put", "patch")
                assert event == "patch"
                sdk.accept(document)
            headers = {"Last_Event_ID": stream.last_id}
            stream.close()
