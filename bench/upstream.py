"""A control plane as a relay sees it, which sends what make_ruleset has prepared: each event when it is told to."""
import re
import socket
import threading

from servers import free_port

OPENING = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
NOTHING = b"HTTP/1.1 204 No Content\r\n\r\n"


class Upstream:
    """`with Upstream(directory) as upstream`, where make_ruleset has written `events`."""

    def __init__(self, directory):
        self.events = directory / "events"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.streams = []
        self.is_followed = threading.Event()

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for peer in self.streams:
            peer.close()

    def accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        """A stream stays open, and begins with a head; anything else is answered without content."""
        try:
            while head := self.read_request(peer):
                if not head.startswith(b"GET /relay/v1/stream "):
                    peer.sendall(NOTHING)
                    continue
                peer.sendall(OPENING + self.event("head"))
                self.streams.append(peer)
                self.is_followed.set()
                return
        except OSError:
            pass
        peer.close()

    def read_request(self, peer):
        data = b""
        while b"\r\n\r\n" not in data:
            more = peer.recv(65536)
            if not more:
                return b""
            data += more
        head, body = data.split(b"\r\n\r\n", 1)
        length = re.search(rb"content-length: *(\d+)", head, re.I)
        while length and len(body) < int(length.group(1)):
            body += peer.recv(65536)
        return head

    def event(self, name):
        return (self.events / name).read_bytes()

    def send(self, name):
        data = self.event(name)
        for peer in self.streams:
            peer.sendall(data)
