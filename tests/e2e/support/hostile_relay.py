"""A relay in the middle that does not keep to the rules: it passes on what is above it, changed as the test says."""
import contextlib
import http.client
import http.server
import re
import threading
import urllib.parse

from support.processes import free_port


def with_data(event, change):
    """The event with its signed lines changed."""
    return re.sub(rb"(?m)^data: (.*)$", lambda line: b"data: " + change(line.group(1)), event)


def kind_of(event):
    found = re.search(rb"(?m)^event: (\w+)$", event)
    return found.group(1).decode() if found else ""


class HostileRelay:
    """`attack(event)` returns the events to send instead of one; `answer(path, body)` the body of any other answer. Both are
    honest at first. What has passed is in `seen`."""

    def __init__(self, upstream, key):
        self.upstream, self.key = upstream, key
        self.attack, self.answer = (lambda event: [event]), (lambda path, body: body)
        self.seen, self.port = [], free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        hostile = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                hostile.serve(self)

            def do_POST(self):
                hostile.serve(self)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def open(self, request):
        """The same request upstream, with this relay's own key."""
        connection = http.client.HTTPConnection("127.0.0.1", urllib.parse.urlsplit(self.upstream.url).port, timeout=90)
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        kept = {name: value for name, value in request.headers.items() if name.lower() not in ("host", "authorization", "accept-encoding")}
        connection.request(request.command, request.path, body or None, {**kept, "Authorization": f"Bearer {self.key}"})
        return connection, connection.getresponse()

    def serve(self, request):
        try:
            connection, reply = self.open(request)
            with contextlib.closing(connection):
                if request.path == "/relay/v1/stream" and reply.status == 200:
                    self.stream(request, reply)
                else:
                    self.pass_on(request, reply)
        except (OSError, http.client.HTTPException):
            request.close_connection = True

    def pass_on(self, request, reply):
        body = self.answer(request.path, reply.read())
        request.send_response(reply.status)
        for name in ("Content-Type", "ETag", "Retry-After"):
            if reply.headers[name]:
                request.send_header(name, reply.headers[name])
        if reply.status not in (204, 304):
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if reply.status not in (204, 304):
            request.wfile.write(body)

    def stream(self, request, reply):
        request.send_response(200)
        request.send_header("Content-Type", "text/event-stream")
        request.end_headers()
        request.close_connection = True
        event = b""
        for line in iter(reply.readline, b""):
            event += line
            if line != b"\n":
                continue
            self.seen.append(event)
            for sent in self.attack(event):
                request.wfile.write(sent)
            request.wfile.flush()
            event = b""
