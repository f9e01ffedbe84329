"""Personal tokens and tokens of service accounts."""


class TokenCalls:
    def tokens(self, home, new):
        made = self.text("post", home, {**new, "expires_at": None}, 201)
        self.call("get", "/auth/me", credential=made["token"])
        self.call("post", home, {**new, "scopes": ["fly"]}, 400)
        self.assertNotIn("token", self.text("get", home + "?limit=1")["items"][0])
        self.call("get", f"{home}/{made['id']}")
        second = self.text("post", f"{home}/{made['id']}/rotate", {"overlap_seconds": 60, "expires_at": None}, 201)
        self.assertEqual(second["replaces"], made["id"])
        self.call("post", f"{home}/{made['id']}/rotate", {}, 409)
        self.call("post", "/auth/tokens", {"name": "n", "scopes": ["read"]}, 403, credential=second["token"])
        self.call("delete", f"{home}/{made['id']}", expect=412, headers={"If-Match": '"0"'})
        self.call("delete", f"{home}/{made['id']}", expect=204)
        self.call("get", "/auth/me", expect=401, credential=made["token"])
        self.call("delete", f"{home}/nothing", expect=404)
