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
    """One press, one evaluation that differs, one press that undoes it."""
    stack.create_flag("switch")
    relay = stack.add_relay("relay").start()
    key = stack.create_key("server")

    def value():
        answer = ofrep(relay, key, "switch")
        return answer.json.get("value", "none") if answer is not None and answer.status == 200 else None

    wait_for(lambda: value() is not None, "the relay knows the flag")
    stack.flow("toggle_unprotected", flag="switch", undo=False)
    wait_for(lambda: value() is True, "the relay answers with what was turned on")
    stack.flow("toggle_unprotected", flag="switch", undo=True)
    wait_for(lambda: value() is not True, "the relay answers as before")


def test_toggle_protected_confirm(stack):
    """No press in the list turns off in production: a dialog names place and effect, and asks for what the environment asks for."""
    stack.create_flag("guarded")
    stack.flow("toggle_protected_confirm", flag="guarded")


def test_key_rotation_secret_once(stack):
    """A key is shown once and masked; a second one takes its place in three steps, which can be left and taken up again."""
    stack.flow("key_rotation_secret_once")


def test_pages(stack):
    """Each page in light, dark, narrow, and from right to left in the pseudo-locale: nothing sticks out, axe finds nothing."""
    stack.create_flag("seen", name="Seen by everybody", tags=["checkout"])
    stack.flow("pages")


def test_list_10000_filter_url_back(stack):
    """10,000 flags: the filter, the address, the way back, and what a key costs."""
    stack.flow("list_10000_filter_url_back", project="many", count=stack.many_flags("many", 10_000))


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


def test_cleanup(stack):
    """Flags that nobody asks for, archived by keys: one review, one transaction."""
    for number in range(20):
        stack.create_flag(f"done-{number}")
    stack.flow("cleanup")
    flags = stack.admin.call("GET", f"/orgs/{stack.org}/projects/{stack.project}/flags?state=archived&limit=200").json["items"]
    assert {f"done-{number}" for number in range(20)} <= {flag["key"] for flag in flags}
