"""Changes of a protected environment reach canaries first, and then the others or nobody (docs/howto/stage-changes.md)."""
import json
import pathlib
import shutil
import subprocess

import pytest

from support.load import Load
from support.processes import DEADLINE, http, wait_for
from support.stack import Admin, ofrep_value

ENV = "production"
HOUR = 3600


class Staged:
    """A stack with a flag in production, which is off; a canary and another relay serve it."""

    def __init__(self, stack, canary_options=(), controls=None):
        self.stack, self.place = stack, f"{stack.home}/environments/{ENV}"
        stack.create_flag("f")
        self.key = stack.create_key("server", ENV)
        self.canary = stack.add_relay("canary", controls, env=ENV, options=["--label", "canary", *canary_options])
        self.plain = stack.add_relay("plain", controls, env=ENV, options=["--label", "eu"])

    def start(self):
        self.canary.start()
        self.plain.start()
        for relay in (self.canary, self.plain):
            wait_for(lambda r=relay: self.value(r) is False, f"{relay.name} serves what is before\n{relay.process.tail()}")
        wait_for(lambda: len(self.propagation()["relays"]) == 2, "both report")
        return self

    def value(self, relay):
        return ofrep_value(relay, self.key, "f", {"targetingKey": "u"})

    def set_stages(self, soak, hold=2 * HOUR, **more):
        etag = self.stack.admin.call("GET", self.place).headers["ETag"]
        staging = {"label": "canary", "soak_seconds": soak, "hold_seconds": hold, **more}
        self.stack.admin.call("PATCH", self.place, {"staging": staging},
                              headers={"If-Match": etag, "Content-Type": "application/merge-patch+json"})

    def turn(self, on, query=""):
        """The version that the change made."""
        path = f"{self.stack.home}/flags/f/environments/{ENV}"
        etag = self.stack.admin.call("GET", path).headers["ETag"]
        answer = self.stack.admin.call("PATCH", path + query, {"enabled": on},
                                       headers={"If-Match": etag, "Content-Type": "application/merge-patch+json"})
        return answer.headers["Fanion-Ruleset-Version"].split("=")[1]

    def propagation(self, version=None):
        return self.stack.admin.call("GET", self.place + "/propagation" + (f"?version={version}" if version else "")).json

    def standing(self, relay, version):
        return {each["relay"]: each["standing"] for each in self.propagation(version)["relays"]}[relay.name]

    def wait_for_all(self, wanted, what):
        for relay in (self.canary, self.plain):
            wait_for(lambda r=relay: self.value(r) is wanted, f"{relay.name}: {what}\n{json.dumps(self.propagation())}")

    def wait_while_plain_is_off(self, condition, what):
        def holds():
            assert self.value(self.plain) is False, "the other relay serves what is held"
            return condition()
        wait_for(holds, what)

    def heads(self, labels):
        headers = {"Authorization": "Bearer " + (self.stack.dir / "plain.key").read_text().strip()}
        if labels:
            headers["Fanion-Labels"] = labels
        return http("GET", self.stack.control.url + "/relay/v1/heads", None, headers).body.decode()


def test_a_change_reaches_the_canary_first_and_goes_on_by_hand_or_by_itself(stack):
    staged = Staged(stack).start()
    before = staged.propagation()["version"]
    staged.set_stages(soak=HOUR)
    version = staged.turn(True)
    staged.wait_while_plain_is_off(lambda: staged.value(staged.canary) is True, "the canary has it")
    staged.wait_while_plain_is_off(lambda: staged.standing(staged.canary, version) == "up_to_date", "and says so")
    found = staged.propagation()
    assert found["version"] == version and found["complete"] is False
    assert found["stage"]["state"] == "held" and found["stage"]["waits_for"] == "soaking", found
    assert found["stage"]["canaries"] == {"has": 1, "behind": 0, "rejecting": 0, "lost": 0}
    assert found["stage"]["released"] == before
    assert {each["relay"]: (each["standing"], each["canary"], each["labels"]) for each in found["relays"]} == {
        "canary": ("up_to_date", True, ["canary"]), "plain": ("held", False, ["eu"])}
    # The others are told that what they have is the newest for them, so they do not become stale.
    assert f".{before.split('.')[1]}\n" in staged.heads("") and f".{version.split('.')[1]}\n" not in staged.heads("")
    assert f".{version.split('.')[1]}\n" in staged.heads("eu, canary")
    assert staged.plain.status()["environments"][0]["stale_seconds"] == 0

    # A key goes beneath what is held: at once, and nothing else with it.
    late = stack.create_key("server", ENV)
    wait_for(lambda: ofrep_value(staged.plain, late, "f", {"targetingKey": "u"}) is False, "the key is known where nothing else has changed")
    wait_for(lambda: ofrep_value(staged.canary, late, "f", {"targetingKey": "u"}) is True, "and at the canary")

    held = staged.propagation()["version"]
    stack.admin.call("POST", staged.place + "/stage/release", {"version": version}, expect=(409,))
    stack.admin.call("POST", staged.place + "/stage/release", {"version": held, "comment": "looked at it"})
    staged.wait_for_all(True, "released by hand")
    wait_for(lambda: staged.propagation()["complete"], "all have it")
    assert staged.propagation()["stage"]["reason"] == "person"
    entries = stack.admin.call("GET", f"/orgs/{stack.org}/audit?action=environment.stage_released").json["items"]
    assert [each["entry"]["comment"] for each in entries] == ["looked at it"]

    staged.set_stages(soak=1)
    staged.turn(False)
    staged.wait_for_all(False, "released after the soak time")
    assert staged.propagation()["stage"]["reason"] == "soaked"

    # In an emergency a change skips the stages, although another one is held.
    staged.set_stages(soak=HOUR)
    stack.create_flag("other")
    wait_for(lambda: staged.propagation()["stage"]["state"] == "held", "another change is held")
    staged.turn(True, "?stage=skip")
    staged.wait_for_all(True, "skipped")
    assert staged.propagation()["stage"]["state"] == "held"
    assert len(stack.admin.call("GET", f"/orgs/{stack.org}/audit?action=environment.stage_skipped").json["items"]) == 1


