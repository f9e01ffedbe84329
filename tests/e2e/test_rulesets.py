"""Rulesets for SDKs: an independent implementation of the client verifies what relays pass on."""
import gzip
import time

import pytest

from support.processes import DEADLINE, http, wait_for
from support.verifying_sdk import Refused, Stream, VerifyingSdk, events_of

SOON = 5  # seconds within which the streams of a revoked key end


class Place:
    """Two relays of one environment with some flags, and a server key."""

    def __init__(self, stack):
        self.stack = stack
        for key, client in (("open", True), ("grouped", True), ("hidden", False)):
            stack.create_flag(key, client=client)
            stack.configure(key, {"enabled": True})
        for key in ("staff", "public"):
            stack.admin.call("POST", f"{stack.home}/segments", {"key": key})
        self.rule_in("staff")
        self.server = stack.create_key("server")
        self.client = stack.create_key("client", origins=["https://app.example"], rules=True)
        relay_key = stack.create_key("relay")
        self.relays = [stack.add_relay(name, key=relay_key).start() for name in ("relay-1", "relay-2")]
        for relay in self.relays:
            wait_for(lambda r=relay: self.get(r, "/sdk/v1/ruleset", self.client).status == 200, "the newest key")
        self.trust = (stack.dir / "control/trust.json").read_bytes()

    def rule_in(self, segment):
        return self.stack.configure("grouped", {"rules": [{"id": "r1", "when": {"op": "in_segment", "values": [segment]},
                                                           "serve": {"variation": "on"}}]}).json

    def get(self, relay, path, key=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return http("GET", relay.url + path, None, {"Authorization": f"Bearer {key or self.server}", **headers})

    def sdk(self, relay=None, key=None):
        sdk = VerifyingSdk(self.trust)
        sdk.accept(self.get(relay or self.relays[0], "/sdk/v1/ruleset", key).body)
        return sdk

    def revoke(self, key):
        path = f"{self.stack.home}/environments/development/keys"
        self.stack.admin.call("DELETE", f"{path}/{key.split('_')[2][:10]}", headers={"If-Match": "*"})


@pytest.fixture
def place(stack):
    return Place(stack)


def test_the_whole_is_verified_and_a_changed_byte_is_refused(place):
    relay = place.relays[0]
    answer = place.get(relay, "/sdk/v1/ruleset")
    sdk = VerifyingSdk(place.trust)
    sdk.accept(answer.body)
    assert sdk.body("flag/hidden")["key"] == "hidden"
    assert {key for key, (body, _) in sdk.items.items() if body is None} == {k for k in sdk.items if k.startswith("access/")}
    assert answer.headers["ETag"] == f'"{sdk.have}"'
    assert place.get(relay, "/sdk/v1/ruleset", If_None_Match=answer.headers["ETag"]).status == 304
    packed = place.get(relay, "/sdk/v1/ruleset", Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == answer.body
    assert packed.headers["ETag"] == f'"{sdk.have}-gzip"'
    assert place.get(relay, "/sdk/v1/ruleset", If_None_Match=packed.headers["ETag"]).status == 304
    for at in (answer.body.index(b"\n") + 30, answer.body.index(b"flag/open\t{") + 40):
        bad = bytearray(answer.body)
        bad[at] ^= 1
        with pytest.raises(Refused):
            VerifyingSdk(place.trust).accept(bytes(bad))


def test_a_stream_is_resumed_on_another_relay(place):
    sdk = VerifyingSdk(place.trust)
    first = Stream(place.relays[0], place.server, DEADLINE)
    event, _, document = first.next("put", "patch")
    assert event == "put"
    sdk.accept(document)
    place.stack.configure("open", {"fallthrough": {"variation": "off"}})
    event, _, document = first.next("put", "patch")
    assert event == "patch"
    sdk.accept(document)
    assert sdk.body("flag/open")["fallthrough"] == {"variation": "off"}
    sdk.accept(first.next("head")[2])
    assert (sdk.heads[-1]["epoch"], sdk.heads[-1]["version"]) == sdk.version
    first.close()
    place.stack.configure("open", {"fallthrough": {"variation": "on"}})
    newer = wait_for(lambda: (a := place.get(place.relays[1], "/sdk/v1/ruleset")).headers["ETag"] != f'"{sdk.have}"' and a, "the change")
    second = Stream(place.relays[1], place.server, DEADLINE, Last_Event_ID=first.last_id)
    event, _, document = second.next("put", "patch")
    assert event == "patch"
    sdk.accept(document)
    assert newer.headers["ETag"] == f'"{sdk.have}"'
    second.close()


def test_a_poll_brings_what_is_newer_and_the_head(place):
    sdk = place.sdk()
    began = time.monotonic()
    quiet = place.get(place.relays[0], f"/sdk/v1/poll?version={sdk.have}&wait=300ms")
    assert (quiet.status, time.monotonic() - began >= 0.3) == (200, True)
    assert {event for event, _, _ in events_of(quiet.body)} <= {"head"}
    place.stack.configure("open", {"fallthrough": {"variation": "off"}})
    news = place.get(place.relays[0], f"/sdk/v1/poll?version={sdk.have}&wait=30s")
    found = list(events_of(news.body))
    assert found[0][0] == "patch"
    for _, _, document in found:
        sdk.accept(document)
    assert sdk.body("flag/open")["fallthrough"] == {"variation": "off"}


def test_since_is_answered_with_a_delta(place):
    sdk = place.sdk()
    before = sdk.have
    place.stack.configure("open", {"fallthrough": {"variation": "off"}})
    answer = wait_for(lambda: (a := place.get(place.relays[0], f"/sdk/v1/ruleset?since={before}")).headers["ETag"] != f'"{before}"' and a,
                      "the change")
    assert sdk.accept(answer.body)["typ"] == "delta"
    assert answer.headers["ETag"] == f'"{sdk.have}"'


def test_client_keys_get_what_is_for_clients(place):
    assert "withheld_from_clients" in {w["code"] for w in place.rule_in("staff")["warnings"]}
    relay = place.relays[0]
    sdk = place.sdk(key=place.client)
    assert sdk.body("flag/open")["key"] == "open"
    assert [sdk.body(key) for key in ("flag/hidden", "flag/grouped", "segment/staff", "segment/public")] == [None] * 4
    assert {key for key in sdk.items if key.startswith("access/") and sdk.body(key)} == set()
    stream = Stream(relay, place.client, DEADLINE, Fanion_Have=f"{sdk_env(place)}={sdk.have}")
    path = f"{place.stack.home}/segments/staff"
    etag = place.stack.admin.call("GET", path).headers["ETag"]
    place.stack.admin.call("PATCH", path, {"client": True},
                           headers={"If-Match": etag, "Content-Type": "application/merge-patch+json"})
    while sdk.body("flag/grouped") is None:
        event, _, document = stream.next("put", "patch")
        assert event == "patch"
        sdk.accept(document)
    assert sdk.body("segment/staff")["client"] is True
    assert sdk.body("flag/hidden") is None
    stream.close()
    plain = place.stack.create_key("client")
    wait_for(lambda: place.get(relay, "/sdk/v1/ruleset", plain).status == 403, "a client key without rules is refused")


def sdk_env(place):
    return place.stack.admin.call("GET", f"{place.stack.home}/environments/development").json["env_id"]


def test_streams_and_polls_of_a_revoked_key_end_soon(place):
    sdk = place.sdk()
    stream = Stream(place.relays[0], place.server, DEADLINE)
    assert stream.next()[0] == "put"
    place.revoke(place.server)
    began = time.monotonic()
    while stream.next() is not None:
        pass
    assert time.monotonic() - began < SOON
    answer = place.get(place.relays[0], f"/sdk/v1/poll?version={sdk.have}")
    assert answer.status in (401, 503)


def test_trust_and_sdks_are_shown(place):
    relay = place.relays[0]
    answer = place.get(relay, "/sdk/v1/trust?from=0", place.client)
    assert answer.body == place.trust
    assert place.get(relay, "/sdk/v1/trust?from=1").body == b""
    stream = Stream(relay, place.server, DEADLINE)
    stream.next()
    assert relay.metrics()['fanion_relay_sdk_streams{sdk="test/1.0"}'] == 1
    stream.close()
