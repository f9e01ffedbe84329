"""deploy/rollout on real relays behind HAProxy, watched by Prometheus: a good build gets through without a failed request, and one that
burns the error budget is taken back. systemctl is a stand-in that starts real programs (tests/delivery/fakes)."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile

import pytest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[2] / "deploy")]
sys.dont_write_bytecode = True
from delivery import queries  # noqa: E402
from support.balanced import Fleet, Traffic  # noqa: E402
from support.processes import wait_for  # noqa: E402
from support.stack import BIN, ROOT, Stack, ofrep_value  # noqa: E402

FLAG = "new-checkout"
DEEP = pytest.mark.skipif(not os.environ.get("FANION_TEST_WHOLE"), reason="tests/deep delivery runs it")
# Prometheus asks every second here, so what is measured counts soon. Everything else is as people have it.
ANSWERS = "haproxy_server_http_responses_total"
SOON = ["--settle", "3s", "--interval", "1s", "--min-requests", "20"]


@pytest.fixture(scope="module")
def fleet():
    """Units a and b with a relay each; d stands aside."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    made = Stack(directory)
    made.options = (*Stack.options, "--webhook-allow-networks", "127.0.0.1")  # guards of rollouts ask Prometheus there
    with made as stack:
        stack.create_flag(FLAG)
        stack.configure(FLAG, {"enabled": True})
        key = stack.create_key("server")
        with Fleet(stack, ["a", "b", "d"], serving=2) as running, Traffic(running.port, key, FLAG) as traffic:
            running.traffic, running.key = traffic, key
            yield running
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def rollout(fleet):
    """Starts deploy/rollout with what all have; each test has a Prometheus that remembers nothing."""
    fleet.traffic.wait_answered(20)
    fleet.start_prometheus()
    return lambda *arguments, **more: Run(fleet, arguments, **more)


