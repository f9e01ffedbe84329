"""Clocks that are wrong by two hours, or jump. Needs libfaketime: deploy/install-packages test."""
import glob

import pytest

from support.load import Load
from support.processes import http, wait_for
from support.stack import has_sanitizers, ofrep, ofrep_value

FAKETIME = (glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1") or [None])[0]
pytestmark = [pytest.mark.skipif(FAKETIME is None, reason="needs libfaketime: deploy/install-packages test"),
              pytest.mark.skipif(has_sanitizers(), reason="AddressSanitizer asks libfaketime for the time before it is "
                                                          "loaded: FANION_E2E_BIN is to be a release build, as in .ci/run")]


class Clock:
    """The wall clock of a program; durations are not affected, as with a clock that is set."""

    def __init__(self, service, folder):
        self.file = folder / f"{service.name}.clock"
        service.process.env = {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_NO_CACHE": "1",
                               "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_RESET": "1"}
        self.set("+0")

    def set(self, offset):
        next_one = self.file.with_suffix(".new")
        next_one.write_text(offset + "\n")
        next_one.rename(self.file)


def value(stack, relay):
    return ofrep_value(relay, stack.key, "f", {"targetingKey": "u"})


def change(stack, relays):
    now = value(stack, relays[0])
    stack.configure("f", {"enabled": not now})
    for relay in relays:
        wait_for(lambda r=relay: value(stack, r) is not now, f"{relay.name}: the change\n{relay.process.tail()}")


def is_stale(relay):
    return any(number > 0 for series, number in relay.metrics().items()
               if series.startswith("fanion_relay_environment_stale_seconds"))


def heads_come(relay, count=2):
    """Since heads are ten seconds apart, the last of them was signed after now."""
    seen = relay.metrics()["fanion_relay_heads_total"]
    wait_for(lambda: relay.metrics()["fanion_relay_heads_total"] >= seen + count, f"heads are accepted\n{relay.process.tail()}")


@pytest.mark.parametrize("name, offset", [("fast", "+2h"), ("slow", "-2h")])
def test_a_relay_whose_clock_is_wrong_serves_and_follows(shared, name, offset):
    stack = shared
    relay = stack.add_relay(f"relay-{name}")
    clock = Clock(relay, stack.dir)
    relay.start()
    wait_for(lambda: value(stack, relay) is not None, "serves")
    with Load(relay.port, stack.key, "f", (False, True), threads=2) as load:
        clock.set(offset)
        change(stack, [relay])
        assert http("GET", relay.operators + "/readyz").status == 200
        relay.process.kill()
        load.losses_allowed = True
        relay.start()  # with the wrong clock
        load.losses_allowed = False
        change(stack, [relay])
        reached = load.answered
        wait_for(lambda: load.answered > reached + 100, "answers")
        clock.set("+0")
        change(stack, [relay])
    load.wrong = [each for each in load.wrong if "lost" not in each and "not connected" not in each]
    load.check(least=100)
    rejected = {series: number for series, number in relay.metrics().items()
                if series.startswith("fanion_relay_rulesets_rejected_total") and number}
    assert not rejected, rejected
    relay.process.stop()


@pytest.mark.parametrize("name, offset", [("fast", "+2h"), ("slow", "-2h")])
def test_a_control_plane_whose_clock_is_wrong_and_then_set_right(shared, name, offset):
    stack = shared
    control = stack.add_control_plane(f"control-{name}")
    clock = Clock(control, stack.dir)
    control.start()
    relay = stack.add_relay(f"follower-{name}", controls=[control]).start()
    wait_for(lambda: value(stack, relay) is not None, "serves")
    with Load(relay.port, stack.key, "f", (False, True), threads=2) as load:
        clock.set(offset)
        change(stack, [relay])  # made by the other control plane, served by this one
        if offset == "+2h":  # heads of the past are refused, as replays are, and only make stale
            heads_come(relay)
        clock.set("+0")
        change(stack, [relay])
        heads_come(relay)
        wait_for(lambda: not is_stale(relay), f"not stale\n{relay.process.tail()}")
        wait_for(lambda: ofrep(relay, "srv_unknown", "f").status == 401, "an unknown key is refused again", 30)
    load.check(least=100)
    relay.process.stop()
    control.process.stop()
