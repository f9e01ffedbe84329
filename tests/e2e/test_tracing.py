"""Traces from the request of an administrator to the swap in relays behind relays, and of evaluations, at a receiver that reads
them with OpenTelemetry's own messages; requests that the control plane makes itself; and profiles of the running programs."""
import json
import os
import pathlib
import secrets
import shutil
import struct
import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from support.otlp_receiver import OtlpReceiver
from support.processes import http, wait_for
from support.stack import BIN, Stack, has_sanitizers, ofrep, ofrep_value
from test_chain import knows

SAMPLED, NOT_SAMPLED = "01", "00"


class Trace:
    """A caller's trace."""

    def __init__(self, flags=SAMPLED):
        self.id, self.span = secrets.token_hex(16), secrets.token_hex(8)
        self.headers = {"traceparent": f"00-{self.id}-{self.span}-{flags}", "tracestate": "caller=1"}


class Outside:
    """A service of others: takes every webhook, knows no page, and keeps path and `traceparent` of what it is asked."""

    def __init__(self):
        self.asked = asked = []

        class Handler(BaseHTTPRequestHandler):
            def answer(self, status):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                asked.append((self.path, self.headers["traceparent"]))
                self.send_response(status)
                self.end_headers()

            def do_GET(self):
                self.answer(404)

            def do_POST(self):
                self.answer(204)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def outside():
    running = Outside()
    yield running
    running.close()


@pytest.fixture
def receiver():
    running = OtlpReceiver()
    yield running
    running.close()


@pytest.fixture
def stack(receiver):
    class TracedStack(Stack):
        options = (*Stack.options, "--otlp-endpoint", receiver.url, "--trace-sample-ratio", "0", "--allow-profiling")

    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with TracedStack(directory) as running:
        running.receiver = receiver
        running.create_flag("f")
        running.configure("f", {"enabled": True, "fallthrough": {"variation": "on"}})
        for number in range(8):  # a change is shorter than the whole, which relays would send otherwise
            running.create_flag(f"other-{number}")
        running.server = running.create_key("server")
        yield running
    shutil.rmtree(directory, ignore_errors=True)


def add_relay(stack, name, parent=None, options=()):
    options = ("--otlp-endpoint", stack.receiver.url, "--trace-sample-ratio", "0", *options)
    key = stack.create_key("relay")
    if parent:
        wait_for(lambda: knows(parent, key), f"{parent.name} knows the key of {name}")
    relay = stack.add_relay(name, [parent] if parent else None, key, options=options).start()
    wait_for(lambda: ofrep_value(relay, stack.server, "f") is True, f"{name} serves")
    return relay


def change(stack, variation, trace):
    path = f"{stack.home}/flags/f/environments/development"
    etag = stack.admin.call("GET", path).headers["ETag"]
    headers = {"If-Match": etag, "Content-Type": "application/merge-patch+json", **trace.headers}
    stack.admin.call("PATCH", path, {"fallthrough": {"variation": variation}}, headers=headers)


def evaluate(stack, relay, trace, context=None):
    headers = {"Authorization": f"Bearer {stack.server}", **trace.headers}
    answer = http("POST", f"{relay.url}/ofrep/v1/evaluate/flags/f", {"context": context or {}}, headers)
    assert answer.status == 200, answer.body


def logged(service, event, trace):
    lines = [json.loads(line) for line in service.process.log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == event and line.get("trace_id") == trace]


def named(spans, name):
    return [span for span in spans if span.name == name]


def spans_of(service):
    return {name.split('"')[1]: value for name, value in service.metrics().items()
            if name.startswith("fanion_trace_spans_total")}