class Run:
    def __init__(self, fleet, arguments, units=("a", "b"), env=None):
        self.fleet, self.log = fleet, fleet.dir / "rollout.log"
        self.log.unlink(missing_ok=True)
        command = ["/usr/bin/python3", ROOT / "deploy/rollout", *arguments, *fleet.unit_options(units), "--unit-dir", fleet.dir / "units",
                   "--prometheus", fleet.url, "--log", self.log]
        self.process = subprocess.Popen(list(map(str, command)), env={**fleet.env, **(env or {})}, text=True, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def ends(self, code):
        """Its output."""
        output, _ = self.process.communicate(timeout=180)
        assert self.process.returncode == code, output
        return output

    def events(self, name):
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [event for event in map(json.loads, lines) if event["event"] == name]

    def comes_to(self, event, **members):
        def there():
            assert self.process.poll() is None, self.process.stdout.read()
            return [each for each in self.events(event) if members.items() <= each.items()]
        wait_for(there, f"{event} {members} in the log")


def lost_upstream(fleet):
    """A build that cannot reach the control plane, and begins from the cache of another environment: it is ready, and refuses every
    application with 503. It is the real relay, whose own metrics tell."""
    if not (fleet.dir / "other").exists():
        other = fleet.stack.add_relay("other", env="production")
        other.start()
        other.process.stop()
    return fleet.build("relay-lost-upstream", f'exec "$relay" "$@" --upstream http://127.0.0.1:9 --cache-dir {fleet.dir}/other/cache')


def state(fleet):
    """What the units run, by what is written and in truth."""
    found = {}
    for name in fleet.serving:
        drop_in = fleet.dir / f"units/{name}.service.d/60-fanion-build.conf"
        found[name] = (drop_in.read_text() if drop_in.exists() else None, fleet.program(name))
    return found


def test_a_good_build_gets_through_without_a_failed_request(fleet, rollout):
    good = fleet.build("relay-2", 'exec "$relay" "$@"')
    before = {name: fleet.pid(name) for name in "ab"}
    failed = len(fleet.traffic.failed)
    running = rollout("canary", "--build", good, "--steps", "1", "--hold", "3s", *SOON,
                      "--error-ratio", f'sum(rate({ANSWERS}{{proxy="relays",code="5xx"}}[$window]))'
                                       f' / sum(rate({ANSWERS}{{proxy="relays"}}[$window]))')
    running.comes_to("stage_finished")
    assert fleet.pid("a") != before["a"] and fleet.pid("b") == before["b"]
    output = running.ends(0)
    assert "1/2 1 of 2 instances" in output and "error ratio: burn rate 0" in output and f"done: {good}" in output
    for name in "ab":
        assert f"ExecStart={good} --config" in state(fleet)[name][0] and "Rollout=" not in state(fleet)[name][0]
        assert fleet.pid(name) != before[name]
    assert fleet.traffic.failed[failed:] == []
    # The control plane is asked by the same program; one number each is what it needs.
    instance = f'instance="127.0.0.1:{fleet.stack.control.operators_port}"'
    for what in ("requests", "errors"):
        query = queries.of_build("control-plane", what, instance, 60)
        wait_for(lambda q=query: len(fleet.ask(q) or []) == 1, query)


def test_a_build_that_burns_is_taken_back_and_its_flag_turned_off(fleet, rollout):
    """The guard turns the flag off first, by the command line, and every relay serves that."""
    before, failed = state(fleet), len(fleet.traffic.failed)
    env = {"FANION_URL": fleet.stack.control.url, "FANION_TOKEN": fleet.stack.admin.token, "FANION_ORG": fleet.stack.org,
           "FANION_PROJECT": fleet.stack.project, "FANION_ENV": "development"}
    off = f"{BIN}/fanion flag off {FLAG}"
    output = rollout("canary", "--build", lost_upstream(fleet), "--hold", "60s", *SOON, "--even-if-burning", "--on-burn", off, env=env).ends(1)
    assert re.search("rolling back to .*: new build: burn rate", output) and f"done: {off}" in output
    assert state(fleet) == before
    fleet.traffic.wait_answered(50)
    assert any("503" in each for each in fleet.traffic.failed[failed:]), "the broken build was never asked"
    for name in "ab":
        wait_for(lambda n=name: ofrep_value(fleet.relays[n], fleet.key, FLAG) is False, f"relay {name} serves the flag off")


@DEEP
def test_a_build_that_ends_is_taken_back(fleet, rollout):
    crash, before = fleet.dir / "crash", state(fleet)
    ending = fleet.build("relay-that-ends", f"""\
"$relay" "$@" &
trap 'kill $!; wait $!; exit 0' TERM
until [ -e {crash} ]; do sleep 0.1; done
kill -9 $!
exit 3""")
    running = rollout("canary", "--build", ending, "--hold", "10m", *SOON)
    running.comes_to("state_changed", state="good")
    crash.touch()
    assert "a.service is failed" in running.ends(1)
    assert state(fleet) == before
    fleet.traffic.wait_answered(50)


@DEEP
def test_a_rollout_of_a_flag_is_guarded_by_the_same_rates(fleet, rollout):
    """The guard of docs/delivery.md: the control plane turns a flag off for what a build does to relays."""
    stack, page = fleet.stack, (ROOT / "docs/delivery.md").read_text()
    guard = json.loads(re.search(r"```json\n(.*?)```", page, re.S).group(1))
    stack.admin.call("PUT", f"/orgs/{stack.org}/prometheus/main", {"url": fleet.url})
    stack.create_flag("guarded")
    stack.configure("guarded", {"enabled": True, "fallthrough": {"variation": "off"}})
    plan = {"flag": "guarded", "from": "off", "to": "on", "steps": [{"share": 1000, "hold": "1d"}, {"share": 100_000}], "guards": [guard]}
    home = f"{stack.home}/environments/development/rollouts"
    made = stack.admin.call("POST", home, plan).json["id"]

    def state():
        return stack.admin.call("GET", f"{home}/{made}").json

    # What stood before the step would not be its doing.
    wait_for(lambda: sum(value for name, value in stack.control.metrics().items() if "rollout_decisions_total" in name), "a look at it")
    assert state()["state"] == "running", state()
    rollout("canary", "--build", lost_upstream(fleet), "--hold", "60s", *SOON, "--even-if-burning").ends(1)
    wait_for(lambda: state()["state"] == "turned_off", lambda: f"the flag is turned off: {state()}")
    assert "burn rate" in state()["detail"]


@DEEP
def test_an_interruption_and_a_kill(fleet, rollout):
    before, good = state(fleet), fleet.build("relay-3", 'exec "$relay" "$@"')
    for number in (signal.SIGINT, signal.SIGTERM):
        running = rollout("canary", "--build", good, "--hold", "10m", *SOON)
        running.comes_to("state_changed", state="good")
        running.process.send_signal(number)
        assert "rolled back" in running.ends(130)
        assert state(fleet) == before
    running = rollout("canary", "--build", good, "--hold", "10m", *SOON)
    running.comes_to("state_changed", state="good")
    running.process.kill()
    running.process.communicate()
    assert "a rollout is under way already" in rollout("canary", "--build", good).ends(4)
    resumed = rollout("canary", "--resume", "--steps", "1", "--hold", "4s", *SOON)
    assert f"done: {good}" in resumed.ends(0)
    fleet.traffic.wait_answered(50)


@DEEP
def test_blue_green_and_back(fleet, rollout):
    """a serves and d stands aside; then d serves, then a broken build in a's place is taken back."""
    fleet.systemctl("stop", "b.service")
    good = fleet.build("relay-4", 'exec "$relay" "$@"')
    sides = ["--haproxy", fleet.socket, *fleet.unit_options("d", "--other-unit")]
    fleet.traffic.wait_answered(20)
    failed, pid = len(fleet.traffic.failed), fleet.dir / "state/a.service.pid"
    assert f"done: {good}" in rollout("blue-green", "--build", good, *sides, "--hold", "4s", *SOON, units=["a"]).ends(0)
    assert fleet.traffic.failed[failed:] == []
    assert f"ExecStart={good}" in (fleet.dir / "units/d.service.d/60-fanion-build.conf").read_text() and not pid.exists()
    fleet.traffic.wait_answered(50)
    output = rollout("blue-green", "--build", lost_upstream(fleet), *sides, "--hold", "60s", *SOON, units=["a"]).ends(1)
    assert f"rolled back to {good}" in output
    fleet.traffic.wait_answered(50)
    assert not pid.exists()
