"""Sessions, passwords and second factors."""
import json

from support.authenticator import code_of
from support.stack import PASSWORD


class SessionCalls:
    def sign_in_and_out(self):
        given = {"email": self.stack.email, "password": PASSWORD}
        tokens = self.text("post", "/auth/login", given, credential=None)
        tokens = self.text("post", "/auth/refresh", {"refresh_token": tokens["refresh_token"]}, credential=None)
        self.call("get", "/auth/me", credential=tokens["access_token"])
        other = self.text("post", "/auth/login", given, credential=None)["access_token"]
        listed = self.text("get", "/auth/sessions?limit=2", credential=tokens["access_token"])["items"]
        self.call("delete", f"/auth/sessions/{next(s['id'] for s in listed if not s['current'])}", expect=204,
                  credential=tokens["access_token"])
        self.call("get", "/auth/me", expect=401, credential=other)
        self.call("delete", "/auth/sessions/nosession", expect=404, credential=tokens["access_token"])
        self.call("delete", "/auth/sessions", expect=204, credential=tokens["access_token"])
        self.call("post", "/auth/logout", expect=204, credential=tokens["access_token"])
        self.call("get", "/auth/me", expect=401, credential=tokens["access_token"])
        self.call("post", "/auth/login", {**given, "password": "not the password"}, 401, credential=None)
        self.call("post", "/auth/refresh", {"refresh_token": "nothing"}, 401, credential=None)
        self.call("post", "/auth/register", {"email": "ada@example.com", "password": PASSWORD, "name": "Ada"}, 202, credential=None)
        self.call("post", "/auth/register", {"email": "ada@other.example", "password": PASSWORD}, 403, credential=None)
        self.call("post", "/auth/setup", {"token": "nothing", "password": PASSWORD}, 401, credential=None)
        self.call("post", "/auth/reset", {"token": "nothing", "password": PASSWORD}, 401, credential=None)
        printed = self.stack.control_plane("reset-password", "--email", self.stack.email)
        token = printed.split("24 hours): ")[1].split()[0]
        self.call("post", "/auth/reset", {"token": token, "password": PASSWORD}, credential=None)
        self.stack.admin.login(self.stack.email)  # the reset has ended the session

    def second_factor(self):
        """Of a new member, who signs in with it, as programs and as browsers do."""
        email = "factor@example.com"
        invited = self.text("post", "/orgs/acme/members", {"email": email, "role": "viewer"}, 201)["setup_token"]
        own = {"Origin": self.stack.control.url}
        joined = self.call("post", "/auth/setup", {"token": invited, "password": PASSWORD, "session": True}, credential=None,
                           headers=own)
        self.assertIn("session_id", json.loads(joined.body))
        member = {"credential": self.text("post", "/auth/login", {"email": email, "password": PASSWORD},
                                          credential=None)["access_token"]}
        self.call("get", "/auth/second-factor", **member)
        self.call("post", "/auth/second-factor", {"password": "not the password"}, 400, **member)
        self.call("post", "/auth/second-factor/confirm", {"code": "000000"}, 409, **member)
        secret = self.text("post", "/auth/second-factor", {"password": PASSWORD}, **member)["secret"]
        self.call("post", "/auth/second-factor/confirm", {"code": "x"}, 400, **member)
        codes = self.text("post", "/auth/second-factor/confirm", {"code": code_of(secret)}, **member)["recovery_codes"]
        self.call("post", "/auth/second-factor", {"password": PASSWORD}, 409, **member)
        given = {"email": email, "password": PASSWORD}
        self.call("post", "/auth/session", given, 403, credential=None)
        self.call("post", "/auth/session", given, 401, credential=None, headers=own)
        started = self.call("post", "/auth/session", {**given, "code": codes[0]}, credential=None, headers=own)
        cookie = {"Cookie": started.headers["Set-Cookie"].partition(";")[0]}
        self.call("put", "/auth/me/preferences", {"theme": "dark"}, credential=None, headers={**own, **cookie})
        self.call("put", "/auth/me/preferences", [], 400, **member)
        self.call("get", "/auth/me", credential=None, headers=cookie)
        self.call("delete", "/auth/session", expect=403, credential=None, headers=cookie)
        self.call("delete", "/auth/session", expect=204, credential=None, headers={**own, **cookie})
        self.call("delete", "/auth/session", expect=401, credential=None, headers={**own, **cookie})
        codes = self.text("post", "/auth/second-factor/recovery-codes", {"code": codes[1]}, **member)["recovery_codes"]
        self.call("post", "/auth/second-factor/recovery-codes", {"code": "none"}, 400, **member)
        self.call("post", "/auth/second-factor/disable", {"code": "none"}, 400, **member)
        self.call("post", "/auth/second-factor/disable", {"code": codes[0]}, 204, **member)
        self.unchanged("/orgs/acme/sign-in")
        self.changed("put", "/orgs/acme/sign-in", {"second_factor": "optional"})
        self.call("put", "/orgs/acme/sign-in", {"second_factor": "required"}, 409)
