"""A real OpenID provider (oidc-provider), and a browser that signs in by it: it keeps cookies, follows redirects and fills in forms."""
import http.cookies
import json
import re
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from support.processes import Answer, NoRedirect, Process, free_port, http as ask, wait_for
from support.stack import CLIENTS, ROOT

PEOPLE = {
    "ada": {"email": "ada@example.com", "email_verified": True, "name": "Ada", "groups": ["developers"]},
    "eve": {"email": "eve@other.example", "email_verified": True, "name": "Eve"},
    "bob": {"email": "bob@example.com", "email_verified": False, "name": "Bob"},
}


class Browser:
    """Cookies by host and port, as tests on one host need them. A loopback address counts as secure."""

    def __init__(self):
        self.jar, self.opener = {}, urllib.request.build_opener(NoRedirect())

    def cookies(self, url):
        parts = urllib.parse.urlsplit(url)
        return {name: value for (netloc, path, name), value in self.jar.items()
                if netloc == parts.netloc and parts.path.startswith(path)}

    def once(self, url, form=None):
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies(url).items())}
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        try:
            with self.opener.open(urllib.request.Request(url, data=data, headers=headers), timeout=30) as reply:
                answer = Answer(reply.status, reply.headers, reply.read())
        except urllib.error.HTTPError as refusal:
            answer = Answer(refusal.code, refusal.headers, refusal.read())
        self.keep(url, answer)
        return answer

    def keep(self, url, answer):
        netloc = urllib.parse.urlsplit(url).netloc
        for header in answer.headers.get_all("Set-Cookie") or ():
            for morsel in http.cookies.SimpleCookie(header).values():
                key = (netloc, morsel["path"] or "/", morsel.key)
                self.jar[key] = morsel.value
                if not morsel.value:
                    del self.jar[key]

    def follow(self, url, form=None, until=lambda url: False):
        """The last response and its URL; stops before an URL that `until` accepts."""
        for _ in range(20):
            answer = self.once(url, form)
            if answer.status not in (302, 303):
                return answer, url
            url, form = urllib.parse.urljoin(url, answer.headers["Location"]), None
            if until(url):
                return answer, url
        raise AssertionError(f"too many redirects: {url}")

    def sign_in(self, url, person, until=lambda url: "/callback" in url):
        """Fills in the provider's forms; stops before the way back, by default."""
        answer, url = self.follow(url, until=until)
        for _ in range(3):
            page = answer.body.decode()
            form = re.search(r'action="([^"]+)"', page)
            if until(url) or answer.status != 200 or not form:
                return answer, url
            fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
            if fields["prompt"] == "login":
                fields |= {"login": person, "password": "any"}
            answer, url = self.follow(urllib.parse.urljoin(url, form.group(1)), fields, until)
        return answer, url

    def session(self, base):
        return {name: value for name, value in self.cookies(base + "/").items() if name == "__Host-fanion"}


def new_key(kid):
    made = subprocess.run(["node", "-e", "console.log(JSON.stringify(require('crypto').generateKeyPairSync('rsa',"
                           "{modulusLength:2048}).privateKey.export({format:'jwk'})))"],
                          capture_output=True, text=True, check=True)
    return {**json.loads(made.stdout), "kid": kid, "use": "sig", "alg": "RS256"}


class Provider:
    def __init__(self, stack, name):
        self.port, self.dir, self.name = free_port(), stack.dir, name
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.people = {id: dict(claims) for id, claims in PEOPLE.items()}
        self.config = {"port": self.port, "client_id": "fanion", "client_secret": "not-so-secret", "keys": [new_key("k1")],
                       "redirect_uris": [stack.control.url + "/api/v1/auth/sign-on/callback"], "accounts": self.people}

    def start(self):
        file = self.dir / f"{self.name}.json"
        file.write_text(json.dumps(self.config))
        self.process = Process(["node", ROOT / "tests/e2e/clients/identity-provider/provider.mjs",
                                CLIENTS / "identity-provider", file], self.dir / f"{self.name}.log").start()
        wait_for(lambda: ask("GET", self.issuer + "/.well-known/openid-configuration"),
                 f"the provider listens\n{self.process.tail()}")
        return self

    def restart(self):
        self.process.stop()
        return self.start()
