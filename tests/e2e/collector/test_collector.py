"""The OpenTelemetry collector's receiver takes what both programs send. tests/deep builds it and names it in FANION_COLLECTOR."""
import os
import pathlib
import secrets
import shutil
import subprocess
import tempfile

import pytest

from support.processes import free_port, http, wait_for
from support.stack import Stack, ofrep_value


class Collector:
    def __init__(self, log):
        self.address, self.log = f"127.0.0.1:{free_port()}", log
        with open(log, "wb") as out:
            self.process = subprocess.Popen([os.environ["FANION_COLLECTOR"], self.address], stdin=subprocess.PIPE,
                                            stdout=out, stderr=subprocess.STDOUT)
        wait_for(lambda: "listening" in self.log.read_text() or self.process.poll() is not None, "the collector listens")

    def names(self, trace):
        rows = [line.split(" ", 4) for line in self.log.read_text().splitlines()]
        return sorted((row[0], row[4]) for row in rows if len(row) == 5 and row[1] == trace)

    def stop(self):
        self.process.stdin.close()
        return self.process.wait(60)


@pytest.fixture
def collector():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    running = Collector(directory / "collector.log")
    yield running
    assert running.stop() == 0, running.log.read_text()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def stack(collector):
    class TracedStack(Stack):
        options = (*Stack.options, "--otlp-endpoint", f"http://{collector.address}", "--trace-sample-ratio", "0")

    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with TracedStack(directory) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)


def test_the_collector_takes_the_spans_of_a_change_and_of_an_evaluation(stack, collector):
    stack.create_flag("f")
    stack.configure("f", {"enabled": True, "fallthrough": {"variation": "on"}})
    key = stack.create_key("server")
    relay = stack.add_relay("relay", options=("--otlp-endpoint", f"http://{collector.address}", "--trace-sample-ratio", "0",
                                              "--trace-evaluation-ratio", "1")).start()
    wait_for(lambda: ofrep_value(relay, key, "f") is True, "the relay serves")
    trace = secrets.token_hex(16)
    headers = {"traceparent": f"00-{trace}-{secrets.token_hex(8)}-01"}
    path = f"{stack.home}/flags/f/environments/development"
    etag = stack.admin.call("GET", path).headers["ETag"]
    stack.admin.call("PATCH", path, {"fallthrough": {"variation": "off"}},
                     headers={"If-Match": etag, "Content-Type": "application/merge-patch+json", **headers})
    wait_for(lambda: ofrep_value(relay, key, "f") is False, "the change has arrived")
    evaluation = http("POST", f"{relay.url}/api/v1/evaluate/f", {"context": {}}, {"Authorization": f"Bearer {key}", **headers})
    assert evaluation.status == 200
    wanted = sorted([("fanion-control-plane", "PATCH /api/v1/orgs/{org}/projects/{project}/flags/{flag}/environments/{env}"),
                     ("fanion-control-plane", "transaction"), ("fanion-control-plane", "publish"),
                     ("fanion-relay", "ruleset swap"), ("fanion-relay", "POST /api/v1/evaluate/{key}")])
    wait_for(lambda: collector.names(trace) == wanted, "the collector has all spans")
