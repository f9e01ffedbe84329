"""A control plane with two serving threads: whichever a connection belongs to, it sees what was written through the other."""
import base64
import concurrent.futures
import contextlib
import http.client
import json
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import pytest

from support.processes import DEADLINE, wait_for
from support.stack import PASSWORD, Stack, ofrep_value

SERVED = 'fanion_http_thread_requests_total{{server="public",thread="{}"}}'
BURST = 100_000


class TwoThreads(Stack):
    # One request a second is given back, so that what is left of the burst tells how many were counted.
    options = ("--request-rate", "1", "--request-burst", str(BURST), "--quotas", "requests_per_second=50000",
               "--threads", "2")


@pytest.fixture
def stack():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with TwoThreads(directory) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)


def served(stack):
    """Requests answered, by thread."""
    metrics = stack.control.metrics()
    return [metrics[SERVED.format(thread)] for thread in (0, 1)]


class Peer:
    """One kept connection, and the number of the thread that serves it. Nothing else may be asked while it is opened."""

    def __init__(self, stack):
        self.stack, self.token = stack, stack.admin.token
        self.connection = http.client.HTTPConnection("127.0.0.1", stack.control.port, timeout=DEADLINE)
        before = served(stack)
        self.call("GET", "/auth/me")
        # A response is counted as it is written, which its reader may notice first.
        after = wait_for(lambda: sum(served(stack)) > sum(before) and served(stack), "the request is counted")
        self.thread = 0 if after[0] > before[0] else 1

    def call(self, method, path, body=None, expect=(200, 201, 204), **headers):
        headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        self.connection.request(method, "/api/v1" + path, None if body is None else json.dumps(body), headers)
        reply = self.connection.getresponse()
        text = reply.read()
        assert reply.status in expect, f"{method} {path}: {reply.status} {text[:1000]}"
        return reply, text

    def stream(self, path, token=None):
        """Begins a stream on this connection, and returns its socket once the response has begun."""
        peer = self.connection.sock
        peer.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token or self.token}\r\n\r\n".encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += peer.recv(1)
        assert head.startswith(b"HTTP/1.1 200"), head
        return peer


def one_on_each(stack):
    """The kernel spreads connections by their ports: a few are enough to reach both threads."""
    found = {}
    for _ in range(64):
        peer = Peer(stack)
        if found.setdefault(peer.thread, peer) is not peer:
            peer.connection.close()
        if len(found) == 2:
            return [found[0], found[1]]
    raise AssertionError("64 connections came to one thread")


def read_until(peer, wanted):
    peer.settimeout(DEADLINE)
    text = b""
    while wanted not in text:
        part = peer.recv(65536)
        assert part, f"the stream ended before {wanted!r}: {text[-1000:]!r}"
        text += part
    return text


def read_to_end(peer):
    peer.settimeout(DEADLINE)
    with contextlib.suppress(ConnectionResetError):
        while peer.recv(65536):
            pass


def test_what_one_thread_wrote_the_other_reads_at_once(stack):
    stack.create_flag("f")
    peers = one_on_each(stack)
    path, flags = f"{stack.home}/flags/f/environments/development", f"{stack.home}/flags?limit=100"
    for peer in peers:
        peer.call("GET", flags)  # remembered from now on
    for number in range(30):
        writer, reader = peers if number % 2 else reversed(peers)
        etag = reader.call("GET", path)[0].headers["ETag"]
        writer.call("PATCH", path, {"enabled": number % 2 == 0}, **{"If-Match": etag, "Content-Type": "application/merge-patch+json"})
        # What the reader remembers, as a tag or a page, is not current any more.
        found, text = reader.call("GET", path, **{"If-None-Match": etag})
        assert found.status == 200 and json.loads(text)["enabled"] is (number % 2 == 0)
        listed = json.loads(reader.call("GET", flags)[1])["items"][0]["environments"]["development"]
        assert listed["enabled"] is (number % 2 == 0)
        # And what is current is not sent again by either.
        again, _ = reader.call("GET", path, expect=(304,), **{"If-None-Match": reader.call("GET", path)[0].headers["ETag"]})
        assert again.status == 304


def test_writes_at_once_over_many_connections_are_read_over_others(stack):
    before = served(stack)
    connections = 16

    def work(worker):
        write, read = (http.client.HTTPConnection("127.0.0.1", stack.control.port, timeout=DEADLINE) for _ in range(2))
        headers = {"Authorization": f"Bearer {stack.admin.token}", "Content-Type": "application/json"}
        for number in range(10):
            key = f"w{worker}-{number}"
            write.request("POST", f"/api/v1{stack.home}/flags", json.dumps({"key": key, "type": "boolean"}), headers)
            made = write.getresponse()
            assert made.status == 201, made.read()
            made.read()
            read.request("GET", f"/api/v1{stack.home}/flags/{key}", headers=headers)
            found = read.getresponse()
            assert found.status == 200 and json.loads(found.read())["key"] == key
        write.close()
        read.close()

    with concurrent.futures.ThreadPoolExecutor(connections) as workers:
        list(workers.map(work, range(connections)))
    after = served(stack)
    assert sum(after) - sum(before) >= connections * 20
    assert min(after[0] - before[0], after[1] - before[1]) > 0, f"one thread served all: {before} {after}"


