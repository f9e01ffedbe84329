"""Unmodified OpenFeature clients with flagd's provider against a relay, and a client that has only the .proto files."""
import contextlib
import importlib
import json
import pathlib
import shutil
import socket as socket_module
import subprocess
import sys
import tempfile

import grpc
import pytest
from google.protobuf import json_format

from support.processes import LineClient, free_port, wait_for
from support.stack import CLIENTS, ROOT, Stack, ofrep_value
from test_clients import FLAGS
from test_tls import Authority

PROTO = ROOT / "proto-schemas/proto"
KINDS = ("node-flagd", "python-flagd")

CONDITIONS = {
    "country": {"attribute": "country", "op": "one_of", "values": ["DE", "AT"]},
    "not-country": {"attribute": "country", "op": "not_one_of", "values": ["DE", "AT"]},
    "beta": {"attribute": "beta", "op": "is", "values": [True]},
    "level": {"attribute": "level", "op": "one_of", "values": [1, 2.5]},
    "has-plan": {"attribute": "plan", "op": "exists"},
    "version": {"attribute": "/app/version", "op": "is", "values": ["2"]},
    "members": {"op": "in_segment", "values": ["members"]},
    "mixed": {"any": [{"all": [{"attribute": "country", "op": "is", "values": ["FR"]},
                               {"not": {"attribute": "plan", "op": "exists"}}]},
                      {"op": "not_in_segment", "values": ["members"]}]},
}
CONTEXTS = [{"targetingKey": "u1", **attributes} for attributes in (
    {}, {"country": "DE"}, {"country": ["FR", "AT"]}, {"country": ["FR"], "plan": "pro"}, {"country": "FR"},
    {"country": ""}, {"beta": True}, {"beta": False}, {"beta": "true"}, {"level": 1}, {"level": 2.5}, {"level": "1"},
    {"level": [7, 1]}, {"plan": ""}, {"plan": False}, {"app": {"version": "2"}}, {"app": {"version": 2}},
    {"app": "2"}, {"country": {"DE": 1}}, {"country": 0})] + [
        {"targetingKey": "alice", "country": "DE"}, {"targetingKey": "mallory", "country": "DE"}, {"country": "DE"}]


class Served:
    """A relay with flagd's port, whose calls have a server key unless they bring one, and the flags."""

    def __init__(self, stack):
        self.stack = stack
        for key, (kind, variations) in FLAGS.items():
            stack.create_flag(key, kind, variations=variations)
            stack.configure(key, {"enabled": True, "fallthrough": {"variation": variations[0]["key"]}})
        stack.create_flag("sleeping", "string", variations=[{"key": "a", "value": "awake"}])
        stack.configure("sleeping", {"off": None})
        stack.create_flag("ruled")
        stack.configure("ruled", self.ruled([{"id": "dach", "when": CONDITIONS["country"], "serve": {"variation": "on"}}]))
        stack.create_flag("rolled")
        stack.configure("rolled", {"enabled": True, "fallthrough": {
            "variation": None, "split": {"ranges": [[0, 50000, "on"]], "otherwise": "off"}}})
        self.key = stack.create_key("server")
        key_file = stack.dir / "application.key"
        key_file.write_text(self.key + "\n")
        key_file.chmod(0o600)
        self.port = free_port()
        self.options = ("--grpc-key-file", key_file, "--stop-timeout", "2000")
        self.relay = self.add_relay("relay-1", "--grpc-listen", f"127.0.0.1:{self.port}").start()
        wait_for(lambda: ofrep_value(self.relay, self.key, "bool", {"targetingKey": "u"}) is True, "first answer")

    def add_relay(self, name, *options):
        return self.stack.add_relay(name, options=(*self.options, *options))

    @staticmethod
    def ruled(rules):
        return {"enabled": True, "fallthrough": {"variation": "off"}, "rules": rules}

    def client(self, kind, resolver="rpc"):
        if kind == "python-flagd":
            program = [CLIENTS / kind / "bin/python", ROOT / "tests/e2e/clients/python/client.py"]
        else:
            program = ["node", ROOT / "tests/e2e/clients/node-server/client.mjs", CLIENTS / kind]
        return self.track(LineClient([*program, f"flagd:{self.port}", resolver], self.stack.dir / f"client-{kind}-{resolver}.log"))

    def track(self, client):
        self.stack.clients.append(client)
        return client


