"""Relays behind relays: three deep, and with a hostile one in the middle."""
import re

import pytest

from support.hostile_relay import HostileRelay, kind_of, with_data
from support.processes import DEADLINE, http, wait_for
from support.stack import ofrep_value


def knows(service, key):
    """Whether the ruleset with this relay key has arrived there: a refused relay would ask again only after a minute."""
    answer = http("GET", f"{service.url}/relay/v1/trust", None, {"Authorization": f"Bearer {key}"})
    return answer is not None and answer.status == 200


def add_below(stack, name, parent, key=None):
    key = key or stack.create_key("relay")
    wait_for(lambda: knows(parent, key), f"{parent.url} knows the key of {name}")
    return stack.add_relay(name, [parent], key).start()


def set_fallthrough(stack, variation):
    stack.configure("f", {"fallthrough": {"variation": variation}})


def propagation(stack, wait=None):
    query = f"?wait={wait}" if wait else ""
    return stack.admin.call("GET", f"{stack.home}/environments/development/propagation{query}").json


def passed(relay, state):
    return relay.metrics()[f'fanion_relay_passed_events_{state}{{kind="counts"}}']


@pytest.fixture
def ready(stack):
    stack.create_flag("f")
    stack.configure("f", {"enabled": True, "fallthrough": {"variation": "on"}})
    stack.server = stack.create_key("server")
    return stack


@pytest.fixture
def chain(ready):
    """top, middle, bottom: relay under relay under relay under the control plane."""
    relays = [ready.add_relay("top").start()]
    for name in ("middle", "bottom"):
        relays.append(add_below(ready, name, relays[-1]))
    for relay in relays:
        wait_for(lambda r=relay: ofrep_value(r, ready.server, "f") is True, f"{relay.name} serves")
    return relays


def test_a_change_reaches_the_third_relay_and_the_first_reports_it(ready, chain):
    set_fallthrough(ready, "off")
    found = propagation(ready, "30s")
    assert found["complete"] is True
    wait_for(lambda: len(propagation(ready)["relays"]) == 3, "all relays have reported")
    set_fallthrough(ready, "on")
    found = propagation(ready, "30s")
    assert {r["relay"]: (r["standing"], r["path"]) for r in found["relays"]} == {
        "top": ("up_to_date", []), "middle": ("up_to_date", ["top"]), "bottom": ("up_to_date", ["top", "middle"])}
    assert ofrep_value(chain[2], ready.server, "f") is True
    assert chain[2].process.stop() == 0
    assert "upstream_failed" not in chain[2].process.tail(), "a stop is no failure of the upstream"


def test_events_of_the_third_relay_are_counted_once(ready, chain):
    top, middle, bottom = chain
    for _ in range(7):
        assert ofrep_value(bottom, ready.server, "f") is True
    counted = bottom.metrics()['fanion_relay_events_accepted_total{kind="counts"}']
    assert counted >= 7
    wait_for(lambda: bottom.metrics()['fanion_relay_events_delivered_total{kind="counts"}'] == counted, "the parent has them")
    for relay in (middle, top):
        wait_for(lambda r=relay: passed(r, "delivered_total") >= counted and passed(r, "queued") == 0, f"{relay.name} has passed them on")
        assert passed(relay, "accepted_total") == passed(relay, "delivered_total")
        assert passed(relay, "dropped_total") == 0
    total = sum(relay.metrics()['fanion_relay_events_accepted_total{kind="counts"}'] for relay in chain)
    wait_for(lambda: ready.control.metrics()["fanion_control_plane_evaluations_total"] == total, "all are stored, each once")


def test_the_last_use_of_keys_below_is_known_above(ready, chain):
    only_below = ready.create_key("server")
    wait_for(lambda: ofrep_value(chain[2], only_below, "f") is True, "the key arrives")
    place = f"{ready.home}/environments/development/keys"

    def last_uses():
        return {item["id"]: item["last_used_at"] for item in ready.admin.call("GET", place).json["items"]}
    keys = [only_below, *((ready.dir / f"{relay.name}.key").read_text() for relay in chain)]
    for key in keys:
        wait_for(lambda k=key: last_uses()[k.split("_")[2][:10]], "the use of the key has come up")


def test_a_relay_that_loses_its_parent_goes_on_and_follows_again(ready, chain):
    top, middle, bottom = chain
    middle.process.kill()
    set_fallthrough(ready, "off")
    assert ofrep_value(bottom, ready.server, "f") is True
    middle.start()
    wait_for(lambda: ofrep_value(bottom, ready.server, "f") is False, "the change arrives")