def test_what_a_canary_rejects_is_withdrawn_and_the_others_never_have_it(stack):
    staged = Staged(stack, canary_options=["--max-ruleset-bytes", "65536"]).start()
    staged.set_stages(soak=HOUR)
    before = stack.admin.call("GET", f"{staged.place}/ruleset?form=plain").json
    version = staged.turn(True)
    staged.wait_while_plain_is_off(lambda: staged.value(staged.canary) is True, "the canary has it")
    # More than the canary takes.
    targets = [{"attribute": "targetingKey", "values": [f"user-{i}" for i in range(6000)], "variation": "on"}]
    path = f"{stack.home}/flags/f/environments/{ENV}"
    etag = stack.admin.call("GET", path).headers["ETag"]
    answer = stack.admin.call("PATCH", path, {"targets": targets},
                              headers={"If-Match": etag, "Content-Type": "application/merge-patch+json"})
    second = answer.headers["Fanion-Ruleset-Version"].split("=")[1]
    staged.wait_while_plain_is_off(lambda: staged.propagation(second)["stage"]["state"] == "withdrawn", "withdrawn")
    found = staged.propagation(second)
    assert found["stage"]["reason"] == "rejected" and "too_large" in found["stage"]["detail"], found
    assert found["stage"]["actor"] == {"kind": "system", "id": "staging"}
    assert found["complete"] is False
    assert staged.propagation(version)["stage"]["state"] == "replaced"
    staged.wait_while_plain_is_off(lambda: staged.propagation()["complete"], "all have what was before, as a new version")
    assert staged.propagation()["version"] == found["stage"]["next"]
    staged.wait_while_plain_is_off(lambda: staged.value(staged.canary) is False, "the canary too")
    assert stack.admin.call("GET", f"{staged.place}/ruleset?form=plain").json == before
    configuration = stack.admin.call("GET", path).json
    assert configuration["enabled"] is False and configuration["targets"] == []
    entries = stack.admin.call("GET", f"/orgs/{stack.org}/audit?action=environment.stage_withdrawn").json["items"]
    assert [each["entry"]["actor_kind"] for each in entries] == ["system"]


@pytest.fixture
def hook(stack):
    if shutil.which("cc") is None:
        pytest.skip("needs a C compiler: deploy/install-packages build")
    library = stack.dir / "crash_hook.so"
    source = pathlib.Path(__file__).parent / "faults" / "crash_hook.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-pthread", source, "-o", library], check=True)
    return library


def test_what_crashes_a_canary_is_withdrawn(stack, hook):
    staged = Staged(stack)
    trigger = stack.dir / "crash"
    staged.canary.process.env = {"LD_PRELOAD": str(hook), "CRASH_WHEN": str(trigger)}
    staged.start().set_stages(soak=HOUR)
    with Load(staged.canary.port, staged.key, "f", (False,), threads=1) as load:
        files = stack.dir / "canary" / "cache" / "env"
        wait_for(lambda: any("\nblessed " in file.read_text() for file in files.glob("*/probation")), "what is before is proven")
    load.check(least=1000)
    version = staged.turn(True)
    staged.wait_while_plain_is_off(lambda: staged.value(staged.canary) is True, "the canary has it")
    for _ in range(2):
        trigger.touch()
        assert staged.canary.process.process.wait(DEADLINE) != 0
        staged.canary.start()
    staged.wait_while_plain_is_off(lambda: staged.propagation(version)["stage"]["state"] == "withdrawn", "withdrawn")
    assert staged.propagation(version)["stage"]["reason"] == "quarantined"
    staged.wait_while_plain_is_off(lambda: staged.propagation()["complete"], "all have what was before")
    assert staged.value(staged.canary) is False


def test_a_replica_that_is_killed_during_the_soak_time_loses_nothing(stack):
    second = stack.add_control_plane("control-2").start()
    staged = Staged(stack, controls=[second, stack.control]).start()
    staged.set_stages(soak=5)
    Admin(second.url, stack.admin.token).call("GET", f"/orgs/{stack.org}")
    version = staged.turn(True)
    wait_for(lambda: staged.standing(staged.canary, version) == "up_to_date", "the canary has it")
    second.process.kill()
    staged.wait_for_all(True, "released by the other replica, whose streams both follow by now")
    assert staged.propagation(version)["stage"]["state"] == "released"
    entries = stack.admin.call("GET", f"/orgs/{stack.org}/audit?action=environment.stage_released").json["items"]
    assert len(entries) == 1
