"""What hostile texts, other sites and other people's cookies can do in the dashboard: nothing."""
import contextlib
import csv
import http.cookies
import http.server
import io
import json
import pathlib
import shutil
import sys
import tempfile
import threading
import urllib.request

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from hostile_site import Answering, fill  # noqa: E402
from site_of_pages import DashboardStack  # noqa: E402
from support.processes import http as ask  # noqa: E402
from support.stack import PASSWORD, Admin  # noqa: E402


class OpenStack(DashboardStack):
    options = (*DashboardStack.options, "--webhook-allow-networks", "127.0.0.1")


@pytest.fixture(scope="module")
def stack():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with OpenStack(directory) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)


def join(stack, email, role):
    made = stack.admin.call("POST", f"/orgs/{stack.org}/members", {"email": email, "role": role}).json
    Admin(stack.control.url).call("POST", "/auth/setup", {"token": made["setup_token"], "password": PASSWORD})


class Page:
    """An empty page of another origin on the same host."""

    def __init__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b"<!doctype html><title>elsewhere</title>")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def cookie(stack, email):
    """The cookie of a browser's sign-in, as a header."""
    body = json.dumps({"email": email, "password": PASSWORD}).encode()
    headers = {"Content-Type": "application/json", "Origin": stack.control.url}
    with urllib.request.urlopen(urllib.request.Request(f"{stack.control.url}/api/v1/auth/session", body, headers), timeout=30) as answer:
        set_cookie = http.cookies.SimpleCookie(answer.headers["Set-Cookie"])
    return "; ".join(f"{name}={morsel.value}" for name, morsel in set_cookie.items())


def test_no_other_site_changes_or_frames(stack):
    """Framing, forged requests and forms of another origin; and a tab whose person is another one now."""
    join(stack, "beside@example.com", "viewer")
    with contextlib.closing(Page()) as attacker:
        stack.flow("other_origin", attacker=attacker.url, other="beside@example.com")
    names = [one["key"] for one in stack.admin.call("GET", f"/orgs/{stack.org}/projects").json["items"]]
    assert names == [stack.project]
    page = ask("GET", f"{stack.pages}/ui/{stack.org}")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("headers, status", [
    ({"Origin": "https://evil.example"}, 403),
    ({}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": "{control}", "Sec-Fetch-Site": "cross-site"}, 403),
    ({"Origin": "{control}", "Sec-Fetch-Site": "same-site"}, 403),
    ({"Origin": "{control}", "Content-Type": "text/plain"}, 415),
    ({"Origin": "{control}", "Content-Type": "application/x-www-form-urlencoded"}, 415),
    ({"Origin": "{control}", "Sec-Fetch-Site": "same-origin"}, 200),
])
def test_a_cookie_counts_for_pages_of_its_own_site(stack, headers, status):
    given = {"Cookie": cookie(stack, stack.email), "Content-Type": "application/json",
             **{name: value.replace("{control}", stack.control.url) for name, value in headers.items()}}
    answer = ask("PATCH", f"{stack.control.url}/api/v1/orgs/{stack.org}", {"name": "Acme"}, given)
    assert answer.status == status, answer.body


def test_a_cookie_of_another_organisation(stack):
    """Whoever belongs to another organisation is told that there is nothing."""
    stack.admin.call("POST", "/orgs", {"key": "beta", "name": "Beta"})
    made = stack.admin.call("POST", "/orgs/beta/members", {"email": "of.beta@example.com", "role": "admin"}).json
    Admin(stack.control.url).call("POST", "/auth/setup", {"token": made["setup_token"], "password": PASSWORD})
    given = {"Cookie": cookie(stack, "of.beta@example.com")}
    assert ask("GET", f"{stack.control.url}/api/v1/orgs/beta", headers=given).status == 200
    for path in ("", "/members", "/audit", "/webhooks", "/projects", f"/projects/{stack.project}/flag-index", "/events"):
        answer = ask("GET", f"{stack.control.url}/api/v1/orgs/{stack.org}{path}", headers=given)
        assert answer.status == 404, (path, answer.status)


def test_sign_in_does_not_tell_of_accounts(stack):
    """A wrong password and an address that nobody has get the same response."""
    def refused(email):
        answer = ask("POST", f"{stack.control.url}/api/v1/auth/session", {"email": email, "password": "not the password at all"},
                     {"Origin": stack.control.url})
        body = answer.json
        return answer.status, {name: value for name, value in body.items() if name != "request_id"}
    assert refused(stack.email) == refused("nobody.at.all@example.com")


def test_hostile_strings(stack):
    """Every page, with an element, a script, a template, an override and 64 KiB in every text: all of it is text."""
    with contextlib.closing(Answering()) as receiver:
        stack.flow("hostile_strings", **fill(stack, receiver))
    exported = stack.admin.call("GET", f"/orgs/{stack.org}/audit/export?format=csv").body.decode()
    cells = [cell for row in csv.reader(io.StringIO(exported)) for cell in row]
    assert any("organisation-name" in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r")]