@pytest.fixture(scope="module")
def served():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with Stack(directory) as stack:
        yield Served(stack)
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="module")
def generated():
    """The modules that protoc makes of the .proto files."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="fanion-flagd-"))
    files = sorted(str(file.relative_to(PROTO)) for file in (PROTO / "flagd").rglob("*.proto"))
    subprocess.run([sys.executable, "-m", "grpc_tools.protoc", f"-I{PROTO}", f"--python_out={folder}",
                    f"--grpc_python_out={folder}", *files], check=True)
    sys.path.insert(0, str(folder))
    names = ("flagd.evaluation.v1.evaluation", "flagd.sync.v1.sync")
    yield [importlib.import_module(name + suffix) for name in names for suffix in ("_pb2", "_pb2_grpc")]
    sys.path.remove(str(folder))
    shutil.rmtree(folder)


@pytest.mark.parametrize("kind", KINDS)
def test_types_defaults_and_errors(served, kind):
    client = served.client(kind)
    user = {"targetingKey": "u1", "country": "DE"}

    def check(question, flag, default, **expected):
        answer = client.ask(question, flag, default, user)
        assert {name: answer[name] for name in expected} == expected, (flag, answer)

    check("boolean", "bool", False, value=True, variant="on", reason="STATIC", error=None)
    check("string", "text", "d", value="grün 🚩", variant="a", error=None)
    check("integer" if kind == "python-flagd" else "number", "whole", 0, value=9007199254740991, variant="a", error=None)
    check("number", "broken", 0.5, value=1.5, variant="a", error=None)
    check("object", "tree", {}, value={"n": [1, {"x": None}]}, variant="a", error=None)
    check("boolean", "ruled", False, value=True, variant="on", reason="TARGETING_MATCH", error=None)
    check("string", "sleeping", "mine", value="mine", reason="DISABLED", error=None)
    check("boolean", "unknown", True, value=True, error="FLAG_NOT_FOUND")
    check("string", "ruled", "d", value="d", error="TYPE_MISMATCH")  # not a flag that clients have kept
    rolled = ofrep_value(served.relay, served.key, "rolled", user)
    check("boolean", "rolled", not rolled, value=rolled, reason="SPLIT", error=None)


def test_changes_reach_clients_and_a_restart_is_survived(served):
    stack, french = served.stack, {**CONDITIONS["country"], "values": ["FR"]}
    for flag, settings in {"changing": {"enabled": True, "fallthrough": {"variation": "on"}},
                           "ruled-changing": served.ruled([{"id": "r", "when": CONDITIONS["country"],
                                                            "serve": {"variation": "on"}}])}.items():
        stack.create_flag(flag)
        stack.configure(flag, settings)
    clients = {(kind, resolver): served.client(kind, resolver) for kind in KINDS for resolver in ("rpc", "in-process")}
    user = {"targetingKey": "u1", "country": "DE"}

    def everyone_sees(flag, value, what):
        for who, client in clients.items():
            wait_for(lambda c=client: c.ask("boolean", flag, not value, user)["value"] is value, f"{who}: {what}")

    everyone_sees("changing", True, "a static flag, which clients keep")
    stack.configure("changing", {"fallthrough": {"variation": "off"}})
    everyone_sees("changing", False, "its change")
    everyone_sees("ruled-changing", True, "a rule")
    stack.configure("ruled-changing", served.ruled([{"id": "fr", "when": french, "serve": {"variation": "on"}}]))
    everyone_sees("ruled-changing", False, "its change")

    # Of a flag that no client keeps: the provider for Python does not forget what it keeps when it comes back.
    served.relay.process.stop()
    served.relay.start()
    stack.configure("ruled-changing", {"fallthrough": {"variation": "on"}})
    everyone_sees("ruled-changing", True, "a change after a restart of the relay")


@pytest.fixture(scope="module")
def conditional(served):
    """A flag for each condition, of the same name."""
    stack = served.stack
    stack.admin.call("POST", f"{stack.home}/segments", {"key": "members", "name": "Members"})
    members = f"{stack.home}/segments/members/environments/development"
    etag = stack.admin.call("GET", members).headers["ETag"]
    stack.admin.call("PATCH", members, {
        "included": [{"attribute": "targetingKey", "values": ["alice"]}],
        "excluded": [{"attribute": "targetingKey", "values": ["mallory"]}],
        "rules": [{"when": CONDITIONS["country"]}]},
        headers={"If-Match": etag, "Content-Type": "application/merge-patch+json"})
    for name, condition in CONDITIONS.items():
        stack.create_flag(name)
        stack.configure(name, served.ruled([{"id": "r", "when": condition, "serve": {"variation": "on"}}]))
    wait_for(lambda: ofrep_value(served.relay, served.key, "mixed", {}) is not None, "the flags at the relay")
    return served


@pytest.mark.parametrize("kind", KINDS)
def test_evaluation_in_the_process_gives_the_same_answers(conditional, kind):
    served = conditional
    client = served.client(kind, "in-process")
    for flag in ("bool", *CONDITIONS):
        for context in CONTEXTS:
            if kind == "python-flagd" and flag in ("beta", "level"):  # its JsonLogic takes True for 1
                continue
            expected = ofrep_value(served.relay, served.key, flag, context)
            answer = client.ask("boolean", flag, not expected, context)
            assert answer["value"] is expected, (flag, context, answer)
    left_out = client.ask("boolean", "rolled", True, CONTEXTS[0])
    assert (left_out["value"], left_out["error"]) == (True, "FLAG_NOT_FOUND")
    assert client.ask("string", "sleeping", "mine", CONTEXTS[0])["value"] == "mine"


def test_the_interface_itself(served, generated):
    evaluation, evaluation_grpc, sync, sync_grpc = generated
    client_key = served.stack.create_key("client")
    with grpc.insecure_channel(f"127.0.0.1:{served.port}") as channel:
        service, flags = evaluation_grpc.ServiceStub(channel), sync_grpc.FlagSyncServiceStub(channel)
        request = evaluation.ResolveBooleanRequest(flag_key="ruled")
        json_format.ParseDict({"targetingKey": "u", "country": "AT"}, request.context)
        for credential in ((), (("authorization", f"Bearer {served.key}"),), (("x-api-key", served.key),)):
            response = service.ResolveBoolean(request, timeout=20, metadata=credential)
            assert (response.value, response.variant, response.reason) == (True, "on", "TARGETING_MATCH")
            assert response.metadata["ruleId"] == "dach"

        def refused(call, message, code, *credential):
            with pytest.raises(grpc.RpcError) as caught:
                call(message, timeout=20, metadata=credential)
            assert caught.value.code() == code, caught.value

        # UNAVAILABLE as long as the relay may not have everything.
        wait_for(lambda: _code(service.ResolveBoolean, request, "fan_srv_other") == grpc.StatusCode.UNAUTHENTICATED, "401")
        wait_for(lambda: _code(service.ResolveBoolean, request, client_key) == grpc.StatusCode.NOT_FOUND, "the client key")
        refused(flags.FetchAllFlags, sync.FetchAllFlagsRequest(), grpc.StatusCode.PERMISSION_DENIED, ("x-api-key", client_key))

        everything = service.ResolveAll(evaluation.ResolveAllRequest(), timeout=20).flags
        assert everything["text"].string_value == "grün 🚩" and everything["broken"].double_value == 1.5
        assert json_format.MessageToDict(everything["tree"].object_value) == {"n": [1, {"x": None}]}
        assert "sleeping" not in everything and "rolled" not in everything  # no value; no targetingKey

        fetched = json.loads(flags.FetchAllFlags(sync.FetchAllFlagsRequest(selector="any"), timeout=20).flag_configuration)
        assert fetched["metadata"]["leftOut"] == "rolled"
        assert fetched["metadata"]["environment"] == "acme/web/development"
        assert fetched["flags"]["sleeping"]["state"] == "DISABLED"
        assert flags.GetMetadata(sync.GetMetadataRequest(), timeout=20).metadata == {}

        stream = service.EventStream(evaluation.EventStreamRequest(), timeout=60)
        assert next(stream).type == "provider_ready"
        served.stack.configure("text", {"fallthrough": {"variation": "b"}})
        event = next(stream)
        assert event.type == "configuration_change"
        assert json_format.MessageToDict(event.data) == {"flags": {"text": {"type": "update"}}}
        stream.cancel()
    metrics = served.relay.metrics()
    assert metrics['fanion_relay_requests_total{route="flagd_resolve",outcome="ok"}'] >= 3


def _code(call, request, key):
    try:
        call(request, timeout=20, metadata=(("x-api-key", key),))
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK


def test_a_unix_socket(served):
    socket = served.stack.dir / "flagd.sock"
    relay = served.add_relay("relay-socket", "--grpc-listen", f"unix:{socket}", "--socket-mode", "600").start()
    wait_for(socket.exists, "the socket")
    assert socket.stat().st_mode & 0o777 == 0o600
    program = ["node", ROOT / "tests/e2e/clients/node-server/client.mjs", CLIENTS / "node-flagd"]
    client = served.track(LineClient([*program, f"flagd:{socket}", "rpc"], served.stack.dir / "client-socket.log"))
    wait_for(lambda: client.ask("boolean", "bool", False, {"targetingKey": "u"})["value"] is True, "the flag")
    client.close()  # flagd's provider for Node.js does not end once its server has
    relay.process.stop()
    assert not socket.exists()


def test_a_relay_refuses_a_key_for_everybody(served):
    relay = served.add_relay("relay-open", "--grpc-listen", "0.0.0.0:0")
    relay.process.start()
    wait_for(lambda: not relay.process.alive, "the end of the relay")
    assert "loopback" in relay.process.tail()


def flags_over_tls(port, authority, own=None):
    """Asks for the flag `bool` on a connection of its own, which shows what `own` names; the status and the certificate's name."""
    certificate, key = (path.read_bytes() for path in own) if own else (None, None)
    credentials = grpc.ssl_channel_credentials(authority.ca.read_bytes(), key, certificate)
    options = (("grpc.use_local_subchannel_pool", 1),)
    with grpc.secure_channel(f"localhost:{port}", credentials, options) as channel:
        call = channel.unary_unary("/flagd.evaluation.v1.Service/ResolveBoolean")
        try:
            call(b"\x0a\x04bool", timeout=20)
        except grpc.RpcError as error:
            return error.code()
    return grpc.StatusCode.OK


