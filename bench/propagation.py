"""Commit of a change to the relay's swap, with the real programs: control plane on its embedded PostgreSQL, one relay, and one below
it.

Each change goes through the admin API. The relay says in /status when a version was issued (the control plane signs it inside the
change's transaction, just before the commit) and when it was swapped in, both by the clock of this machine; the
difference holds the commit, the notification, the stream, verification, compiling, disk and swap.
"""
import os
import pathlib
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]


def environment(relay):
    return relay.status()["environments"][0]


def version_number(state):
    return int(str(state["version"]).split(".")[-1])


def wait_for_version(relay, number, seconds=10):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        state = environment(relay)
        if version_number(state) >= number:
            return state
        time.sleep(0.002)
    sys.exit(f"bench: the relay did not reach version {number}")


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def add_below(stack, relay, http, wait_for):
    key = stack.create_key("relay")

    def is_known():
        answer = http("GET", f"{relay.url}/relay/v1/trust", None, {"Authorization": f"Bearer {key}"})
        return answer is not None and answer.status == 200
    wait_for(is_known, "the relay knows the key of the one below")
    return stack.add_relay("relay-2", [relay], key).start()


def measure(programs, work, flags, changes, note):
    os.environ["FANION_BIN"] = str(programs)
    os.environ.setdefault("FANION_CLIENTS", "/nonexistent")  # no client program is started
    sys.path.insert(0, str(ROOT / "tests" / "e2e"))
    from support.processes import http, wait_for
    from support.stack import Stack
    directory = work / "stack"
    directory.mkdir()
    with Stack(directory) as stack:
        note(f"  creating {flags} flags")
        for number in range(flags):
            stack.create_flag(f"bench-{number:04}")
        relay = stack.add_relay("relay-1").start()
        wait_for(lambda: environment(relay)["items"] >= flags, "the relay has every flag")
        below = add_below(stack, relay, http, wait_for)
        wait_for(lambda: environment(below)["items"] >= flags, "the relay below has every flag")
        number = version_number(environment(relay))
        times, times_below = [], []
        for change in range(changes):
            stack.configure(f"bench-{change % flags:04}", {"enabled": change // flags % 2 == 0})
            number += 1
            state = wait_for_version(relay, number)
            times.append(state["applied_at"] - state["issued_at"])
            state = wait_for_version(below, number)
            times_below.append(state["applied_at"] - state["issued_at"])
        return {"p50": percentile(times, 0.50), "p99": percentile(times, 0.99), "worst": max(times),
                "below_p50": percentile(times_below, 0.50)}
