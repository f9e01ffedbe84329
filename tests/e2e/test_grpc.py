"""The admin API over gRPC, by a Python client that has only the .proto files: reflection, a walk over the services, refusals with
their details, and live changes."""
import contextlib
import importlib
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

import grpc
import pytest
from google.protobuf import json_format
from google.rpc import error_details_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_status import rpc_status

from support.processes import free_port, wait_for
from support.stack import ROOT, Stack
from test_tls import Authority

PROTO = ROOT / "proto-schemas/proto"
HOME = {"org": Stack.org, "project": Stack.project}


class GrpcStack(Stack):
    def __init__(self, directory):
        super().__init__(directory)
        self.grpc_port = free_port()
        self.options = (*Stack.options, "--grpc-listen", f"127.0.0.1:{self.grpc_port}")


class Api:
    """`api.call("FlagService", "GetFlag", flag="f")` with the token; the response as a message."""

    def __init__(self, channel, modules, token=None):
        self.channel, self.modules, self.token = channel, modules, token

    def call(self, service, method, timeout=20, metadata=(), **fields):
        stub, request = self._prepare(service, method, fields)
        return getattr(stub, method)(request, timeout=timeout, metadata=[*self._credential(), *metadata])

    def _prepare(self, service, method, fields):
        file = "".join("_" + c.lower() if c.isupper() else c for c in service).lstrip("_")
        stub = getattr(self.modules[file + "_pb2_grpc"], service + "Stub")(self.channel)
        request = getattr(self.modules[file + "_pb2"], method + "Request")()
        json_format.ParseDict(fields, request)
        return stub, request

    def _credential(self):
        return [("authorization", f"Bearer {self.token}")] if self.token else []

    def refused(self, code, service, method, **fields):
        """The details of the error by type."""
        with pytest.raises(grpc.RpcError) as caught:
            self.call(service, method, **fields)
        assert caught.value.code() == code, caught.value
        status = rpc_status.from_call(caught.value)
        details = {}
        for packed in status.details:
            name = packed.TypeName().rsplit(".", 1)[1]
            details[name] = getattr(error_details_pb2, name)()
            assert packed.Unpack(details[name])
        assert details["ErrorInfo"].domain == "fanion"
        return details


