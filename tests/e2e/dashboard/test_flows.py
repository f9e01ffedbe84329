"""What people do with the dashboard, in Debian's Chromium, against the real control plane, PostgreSQL and relay."""
import pathlib
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from site_of_pages import DashboardStack  # noqa: E402
from support.processes import wait_for  # noqa: E402
from support.stack import ofrep  # noqa: E402


@pytest.fixture(scope="module")
def stack():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with DashboardStack(directory) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="module")
def many(stack):
    """A project of this name with 10,000 flags."""
    return stack.many_flags("many", 10_000)


def test_first_run(stack):
    """A setup link, a password, a project, a flag, a key; and the light that turns when the first program asks."""
    # An installation has one bootstrap; an admin who is invited has the same way to go as its first owner.
    invited = stack.admin.call("POST", f"/orgs/{stack.org}/members", {"email": "first@example.com", "role": "admin"}).json
    stack.flow("first_run", token=invited["setup_token"])


def test_sign_in_out_everywhere(stack):
    """Two browsers; one ends the other's session, which is asked to sign in over its page."""
    stack.flow("sign_in_out_everywhere")
    stack.admin.login(stack.email)  # its session has been ended with the others


def test_toggle_unprotected_undo(stack):
    """One press, one evaluation that differs, one press that undoes it, the latter where one environment has room."""
    stack.create_flag("switch")
    relay = stack.add_relay("relay").start()
    key = stack.create_key("server")

    def value():
        answer = ofrep(relay, key, "switch")
        return answer.json.get("value", "none") if answer is not None and answer.status == 200 else None

    wait_for(lambda: value() is not None, "the relay knows the flag")
    stack.flow("toggle_unprotected", flag="switch", undo=False)
    wait_for(lambda: value() is True, "the relay answers with what was turned on")
    stack.flow("toggle_unprotected", flag="switch", undo=True, width=390)
    wait_for(lambda: value() is not True, "the relay answers as before")


def test_toggle_keys(stack):
    """On, and back by Undo, without a pointer."""
    stack.create_flag("by-keys")
    stack.flow("toggle_keys", flag="by-keys")


def test_toggle_protected_confirm(stack):
    """No press in the list turns off in production: a dialog names place and effect, and asks for what the environment asks for."""
    stack.create_flag("guarded")
    stack.flow("toggle_protected_confirm", flag="guarded")


def test_key_rotation_secret_once(stack):
    """A key is shown once and masked; a second one takes its place in three steps, which can be left and taken up again."""
    stack.flow("key_rotation_secret_once")


def test_propagation_live(stack):
    """The receipt of an environment, with the page open: its number follows what relays report."""
    stack.create_flag("received")
    relay = stack.add_relay("receipt").start()
    stack.flow("propagation_live", relay=relay.name)


def test_segment_upload_100k(stack):
    """100,000 values from a file: read in the browser, sent in parts, one review, one version."""
    lists = {"included": [{"attribute": "targetingKey", "values": ["present"]}],
             "excluded": [{"attribute": "targetingKey", "values": ["elsewhere"]}]}
    place = f"/orgs/{stack.org}/projects/{stack.project}/segments"
    stack.admin.call("POST", place, {"key": "customers", "environments": {"development": lists}})
    before = stack.admin.call("GET", f"{place}/customers/environments/development").json["version"]
    stack.flow("segment_upload_100k", segment="customers", count=100_000)
    body = stack.admin.call("GET", f"{place}/customers/environments/development").json
    assert body["version"] == before + 1
    assert sum(len(one["values"]) for one in body["included"]) == 100_000


def test_playground_10000_contexts(stack):
    """10,000 contexts; the version before a change; and no request has anything of a context."""
    stack.create_flag("played")
    place = f"/orgs/{stack.org}/projects/{stack.project}"
    before = stack.admin.call("GET", f"{place}/environments/development").json["ruleset_version"]
    stack.configure("played", {"enabled": True, "fallthrough": {"variation": "on"}})
    stack.flow("playground_10000_contexts", flag="played", before=before)


def test_playground_saved(stack):
    """Contexts are saved with their numbers as they are spelled, and read and deleted again."""
    stack.create_flag("saved-contexts")
    stack.flow("playground_saved", flag="saved-contexts")
    [left] = stack.admin.call("GET", f"{stack.home}/contexts").json["items"]
    assert (left["name"], left["shared"]) == ("Staff 1", False)
    assert '"age":1.0' in stack.admin.call("GET", f"{stack.home}/contexts/{left['id']}").body.decode()


def test_cleanup(stack):
    """Flags that nobody asks for, archived by keys: one review, one transaction."""
    for number in range(20):
        stack.create_flag(f"done-{number}")
    stack.flow("cleanup")
    flags = stack.admin.call("GET", f"/orgs/{stack.org}/projects/{stack.project}/flags?state=archived&limit=200").json["items"]
    assert {f"done-{number}" for number in range(20)} <= {flag["key"] for flag in flags}


