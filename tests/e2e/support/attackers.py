"""Clients that mean harm. Each is a process of its own: `attackers.py KIND PORT SECONDS KEY ADDRESS` attacks for that long from that
address of the loopback network, and prints what it met as JSON: {"408": 300, "closed": 2}."""
import collections
import json
import resource
import selectors
import socket
import subprocess
import sys
import time

EVALUATE = "/ofrep/v1/evaluate/flags/f"
DRIPPING = 600       # connections that drip
SILENT = 1500        # connections that say nothing
PIPELINED = 64       # requests that are sent at once


class Attack:
    """An attacker at work: `with Attack("flood", port, 10, key) as attack: ..`, then `attack.met`."""

    def __init__(self, kind, port, seconds, key, address="127.0.0.2"):
        self.command = [sys.executable, __file__, kind, str(port), str(seconds), key, address]
        self.process, self.kind, self.met = None, kind, None

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        return self

    def finish(self, deadline):
        printed, _ = self.process.communicate(timeout=deadline)
        assert self.process.returncode == 0, f"{self.kind}: {self.process.returncode}"
        self.met = collections.Counter(json.loads(printed))
        return self.met

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Attacker:
    def __init__(self, port, seconds, key, address):
        self.to, self.source, self.key = ("127.0.0.1", port), (address, 0), key
        self.end = time.monotonic() + seconds
        self.met = collections.Counter()

    def connect(self):
        return socket.create_connection(self.to, 10, self.source)

    def is_going_on(self):
        return time.monotonic() < self.end

    def head(self, method="POST", path=EVALUATE, key=None, *more):
        lines = [f"{method} {path} HTTP/1.1", "Host: h", f"Authorization: Bearer {key or self.key}", *more]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def note(self, answer):
        """The status of one answer, or how the connection ended without one."""
        self.met[answer[9:12].decode() if answer.startswith(b"HTTP/1.1 ") else "closed"] += 1

    def ask(self, request):
        """All that is answered to these bytes until the server closes, or is silent for long."""
        answer = b""
        try:
            with self.connect() as connection:
                connection.settimeout(30)  # longer than a busy machine makes a refusal wait
                connection.sendall(request)
                while part := connection.recv(65536):
                    answer += part
        except OSError:
            pass
        self.note(answer)
        return answer

    # Connections that are held open.

    def drip(self):
        """A byte now and then, of headers or of a body."""
        beginnings = [b"GET / HTTP/1.1\r\nHost: h\r\nX: ", self.head("POST", EVALUATE, None, "Content-Length: 1000")]
        self.end += 60  # unless all have been closed before
        self._hold([beginnings[i % 2] for i in range(DRIPPING)], b"x")

    def silence(self):
        self._hold([b""] * SILENT, b"")

    def _hold(self, beginnings, drop):
        selector = selectors.DefaultSelector()
        for beginning in beginnings:
            connection = self.connect()
            connection.setblocking(False)
            if beginning:
                connection.send(beginning)
            selector.register(connection, selectors.EVENT_READ)
        while self.is_going_on() and selector.get_map():
            for key, _ in selector.select(0.5):
                self._hear(selector, key.fileobj)
            for key in list(selector.get_map().values()) if drop else []:
                try:
                    key.fileobj.send(drop)
                except OSError:
                    self._hear(selector, key.fileobj)
        self.met["held"] = len(selector.get_map())

    def _hear(self, selector, connection):
        try:
            answer = connection.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            answer = b""
        self.note(answer)
        selector.unregister(connection)
        connection.close()

    # Floods.

    def flood(self):
        """As many evaluations as go through four connections."""
        self._flood(self.head("POST", EVALUATE, None, "Content-Length: 2") + b"{}")

    def stranger(self):
        self._flood(self.head("POST", EVALUATE, "fan_srv_nobody", "Content-Length: 2") + b"{}")

    def _flood(self, request):
        connections = [self.connect() for _ in range(4)]
        while self.is_going_on():
            for connection in connections:
                connection.sendall(request * PIPELINED)
            for connection in connections:
                self._count_answers(connection, PIPELINED)

    def _count_answers(self, connection, expected):
        received = b""
        while received.count(b"HTTP/1.1 ") < expected or not received.endswith(b"}"):
            received += connection.recv(1 << 20)
        for status in (200, 401, 429, 503):
            self.met[str(status)] += received.count(b"HTTP/1.1 %d " % status)
        self.met["retry_after"] += received.count(b"Retry-After: ")

    # Bad requests.

    def garbage(self):
        self._repeat([b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20, b"\x00" * 500, b"EHLO mail.example\r\n\r\n",
                      b"GET / HTTP/1.1\nHost: h\n\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"])

    def oversized(self):
        many = [f"X-{i}: y" for i in range(150)]
        self._repeat([self.head("POST", EVALUATE, None, "Content-Length: 3000000") + b"x" * 200_000,
                      self.head("POST", EVALUATE, None, "Transfer-Encoding: chunked") + b"2dc6c0\r\n" + b"x" * 200_000,
                      self.head("GET", EVALUATE, None, "X: " + "y" * 20_000), self.head("GET", EVALUATE, None, *many),
                      self.head("GET", "/" + "a" * 9_000)])

    def smuggled(self):
        hidden = self.head("GET", "/hidden")
        chunked, length = "Transfer-Encoding: chunked", f"Content-Length: {len(hidden) + 5}"
        for headers in ((chunked, length), (length, chunked), (length, "Content-Length: 5"), (chunked, chunked),
                        ("Transfer-Encoding: xchunked",), ("Transfer-Encoding : chunked", length), ("Transfer-Encoding:\r\n chunked", length),
                        ("Transfer-Encoding: chunked, identity", length), ("Content-Length: +5",), ("Content-Length: 5, 5",)):
            answer = self.ask(self.head("POST", EVALUATE, None, *headers) + b"0\r\n\r\n" + hidden)
            self.met["hidden"] += answer.count(b"HTTP/1.1 ") - 1
        for body in (b"1\nx\r\n0\r\n\r\n", b"1;a\nb\r\nx\r\n0\r\n\r\n", b"fffffffffffffffff\r\n", b"-1\r\n"):
            answer = self.ask(self.head("POST", EVALUATE, None, chunked) + body + hidden)
            self.met["hidden"] += answer.count(b"HTTP/1.1 ") - 1

    def _repeat(self, requests):
        while self.is_going_on():
            for request in requests:
                self.ask(request)

    # Readers who read nothing.

    def unread(self):
        """Streams of a ruleset, and answers, that wait to be read."""
        requests = [self.head("GET", "/sdk/v1/stream"), self.head("POST", "/ofrep/v1/evaluate/flags", None, "Content-Length: 2") + b"{}"]
        connections = []
        for i in range(100):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.bind(self.source)
            connection.connect(self.to)
            connection.sendall(requests[i % 2] * (1 if i % 2 == 0 else 20))
            connections.append(connection)
        time.sleep(max(0.0, self.end - time.monotonic()))
        self.met["held"] = len(connections)


if __name__ == "__main__":
    _, soft = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 4096), soft))
    attacker = Attacker(int(sys.argv[2]), float(sys.argv[3]), sys.argv[4], sys.argv[5])
    getattr(attacker, sys.argv[1])()
    print(json.dumps(attacker.met))
