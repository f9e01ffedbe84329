"""Calls of single sign-on, by a real identity provider."""
import base64
import hashlib
import json
import urllib.parse

from support.identity_provider import Browser, Provider

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


class SignOnCalls:
    def identity_providers(self):
        home = "/orgs/acme/identity-providers"
        main = {"key": "main", "issuer": "https://login.example.com", "client_id": "c", "client_secret": "s",
                "name": "Company", "scopes": ["email"], "groups_claim": "groups", "enabled": True}
        self.call("post", home, main, 201)
        self.call("post", home, main, 409)
        self.call("post", home, {**main, "issuer": "ftp://x"}, 400)
        self.call("post", home, {**main, "key": "inner", "issuer": "https://10.0.0.1"}, 422)
        self.call("post", home, {**main, "key": "other", "domains": ["example.com"], "adds_members": True}, 201)
        page = self.text("get", home + "?limit=1")
        self.call("get", home + f"?cursor={page['next']}")
        self.changed("patch", home + "/main", {"name": "Company login"})
        self.call("patch", home + "/main", {"issuer": "https://other.example.com"}, 400)
        self.unchanged(home + "/main")
        self.call("delete", home + "/other", expect=412, headers={"If-Match": '"999999"'})
        self.call("delete", home + "/other", expect=204)

    def single_sign_on(self):
        provider = Provider(self.stack, "real").start()
        try:
            self.call("post", "/orgs/acme/identity-providers",
                      {"key": "real", "issuer": provider.issuer, "client_id": "fanion", "client_secret": "not-so-secret",
                       "domains": ["example.com"], "adds_members": True}, 201)
            self.come_back(provider)
        finally:
            provider.process.stop()

    def come_back(self, provider):
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
        begin = f"/auth/sign-on/acme/real?return_to=/flags&client_port=49152&client_challenge={challenge}"
        begun = self.call("get", begin, expect=303, credential=None)
        browser = Browser()
        browser.keep(self.stack.control.url, begun)
        _, url = browser.sign_in(begun.headers["Location"], "ada")
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies(url).items())
        path = url.removeprefix(self.stack.control.url + "/api/v1")
        back = self.call("get", path, expect=303, credential=None, headers={"Cookie": cookie})
        self.call("get", path, expect=401, credential=None, headers={"Cookie": cookie})
        self.call("get", "/auth/sign-on/callback?code=c&state=s", expect=401, credential=None)
        self.call("get", "/auth/sign-on/acme/none", expect=404, credential=None)
        self.call("get", "/auth/sign-on/acme/real?return_to=//evil.example", expect=400, credential=None)
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(back.headers["Location"]).query)["code"][0]
        given = {"code": code, "code_verifier": VERIFIER}
        taken = self.call("post", "/auth/sign-on/token", given, credential=None)
        self.call("post", "/auth/sign-on/token", given, 401, credential=None)
        self.call("get", "/orgs/acme", credential=json.loads(taken.body)["access_token"])