def test_create_flag_each_type(stack):
    """The form makes a flag of each type; the API has what was typed, to the last digit."""
    stack.flow("create_flag_each_type")
    made = {kind: stack.admin.call("GET", f"{stack.home}/flags/of-type-{kind}").body.decode() for kind in ("string", "number", "json")}
    for kind, text in (("string", "Grüß Gott {}"), ("number", '"value":1.0'), ("number", '"value":9223372036854775807'), ("json", '{"a":1.0}')):
        assert text in made[kind], made[kind]


def test_variation_numbers_exact(stack):
    """Numbers keep their spelling in the definition; a key that is renamed is renamed in the configurations."""
    variations = '[{"key":"one","value":1.0},{"key":"most","value":9223372036854775807}]'
    body = f'{{"key":"exact","type":"number","name":"Exact","variations":{variations}}}'
    stack.admin.call("POST", f"{stack.home}/flags", body.encode(), headers={"Content-Type": "application/json"})
    stack.configure("exact", {"fallthrough": {"variation": "one"}, "off": "one"})
    stack.flow("variation_numbers_exact", flag="exact")
    stored = stack.admin.call("GET", f"{stack.home}/flags/exact").body.decode()
    assert '"key":"first","value":1.0' in stored, stored
    assert '"value":9223372036854775806' in stored, stored
    config = stack.admin.call("GET", f"{stack.home}/flags/exact/environments/development").json
    assert config["fallthrough"] == {"variation": "first"}


def test_flag_described(stack):
    """The flag's page says what the flag is for, whatever has been written."""
    link = "https://example.com/checkout?step=2"
    description = f"The new checkout ({link}).\njavascript:alert(1) {'endless' * 60}"
    stack.create_flag("described", description=description, tags=["checkout"], owner="web-team")
    stack.flow("flag_described", flag="described", link=link, description=description)


def test_bulk_tag_archive(stack):
    """A result of the list is tagged, exported and archived, each in one transaction."""
    keys = [f"bulk-{number:02}" for number in range(20)]
    for key in keys:
        stack.create_flag(key)
    stack.flow("bulk_tag_archive", word="bulk-", count=len(keys))
    left = stack.admin.call("GET", f"{stack.home}/flags?q=bulk-&state=archived&limit=100").json["items"]
    assert [(flag["key"], flag["tags"]) for flag in left] == [(key, ["done-with"]) for key in keys]
    changes = stack.admin.call("GET", f"/orgs/{stack.org}/audit?limit=200").json["items"]
    changes = [change.get("entry", change) for change in changes]
    # A group is called as its first entry.
    groups = [change.get("group") or change["id"] for change in changes if "/flags/bulk-" in change["resource"]]
    assert sorted(map(groups.count, set(groups)))[-2:] == [len(keys), len(keys)], groups


def test_list_promote(stack):
    """Flags of the list get the configuration of another environment, and that one's the next."""
    keys = [f"promoted-{number}" for number in range(3)]
    for key in keys:
        stack.create_flag(key)
        stack.configure(key, {"enabled": True})
    stack.flow("list_promote", word="promoted-", count=len(keys))
    for env in ("staging", "production"):
        for key in keys:
            assert stack.admin.call("GET", f"{stack.home}/flags/{key}/environments/{env}").json["enabled"]


def test_palette_verbs(stack):
    """Every verb of the palette, by keys."""
    stack.create_flag("verbs")
    stack.flow("palette_verbs", flag="verbs")


def test_archive_restore_delete(stack):
    """A flag is archived, restored and deleted from its definition."""
    stack.create_flag("ending")
    stack.flow("archive_restore_delete", flag="ending")


# These are the last ones: with their 10,000 flags the organisation has as many as it may have.
def test_list_10000_filter_url_back(stack, many):
    """10,000 flags: the filter, the address, the way back, and what a key costs."""
    print(stack.flow("list_10000_filter_url_back", project="many", count=many))


def test_list_sparks(stack, many):
    """The evaluations of the last hours in the list of 10,000 flags, asked for the rows in sight only."""
    stack.counted("many-00001", {3: {("on", "DEFAULT"): 40}, 5: {("on", "DEFAULT"): 2}}, env="production")
    stack.flow("list_sparks", project="many", flag="many-00001", total=42)


def test_bulk_batches(stack, many):
    """More flags than one transaction takes: stopped, gone on with, refused, and done in the end."""
    place, word = f"/orgs/{stack.org}/projects/many/flags", "many-00"

    def change():
        path = f"{place}/many-00700"
        etag = stack.admin.call("GET", path).headers["ETag"]
        stack.admin.call("PATCH", path, {"description": "changed"}, headers={"If-Match": etag, "Content-Type": "application/merge-patch+json"})

    stack.flow("bulk_batches", acts={"change": change}, project="many", word=word, count=999)
    tagged = stack.admin.call("GET", f"{place}?tag=in-batches&limit=200&total=true").json
    assert tagged["total"] == 999, tagged["total"]


def test_list_walk(stack, many):
    """From a list of 10,000 flags to one of them, which has been fetched before, and through the result by [ and ]."""
    stack.flow("list_walk", project="many", count=many)
