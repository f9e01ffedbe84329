"""An HTTP server that answers as Prometheus does. What it says is a table that a test changes: the rates of the job and of the new
build, or nothing at all."""
import http.server
import json
import re
import threading
import time
import urllib.parse

BUDGET = 0.0005


class ScriptedPrometheus:
    """`job` and `build` are (errors a second, requests a second), or None: no samples. `status`: not 200 refuses everything."""

    def __init__(self):
        self.job, self.build, self.status, self.ratio = (0.0, 50.0), (0.0, 50.0), 200, None
        self.asked, self.bad = [], None  # bad: a text; what asks for it burns
        self.lock, self.builds_asked = threading.Lock(), 0
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                query = urllib.parse.parse_qs(body)["query"][0]
                with owner.lock:
                    status, answer = owner.answer(query, self.headers.get("Authorization"))
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.authorization = None

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, query, authorization):
        self.asked.append(query)
        self.authorization = authorization
        if self.status != 200:
            return self.status, {"status": "error", "error": "out of order"}
        if query == "time()":
            return 200, {"data": {"resultType": "scalar", "result": [0, str(time.time())]}}
        return 200, {"data": {"resultType": "vector", "result": [*self.series(query)]}}

    def series(self, query):
        if "fanion_ready" in query:
            instances = re.search(r'instance=~"([^"]*)"', query)[1].replace("\\\\", "").split("|")
            yield from ({"metric": {"instance": each}, "value": [0, str(time.time() + 1)]} for each in instances)
        elif query.endswith(":budget"):
            yield {"metric": {}, "value": [0, str(BUDGET)]}
        elif "job:fanion" in query:
            yield from self.rate(self.job, "errors" in query)
        elif "ratio" in query:
            yield from ({"metric": {}, "value": [0, str(self.ratio)]} for _ in range(self.ratio is not None))
        else:
            self.builds_asked += 1
            is_bad = self.bad and self.bad in query
            yield from self.rate((5.0, 50.0) if is_bad else self.build, "exceptions" in query or "5xx" in query)

    @staticmethod
    def rate(pair, is_errors):
        if pair is not None:
            yield {"metric": {}, "value": [0, str(pair[0] if is_errors else pair[1])]}
