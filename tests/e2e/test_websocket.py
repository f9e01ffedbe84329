"""Rulesets over WebSockets, as an independent client gets them: what event streams bring, and how they end."""
import base64
import contextlib
import os
import socket
import time
import urllib.parse

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from support.processes import DEADLINE, wait_for
from support.verifying_sdk import Stream, VerifyingSdk, events_of
from test_rulesets import SOON, Place, sdk_env
from test_tls import Authority

PATH = "/sdk/v1/stream"


@pytest.fixture
def place(stack):
    return Place(stack)


@contextlib.contextmanager
def websocket(relay, key=None, query="", headers=(), **options):
    headers = dict(headers)
    if key:
        headers["Authorization"] = f"Bearer {key}"
    url = relay.url.replace("http", "ws", 1) + PATH + query
    with connect(url, additional_headers=headers, max_size=None, open_timeout=DEADLINE, compression=None, **options) as opened:
        yield opened


def next_event(opened, *wanted):
    while True:
        text = opened.recv(timeout=DEADLINE).encode()
        for event, event_id, document in events_of(text):
            if not wanted or event in wanted:
                return event, event_id, document


def close_code(opened):
    """Reads to the end."""
    try:
        while True:
            opened.recv(timeout=DEADLINE)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


def status_of(*arguments, **options):
    with pytest.raises(InvalidStatus) as refused, websocket(*arguments, **options):
        pass
    return refused.value.response.status_code


def test_messages_are_the_events_of_a_stream(place):
    stream = Stream(place.relays[0], place.server, DEADLINE)
    with websocket(place.relays[0], place.server) as opened:
        sdk = VerifyingSdk(place.trust)
        for event in ("put", "patch", "head"):
            got = next_event(opened, event)
            assert got == stream.next(event)
            sdk.accept(got[2])
            if event == "put":
                place.stack.configure("open", {"fallthrough": {"variation": "off"}})
        assert place.relays[0].metrics()["fanion_relay_streams"] == 2
        assert opened.ping(b"are you there").wait(DEADLINE)
    stream.close()
    wait_for(lambda: place.relays[0].metrics()["fanion_relay_streams"] == 0, "both are closed")


def test_it_is_resumed_on_another_relay(place):
    sdk = VerifyingSdk(place.trust)
    with websocket(place.relays[0], place.server) as opened:
        _, last_id, document = next_event(opened, "put")
        sdk.accept(document)
    place.stack.configure("open", {"fallthrough": {"variation": "off"}})
    wait_for(lambda: place.get(place.relays[1], "/sdk/v1/ruleset").headers["ETag"] != f'"{sdk.have}"', "the change")
    with websocket(place.relays[1], place.server, headers={"Last-Event-ID": last_id}) as by_header:
        change = next_event(by_header)
    assert change[0] == "patch"
    with websocket(place.relays[1], place.server, f"?since={sdk.have}") as by_query:
        assert next_event(by_query) == change
    sdk.accept(change[2])
    with websocket(place.relays[1], place.server, headers={"Fanion-Have": f"{sdk_env(place)}={sdk.have}"}) as current:
        assert next_event(current)[0] == "head"
    assert status_of(place.relays[1], place.server, "?since=yesterday") == 400


def test_it_ends_soon_after_its_key_is_revoked(place):
    with websocket(place.relays[0], place.server) as opened:
        next_event(opened, "put")
        place.revoke(place.server)
        began = time.monotonic()
        assert close_code(opened) == 4401
        assert time.monotonic() - began < SOON
    assert status_of(place.relays[0], place.server) in (401, 503)


def test_it_ends_with_the_relay(place):
    with websocket(place.relays[0], place.server) as opened:
        next_event(opened, "put")
        place.relays[0].process.stop()
        assert close_code(opened) == 1001


def test_pages_present_their_key_as_a_subprotocol(place):
    relay = place.relays[0]
    page = {"subprotocols": ["fanion.v1", f"fanion.key.{place.client}"]}
    with websocket(relay, origin="https://app.example", **page) as opened:
        assert opened.subprotocol == "fanion.v1"
        assert next_event(opened)[0] == "put"
    assert status_of(relay, origin="https://evil.example", **page) == 403
    assert status_of(relay, place.server, origin="https://app.example") == 403
    assert status_of(relay, subprotocols=["fanion.v1"]) in (401, 503)


def raw(relay, key, version="13"):
    opened = socket.create_connection(("127.0.0.1", urllib.parse.urlsplit(relay.url).port), timeout=DEADLINE)
    nonce = base64.b64encode(os.urandom(16)).decode()
    opened.sendall(f"GET {PATH} HTTP/1.1\r\nHost: relay\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAuthorization: Bearer {key}\r\n"
                   f"Sec-WebSocket-Version: {version}\r\nSec-WebSocket-Key: {nonce}\r\n\r\n".encode())
    return opened


def read_all(opened):
    parts = []
    while part := opened.recv(65536):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("frame,code", [(b"\x81\x05hello", 1002), (b"\x82\xff" + (1 << 40).to_bytes(8, "big") + b"mask", 1009)])
def test_who_breaks_the_protocol_is_told_so(place, frame, code):
    with raw(place.relays[0], place.server) as opened:
        opened.sendall(frame)
        received = read_all(opened)
    assert received.startswith(b"HTTP/1.1 101 ")
    assert received.endswith(b"\x88\x02" + code.to_bytes(2, "big"))


def test_other_versions_of_the_protocol_are_refused(place):
    with raw(place.relays[0], place.server, "8") as opened:
        head = opened.recv(65536)
    assert head.startswith(b"HTTP/1.1 426 ")
    assert b"\r\nSec-WebSocket-Version: 13\r\n" in head


def test_over_tls(stack, tmp_path):
    authority = Authority(tmp_path / "authority")
    certificate, key = authority.issue("relay")
    server = stack.create_key("server")
    relay = stack.add_relay("relay-1", options=("--tls-cert", certificate, "--tls-key", key)).start()
    address = f"localhost:{urllib.parse.urlsplit(relay.url).port}"
    headers = {"Authorization": f"Bearer {server}"}

    def open_one():
        with connect(f"wss://{address}{PATH}", additional_headers=headers, ssl=authority.context(), max_size=None) as opened:
            return next_event(opened)[0]

    def is_served():
        with contextlib.suppress(InvalidStatus, OSError):
            return open_one() == "put"
        return False

    wait_for(is_served, "a ruleset over TLS")