def serial_shown(port, authority, own):
    context = authority.context(own)
    context.set_alpn_protocols(["h2"])
    with contextlib.suppress(OSError), context.wrap_socket(socket_module.create_connection(("127.0.0.1", port), 20),
                                                           server_hostname="localhost") as tls:
        return tls.getpeercert()["serialNumber"]
    return None


def test_tls_and_a_change_of_the_certificate(served):
    authority, port = Authority(served.stack.dir / "authority"), free_port()
    certificate, key = authority.issue("relay")
    own = authority.issue("application")
    relay = served.add_relay("relay-tls", "--grpc-listen", f"127.0.0.1:{port}", "--tls-cert", certificate, "--tls-key", key,
                             "--client-ca", authority.ca).start()
    wait_for(lambda: flags_over_tls(port, authority, own) == grpc.StatusCode.OK, "an answer over TLS")
    assert flags_over_tls(port, authority) == grpc.StatusCode.UNAVAILABLE  # it shows no certificate
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel, pytest.raises(grpc.RpcError):
        channel.unary_unary("/flagd.evaluation.v1.Service/ResolveBoolean")(b"\x0a\x04bool", timeout=20)

    credentials = grpc.ssl_channel_credentials(authority.ca.read_bytes(), own[1].read_bytes(), own[0].read_bytes())
    with grpc.secure_channel(f"localhost:{port}", credentials) as channel:
        stream = channel.unary_stream("/flagd.evaluation.v1.Service/EventStream")(b"", timeout=120)
        next(stream)
        first = serial_shown(port, authority, own)
        old = key.read_bytes()
        authority.issue("relay")
        new = key.read_bytes()
        key.write_bytes(old)  # of another certificate: refused, and the port goes on with what it had
        wait_for(lambda: relay.metrics()["fanion_tls_reload_failures_total"] == 1, "the refusal")
        assert serial_shown(port, authority, own) == first
        key.write_bytes(new)
        wait_for(lambda: serial_shown(port, authority, own) not in (None, first), "the new certificate")
        assert flags_over_tls(port, authority, own) == grpc.StatusCode.OK
        served.stack.configure("ruled", {"enabled": False})
        assert b"ruled" in next(stream)  # a stream of the connection with the old one
        stream.cancel()
    assert relay.metrics()["fanion_grpc_connections_accepted_total"] >= 5
    relay.process.stop()


