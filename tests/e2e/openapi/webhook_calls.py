"""Webhooks and their deliveries."""
from calls import MERGE

from support.processes import wait_for


class WebhookCalls:
    def webhooks(self):
        home = "/orgs/acme/webhooks"
        new = {"name": "w", "url": "http://127.0.0.1:1/in", "template": "generic", "enabled": True, "events": ["flag.*"],
               "projects": ["web"], "environments": ["staging"]}
        made = self.text("post", home, new, 201)
        self.assertTrue(made["secret"].startswith("whsec_"))
        self.call("post", home, {"url": "ftp://x"}, 400)
        self.call("post", home, {"url": "http://10.0.0.1"}, 422)
        self.call("post", home, {"url": "https://hooks.example", "projects": ["nowhere"]}, 422)
        other = self.text("post", home, {"url": "https://hooks.example"}, 201)["id"]
        page = self.text("get", home + "?limit=1")
        self.call("get", home + f"?cursor={page['next']}")
        self.call("get", home + "?limit=0", expect=400)
        self.call("delete", f"{home}/{other}", expect=204)
        place = f"{home}/{made['id']}"
        self.changed("put", place, self.text("get", place))
        self.changed("patch", place, {"name": "changed"})
        self.call("post", place + "/rotate", {"overlap_hours": 1}, 412, headers={"If-Match": '"999999"'})
        self.assertIn("secret", self.text("post", place + "/rotate", {"overlap_hours": 1}))
        self.call("post", place + "/rotate", {"overlap_hours": 1000}, 400)
        sent = self.text("post", place + "/test", {}, 202)["id"]
        log = place + "/deliveries"
        self.call("post", place + "/test", {}, 202)
        page = self.text("get", log + "?limit=1")
        self.call("get", log + f"?cursor={page['next']}")
        self.call("get", log + "?state=lost", expect=400)

        def attempted():
            return self.text("get", log + "?state=failed")["items"]
        wait_for(attempted, "an attempt")  # nobody listens there
        self.call("get", f"{log}/{sent}")
        self.call("post", f"{log}/{sent}/replay", {}, 202)
        wait_for(lambda: self.text("get", f"{log}/{sent}")["state"] == "failed", "another attempt")
        self.call("patch", place, {"enabled": False}, headers=MERGE)
        self.unchanged(f"{log}/{sent}")
        self.call("post", f"{log}/{sent}/replay", {}, 409)
        self.call("post", place + "/test", {}, 409)
        self.call("delete", place, expect=412, headers={"If-Match": '"999999"'})
        self.call("delete", place, expect=204)
