"""SDK and relay keys."""


class KeyCalls:
    def keys(self, place):
        dates = {"not_before": "2026-01-01T00:00:00Z", "expires_at": None}
        made = self.text("post", place + "/keys", {"kind": "relay", "name": "r", **dates}, 201)
        self.assertIn("key", made)
        if "/environments/" in place:
            client = {"kind": "client", "origins": ["https://app.example"], "ofrep_minimal": True, "rules": True}
            self.call("post", place + "/keys", client, 201)
        self.call("post", place + "/keys", {"kind": "server", "name": 7}, 400)
        self.assertNotIn("key", self.text("get", place + "/keys")["items"][0])
        self.assertNotIn("key", self.text("get", place + f"/keys/{made['id']}"))
        second = self.text("post", place + f"/keys/{made['id']}/rotate", {"overlap_seconds": 60, "expires_at": None}, 201)
        self.assertEqual((second["replaces"], second["name"]), (made["id"], "r"))
        self.call("post", place + f"/keys/{made['id']}/rotate", {}, 409)
        self.call("delete", place + f"/keys/{made['id']}", expect=412, headers={"If-Match": '"0"'})
        self.call("delete", place + f"/keys/{made['id']}", expect=204, headers={"If-Match": "*"})
        self.call("delete", place + "/keys/nokey", expect=404)