def test_a_key_that_is_revoked_is_refused_by_the_parent(ready):
    top = ready.add_relay("top").start()
    key = ready.create_key("relay")
    wait_for(lambda: knows(top, key), "the key arrives")
    path = f"{ready.home}/environments/development/keys/{key.split('_')[2][:10]}"
    ready.admin.call("DELETE", path, headers={"If-Match": "*"})
    wait_for(lambda: not knows(top, key), "the key is refused")


class Attacked:
    def __init__(self, stack):
        self.stack = stack
        self.top = stack.add_relay("top").start()
        own, below = stack.create_key("relay"), stack.create_key("relay")
        wait_for(lambda: knows(self.top, own) and knows(self.top, below), "the keys arrive")
        self.hostile = HostileRelay(self.top, own)
        self.below = stack.add_relay("below", [self.hostile], below).start()
        wait_for(lambda: self.value() is True, "the relay below serves")

    def value(self):
        return ofrep_value(self.below, self.stack.server, "f")

    def refused(self, *codes):
        nacks = self.below.status()["nacks"]
        return any(nacks[code] for code in codes)


@pytest.fixture
def attacked(ready):
    place = Attacked(ready)
    yield place
    place.hostile.close()


def test_altered_rules_change_nothing(ready, attacked):
    def lie(data):
        return data.replace(b'{"variation":"off"}', b'{"variation":"on"}').replace(b'"enabled":true', b'"enabled":false')

    attacked.hostile.attack = lambda event: [with_data(event, lie)]
    attacked.hostile.answer = lambda path, body: lie(body)
    set_fallthrough(ready, "off")
    wait_for(lambda: attacked.refused("integrity", "bad_signature", "malformed"), "the lie is refused")
    assert attacked.value() is True
    attacked.hostile.attack, attacked.hostile.answer = (lambda event: [event]), (lambda path, body: body)
    set_fallthrough(ready, "on")
    set_fallthrough(ready, "off")
    wait_for(lambda: attacked.value() is False, "an honest relay is followed again")


def test_replayed_and_reordered_rules_change_nothing(ready, attacked):
    first = next(event for event in attacked.hostile.seen if kind_of(event) == "put")
    set_fallthrough(ready, "off")
    wait_for(lambda: attacked.value() is False, "the change arrives")
    attacked.hostile.attack = lambda event: [first, event, first]
    wait_for(lambda: attacked.refused("rollback", "gap"), "the old rules are refused")
    assert attacked.value() is False
    held = []

    def reorder(event):
        if kind_of(event) not in ("put", "patch"):
            return [event]
        held.append(event)
        return list(reversed(held)) if len(held) == 2 else []

    attacked.hostile.attack = reorder
    set_fallthrough(ready, "on")
    ready.create_flag("second")
    wait_for(lambda: len(held) >= 2 and attacked.value() is True, "the newest version is served, whatever the order")


def test_another_environments_rules_are_not_taken_for_this_one(ready, attacked):
    other = ready.create_key("relay", "production")
    foreign = http("GET", f"{ready.control.url}/relay/v1/rulesets/" + ready.admin.call(
        "GET", f"{ready.home}/environments/production").json["env_id"], None, {"Authorization": f"Bearer {other}"}).body
    lines = b"".join(b"data: " + line + b"\n" for line in foreign.splitlines())

    def mix(event):
        found = re.search(rb"(?m)^id: (\w+):(\d+)\.(\d+)$", event)
        if not found:
            return [event]
        newer = b"%s:%s.%d" % (found.group(1), found.group(2), int(found.group(3)) + 100)
        return [b"event: put\nid: " + newer + b"\n" + lines + b"\n", event]

    attacked.hostile.attack = mix
    wait_for(lambda: attacked.refused("wrong_audience"), "the other environment's rules are refused")
    assert attacked.value() is True


def test_withheld_rules_show_as_stale(ready, attacked):
    attacked.hostile.attack = lambda event: []
    attacked.hostile.answer = lambda path, body: b""
    set_fallthrough(ready, "off")

    wait_for(lambda: attacked.below.status()["environments"][0]["stale_seconds"] > 0, "it is stale", DEADLINE + 90)
    assert attacked.value() is True  # it goes on serving what it has
