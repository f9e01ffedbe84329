"""A hostile network: a proxy before a control plane that cuts, changes or replaces what passes, and a TCP load balancer."""
import random
import socket
import struct
import threading

from support.processes import free_port


def close_hard(peer):
    """Closes with a reset, and wakes up who reads."""
    try:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    peer.close()


class Listener:
    """Accepts on a port of its own; serve(peer) handles each connection on a thread of its own."""

    def __init__(self, serve):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.serve, self.open, self.lock, self.ending = serve, set(), threading.Lock(), False
        self.socket = socket.create_server(("127.0.0.1", self.port), backlog=128)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            with self.lock:
                self.open.add(peer)
            threading.Thread(target=self._run, args=(peer,), daemon=True).start()

    def _run(self, peer):
        try:
            self.serve(peer)
        except OSError:
            pass
        finally:
            with self.lock:
                self.open.discard(peer)
            close_hard(peer)

    def cut(self):
        """Ends all connections that are open now."""
        with self.lock:
            peers = list(self.open)
        for peer in peers:
            try:
                peer.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.ending = True
        close_hard(self.socket)
        self.cut()


def copy(source, target, change=None):
    """Until either ends, which ends the other. `change` gets each block, and returns None to cut."""
    try:
        while data := source.recv(65536):
            data = change(data) if change else data
            if data is None:
                break
            target.sendall(data)
    except OSError:
        pass
    for peer in (source, target):
        try:
            peer.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def pass_on(peer, port, first=b"", change=None):
    with socket.create_connection(("127.0.0.1", port)) as other:
        if first:
            other.sendall(first)
        threading.Thread(target=copy, args=(peer, other), daemon=True).start()
        copy(other, peer, change)


def read_request(peer):
    """The bytes up to the end of the header fields."""
    text = b""
    while b"\r\n\r\n" not in text:
        part = peer.recv(65536)
        if not part:
            raise OSError("no request")
        text += part
    return text


class Hostile(Listener):
    """Passes everything on to `control` until `fault` is set: a function of (the connection, this proxy)."""

    def __init__(self, control):
        self.control, self.fault, self.met = control, None, 0
        super().__init__(self._serve)

    def turn(self, fault):
        """From now on all connections meet `fault`; None ends it."""
        self.fault = fault
        self.cut()

    def _serve(self, peer):
        fault = self.fault
        if fault is None:
            return pass_on(peer, self.control.port)
        with self.lock:
            self.met += 1
        return fault(peer, self)


def wait_for_end(peer):
    while peer.recv(65536):
        pass


# The faults.

def answers(response):
    """Every request gets these bytes, whatever it asks."""
    def fault(peer, _):
        while read_request(peer):
            peer.sendall(response)
    return fault


def status(code, body=b"no", **headers):
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return answers(f"HTTP/1.1 {code} Hm\r\n{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body)


def silent(peer, _):
    """As a frozen process: connections are accepted, nothing is read or answered."""
    wait_for_end(peer)


def headers_then_silence(peer, _):
    read_request(peer)
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    wait_for_end(peer)


def endless(peer, _):
    """A body without an end, and without the end of a line."""
    read_request(peer)
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        peer.sendall(b"10000\r\n" + b"data: x " * 8192 + b"\r\n")


def garbage(peer, _):
    read_request(peer)
    peer.sendall(random.Random(1).randbytes(100_000))


def cuts(seed):
    """Each response ends with a reset somewhere within its first 3,000 bytes."""
    moments = random.Random(seed)

    def fault(peer, proxy):
        left = [moments.randrange(3000)]

        def change(data):
            part = data[:left[0]]
            left[0] -= len(part)
            if len(part) == len(data):
                return data
            peer.sendall(part)
            return None
        pass_on(peer, proxy.control.port, change=change)
    return fault


def flips(seed):
    """One bit in about each 400 bytes of the responses is another."""
    moments = random.Random(seed)

    def fault(peer, proxy):
        def change(data):
            data = bytearray(data)
            for _ in range(1 + len(data) // 400):
                data[moments.randrange(len(data))] ^= 1 << moments.randrange(8)
            return bytes(data)
        pass_on(peer, proxy.control.port, change=change)
    return fault


def event(kind, env_id, version, document):
    lines = "".join(f"data: {line}\n" for line in document.decode().rstrip("\n").split("\n"))
    return f"event: {kind}\nid: {env_id}:{version}\n{lines}\n".encode()


def streams(events):
    """A stream begins with these events and stays open; everything else is passed on."""
    def fault(peer, proxy):
        request = read_request(peer)
        if not request.startswith(b"GET /relay/v1/stream"):
            return pass_on(peer, proxy.control.port, first=request)
        body = b": hello\n\n" + events
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n" +
                     f"{len(body):x}\r\n".encode() + body + b"\r\n")
        return wait_for_end(peer)
    return fault


class Balancer(Listener):
    """A plain TCP load balancer: each connection goes to one of those that are ready, which is asked at each."""

    def __init__(self, services, is_ready):
        self.services, self.is_ready, self.turns = services, is_ready, 0
        super().__init__(self._balance)

    def _balance(self, peer):
        with self.lock:
            self.turns += 1
            order = [self.services[(self.turns + i) % len(self.services)] for i in range(len(self.services))]
        chosen = next((service for service in order if self.is_ready(service)), None)
        if chosen is not None:
            pass_on(peer, chosen.port)