@pytest.fixture(scope="module")
def generated():
    """The modules that protoc makes of the .proto files."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="fanion-proto-"))
    files = sorted(str(file.relative_to(PROTO)) for file in PROTO.rglob("*.proto"))
    subprocess.run([sys.executable, "-m", "grpc_tools.protoc", f"-I{PROTO}", f"--python_out={folder}",
                    f"--grpc_python_out={folder}", *files], check=True)
    sys.path.insert(0, str(folder))
    yield {file.stem: importlib.import_module("fanion.admin.v1." + file.stem)
           for file in (folder / "fanion/admin/v1").glob("*.py")}
    sys.path.remove(str(folder))
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def running():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with GrpcStack(directory) as stack:
        yield stack
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def channel(running):
    with grpc.insecure_channel(f"127.0.0.1:{running.grpc_port}") as opened:
        yield opened


@pytest.fixture
def api(channel, generated, running):
    return Api(channel, generated, running.admin.token)


def test_reflection_describes_the_services(channel):
    database = ProtoReflectionDescriptorDatabase(channel)
    services = set(database.get_services())
    expected = {"Organisation", "Project", "Environment", "Flag", "FlagConfiguration", "Evaluation", "Segment", "Key", "Role",
                "Audit"}
    assert {f"fanion.admin.v1.{name}Service" for name in expected} <= services
    file = database.FindFileContainingSymbol("fanion.admin.v1.FlagService")
    methods = {method.name: method for method in file.service[0].method}
    assert methods["CreateFlag"].input_type == ".fanion.admin.v1.CreateFlagRequest"


def test_a_flag_from_its_creation_to_its_evaluation(api):
    api.call("ProjectService", "CreateProject", org="acme", project={"key": "shop", "name": "Shop"})
    place = {"org": "acme", "project": "shop"}
    listed = api.call("ProjectService", "ListProjects", org="acme", page_size=1)
    assert len(listed.projects) == 1 and listed.next_page_token
    more = api.call("ProjectService", "ListProjects", org="acme", page_token=listed.next_page_token)
    assert {p.key for p in [*listed.projects, *more.projects]} == {"shop", "web"}
    environments = api.call("EnvironmentService", "ListEnvironments", **place).environments
    assert [e.key for e in environments] == ["development", "staging", "production"]
    assert environments[2].protected

    created = api.call("FlagService", "CreateFlag", **place, options={"comment": "a new search"},
                       flag={"key": "search", "type": "string", "tags": ["web"],
                             "variations": [{"key": "old", "value": "v1"}, {"key": "new", "value": "v2"}]})
    assert created.flag.version == 1 and created.result.etag
    got = api.call("FlagService", "GetFlag", **place, flag="search")
    assert got.etag == created.result.etag and got.flag.variations[1].value.string_value == "v2"
    replacement = json_format.MessageToDict(got.flag, preserving_proto_field_name=True)
    replacement["name"] = "Search"
    replaced = api.call("FlagService", "ReplaceFlag", **place, flag="search", replacement=replacement,
                        options={"etag": got.etag})
    assert replaced.flag.name == "Search" and list(replaced.flag.tags) == ["web"]
    found = api.call("FlagService", "ListFlags", **place, tag=["web"], include_total=True)
    assert found.total == 1 and "production" in found.flags[0].environments

    where = {**place, "flag": "search", "environment": "development"}
    turn_on = [{"kind": "turn_on"}, {"kind": "add_rule", "when": "country is 'DE'", "serve": {"variation": "new"}}]
    tried = api.call("FlagConfigurationService", "ChangeFlagConfiguration", **where, instructions=turn_on,
                     options={"dry_run": True})
    assert "Turns the flag on." in tried.result.dry_run.changes and not tried.HasField("configuration")
    changed = api.call("FlagConfigurationService", "ChangeFlagConfiguration", **where, instructions=turn_on)
    assert changed.configuration.enabled and changed.configuration.rules[0].serve.variation == "new"
    assert set(changed.result.ruleset_versions) == {"development"}
    answer = api.call("EvaluationService", "Evaluate", **place, environment="development", flag="search",
                      context={"targetingKey": "ada", "country": "DE"})
    assert (answer.value.string_value, answer.variation) == ("v2", "new") and answer.steps

    current = api.call("FlagConfigurationService", "GetFlagConfiguration", **where)
    configuration = json_format.MessageToDict(current.configuration, preserving_proto_field_name=True)
    configuration["fallthrough"] = {"split": {"weights": [{"variation": "new", "weight": 0}], "otherwise": "old"}}
    again = api.call("FlagConfigurationService", "ReplaceFlagConfiguration", **where, configuration=configuration,
                     options={"etag": current.etag})
    assert again.configuration.rules[0].id == changed.configuration.rules[0].id
    uses = api.call("FlagService", "ListFlagUses", **place, flag="search", variation="new")
    assert [use.environment for use in uses.items] == ["development"]


def test_an_environment_that_was_read_is_replaced_by_itself(api):
    where = {**HOME, "environment": "production"}

    def replace(**changes):
        current = api.call("EnvironmentService", "GetEnvironment", **where)
        replacement = json_format.MessageToDict(current.environment, preserving_proto_field_name=True)
        return api.call("EnvironmentService", "ReplaceEnvironment", **where, replacement={**replacement, **changes},
                        options={"etag": current.etag}).environment

    staging = {"label": "canary", "soak_seconds": 0, "hold_seconds": 60}
    changed = replace(comment_required=True, confirmation="type", staging=staging)
    assert (changed.comment_required, changed.confirmation) == (True, "type")
    assert (changed.staging.label, changed.staging.soak_seconds, changed.staging.hold_seconds) == ("canary", 0, 60)
    assert changed.staging.without_canaries == "hold"
    same = replace()
    assert (same.comment_required, same.confirmation, same.staging) == (True, "type", changed.staging)
    plain = api.call("EnvironmentService", "ReplaceEnvironment", **where, options={"etag": "*", "comment": "as it was"},
                     replacement={"name": "Production", "protected": True}).environment
    assert not plain.comment_required and not plain.HasField("staging")


def test_segments_keys_roles_and_the_audit_log(api):
    made = api.call("SegmentService", "CreateSegment", **HOME, segment={"key": "staff"})
    where = {**HOME, "segment": "staff", "environment": "development"}
    assert made.segment.key == "staff"
    added = api.call("SegmentService", "ChangeSegmentMembers", **where, changes={"add": ["ada", "bob"]})
    assert (added.changes.added, added.changes.total) == (2, 2)
    members = api.call("SegmentService", "ListSegmentMembers", **where)
    assert list(members.values) == ["ada", "bob"] and members.total == 2
    api.call("SegmentService", "ChangeSegmentConfiguration", **where,
             instructions=[{"kind": "remove_included", "values": ["bob"]}])
    body = api.call("SegmentService", "GetSegmentConfiguration", **where).configuration
    assert list(body.included[0].values) == ["ada"]

    place = {**HOME, "environment": "development"}
    key = api.call("KeyService", "CreateKey", **place, key={"kind": "server", "name": "till", "expires_at": None}).key
    assert key.key.startswith("fan_srv_") and not key.HasField("expires_at")
    rotated = api.call("KeyService", "RotateKey", **place, key=key.id, rotation={"overlap_seconds": 0}).key
    assert rotated.replaces == key.id
    relay = api.call("KeyService", "CreateKey", org="acme", key={"kind": "relay"}).key
    assert [k.id for k in api.call("KeyService", "ListKeys", org="acme").keys] == [relay.id]
    api.call("KeyService", "RevokeKey", org="acme", key=relay.id)
    assert api.call("KeyService", "GetKey", org="acme", key=relay.id).key.HasField("revoked_at")

    role = api.call("RoleService", "CreateRole", org="acme", role={"key": "reader", "permissions": ["read"]}).role
    assert list(role.permissions) == ["read"] and not role.built_in
    assert {"owner", "reader"} <= {r.key for r in api.call("RoleService", "ListRoles", org="acme").roles}
    api.call("RoleService", "DeleteRole", org="acme", role="reader")
    owner = api.call("RoleService", "ListMembers", org="acme").members[0]
    assert owner.role == "owner"
    assert "edit" in api.call("RoleService", "GetMyPermissions", org="acme").permissions

    metadata = [("x-request-id", "walk-1")]
    etag = api.call("SegmentService", "GetSegment", **HOME, segment="staff").etag
    api.call("SegmentService", "DeleteSegment", **HOME, segment="staff", options={"etag": etag, "comment": "gone"},
             metadata=metadata)
    entries = api.call("AuditService", "ListAuditEntries", **{"org": "acme", "action": "segment.deleted"}).entries
    entry = entries[0].entry
    assert (entry.comment, entry.request_id, entry.peer, entry.actor_kind) == ("gone", "walk-1", "127.0.0.1", "user")
    assert api.call("AuditService", "GetAuditEntry", org="acme", entry=entry.id).entry.hash == entries[0].hash
    assert api.call("OrganisationService", "GetUsage", org="acme").quotas


def test_the_same_request_twice_with_one_key(api):
    ask = {"flag": {"key": "once", "type": "boolean"}, "options": {"idempotency_key": "0123456789abcdef"}}
    first = api.call("FlagService", "CreateFlag", **HOME, **ask)
    second = api.call("FlagService", "CreateFlag", **HOME, **ask)
    assert not first.result.replayed and second.result.replayed
    assert first.flag == second.flag


def test_refusals_have_details(api, channel, generated, running):
    code = grpc.StatusCode
    api.call("FlagService", "CreateFlag", **HOME, flag={"key": "kept", "type": "boolean"})
    nobody = Api(channel, generated)
    nobody.refused(code.UNAUTHENTICATED, "FlagService", "GetFlag", **HOME, flag="kept")
    api.refused(code.NOT_FOUND, "ProjectService", "ListProjects", org="another")
    taken = api.refused(code.ALREADY_EXISTS, "FlagService", "CreateFlag", **HOME, flag={"key": "kept", "type": "boolean"})
    assert taken["ErrorInfo"].reason == "TAKEN" and taken["RequestInfo"].request_id
    bad = api.refused(code.INVALID_ARGUMENT, "FlagService", "CreateFlag", **HOME,
                      flag={"key": "b", "type": "string", "variations": [{"key": "no key", "value": "x"}]})
    assert bad["BadRequest"].field_violations[0].field == "flag.variations[0].key"
    missing = api.refused(code.INVALID_ARGUMENT, "FlagService", "GetFlag", org="acme", project="web")
    assert missing["BadRequest"].field_violations[0].field == "flag"
    unknown = api.refused(code.INVALID_ARGUMENT, "FlagService", "ListFlags", **HOME, page_size=1000)
    assert unknown["BadRequest"].field_violations[0].field == "page_size"
    stale = api.refused(code.ABORTED, "FlagService", "ChangeFlag", **HOME, flag="kept", options={"etag": '"77"'},
                        instructions=[{"kind": "set_name", "name": "x"}])
    assert stale["ErrorInfo"].reason == "PRECONDITION_FAILED"
    protected = api.refused(code.FAILED_PRECONDITION, "FlagConfigurationService", "ChangeFlagConfiguration", **HOME,
                            flag="kept", environment="production", instructions=[{"kind": "turn_on"}])
    assert protected["ErrorInfo"].metadata["http_status"] == "428"

    made = running.admin.call("POST", "/orgs/acme/tokens", {"name": "reader", "role": "viewer"}).json
    viewer = Api(channel, generated, made["token"])
    viewer.call("FlagService", "GetFlag", **HOME, flag="kept")
    denied = viewer.refused(code.PERMISSION_DENIED, "FlagService", "CreateFlag", **HOME, flag={"key": "c", "type": "boolean"})
    assert denied["ErrorInfo"].reason == "FORBIDDEN"
    refused = running.admin.call("GET", "/orgs/acme/audit?action=request.refused").json["items"]
    assert refused[0]["entry"]["peer"] == "127.0.0.1"


def test_changes_are_watched(api):
    stub, request = api._prepare("AuditService", "WatchChanges", {"org": "acme", "since": 0})
    stream = stub.WatchChanges(request, metadata=api._credential(), timeout=30)
    first = next(stream)
    assert first.WhichOneof("event") in ("change", "reset")
    api.call("FlagService", "CreateFlag", **HOME, flag={"key": "seen", "type": "boolean"})
    for event in stream:
        if event.change.resource.endswith("flags/seen"):
            break
    assert event.change.action == "flag.created" and event.change.actor.email == Stack.email
    stream.cancel()


def test_messages_and_calls_are_counted_and_bounded(api, running, generated):
    before = running.control.metrics()
    name = 'fanion_control_plane_grpc_calls_total{method="FlagService/ListFlags"}'
    api.call("FlagService", "ListFlags", **HOME)
    after = running.control.metrics()
    assert after[name] == before[name] + 1
    assert after["fanion_control_plane_grpc_calls"] == 0
    with pytest.raises(grpc.RpcError) as caught:
        api.call("SegmentService", "ChangeSegmentMembers", **HOME, segment="s", environment="development",
                 changes={"add": ["x" * 60_000] * 40})
    assert caught.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED


def test_a_call_without_its_message_is_not_carried_out(api, channel, running):
    name = 'fanion_control_plane_grpc_ended_total{code="CANCELLED"}'
    before = running.control.metrics()[name]
    list_organisations = channel.stream_unary("/fanion.admin.v1.OrganisationService/ListOrganisations")
    with pytest.raises(grpc.RpcError) as caught:
        list_organisations(iter([]), metadata=api._credential(), timeout=20)
    assert caught.value.code() == grpc.StatusCode.CANCELLED
    assert running.control.metrics()[name] == before + 1
    api.call("OrganisationService", "ListOrganisations")


def test_tls_with_certificates_of_clients_and_a_new_certificate(stack):
    authority, port = Authority(stack.dir / "authority"), free_port()
    certificate, key = authority.issue("control")
    control = stack.add_control_plane("control-tls", "--tls-cert", certificate, "--tls-key", key, "--client-ca", authority.ca,
                                      "--grpc-listen", f"127.0.0.1:{port}").start()
    own = authority.issue("person")
    target, trusted = f"localhost:{port}", authority.ca.read_bytes()
    known = grpc.ssl_channel_credentials(trusted, own[1].read_bytes(), own[0].read_bytes())
    unreachable = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)

    def code(opened):
        with opened, pytest.raises(grpc.RpcError) as caught:
            opened.unary_unary("/fanion.admin.v1.FlagService/GetFlag")(b"", timeout=20)
        return caught.value.code()

    assert code(grpc.secure_channel(target, known)) not in unreachable
    assert code(grpc.secure_channel(target, grpc.ssl_channel_credentials(trusted))) in unreachable
    assert code(grpc.insecure_channel(target)) in unreachable

    def serial():
        """Of the certificate that the port shows; None if it refuses connections."""
        context = authority.context(own)
        context.set_alpn_protocols(["h2"])
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=60) as raw:
            with context.wrap_socket(raw, server_hostname="localhost") as connection:
                return connection.getpeercert()["serialNumber"]
        return None

    before = serial()
    assert before
    old = key.read_bytes()
    authority.issue("control")
    new = key.read_bytes()
    key.write_bytes(old)  # of another certificate
    wait_for(lambda: control.metrics()["fanion_tls_reload_failures_total"] == 1, "the refusal")
    assert serial() == before
    key.write_bytes(new)
    wait_for(lambda: serial() not in (None, before), "the new certificate is shown")
    assert code(grpc.secure_channel(target, known)) not in unreachable


def test_it_ends_in_order(running, channel, generated):
    """The last test: a watching client is told, and the program ends cleanly."""
    api = Api(channel, generated, running.admin.token)
    stub, request = api._prepare("AuditService", "WatchChanges", {"org": "acme", "since": 0})
    stream = stub.WatchChanges(request, metadata=api._credential(), timeout=60)
    next(stream)
    running.control.process.stop()
    list(stream)
    assert '"clean":true' in running.control.process.log.read_text()
