"""An application that asks the relay beside it, by OFREP over a Unix socket, which checkout a customer gets.

GET /USER answers with it; without an answer of the relay everybody gets the old one. `example.py healthcheck` exits with 0 if the
running program can ask.
"""
import http.client
import http.server
import json
import os
import pathlib
import socket
import sys

PORT = 8000
FLAG = "new-checkout"


class RelayConnection(http.client.HTTPConnection):
    """HTTP over the relay's socket."""

    def __init__(self):
        super().__init__("localhost", timeout=2)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(os.environ["RELAY_SOCKET"])


def evaluate(flag, default, user):
    """The flag's value for the user and the reason; the default, and what went wrong, if the relay does not know."""
    key = pathlib.Path(os.environ["RELAY_KEY_FILE"]).read_text().strip()
    relay = RelayConnection()
    try:
        relay.request("POST", f"/ofrep/v1/evaluate/flags/{flag}", json.dumps({"context": {"targetingKey": user}}),
                      {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
        answer = relay.getresponse()
        details = json.loads(answer.read())
        if answer.status != 200:
            return default, details.get("errorCode", str(answer.status))
        return details.get("value", default), details["reason"]
    except (OSError, http.client.HTTPException, ValueError) as failure:
        return default, str(failure)
    finally:
        relay.close()


class Shop(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        new, reason = evaluate(FLAG, False, self.path.strip("/") or "anybody")
        body = f"the {'new' if new is True else 'old'} checkout ({reason})\n".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def healthcheck():
    shop = http.client.HTTPConnection("127.0.0.1", PORT, timeout=4)
    try:
        shop.request("GET", "/healthcheck")
        return 0 if shop.getresponse().status == 200 else 1
    except OSError as failure:
        print(failure, file=sys.stderr)
        return 1


if __name__ == "__main__":
    if sys.argv[1:] == ["healthcheck"]:
        sys.exit(healthcheck())
    http.server.ThreadingHTTPServer(("0.0.0.0", PORT), Shop).serve_forever()
