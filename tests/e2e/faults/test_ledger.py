"""Every evaluation is counted once, whoever is killed, whenever. The client knows how many were answered; one whose answer was lost
may count or not."""
import os
import random
import signal
import time

import pytest

from support.hostile import Balancer
from support.load import Load
from support.processes import http, wait_for

KILLS = int(os.environ.get("FANION_E2E_KILLS", "20"))
SEED = int(os.environ.get("FANION_TEST_SEED", random.randrange(2**31)))


def ledger(relay):
    """Evaluations: accepted, delivered, queued, dropped."""
    metrics = relay.metrics()
    return {name: sum(value for series, value in metrics.items()
                      if series.startswith(f"fanion_relay_events_{name}") and 'kind="counts"' in series)
            for name in ("accepted", "delivered", "queued", "dropped")}


def stored(stack):
    """Evaluations of the flag that the control plane has counted."""
    rows = stack.admin.call("GET", f"{stack.home}/environments/development/stats?flag=f").json["flags"]
    return sum(row["count"] for row in rows)


def settle(stack, relays, answered, lost, stored_before=0):
    """Everything arrives, and the sums are the same at all places."""
    def all_delivered():
        sums = [ledger(relay) for relay in relays]
        return all(each["queued"] == 0 and each["accepted"] == each["delivered"] for each in sums) and sums
    sums = wait_for(all_delivered, f"everything is delivered: {[ledger(relay) for relay in relays]}")
    accepted = sum(each["accepted"] for each in sums)
    assert answered <= accepted <= answered + lost, f"answered {answered}, lost {lost}, accepted {accepted}"
    wait_for(lambda: stored(stack) - stored_before >= accepted, "stored", 10)
    assert stored(stack) - stored_before == accepted


@pytest.fixture
def before(shared):
    shared.configure("f", {"enabled": True})
    print(f"FANION_TEST_SEED={SEED}")
    return stored(shared)


def test_however_often_a_relay_is_killed_the_ledger_balances(shared, before):
    moments = random.Random(SEED)
    relay = shared.add_relay("killed").start()
    slowest = 0
    with Load(relay.port, shared.key, "f", (True,), losses_allowed=True) as load:
        for number in range(KILLS):
            answered = load.answered
            wait_for(lambda n=answered: load.answered > n, "the relay answers")
            time.sleep(moments.uniform(0, 0.4))  # the moment
            relay.process.kill()
            relay.process.start()
            begun = time.monotonic()
            relay.wait_ready()
            slowest = max(slowest, time.monotonic() - begun)
            now = ledger(relay)
            assert now["dropped"] == 0, f"kill {number}: {now}"
            assert now["accepted"] == now["delivered"] + now["queued"], f"kill {number}: {now}"
    print(f"{KILLS} kills, {load.answered} answered, {load.lost} lost, ready after at most {slowest:.2f} s")
    load.check(least=KILLS)
    settle(shared, [relay], load.answered, load.lost, before)
    relay.process.stop()


def test_the_control_plane_is_killed_in_the_middle_of_ingest(shared, before):
    moments = random.Random(SEED)
    relay = shared.add_relay("sender")
    relay.process.command[relay.process.command.index("--flush-interval") + 1] = "100"  # many batches
    relay.start()
    with Load(relay.port, shared.key, "f", (True,)) as load:
        for _ in range(max(3, KILLS // 5)):
            delivered = ledger(relay)["delivered"]
            wait_for(lambda d=delivered: ledger(relay)["delivered"] > d, "batches are delivered")
            time.sleep(moments.uniform(0, 0.2))
            shared.control.process.kill()
            shared.control.start()
    load.check(least=100)
    settle(shared, [relay], load.answered, load.lost, before)
    relay.process.stop()


def postmaster(state):
    """The process that the file names; None while there is no file, or one that is not written whole."""
    try:
        return int(state.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def test_postgresql_is_killed_in_the_middle_of_ingest(shared, before):
    moments = random.Random(SEED)
    relay = shared.add_relay("sender-2")
    relay.process.command[relay.process.command.index("--flush-interval") + 1] = "100"
    relay.start()
    state = next((shared.dir / "pg").rglob("postmaster.pid"))
    with Load(relay.port, shared.key, "f", (True,)) as load:
        for _ in range(max(3, KILLS // 5)):
            delivered = ledger(relay)["delivered"]
            wait_for(lambda d=delivered: ledger(relay)["delivered"] > d, "batches are delivered")
            time.sleep(moments.uniform(0, 0.2))
            killed = wait_for(lambda: postmaster(state), "PostgreSQL runs")
            os.kill(killed, signal.SIGKILL)
            wait_for(lambda k=killed: postmaster(state) not in (None, k), "PostgreSQL is started again")
            shared.control.wait_ready()
    load.check(least=100)
    settle(shared, [relay], load.answered, load.lost, before)
    relay.process.stop()


def test_a_rolling_restart_behind_a_balancer_fails_no_request_and_loses_no_event(shared, before):
    relays = [shared.add_relay(f"rolling-{number}") for number in (1, 2)]
    for relay in relays:
        command = relay.process.command
        command[command.index("--drain-delay") + 1] = "1500"
        relay.start()

    def is_ready(relay):
        answer = http("GET", relay.operators + "/readyz", timeout=2)
        return answer is not None and answer.status == 200

    balancer = Balancer(relays, is_ready)
    loads = [Load(balancer.port, shared.key, "f", (True,), threads=2),                     # as long as the relay keeps them
             Load(balancer.port, shared.key, "f", (True,), threads=2, per_connection=5)]
    with loads[0], loads[1]:
        for relay in relays * 2:
            reached = [load.answered for load in loads]
            wait_for(lambda n=reached: all(load.answered > before + 50 for load, before in zip(loads, n)), "load")
            assert relay.process.stop() == 0
            relay.start()
    for load in loads:
        load.check(least=200)
    assert sum(load.lost for load in loads) == 0
    settle(shared, relays, sum(load.answered for load in loads), 0, before)
    balancer.close()
    for relay in relays:
        relay.process.stop()