def test_a_change_is_one_trace_down_to_the_relay_behind_the_relay(stack):
    top = add_relay(stack, "top")
    bottom = add_relay(stack, "bottom", top)
    trace = Trace()
    change(stack, "off", trace)
    spans = wait_for(lambda: len(found := stack.receiver.of(trace.id)) == 5 and found,
                     lambda: f"five spans, but {stack.receiver.of(trace.id)}")
    [request], [transaction], [publish] = (named(spans, name) for name in (
        "PATCH /api/v1/orgs/{org}/projects/{project}/flags/{flag}/environments/{env}", "transaction", "publish"))
    swaps = named(spans, "ruleset swap")
    assert (request.parent, request.kind, request.state) == (trace.span, "SPAN_KIND_SERVER", "caller=1")
    assert (transaction.parent, publish.parent) == (request.id, transaction.id)
    assert [swap.parent for swap in swaps] == [publish.id, publish.id]
    assert request.attributes["http.response.status_code"] == 200
    assert request.attributes["fanion.organisation"] == "acme"
    assert transaction.attributes["fanion.transaction.outcome"] == "committed"
    assert {swap.resource["service.instance.id"] for swap in swaps} == {"top", "bottom"}
    for swap in swaps:
        assert (swap.service, swap.kind) == ("fanion-relay", "SPAN_KIND_CONSUMER")
        assert swap.attributes["feature_flag.version"] == publish.attributes["fanion.ruleset.version"]
        assert swap.attributes["feature_flag.set.id"] == publish.attributes["feature_flag.set.id"]
    for service, event in ((stack.control, "request"), (top, "ruleset_applied"), (bottom, "ruleset_applied")):
        assert len(logged(service, event, trace.id)) == 1

    unwanted = Trace(NOT_SAMPLED)
    change(stack, "on", unwanted)
    wait_for(lambda: ofrep_value(bottom, stack.server, "f") is True, "the change has arrived")
    assert logged(stack.control, "request", unwanted.id), "the log names a trace that is not recorded too"
    assert not logged(bottom, "ruleset_applied", unwanted.id)
    last = Trace()
    change(stack, "off", last)
    wait_for(lambda: len(stack.receiver.of(last.id)) == 5, "later spans have arrived")
    assert stack.receiver.of(unwanted.id) == []


@pytest.fixture
def open_stack(receiver):
    """Records every trace, and asks services of this machine."""
    class OpenStack(Stack):
        options = (*Stack.options, "--otlp-endpoint", receiver.url, "--webhook-allow-networks", "127.0.0.1")

    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with OpenStack(directory) as running:
        running.receiver = receiver
        yield running
    shutil.rmtree(directory, ignore_errors=True)


def outgoing(stack, outside, path):
    """The client span of the first request for such a path."""
    seen = wait_for(lambda: [header for asked, header in outside.asked if asked.startswith(path)], f"a request for {path}")[0]
    _, trace, span, flags = seen.split("-")
    assert flags == SAMPLED
    [found] = wait_for(lambda: [each for each in stack.receiver.of(trace) if each.id == span], "the span has arrived")
    where = {"server.address": "127.0.0.1", "server.port": outside.port, "url.scheme": "http"}
    assert found.kind == "SPAN_KIND_CLIENT" and where.items() <= found.attributes.items()
    assert "secret" not in repr(vars(found)), "paths, queries and bodies are private"
    return found


def test_deliveries_of_webhooks_are_traces(open_stack, outside):
    open_stack.admin.call("POST", "/orgs/acme/webhooks", {"url": outside.url + "/in/secret?token=secret"})
    open_stack.create_flag("f")
    span = outgoing(open_stack, outside, "/in/secret?token=secret")
    assert (span.name, span.parent, span.failed) == ("POST", "", False)
    assert (span.attributes["fanion.purpose"], span.attributes["http.response.status_code"]) == ("webhook", 204)
    assert span.attributes["fanion.delivery.id"].startswith("msg_")


def test_identity_providers_are_told_the_trace_of_who_signs_in(open_stack, outside):
    def sign_in(name, trace):
        open_stack.admin.call("POST", "/orgs/acme/identity-providers", {
            "key": name, "issuer": f"{outside.url}/{name}-secret", "client_id": "fanion", "client_secret": "secret", "domains": [f"{name}.example"]})
        http("GET", f"{open_stack.control.url}/api/v1/auth/sign-on/acme/{name}", headers=trace.headers)

    trace, unwanted = Trace(), Trace(NOT_SAMPLED)
    sign_in("one", trace)
    span = outgoing(open_stack, outside, "/one-secret/")
    [request] = wait_for(lambda: [each for each in open_stack.receiver.of(trace.id) if each.kind == "SPAN_KIND_SERVER"], "the request's span")
    assert (span.name, span.trace, span.parent, span.failed) == ("GET", trace.id, request.id, True)
    assert (span.attributes["fanion.purpose"], span.attributes["error.type"]) == ("sign_on", "404")
    sign_in("two", unwanted)
    [seen] = [header for path, header in outside.asked if path.startswith("/two-secret/")]
    assert seen.split("-")[1] == unwanted.id and seen.endswith("-" + NOT_SAMPLED)