def test_streams_of_either_thread_see_changes_made_through_either(stack):
    stack.create_flag("f")
    relay_key, server_key = stack.create_key("relay"), stack.create_key("server")
    peers, streaming, relayed = one_on_each(stack), one_on_each(stack), one_on_each(stack)
    live = [peer.stream(f"/api/v1/orgs/{stack.org}/events") for peer in streaming]
    relay = [peer.stream("/relay/v1/stream", relay_key) for peer in relayed]
    path = f"{stack.home}/flags/f/environments/development"
    for number, writer in enumerate(peers):
        etag = writer.call("GET", path)[0].headers["ETag"]
        reply, _ = writer.call("PATCH", path, {"enabled": number == 0},
                               **{"If-Match": etag, "Content-Type": "application/merge-patch+json"})
        published = reply.headers["Fanion-Ruleset-Version"].removeprefix("development=")
        version = json.loads(writer.call("GET", path)[1])["version"]
        for each in live:
            read_until(each, f'"version":{version}'.encode())
        for each in relay:
            read_until(each, f":{published}\n".encode())  # the end of an event's id
    metrics = stack.control.metrics()
    assert metrics["fanion_control_plane_live_streams"] == 2
    assert metrics["fanion_control_plane_stream_subscribers"] == 2
    assert stack.control.status()["relay_streams"] == 2
    # What every thread knows of the same thing is not added up.
    environments = len(json.loads(peers[0].call("GET", f"{stack.home}/environments")[1])["items"])
    assert metrics["fanion_control_plane_feed_environments"] == stack.control.status()["environments"] <= environments
    assert metrics["fanion_control_plane_feed_listening"] == 1
    # A real relay with connections to both.
    program = stack.add_relay("relay-1").start()
    wait_for(lambda: ofrep_value(program, server_key, "f", {"targetingKey": "u"}) is False, "the relay has the change")


def test_a_person_has_ten_streams_at_the_process(stack):
    peers = ([], [])
    while min(map(len, peers)) < 6:
        peer = Peer(stack)
        peers[peer.thread].append(peer)
        assert sum(map(len, peers)) < 200, "nearly all connections come to one thread"
    for peer in peers[0][:5] + peers[1][:5]:
        peer.stream(f"/api/v1/orgs/{stack.org}/events")
    for of_thread in peers:
        of_thread[5].call("GET", f"/orgs/{stack.org}/events", expect=(429,))
    peers[0][0].connection.close()
    wait_for(lambda: stack.control.metrics()["fanion_control_plane_live_streams"] == 9, "the stream has ended")
    peers[1][5].stream(f"/api/v1/orgs/{stack.org}/events")


def test_limits_of_requests_are_of_the_process(stack):
    peers = one_on_each(stack)

    def left(peer):
        return int(peer.call("GET", f"/orgs/{stack.org}")[0].headers["RateLimit-Remaining"])

    begun, first, rounds = time.monotonic(), left(peers[0]), 60
    last = [left(peers[number % 2]) for number in range(1, rounds)][-1]
    given_back = time.monotonic() - begun + 1
    assert rounds - 1 - given_back <= first - last <= rounds - 1, (first, last, given_back)


def kid_of(token):
    head = token.split(".", 1)[0]
    return json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"]


def test_a_reload_changes_the_keys_of_all_threads(stack):
    peers = one_on_each(stack)
    old = stack.admin.token
    process, file = stack.control.process, stack.dir / "control" / "jwt.pem"
    pem = subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519"], check=True, capture_output=True).stdout
    file.write_bytes(pem)
    process.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "access_key_reloaded" in process.tail(), "the new key is in force")
    kids = set()
    for signer, other in (peers, peers[::-1]):
        _, text = signer.call("POST", "/auth/login", {"email": stack.email, "password": PASSWORD})
        token = json.loads(text)["access_token"]
        kids.add(kid_of(token))
        for peer, access in ((other, token), (other, old), (signer, token), (signer, old)):
            peer.token = access
            peer.call("GET", "/auth/me")
    assert len(kids) == 1 and kid_of(old) not in kids


def test_sigterm_ends_the_streams_of_all_threads(stack):
    relay_key = stack.create_key("relay")
    streaming, relayed = one_on_each(stack), one_on_each(stack)
    streams = [peer.stream(f"/api/v1/orgs/{stack.org}/events") for peer in streaming]
    streams += [peer.stream("/relay/v1/stream", relay_key) for peer in relayed]
    process = stack.control.process
    process.process.send_signal(signal.SIGTERM)
    for each in streams:
        read_to_end(each)
    assert process.process.wait(DEADLINE) == 0
    assert '"event":"stopped","clean":true' in process.tail()