def test_connections_are_bounded(served):
    port = free_port()
    relay = served.add_relay("relay-bounded", "--grpc-listen", f"127.0.0.1:{port}", "--connections", "100",
                             "--grpc-connections", "2").start()

    def is_kept(connection):
        """Whether HTTP/2 settings come, rather than the end."""
        with contextlib.suppress(OSError):
            return len(connection.recv(9)) == 9
        return False

    def is_ended(connection):
        """Whether the end comes, behind what was sent before it; waits for it."""
        with contextlib.suppress(ConnectionError):
            while connection.recv(4096):
                pass
        return True

    opened = [socket_module.create_connection(("127.0.0.1", port), 20) for _ in range(2)]
    assert all(is_kept(connection) for connection in opened)
    call = "/flagd.evaluation.v1.Service/ResolveBoolean"
    key = [("authorization", f"Bearer {served.key}")]
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:  # in the place of the oldest, which nobody knows
        channel.unary_unary(call)(b"\x0a\x04bool", metadata=key, timeout=20)
        assert is_ended(opened[0])
        crowd = [socket_module.create_connection(("127.0.0.1", port), 20) for _ in range(3)]
        assert is_kept(crowd[-1]) and is_ended(opened[1]) and is_ended(crowd[0])
        channel.unary_unary(call)(b"\x0a\x04bool", metadata=key, timeout=20)  # over the same connection
    metrics = relay.metrics()
    assert metrics["fanion_grpc_connections_accepted_total"] == 6
    assert metrics["fanion_grpc_connections_evicted_total"] == 4
    assert metrics["fanion_grpc_connections_rejected_total"] == 0
    for connection in (*opened, *crowd):
        connection.close()
    relay.process.stop()