def test_questions_of_rollouts_to_prometheus_are_traces(open_stack, outside):
    open_stack.create_flag("f")
    rule = {"id": "r1", "when": {"attribute": "country", "op": "one_of", "values": ["DE"]}, "serve": {"variation": "off"}}
    open_stack.configure("f", {"enabled": True, "rules": [rule]})
    open_stack.admin.call("PUT", "/orgs/acme/prometheus/main", {"url": outside.url + "/prometheus", "token": "secret"})
    guard = {"prometheus": "main", "query": "secret", "above": 1, "on_breach": "hold"}
    open_stack.admin.call("POST", f"{open_stack.home}/environments/development/rollouts", {
        "flag": "f", "rule": "r1", "from": "off", "to": "on", "steps": [{"share": 10000, "hold": "10m"}, {"share": 100000}], "guards": [guard]})
    span = outgoing(open_stack, outside, "/prometheus/api/v1/query")
    assert (span.name, span.parent, span.attributes["fanion.purpose"]) == ("GET", "", "rollout_guard")


def test_the_trace_of_a_pipeline_goes_through_the_command_line(stack):
    def run(traceparent):
        done = subprocess.run(
            [BIN / "fanion", "flag", "off", "f"], capture_output=True, text=True, timeout=60, check=False,
            env={"PATH": os.environ["PATH"], "HOME": str(stack.dir), "FANION_URL": stack.control.url, "FANION_TOKEN": stack.admin.token,
                 "FANION_ORG": stack.org, "FANION_PROJECT": stack.project, "FANION_ENV": "development",
                 "TRACEPARENT": traceparent, "TRACESTATE": "ci=7"})
        assert done.returncode == 0, done.stderr
    step = Trace()
    run(step.headers["traceparent"])
    spans = wait_for(lambda: named(found := stack.receiver.of(step.id), "publish") and found, "the spans have arrived")
    changes = [span for span in spans if span.kind == "SPAN_KIND_SERVER"]
    assert changes and {(span.parent, span.state) for span in changes} == {(step.span, "ci=7")}
    run("00-not-a-context")


def test_evaluations_have_the_attributes_of_the_conventions(stack):
    relay = add_relay(stack, "relay", options=("--trace-evaluation-ratio", "1"))
    trace, unwanted = Trace(), Trace(NOT_SAMPLED)
    evaluate(stack, relay, unwanted)
    evaluate(stack, relay, trace, {"targetingKey": "alice", "email": "alice@example.com"})
    [span] = wait_for(lambda: stack.receiver.of(trace.id), "the span has arrived")
    assert (span.name, span.kind, span.parent) == (
        "POST /ofrep/v1/evaluate/flags/{key}", "SPAN_KIND_SERVER", trace.span)
    wanted = {"feature_flag.key": "f", "feature_flag.result.variant": "on", "feature_flag.result.reason": "static",
              "feature_flag.provider.name": "fanion"}
    [(name, attributes)] = span.events
    assert name == "feature_flag.evaluation"
    assert wanted.items() <= attributes.items() <= span.attributes.items()
    assert attributes["feature_flag.set.id"].startswith("e_") and "." in attributes["feature_flag.version"]
    assert "alice" not in repr(vars(span)), "contexts are private"
    assert stack.receiver.of(unwanted.id) == []

    bulk = Trace()
    answer = http("POST", f"{relay.url}/api/v1/evaluate", {"flags": ["f", "f", "missing"], "context": {}},
                  {"Authorization": f"Bearer {stack.server}", **bulk.headers})
    assert answer.status == 200
    [span] = wait_for(lambda: stack.receiver.of(bulk.id), "the span has arrived")
    assert [attributes["feature_flag.key"] for _, attributes in span.events] == ["f", "f", "missing"]
    assert span.events[2][1]["error.type"] == "flag_not_found"
    assert "feature_flag.key" not in span.attributes


