"""Single sign-on by a real OpenID provider, in a plain HTTP client that keeps cookies and follows redirects."""
import contextlib
import pathlib
import re
import shutil
import subprocess
import tempfile
import urllib.parse

import pytest

from support.identity_provider import Browser, Provider, new_key
from support.processes import Process, http as ask, wait_for
from support.stack import BIN, Stack


class OpenStack(Stack):
    options = (*Stack.options, "--webhook-allow-networks", "127.0.0.1")


@pytest.fixture
def stack():
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fanion-"))
    with OpenStack(directory) as running:
        yield running
    shutil.rmtree(directory, ignore_errors=True)


@contextlib.contextmanager
def provider_of(stack, name="main", **members):
    provider = Provider(stack, name).start()
    stack.admin.call("POST", "/orgs/acme/identity-providers", {
        "key": name, "issuer": provider.issuer, "client_id": "fanion", "client_secret": "not-so-secret",
        "domains": ["example.com"], "adds_members": True, **members})
    try:
        yield provider
    finally:
        provider.process.stop()


def begin_url(stack, provider="main", query=""):
    return f"{stack.control.url}/api/v1/auth/sign-on/acme/{provider}{query}"


def signed_in(stack, person="ada", provider="main"):
    """A browser that has come back, and the answer to that."""
    browser = Browser()
    _, url = browser.sign_in(begin_url(stack, provider), person)
    assert "/callback" in url, url
    return browser, browser.once(url)


def me(stack, browser):
    return ask("GET", stack.control.url + "/api/v1/auth/me",
               headers={"Cookie": "; ".join(f"{k}={v}" for k, v in browser.session(stack.control.url).items())}).json


def code_of(answer):
    return answer.json["errors"][0]["code"]


def test_people_sign_in_and_their_groups_give_roles(stack):
    stack.admin.call("PUT", "/orgs/acme/group-roles",
                     {"rules": [{"group": "developers", "role": "developer"}], "default_role": "viewer"})
    with provider_of(stack, groups_claim="groups") as provider:
        browser, answer = signed_in(stack)
        assert (answer.status, answer.headers["Location"]) == (303, "/"), answer.body
        assert me(stack, browser)["user"]["email"] == "ada@example.com"
        assert me(stack, browser)["orgs"][0]["role"] == "developer"
        assert code_of(signed_in(stack, "eve")[1]) == "foreign_domain"
        assert code_of(signed_in(stack, "bob")[1]) == "email_not_verified"
        provider.people["ada"]["groups"] = []
        provider.restart()
        assert signed_in(stack)[1].status == 303
        assert me(stack, browser)["orgs"][0]["role"] == "viewer"  # of the session that goes on too
    actions = [one["entry"]["action"] for one in stack.admin.call("GET", "/orgs/acme/audit").json["items"]]
    assert {"identity_provider.created", "member.joined", "member.updated", "session.started"} <= set(actions)
    counted = stack.control.metrics()
    assert counted['fanion_control_plane_sign_ons_total{result="succeeded"}'] == 2
    assert counted['fanion_control_plane_sign_ons_total{result="refused"}'] == 2


def test_new_keys_of_the_provider_are_found(stack):
    with provider_of(stack) as provider:
        assert signed_in(stack)[1].status == 303
        provider.config["keys"] = [new_key("k2")]
        provider.restart()
        wait_for(lambda: signed_in(stack)[1].status == 303, "the new key is fetched")


def test_a_provider_that_is_away_holds_nobody_up_for_good(stack):
    with provider_of(stack) as provider:
        assert signed_in(stack)[1].status == 303
        provider.process.stop()
        browser = Browser()
        assert browser.once(begin_url(stack)).status == 303  # what it said of itself is kept
        provider.start()
        assert signed_in(stack)[1].status == 303


def test_two_providers_know_different_people(stack):
    with provider_of(stack), provider_of(stack, "second") as second:
        first_browser, answer = signed_in(stack)
        assert answer.status == 303
        assert signed_in(stack, provider="second")[1].status == 303  # by the same address, which both have verified
        browser = Browser()
        _, url = browser.sign_in(begin_url(stack, "second"), "ada")
        mixed_up = url.replace(urllib.parse.quote(second.issuer, safe=""), urllib.parse.quote("http://127.0.0.1:1", safe=""))
        assert mixed_up != url  # the provider names itself (RFC 9207)
        assert code_of(browser.once(mixed_up)) == "wrong_issuer"
        assert len(me(stack, first_browser)["orgs"]) == 1


def test_an_answer_counts_once_and_in_its_own_browser(stack):
    with provider_of(stack):
        browser = Browser()
        _, url = browser.sign_in(begin_url(stack), "ada")
        other = Browser()
        assert code_of(other.once(url)) == "no_sign_on"
        other.once(begin_url(stack))
        assert code_of(other.once(url)) == "wrong_state"
        kept = dict(browser.jar)
        assert browser.once(url).status == 303
        browser.jar = kept
        assert code_of(browser.once(url)) in ("provider_refused", "used")
        assert not other.session(stack.control.url)


def test_the_command_line_signs_in_by_a_browser(stack):
    with provider_of(stack):
        env = {"XDG_CONFIG_HOME": str(stack.dir / "config")}
        login = Process([BIN / "fanion", "login", "--url", stack.control.url, "--sso", "acme/main"], stack.dir / "login.log",
                        env).start()
        page = wait_for(lambda: re.search(r"^http\S+$", login.tail(), re.M), "the page's address").group(0)
        answer, _ = Browser().sign_in(page, "ada", until=lambda url: False)
        assert b"Signed in" in answer.body, answer.body
        wait_for(lambda: not login.alive, "the program ends")
        assert login.stop() == 0, login.tail()
        assert "as ada@example.com" in login.tail()
        listed = subprocess.run([BIN / "fanion", "project", "list"], env={**env, "PATH": "/usr/bin"}, capture_output=True,
                                text=True, check=True, timeout=60)
        assert "web" in listed.stdout
