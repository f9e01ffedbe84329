"""Unmodified OpenFeature clients with the real programs."""
import pytest

from support.processes import wait_for
from support.stack import ofrep_value

CLIENTS = ("node-server", "node-web", "python")

FLAGS = {
    "bool": ("boolean", [{"key": "on", "value": True}, {"key": "off", "value": False}]),
    "text": ("string", [{"key": "a", "value": "grün 🚩"}, {"key": "b", "value": "blau"}]),
    "whole": ("number", [{"key": "a", "value": 9007199254740991}, {"key": "b", "value": 2}]),
    "broken": ("number", [{"key": "a", "value": 1.5}, {"key": "b", "value": 2.5}]),
    "tree": ("json", [{"key": "a", "value": {"n": [1, {"x": None}]}}, {"key": "b", "value": {}}]),
}


@pytest.fixture
def served(stack):
    """Flags of all types that are on, one that is off, a rule, a split, a relay that has them, and a server key."""
    for key, (kind, variations) in FLAGS.items():
        stack.create_flag(key, kind, variations=variations)
        stack.configure(key, {"enabled": True, "fallthrough": {"variation": variations[0]["key"]}})
    stack.create_flag("sleeping", "string", variations=[{"key": "a", "value": "awake"}])
    stack.configure("sleeping", {"off": None})  # the caller's default
    stack.create_flag("ruled")
    country = {"attribute": "country", "op": "one_of", "values": ["DE", "AT"]}
    stack.configure("ruled", {"enabled": True, "fallthrough": {"variation": "off"},
                              "rules": [{"id": "dach", "when": country, "serve": {"variation": "on"}}]})
    stack.create_flag("rolled")
    stack.configure("rolled", {"enabled": True, "fallthrough": {
        "variation": None, "split": {"ranges": [[0, 50000, "on"]], "otherwise": "off"}}})
    key = stack.create_key("server")
    relay = stack.add_relay("relay-1").start()
    wait_for(lambda: ofrep_value(relay, key, "bool", {"targetingKey": "u"}) is True, "first answer of the relay")
    return stack, relay, key


@pytest.mark.parametrize("kind", CLIENTS)
def test_types_defaults_and_errors(served, kind):
    stack, relay, key = served
    client = stack.client(kind, relay, key)
    user = {"targetingKey": "u1", "country": "DE"}

    def check(question, flag, default, **expected):
        answer = client.ask(question, flag, default, user)
        assert {name: answer[name] for name in expected} == expected, (flag, answer)

    check("boolean", "bool", False, value=True, variant="on", reason="STATIC", error=None)
    check("string", "text", "d", value="grün 🚩", variant="a", error=None)
    check("integer" if kind == "python" else "number", "whole", 0, value=9007199254740991, variant="a", error=None)
    check("number", "broken", 0.5, value=1.5, variant="a", error=None)
    check("object", "tree", {}, value={"n": [1, {"x": None}]}, variant="a", error=None)
    check("boolean", "ruled", False, value=True, variant="on", reason="TARGETING_MATCH", error=None)
    check("string", "sleeping", "mine", value="mine")
    check("boolean", "unknown", True, value=True, error="FLAG_NOT_FOUND")
    check("string", "bool", "d", value="d", error="TYPE_MISMATCH")
    # Whatever the slot of "u1" is, every client must agree with the relay.
    rolled = ofrep_value(relay, key, "rolled", user)
    check("boolean", "rolled", not rolled, value=rolled, reason="SPLIT", error=None)


@pytest.mark.parametrize("kind", CLIENTS)
def test_a_split_without_its_unit_is_targeting_key_missing(served, kind):
    stack, relay, key = served
    answer = stack.client(kind, relay, key).ask("boolean", "rolled", True, {"country": "FR"})
    assert answer["value"] is True
    assert answer["error"] == "TARGETING_KEY_MISSING", answer


def test_changes_reach_clients_and_outages_do_not(served):
    stack, relay, key = served
    clients = {kind: stack.client(kind, relay, key) for kind in CLIENTS}
    user = {"targetingKey": "u1", "country": "DE"}

    def everyone_sees(value, what):
        for kind, client in clients.items():
            wait_for(lambda c=client: c.ask("boolean", "ruled", not value, user)["value"] is value, f"{kind}: {what}")

    everyone_sees(True, "the first answer")
    stack.configure("ruled", {"rules": []})
    everyone_sees(False, "the change")

    stack.control.process.kill()
    everyone_sees(False, "the answer without a control plane")

    relay.process.kill()
    relay.start()
    everyone_sees(False, "the answer of a relay restarted without a control plane")
    for client in clients.values():
        assert client.ask("string", "text", "d", user)["value"] == "grün 🚩"

    stack.control.start()
    stack.configure("ruled", {"fallthrough": {"variation": "on"}})
    everyone_sees(True, "a change after the control plane came back")