def test_context_ids_are_shown_where_they_are_allowed_and_none_is_sampled_at_ratio_0(stack):
    options = ("--trace-evaluation-ratio", "1", "--trace-context-ids")
    relay, silent = add_relay(stack, "relay", options=options), add_relay(stack, "silent", options=("--trace-evaluation-ratio", "0"))
    trace, ignored = Trace(), Trace()
    evaluate(stack, silent, ignored)
    evaluate(stack, relay, trace, {"targetingKey": "alice"})
    [span] = wait_for(lambda: stack.receiver.of(trace.id), "the span has arrived")
    assert span.attributes["feature_flag.context.id"] == "alice"
    assert silent.process.stop() == 0
    assert stack.receiver.of(ignored.id) == []


def test_the_environment_of_opentelemetry_is_understood(stack):
    relay = stack.add_relay("relay", options=("--trace-evaluation-ratio", "1"))
    relay.process.env = {"OTEL_EXPORTER_OTLP_ENDPOINT": stack.receiver.url + "/prefix/",
                         "OTEL_EXPORTER_OTLP_HEADERS": "x-tenant=a%20b,Authorization=Bearer%20t",
                         "OTEL_SERVICE_NAME": "edge", "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test,k8s.pod.name=p"}
    relay.start()
    trace = Trace()
    evaluate(stack, relay, trace)
    [span] = wait_for(lambda: stack.receiver.of(trace.id), "the span has arrived")
    assert span.service == "edge"
    assert span.resource["deployment.environment.name"] == "test"
    path, headers, _ = next(r for r in stack.receiver.requests if "x-tenant" in r[1])
    assert (path, headers["x-tenant"], headers["Authorization"]) == ("/prefix/v1/traces", "a b", "Bearer t")


def test_a_receiver_that_fails_costs_spans_and_nothing_else(stack):
    relay = add_relay(stack, "relay", options=("--trace-evaluation-ratio", "1"))
    stack.receiver.answers = [503, 503, 400]
    trace = Trace()
    evaluate(stack, relay, trace)
    wait_for(lambda: not stack.receiver.answers, "the batch was sent three times")
    wait_for(lambda: spans_of(relay)["rejected"] >= 1, "it is counted as rejected")
    last = Trace()
    evaluate(stack, relay, last)
    assert relay.process.stop() == 0, "a stop sends what waits"
    assert [span.trace for span in stack.receiver.of(last.id)] == [last.id]
    tail = relay.process.tail()
    assert "trace_export_failed" in tail and "trace_export_recovered" in tail

    stack.receiver.close()
    unreachable = stack.add_relay("unreachable", options=("--otlp-endpoint", stack.receiver.url, "--trace-evaluation-ratio", "1"))
    unreachable.start()
    wait_for(lambda: ofrep_value(unreachable, stack.server, "f") is True, "it serves")
    for _ in range(50):
        assert ofrep(unreachable, stack.server, "f").status == 200
    assert unreachable.process.stop() == 0


def test_profiles_of_the_running_programs(stack):
    relay = add_relay(stack, "relay")
    for path in ("profile", "heap"):
        refused = http("GET", f"{relay.operators}/debug/{path}")
        assert refused.status == 403 and "--allow-profiling" in refused.json["detail"]
    assert http("GET", f"{stack.control.operators}/debug/profile?seconds=0").status == 400
    heap = http("GET", f"{stack.control.operators}/debug/heap").json
    assert heap["resident_bytes"] > heap["used_bytes"] // 2 > 0
    answer = http("GET", f"{stack.control.operators}/debug/profile?seconds=1")
    if has_sanitizers():
        assert answer.status == 503 and "sanitizers" in answer.json["detail"]
        return
    assert answer.status == 200, answer.body
    words = struct.unpack("<5Q", answer.body[:40])
    assert words[:3] == (0, 3, 0) and words[3] > 0, "the header of a CPU profile"
    assert b"fanion-control-plane" in answer.body, "the map of the program, by which addresses are resolved"
