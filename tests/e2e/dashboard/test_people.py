"""Members, webhooks and signing in, in Debian's Chromium, against the real control plane, an identity provider and a receiver."""
import contextlib
import http.server
import json
import pathlib
import shutil
import sys
import tempfile
import threading

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from site_of_pages import DashboardStack  # noqa: E402
from support.authenticator import code_of  # noqa: E402
from support.documented import documented_receiver  # noqa: E402
from support.identity_provider import Provider  # noqa: E402
from support.stack import PASSWORD, Admin  # noqa: E402

WORDS = {
    "read": "read", "edit": "edit", "edit_protected": "change protected environments", "archive": "archive", "delete": "delete",
    "approve": "approve change requests", "bypass_approval": "bypass approval", "manage_projects": "manage projects",
    "manage_environments": "manage environments", "manage_keys": "manage keys", "manage_tokens": "manage service tokens",
    "manage_webhooks": "manage webhooks", "manage_members": "manage members", "manage_roles": "manage roles",
    "manage_organisation": "manage the organisation"}


class PeopleStack(DashboardStack):
    options = (*DashboardStack.options, "--webhook-allow-networks", "127.0.0.1")


@pytest.fixture(scope="module")
def stack():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with PeopleStack(directory) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)


def join(stack, email, role, name=""):
    """A new member, signed in, and their id."""
    made = stack.admin.call("POST", f"/orgs/{stack.org}/members", {"email": email, "role": role, "name": name}).json
    person = Admin(stack.control.url)
    person.call("POST", "/auth/setup", {"token": made["setup_token"], "password": PASSWORD})
    members = stack.admin.call("GET", f"/orgs/{stack.org}/members?limit=200").json["items"]
    return person.login(email), next(one["id"] for one in members if one["email"] == email)


def effective(person, stack):
    """Heads of the table, and what the server lets the person do at each place, in the words of the dashboard."""
    mine = person.call("GET", f"/orgs/{stack.org}/me/permissions").json
    project = next(one for one in mine["items"] if one["project"] == stack.project)
    places = [("Organisation", mine), ("Whole project", project)]
    places += [(one["environment"].capitalize(), one) for one in project["environments"]]
    return {f"{name}: {place['role']}": [WORDS[each] for each in WORDS if each in place["permissions"]] for name, place in places}


def test_members_effective_access(stack):
    """What a table says that somebody may do is what the server lets them do, before and after their roles change."""
    stack.admin.call("POST", f"/orgs/{stack.org}/roles", {"key": "release-manager", "name": "Release manager",
                                                          "permissions": ["read", "edit", "edit_protected", "approve"]})
    ana, ana_id = join(stack, "ana@example.com", "developer", "Ana Lopes")
    place = f"{stack.home}/environments/production/assignments/{ana_id}"
    stack.admin.call("PUT", place, {"role": "release-manager"})
    before = effective(ana, stack)
    stack.admin.call("PUT", place, {"role": "viewer"})
    changed = effective(ana, stack)
    stack.admin.call("DELETE", place)
    after = effective(ana, stack)
    assert before != changed != after
    stack.admin.call("PUT", place, {"role": "release-manager"})
    stack.flow("members_effective_access", person="Ana Lopes", member="ana@example.com", before=before, changed=changed, after=after)
    assert effective(ana, stack) == after


def test_secrets_are_shown_once(stack):
    """Tokens and the link of an invitation: masked, shown when asked for, and nowhere once the dialog is closed."""
    stack.flow("secrets_shown_once")


class Receiver:
    """Answers the first message with 500 and a text, and all others with 204."""

    def __init__(self, text):
        self.got = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(500 if len(outer.got) == 1 else 204)
                self.end_headers()
                if len(outer.got) == 1:
                    self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/in"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def test_webhook_replay(stack):
    """What failed is shown with the receiver's answer and sent again with the same id, signed with the secret that was shown once."""
    with contextlib.closing(Receiver("the database is away")) as receiver:
        printed = stack.flow("webhook_replay", receiver=receiver.url, answer="the database is away")
    documented = documented_receiver(json.loads(printed.splitlines()[0])["secret"])
    for headers, body in receiver.got:
        documented.verify(headers, body)
    assert len(receiver.got) == 2
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


def test_session_ends_while_editing(stack):
    """A draft and a form are there after signing in again over them, and are saved."""
    stack.create_flag("edited")
    before = stack.admin.call("GET", f"{stack.home}/flags/edited/environments/development").json["version"]
    try:
        stack.flow("session_ends_while_editing", flag="edited")
    finally:
        stack.admin.login(stack.email)  # its session has been ended with the others
    assert stack.admin.call("GET", f"{stack.home}/flags/edited/environments/development").json["version"] == before + 1
    assert stack.admin.call("GET", f"{stack.home}/environments/development").json["description"] == "half a thought"


def test_second_factor(stack):
    """Set up, asked for, one code for one sign-in, a recovery code in its place, and taken off."""
    join(stack, "careful@example.com", "developer")
    stack.flow("second_factor", member="careful@example.com")


def test_single_sign_on(stack):
    """A provider that is set up in the dashboard signs somebody in, who becomes a member; switched off, it signs them out."""
    provider = Provider(stack, "dashboard").start()
    try:
        stack.flow("sign_on", issuer=provider.issuer)
    finally:
        provider.process.stop()


def test_second_factor_is_required(stack):
    """Where it is required, whoever has none is told so and where to set one up, in place of every page."""
    join(stack, "careless@example.com", "developer")
    secret = stack.admin.call("POST", "/auth/second-factor", {"password": PASSWORD}).json["secret"]
    codes = stack.admin.call("POST", "/auth/second-factor/confirm", {"code": code_of(secret)}).json["recovery_codes"]
    try:
        stack.admin.call("PUT", f"/orgs/{stack.org}/sign-in", {"second_factor": "required"})
        stack.flow("second_factor_required", member="careless@example.com")
    finally:
        stack.admin.call("PUT", f"/orgs/{stack.org}/sign-in", {"second_factor": "optional"})
        stack.admin.call("POST", "/auth/second-factor/disable", {"code": codes[0]})
