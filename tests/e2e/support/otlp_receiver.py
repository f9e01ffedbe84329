"""A receiver of OTLP over HTTP that takes each request apart with OpenTelemetry's own protobuf messages, so that a field with a
wrong name or type fails the test."""
import base64
import http.server
import json
import threading

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

IDS = ("traceId", "spanId", "parentSpanId")


def with_base64_ids(value):
    """OTLP's JSON has ids in hexadecimal digits; protobuf's own JSON has bytes in base64."""
    if isinstance(value, list):
        return [with_base64_ids(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: base64.b64encode(bytes.fromhex(member)).decode() if name in IDS else with_base64_ids(member)
            for name, member in value.items()}


def plain(attributes):
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}


class ReceivedSpan:
    def __init__(self, span, resource):
        self.trace, self.id, self.parent = span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex()
        self.name, self.kind, self.state = span.name, Span.SpanKind.Name(span.kind), span.trace_state
        self.begin, self.end = span.start_time_unix_nano, span.end_time_unix_nano
        self.attributes, self.failed = plain(span.attributes), span.status.code == 2
        self.events = [(event.name, plain(event.attributes)) for event in span.events]
        self.dropped = span.dropped_events_count
        self.resource = plain(resource.attributes)
        self.service = self.resource["service.name"]
        assert len(span.trace_id) == 16 and len(span.span_id) == 8 and self.begin <= self.end

    def __repr__(self):
        return f"{self.service}: {self.name} {self.trace}/{self.id} < {self.parent} {self.attributes}"


class OtlpReceiver:
    """`answers`: statuses of the next requests; 200 after them. `problems`: what was wrong with requests."""

    def __init__(self):
        self.lock, self.spans, self.problems, self.requests, self.answers = threading.Lock(), [], [], [], []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with outer.lock:
                    status = outer.answers.pop(0) if outer.answers else 200
                    outer.requests.append((self.path, dict(self.headers), status))
                    if status == 200:
                        outer.take(body)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, body):
        try:
            request = json_format.ParseDict(with_base64_ids(json.loads(body)), ExportTraceServiceRequest())
            for group in request.resource_spans:
                for scope in group.scope_spans:
                    self.spans += [ReceivedSpan(span, group.resource) for span in scope.spans]
        except Exception as problem:  # pylint: disable=broad-except
            self.problems.append(f"{problem!r}: {body[:2000]!r}")

    def of(self, trace):
        with self.lock:
            assert not self.problems, self.problems
            return [span for span in self.spans if span.trace == trace]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
