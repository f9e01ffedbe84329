"""A ruleset that crashes the relay: two restarts, then the last proven one is served. A library makes the relay crash."""
import pathlib
import shutil
import subprocess

import pytest

from support.load import Load
from support.processes import DEADLINE, wait_for
from support.stack import ofrep_value


@pytest.fixture(scope="module")
def hook(shared):
    if shutil.which("cc") is None:
        pytest.skip("needs a C compiler: deploy/install-packages build")
    library = shared.dir / "crash_hook.so"
    source = pathlib.Path(__file__).with_name("crash_hook.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-pthread", source, "-o", library], check=True)
    return library


def test_a_ruleset_that_crashes_the_relay_is_quarantined_after_two_restarts(shared, hook):
    stack, relay = shared, shared.add_relay("poisoned")
    trigger = stack.dir / "crash"
    relay.process.env = {"LD_PRELOAD": str(hook), "CRASH_WHEN": str(trigger)}
    stack.configure("f", {"enabled": False})
    relay.start()

    def serves(value, what):
        wait_for(lambda: ofrep_value(relay, stack.key, "f", {"targetingKey": "u"}) is value, f"{what}\n{relay.process.tail()}")

    def crashes():
        trigger.touch()
        assert relay.process.process.wait(DEADLINE) != 0
        relay.start()

    serves(False, "the good ruleset")
    with Load(relay.port, stack.key, "f", (False,), threads=2) as load:
        files = stack.dir / "poisoned" / "cache" / "env"
        wait_for(lambda: any("\nblessed " in file.read_text() for file in files.glob("*/probation")), "the good ruleset is proven")
    load.check(least=1000)
    stack.configure("f", {"enabled": True})
    serves(True, "the poison ruleset")
    stack.control.process.kill()  # nothing newer arrives
    crashes()
    serves(True, "after one crash the ruleset is tried again")
    crashes()
    serves(False, "after two crashes the last proven one is served")
    assert relay.metrics()["fanion_relay_environments_quarantined"] == 1
    assert "ruleset_quarantined" in relay.process.tail()
    stack.control.start()
    wait_for(lambda: "quarantined" in str(stack.admin.call("GET", f"{stack.home}/environments/development/propagation").json),
             "the control plane knows")
    serves(False, "the same ruleset is not accepted again")
    stack.configure("f", {"enabled": False})
    stack.configure("f", {"enabled": True})
    serves(True, "a newer version ends the quarantine")
    wait_for(lambda: relay.metrics()["fanion_relay_environments_quarantined"] == 0, "no quarantine")
