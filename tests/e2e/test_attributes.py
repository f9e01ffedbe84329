"""From contexts over OFREP to the list of attributes: names and types, and no value on the way."""
import contextlib
import socket
import threading

import pytest

from support.processes import wait_for
from support.stack import ofrep, ofrep_value

SECRET = "value-that-must-not-leave"
CONTEXT = {"targetingKey": SECRET, "country": SECRET, "age": 4711, "beta": True, "roles": [SECRET],
           "app": {"version": "9.8.7"}, "a\nb": 1, "x" * 201: 1}
SEEN = {"targetingKey": ["string"], "country": ["string"], "age": ["number"], "beta": ["boolean"],
        "roles": ["string_list"], "/app/version": ["string"]}


class Between:
    """A port that passes bytes on to the control plane and back, and keeps what the relay says."""

    def __init__(self, control):
        self.said = bytearray()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        threading.Thread(target=self._accept, args=(control.port,), daemon=True).start()

    def _accept(self, port):
        while True:
            relay, _ = self.listening.accept()
            control = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=self._pass, args=(relay, control, self.said), daemon=True).start()
            threading.Thread(target=self._pass, args=(control, relay, None), daemon=True).start()

    @staticmethod
    def _pass(source, sink, kept):
        with contextlib.suppress(OSError):
            while part := source.recv(65536):
                if kept is not None:
                    kept += part
                sink.sendall(part)
            sink.shutdown(socket.SHUT_WR)


def names_of(stack, query=""):
    answer = stack.admin.call("GET", f"{stack.home}/environments/development/attributes{query}")
    return {item["name"]: item["types"] for item in answer.json["items"]}


@pytest.fixture
def served(stack):
    stack.create_flag("f")
    return stack, stack.create_key("server")


def start(stack, key, name, *options, upstream=None):
    relay = stack.add_relay(name, [upstream or stack.control])
    relay.process.command += options
    relay.start()
    wait_for(lambda: ofrep_value(relay, key, "f", CONTEXT) is False, "first answer of the relay")
    return relay


def test_names_and_types_are_listed(served):
    stack, key = served
    between = Between(stack.control)
    relay = start(stack, key, "relay-1", upstream=between)
    wait_for(lambda: names_of(stack) == SEEN, "the attributes")
    assert names_of(stack, "?q=CO") == {"country": ["string"]}
    assert relay.metrics()["fanion_relay_attribute_names"] == len(SEEN)
    client = stack.create_key("client")
    wait_for(lambda: ofrep(relay, client, "f", {"shown": 1}).status != 401, "the client's key at the relay")
    wait_for(lambda: "shown" in names_of(stack), "an attribute of a client")
    assert b'"name":"country","type":"string"' in between.said  # so the reports are in what was kept
    for value in (SECRET, '"age":4711', "9.8.7"):
        assert value.encode() not in between.said


def test_a_relay_that_is_told_to_reports_no_names(served):
    stack, key = served
    relay = start(stack, key, "relay-quiet", "--attribute-names", "off")
    assert relay.metrics()["fanion_relay_attribute_names"] == 0
    loud = start(stack, key, "relay-loud")
    assert ofrep_value(loud, key, "f", {"only_loud": 1}) is False
    assert ofrep_value(relay, key, "f", {"only_quiet": 1}) is False
    wait_for(lambda: "only_loud" in names_of(stack), "an attribute of the other relay")
    assert "only_quiet" not in names_of(stack)
